// The requirement catalogue: every normative statement that scenarios are bound to. Compiled in at build time from
// scenarios/catalogue/*.toml, so that start-up costs nothing.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/verdict/verdict.h"

namespace smtpspec::scenario {

struct Requirement {
  std::string_view id;          // "RFC5321-4.1.1.2-01"
  std::string_view document;    // "RFC 5321"
  std::string_view section;     // "4.1.1.2"
  std::string_view extension;   // "SIZE"; empty for the base protocol
  verdict::Level level;         // after any ruling
  std::string_view role;        // "server", "client", …: who must obey
  std::string_view summary;     // the rule in our words
  std::string_view observable;  // "wire", "delivered-message", …
  std::string_view how;         // how a black-box tester sees it
  std::string_view same_as;     // primary entry of a repeated duty; empty: this is primary
  std::string_view ruling;      // what was decided where the text is contested; empty: nothing was
};

// Why no scenario is bound to a requirement (scenarios/catalogue/untested.toml).
struct UntestedEntry {
  std::string_view requirement;  // of a primary entry
  std::string_view reason;       // one sentence
};

// An EHLO keyword that somebody has described. Lists are divided by blanks.
struct KeywordEntry {
  std::string_view keyword;  // upper case
  int rfc;                   // 0: none
  bool is_registered;        // with IANA
  std::string_view purpose;  // a sentence; empty: none was written
  std::string_view status;
  std::string_view note;
  std::string_view parameter_regex;  // of what follows the keyword and a SP; empty: unknown
  std::string_view verbs;
  std::string_view mail_parameters;
  std::string_view rcpt_parameters;
  int mail_line_increase_octets;
  int rcpt_line_increase_octets;
};

struct EnhancedStatusEntry {
  std::string_view code;  // "X.1.1"
  std::string_view meaning;
  int rfc;
  std::string_view note;  // the reply codes that it comes with, above all
};

struct ReplyCodeEntry {
  int code;
  std::string_view meaning;
  std::string_view client;  // what a client does then
  std::string_view documents;
};

// "RFC 5321 §4.1.1.2"
std::string citation(const Requirement& requirement);

class Catalogue {
 public:
  explicit Catalogue(std::span<const Requirement> entries_sorted_by_id) : entries_(entries_sorted_by_id) {}
  const Requirement* find(std::string_view id) const;
  // As find(), following same_as to the primary entry, whose level and outcome count.
  const Requirement* primary(std::string_view id) const;
  std::span<const Requirement> all() const { return entries_; }
  // The id nearest to a misspelt one; "" if none is near.
  std::string nearest(std::string_view id) const;

 private:
  std::span<const Requirement> entries_;
};

// What scenarios/catalogue held when the tool was built.
const Catalogue& built_in_catalogue();
std::span<const UntestedEntry> built_in_untested();                 // sorted by requirement
std::span<const KeywordEntry> built_in_keywords();                  // sorted by keyword
std::span<const EnhancedStatusEntry> built_in_enhanced_statuses();  // sorted by code
std::span<const ReplyCodeEntry> built_in_reply_codes();             // sorted by code
const UntestedEntry* find_untested(std::string_view requirement);
const KeywordEntry* find_keyword(std::string_view keyword);  // in any letter case

}  // namespace smtpspec::scenario
