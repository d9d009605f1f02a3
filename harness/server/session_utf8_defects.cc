// The defects of UTF-8 in replies, where the client has not asked for it (RFC 6531 §3.7.4).
#include "harness/base/octets.h"
#include "harness/server/envelope_syntax.h"
#include "harness/server/session_implementation.h"

namespace smtpspec::server {
namespace {

constexpr std::string_view kMovedTo = "<ren\xc3\xa9@example.net>";

Reply moved() { return {551, "5.1.6", {"User not local; please try " + std::string(kMovedTo)}}; }

}  // namespace

// VRFY or EXPN has come.
void Session::Implementation::note_question(const Command& command) {
  is_utf8_asked_ = base::to_upper(command.argument).ends_with(" SMTPUTF8");
  asked_name_ = std::string(command.argument);
}

void Session::Implementation::spoil_utf8_reply(Reply& reply) const {
  std::string& text = reply.lines.back();
  const std::string word = " caf\xc3\xa9";
  const bool is_vrfy = verb_ == Verb::vrfy;
  if (verb_ == Verb::unknown && has(Defect::unknown_command_answered_in_utf8)) text += word;
  if (verb_ == Verb::quit && has(Defect::quit_answered_in_utf8)) text += word;
  if (answered_ == Answered::message && has(Defect::reply_to_message_in_utf8)) text += word;
  if (verb_ == Verb::rcpt && transaction_.sender.smtp_utf8 && reply.code == 250 && !transaction_.recipients.empty()) {
    const std::string& mailbox = transaction_.recipients.back().recipient.mailbox;
    if (has_non_ascii(mailbox) && has(Defect::reply_to_recipient_in_utf8)) text = "Recipient <" + mailbox + "> ok";
  }
  if (verb_ == Verb::rcpt && !transaction_.sender.smtp_utf8) {
    if (reply.enhanced == "5.1.1" && has(Defect::unknown_recipient_answered_551_in_utf8)) reply = moved();
    if (reply.enhanced == "5.6.7" && has(Defect::non_ascii_recipient_answered_551_in_utf8)) reply = moved();
    if (reply.code == 250 && has(Defect::recipient_answered_251_in_utf8))
      reply = {251, "2.1.5", {"User not local; will forward to " + std::string(kMovedTo)}};
  }
  if ((!is_vrfy && verb_ != Verb::expn) || is_utf8_asked_) return;
  if (is_vrfy && has_non_ascii(asked_name_) && has(Defect::vrfy_of_non_ascii_name_confirmed_in_utf8)) {
    reply = {250, "2.1.5", {"<" + asked_name_ + ">"}};
    return;
  }
  if (reply.code == 250 && has(is_vrfy ? Defect::vrfy_reply_in_utf8 : Defect::expn_reply_in_utf8)) {
    text.insert(0, "Ren\xc3\xa9 ");
  }
  if (reply.code >= 500 && has(is_vrfy ? Defect::vrfy_refusal_in_utf8 : Defect::expn_refusal_in_utf8)) text += word;
  if (is_vrfy && reply.enhanced == "5.1.1" && has(Defect::vrfy_answered_551_in_utf8)) reply = moved();
}

}  // namespace smtpspec::server
