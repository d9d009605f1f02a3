// A reply as the session means it, and its octets (RFC 5321 §4.2, RFC 2034).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/server/defect.h"
#include "harness/server/verb.h"

namespace smtpspec::server {

struct Reply {
  int code = 0;
  std::string enhanced;            // "2.1.5"; "" where none belongs (RFC 2034 §4: greeting, EHLO, HELO, 3yz)
  std::vector<std::string> lines;  // at least one, without code and CRLF
};

// A reply of one line, which is moved into it: the list of a Reply{…, {line}} can only be copied.
Reply one_line(int code, std::string_view enhanced, std::string line);

class ReplyWriter {
 public:
  // With `enhanced_status_codes`, every line starts with the reply's enhanced code if it has one.
  explicit ReplyWriter(bool enhanced_status_codes) : enhanced_status_codes_(enhanced_status_codes) {}

  // Appends the octets of the answer to `verb`. A line that would be longer than wire::kMaxReplyLineOctets is cut.
  // The second is for a reply of one line that no defect may change.
  void write(const Reply& reply, Verb verb, const DefectSet& defects, std::string& to) const;
  void write(int code, std::string_view enhanced, std::string_view line, std::string& to) const;

 private:
  bool enhanced_status_codes_;
};

// The reply that is sent where `meant` should be: another code, or no line at all where the defects leave it out.
Reply with_wrong_code(Reply meant, Verb verb, const DefectSet& defects);

// The defects of form. First what changes the reply's meaning or words, then what damages its octets; both give back
// what they got where no defect of `defects` concerns them.
Reply with_reply_defects(Reply reply, Verb verb, const DefectSet& defects);
std::string with_octet_defects(std::string octets, Verb verb, const DefectSet& defects);

}  // namespace smtpspec::server
