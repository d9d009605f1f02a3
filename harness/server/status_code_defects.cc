#include "harness/server/status_code_defects.h"

#include <string_view>

namespace smtpspec::server {
namespace {

constexpr int kAnyCode = 0;

// Replies to `verb` with `code` and `meant` have `sent` instead; "" as `meant` is any, as `sent` none.
struct WrongStatus {
  Defect defect;
  Verb verb;
  int code;
  std::string_view meant;
  std::string_view sent;
};

constexpr WrongStatus kWrongStatus[] = {
    {Defect::enhanced_code_missing_on_message, Verb::data, 250, "", ""},
    {Defect::enhanced_code_missing_on_quit, Verb::quit, kAnyCode, "", ""},
    {Defect::enhanced_code_missing_on_help, Verb::help, kAnyCode, "", ""},
    {Defect::enhanced_code_missing_on_starttls, Verb::starttls, 220, "", ""},
    {Defect::enhanced_code_missing_on_chunks, Verb::bdat, 250, "", ""},
    {Defect::enhanced_code_missing_on_etrn, Verb::etrn, kAnyCode, "", ""},
    {Defect::enhanced_code_of_two_parts, Verb::rset, 250, "", "2.0"},
    {Defect::enhanced_code_with_four_digits, Verb::unknown, 500, "", "5.5.1000"},
    {Defect::enhanced_code_of_unregistered_subject, Verb::unknown, 500, "", "5.9.1"},
    {Defect::enhanced_code_of_refusal_in_class_4, Verb::rcpt, 550, "5.1.1", "4.1.1"},
    {Defect::enhanced_code_of_bad_sender_wrong, Verb::mail, 501, "5.1.7", "5.1.3"},
    {Defect::enhanced_code_of_bad_recipient_wrong, Verb::rcpt, 501, "5.1.3", "5.2.1"},
    {Defect::enhanced_code_of_size_wrong, Verb::mail, 552, "5.3.4", "5.5.4"},
    {Defect::enhanced_code_of_size_wrong, Verb::data, 552, "5.3.4", "5.5.4"},
    {Defect::enhanced_code_of_size_wrong, Verb::bdat, 552, "5.3.4", "5.5.4"},
    {Defect::enhanced_code_of_bad_argument_wrong, Verb::rset, 501, "", "5.1.7"},
    {Defect::enhanced_code_of_bad_argument_wrong, Verb::data, 501, "", "5.1.7"},
    {Defect::enhanced_code_of_bad_argument_wrong, Verb::quit, 501, "", "5.1.7"},
    {Defect::enhanced_code_of_chunks_in_class_5, Verb::bdat, 250, "", "5.0.0"},
    {Defect::enhanced_code_of_refused_chunk_in_class_4, Verb::bdat, 503, "", "4.5.1"},
    {Defect::enhanced_code_of_refused_chunk_in_class_4, Verb::bdat, 554, "", "4.5.1"},
    {Defect::enhanced_code_of_refused_chunk_in_class_4, Verb::bdat, 552, "", "4.3.4"},
    {Defect::enhanced_code_of_refused_chunk_in_class_4, Verb::bdat, 501, "", "4.5.4"},
    {Defect::enhanced_code_of_starttls_in_class_4, Verb::starttls, 220, "", "4.7.0"},
    {Defect::enhanced_code_of_refused_starttls_in_class_2, Verb::starttls, 503, "", "2.5.1"},
    {Defect::enhanced_code_of_refused_starttls_in_class_2, Verb::starttls, 501, "", "2.5.4"},
    {Defect::enhanced_code_of_message_in_class_4, Verb::data, 250, "", "4.0.0"},
    {Defect::enhanced_code_of_bad_path_in_class_4, Verb::mail, 501, "5.1.7", "4.1.7"},
    {Defect::enhanced_code_of_bad_path_in_class_4, Verb::rcpt, 501, "5.1.3", "4.1.3"},
    {Defect::enhanced_code_of_unknown_command_in_class_4, Verb::unknown, 500, "", "4.5.1"},
    {Defect::enhanced_code_of_auth_in_class_5, Verb::auth, 235, "", "5.7.0"},
    {Defect::enhanced_code_of_failed_auth_in_class_4, Verb::auth, 535, "", "4.7.8"},
    {Defect::enhanced_code_of_etrn_in_class_5, Verb::etrn, 251, "", "5.0.0"},
    {Defect::enhanced_code_of_vrfy_in_class_5, Verb::vrfy, 250, "", "5.1.5"},
    {Defect::enhanced_code_of_vrfy_in_class_5, Verb::vrfy, 252, "", "5.0.0"},
    {Defect::enhanced_code_of_quit_in_class_5, Verb::quit, 221, "", "5.0.0"},
    {Defect::enhanced_code_of_rset_in_class_5, Verb::rset, 250, "", "5.0.0"},
    {Defect::enhanced_code_of_noop_in_class_4, Verb::noop, 250, "", "4.0.0"},
    {Defect::enhanced_code_of_help_in_class_5, Verb::help, 214, "", "5.0.0"},
    {Defect::enhanced_code_of_bad_parameter_in_class_4, Verb::mail, 555, "", "4.5.4"},
    {Defect::enhanced_code_of_bad_parameter_in_class_4, Verb::rcpt, 555, "", "4.5.4"},
    {Defect::auth_unknown_mechanism_code_differs, Verb::auth, 504, "", "5.5.1"},
    {Defect::auth_success_code_differs, Verb::auth, 235, "", "2.0.0"},
    {Defect::auth_failure_code_differs, Verb::auth, 535, "", "5.7.0"},
};

}  // namespace

void spoil_status_code(Reply& reply, Verb verb, const DefectSet& defects) {
  const auto has = [&](Defect defect) { return defects.has(defect); };
  for (const WrongStatus& wrong : kWrongStatus) {
    if (wrong.verb != verb || !has(wrong.defect)) continue;
    if (wrong.code != kAnyCode && wrong.code != reply.code) continue;
    if (wrong.meant.empty() || wrong.meant == reply.enhanced) reply.enhanced = wrong.sent;
  }
  if (reply.code >= 500 && has(Defect::enhanced_code_missing_on_refusals)) reply.enhanced.clear();
  if (reply.code == 503 && has(Defect::enhanced_code_of_refusal_in_class_2)) reply.enhanced = "2.5.1";
  if (verb == Verb::helo && reply.code == 250 && has(Defect::enhanced_code_in_helo_reply)) reply.enhanced = "2.0.0";
  if (verb == Verb::help && has(Defect::enhanced_code_differs_between_lines) && reply.lines.size() > 1) {
    for (std::size_t i = 0; i < reply.lines.size(); ++i)
      reply.lines[i].insert(0, i + 1 < reply.lines.size() ? "2.0.0 " : "2.1.0 ");
    reply.enhanced.clear();
  }
  if (verb != Verb::rset || reply.enhanced.empty()) return;
  if (has(Defect::enhanced_code_behind_text)) reply.lines.back() += " " + reply.enhanced;
  if (has(Defect::enhanced_code_glued_to_text)) reply.lines.front().insert(0, reply.enhanced);
  if (has(Defect::enhanced_code_behind_text) || has(Defect::enhanced_code_glued_to_text)) reply.enhanced.clear();
}

}  // namespace smtpspec::server
