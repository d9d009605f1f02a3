// The defects of reply form. Each is confined to the replies to one or two commands, so that the rest of a session
// still works.
#include "harness/base/octets.h"
#include "harness/server/reply.h"
#include "harness/server/status_code_defects.h"

namespace smtpspec::server {
namespace {

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

// "250 text" becomes "250", the space gone with the text (RFC 5321 §4.2.1 wants it to stay).
struct CodeAlone {
  Defect defect;
  Verb verb;
  std::string_view code;
};

constexpr CodeAlone kCodesAlone[] = {
    {Defect::noop_answered_with_code_alone, Verb::noop, "250"},
    {Defect::rset_answered_with_code_alone, Verb::rset, "250"},
    {Defect::data_answered_with_code_alone, Verb::data, "354"},
};

// Where the last line of a reply begins.
std::size_t last_line_of(const std::string& octets) {
  const std::size_t end = octets.rfind("\r\n", octets.size() - 3);
  return end == std::string::npos ? 0 : end + 2;
}

void spoil_ehlo_reply(std::string& octets, const DefectSet& defects) {
  const auto has = [&](Defect defect) { return defects.has(defect); };
  if (has(Defect::ehlo_reply_changes_code)) replace_all(octets, "\r\n250 ", "\r\n251 ");
  if (has(Defect::ehlo_reply_ends_with_continuation_line)) octets += "250-\r\n250 \r\n";
  if (has(Defect::ehlo_reply_lines_without_hyphen)) replace_all(octets, "250-", "250 ");
  if (has(Defect::ehlo_reply_ends_with_hyphen)) octets[last_line_of(octets) + 3] = '-';
  if (has(Defect::ehlo_reply_with_220_line)) {
    const std::size_t second = octets.find("\r\n250-");
    if (second != std::string::npos) octets.replace(second + 2, 3, "220");
  }
  if (has(Defect::ehlo_reply_ends_with_code_alone)) {
    octets[last_line_of(octets) + 3] = '-';
    octets += "250\r\n";
  }
  if (has(Defect::ehlo_answered_twice)) octets += octets;
}

bool is_informative(Verb verb) { return verb == Verb::help || verb == Verb::vrfy; }

}  // namespace

Reply with_reply_defects(Reply reply, Verb verb, const DefectSet& defects) {
  if (reply.lines.empty()) return reply;
  const auto has = [&](Defect defect) { return defects.has(defect); };
  std::string& last = reply.lines.back();
  if (verb == Verb::help && has(Defect::reply_line_over_512_octets)) reply.lines.front() = std::string(480, 'h');
  if (verb == Verb::help && has(Defect::reply_text_with_non_ascii)) last += " caf\xc3\xa9";
  if (verb == Verb::noop && has(Defect::reply_text_with_nul)) last += std::string("\0", 1) + "nul";
  if (verb == Verb::vrfy && has(Defect::reply_text_with_control_character)) last += " \x1b[1m";
  if (verb == Verb::noop && has(Defect::reply_without_text)) reply = {reply.code, "", {""}};
  if (verb == Verb::noop && has(Defect::enhanced_code_missing)) reply.enhanced.clear();
  if (verb == Verb::rcpt && reply.code == 250 && has(Defect::enhanced_code_class_differs)) reply.enhanced = "5.1.5";
  if (verb == Verb::mail && reply.code == 250 && has(Defect::enhanced_code_class_differs)) reply.enhanced = "5.1.0";
  if (verb == Verb::rset && has(Defect::enhanced_code_with_leading_zero)) reply.enhanced = "2.00.0";
  if (verb == Verb::rset && has(Defect::enhanced_code_unregistered)) reply.enhanced = "2.9.99";
  if (verb == Verb::unknown && has(Defect::enhanced_code_of_unknown_command_wrong)) reply.enhanced = "5.1.1";
  if (verb == Verb::rcpt && reply.enhanced == "5.1.1" && has(Defect::enhanced_code_of_unknown_user_wrong)) {
    reply.enhanced = "5.3.0";
  }
  spoil_status_code(reply, verb, defects);
  return reply;
}

std::string with_octet_defects(std::string octets, Verb verb, const DefectSet& defects) {
  if (octets.empty()) return octets;
  const auto has = [&](Defect defect) { return defects.has(defect); };
  if (verb == Verb::noop && has(Defect::reply_ends_in_bare_lf)) octets.erase(octets.size() - 2, 1);
  if (verb == Verb::help && has(Defect::reply_lines_end_in_bare_lf)) replace_all(octets, "\r\n", "\n");
  if (verb == Verb::noop && has(Defect::reply_ends_in_cr_cr_lf)) octets.insert(octets.size() - 2, "\r");
  if (verb == Verb::help && has(Defect::reply_line_over_512_octets)) octets.insert(4, std::string(200, 'h'));
  if (verb == Verb::noop && has(Defect::reply_without_separator)) octets.erase(3, 1);
  if (verb == Verb::rset && has(Defect::reply_with_underscore_separator)) octets[3] = '_';
  if (verb == Verb::help && has(Defect::reply_begins_with_space)) octets.insert(0, " ");
  if (verb == Verb::help && has(Defect::reply_code_with_letter)) octets[1] = 'O';
  if (verb == Verb::noop && has(Defect::reply_code_with_four_digits)) octets.insert(3, "0");
  if (verb == Verb::rset && has(Defect::reply_sent_twice)) octets += octets;
  if (verb == Verb::noop && has(Defect::unsolicited_reply_after_noop)) octets += "250 2.0.0 Still here\r\n";
  if (is_informative(verb) && has(Defect::reply_ends_with_continuation)) {
    octets[last_line_of(octets) + 3] = '-';
  }
  if (verb == Verb::help && has(Defect::reply_continued_with_spaces)) replace_all(octets, "214-", "214 ");
  if (verb == Verb::help && has(Defect::reply_changes_code_between_lines)) replace_all(octets, "214 ", "211 ");
  if (verb == Verb::ehlo) spoil_ehlo_reply(octets, defects);
  for (const CodeAlone& alone : kCodesAlone) {
    if (verb == alone.verb && has(alone.defect) && octets.starts_with(alone.code))
      octets.replace(3, octets.size(), "\r\n");
  }
  if (verb == Verb::help && has(Defect::enhanced_code_on_first_line_only))
    replace_all(octets, "\r\n214 2.0.0 ", "\r\n214 ");
  if (verb == Verb::auth && octets == "334 \r\n" && has(Defect::auth_empty_challenge_without_space)) octets = "334\r\n";
  return octets;
}

}  // namespace smtpspec::server
