// What a server advertises in its reply to EHLO or LHLO (RFC 5321 §4.1.1.1, ehlo-ok-rsp). Reads any reply; what breaks
// the grammar is kept as sent and listed as a deviation.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/wire/reply.h"

namespace smtpspec::wire {

struct Capability {
  std::string keyword;                  // as sent, up to the first SP; "AUTH=" for the legacy form, see find()
  std::vector<std::string> parameters;  // as sent; SP between them, however many
  std::string raw;                      // the line's text
  std::size_t line = 0;                 // into Reply::lines
  bool operator==(const Capability&) const = default;
};

enum class CapabilityProblem {
  bad_domain,         // the first line does not begin with a Domain or address-literal
  bad_keyword,        // not (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")
  equals_in_keyword,  // "SIZE=1000", which the same grammar forbids
  legacy_auth,        // "AUTH=PLAIN LOGIN", from before RFC 2554; forbidden too, and common
  bad_parameter,      // an octet outside 33-126
  duplicate_keyword,  //
  empty_line,         // "250 " with no keyword
  extra_space,        // leading, trailing or double
};
std::string_view to_string(CapabilityProblem problem);

struct CapabilityDeviation {
  CapabilityProblem kind{};
  std::size_t line = 0;    // into Reply::lines
  std::size_t offset = 0;  // into that line's text
  bool operator==(const CapabilityDeviation&) const = default;
};

struct Capabilities {
  std::string greeting_domain;  // of the first line, up to the first SP
  std::string greeting_text;    // behind it
  std::vector<Capability> items;
  std::vector<CapabilityDeviation> deviations;

  // The first item with this keyword in any letter case, or nullptr. "AUTH" does not find the legacy form; "AUTH="
  // does, and "AUTH=PLAIN" does where PLAIN is among its mechanisms.
  const Capability* find(std::string_view keyword) const;
  bool advertises(std::string_view keyword) const { return find(keyword) != nullptr; }
  bool operator==(const Capabilities&) const = default;
};

// A reply of one line advertises nothing. The code is not looked at.
Capabilities parse_ehlo(const Reply& reply);

// What stands behind `keyword`, in any letter case, on the first line behind the reply's first one that begins with it,
// without spaces at either end; nothing: no line does. For who asks for little: parse_ehlo() without all the rest.
// Valid as long as the reply.
std::optional<std::string_view> find_advertised(const Reply& reply, std::string_view keyword);

// Are these the parameters that were expected? The same, in the same order, in the same letter case; mechanisms of AUTH
// in any order and case. With the keyword "AUTH=PLAIN" of the legacy form, PLAIN counts as the first expected one.
bool arguments_match(std::string_view keyword, const std::vector<std::string>& expected,
                     const std::vector<std::string>& actual);

// The same keywords with the same parameters, whatever the order of the lines and of the mechanisms of AUTH.
bool same_advertisement(const Capabilities& a, const Capabilities& b);

}  // namespace smtpspec::wire
