#include "harness/server/envelope_reply_defects.h"

#include <string>
#include <string_view>

namespace smtpspec::server {

struct EnvelopeReplyDefects::Rule {
  Defect defect;
  Verb verb;
  Answered answered;
  int code;  // of the replies it concerns, or their first digit
  int from;  // which of them in a session is the first to be concerned
  ReplyFate fate;
  int new_code;  // 0: the reply stays as it is
  std::string_view enhanced;
  std::string_view text;  // "": as it was
};

const EnvelopeReplyDefects::Rule EnvelopeReplyDefects::kRules[] = {
    {Defect::mail_answered_251, Verb::mail, Answered::command, 250, 1, ReplyFate::sent, 251, "2.1.0", "Sender ok"},
    {Defect::mail_answered_twice, Verb::mail, Answered::command, 250, 1, ReplyFate::doubled, 0, "", ""},
    {Defect::mail_closes, Verb::mail, Answered::command, 250, 1, ReplyFate::replaced_by_close, 0, "", ""},
    {Defect::third_mail_of_session_not_answered, Verb::mail, Answered::command, 250, 3, ReplyFate::withheld, 0, "", ""},
    {Defect::third_mail_of_session_answered_251, Verb::mail, Answered::command, 250, 3, ReplyFate::sent, 251, "2.1.0",
     "Sender ok"},
    {Defect::refused_mail_answered_250, Verb::mail, Answered::command, 5, 1, ReplyFate::sent, 250, "2.1.0",
     "Sender ok"},
    {Defect::refused_mail_answered_354, Verb::mail, Answered::command, 5, 1, ReplyFate::sent, 354, "", "Go on"},
    {Defect::refused_mail_not_answered, Verb::mail, Answered::command, 5, 1, ReplyFate::withheld, 0, "", ""},
    {Defect::refused_mail_closes, Verb::mail, Answered::command, 5, 1, ReplyFate::replaced_by_close, 0, "", ""},
    {Defect::refused_mail_answered_500, Verb::mail, Answered::command, 5, 1, ReplyFate::sent, 500, "5.5.2",
     "Command not recognized"},
    {Defect::refused_mail_answered_554, Verb::mail, Answered::command, 5, 1, ReplyFate::sent, 554, "5.1.8",
     "Sender refused"},
    {Defect::refused_mail_answered_504, Verb::mail, Answered::command, 5, 1, ReplyFate::sent, 504, "5.5.4",
     "Parameter not implemented"},
    {Defect::mail_out_of_sequence_answered_354, Verb::mail, Answered::command, 503, 1, ReplyFate::sent, 354, "",
     "Go on"},
    {Defect::mail_out_of_sequence_answered_501, Verb::mail, Answered::command, 503, 1, ReplyFate::sent, 501, "5.5.4",
     "Syntax error"},
    {Defect::mail_out_of_sequence_not_answered, Verb::mail, Answered::command, 503, 1, ReplyFate::withheld, 0, "", ""},
    {Defect::mail_out_of_sequence_closes, Verb::mail, Answered::command, 503, 1, ReplyFate::replaced_by_close, 0, "",
     ""},
    {Defect::third_recipient_answered_503, Verb::rcpt, Answered::command, 250, 3, ReplyFate::sent, 503, "5.5.1",
     "Bad sequence of commands, DATA expected"},
    {Defect::third_recipient_answered_252, Verb::rcpt, Answered::command, 250, 3, ReplyFate::sent, 252, "2.1.5",
     "Recipient ok"},
    {Defect::third_recipient_answered_504, Verb::rcpt, Answered::command, 250, 3, ReplyFate::sent, 504, "5.5.4",
     "Parameter not implemented"},
    {Defect::third_recipient_not_answered, Verb::rcpt, Answered::command, 250, 3, ReplyFate::withheld, 0, "", ""},
    {Defect::hundredth_recipient_answered_452, Verb::rcpt, Answered::command, 250, 100, ReplyFate::sent, 452, "4.5.3",
     "Too many recipients"},
    {Defect::sixtieth_recipient_closes, Verb::rcpt, Answered::command, 250, 60, ReplyFate::replaced_by_close, 0, "",
     ""},
    {Defect::eightieth_recipient_answered_552, Verb::rcpt, Answered::command, 250, 80, ReplyFate::sent, 552, "5.2.2",
     "Too much mail data"},
    {Defect::rcpt_before_mail_answered_550, Verb::rcpt, Answered::command, 503, 1, ReplyFate::sent, 550, "5.1.1",
     "No such user here"},
    {Defect::rcpt_before_mail_not_answered, Verb::rcpt, Answered::command, 503, 1, ReplyFate::withheld, 0, "", ""},
    {Defect::rcpt_before_mail_closes, Verb::rcpt, Answered::command, 503, 1, ReplyFate::replaced_by_close, 0, "", ""},
    {Defect::recipient_overflow_not_answered, Verb::rcpt, Answered::command, 452, 1, ReplyFate::withheld, 0, "", ""},
    {Defect::recipient_overflow_answered_451, Verb::rcpt, Answered::command, 452, 1, ReplyFate::sent, 451, "4.3.0",
     "Requested action aborted"},
    {Defect::early_data_answered_501, Verb::data, Answered::command, 503, 1, ReplyFate::sent, 501, "5.5.4",
     "Syntax error"},
    {Defect::early_data_answered_250, Verb::data, Answered::command, 503, 1, ReplyFate::sent, 250, "2.0.0", "Ok"},
    {Defect::early_data_answered_451, Verb::data, Answered::command, 503, 1, ReplyFate::sent, 451, "4.3.0",
     "Requested action aborted"},
    {Defect::early_data_not_answered, Verb::data, Answered::command, 503, 1, ReplyFate::withheld, 0, "", ""},
    {Defect::early_data_closes, Verb::data, Answered::command, 503, 1, ReplyFate::followed_by_close, 0, "", ""},
    {Defect::data_answered_with_code_of_success, Verb::data, Answered::command, 354, 1, ReplyFate::sent, 354, "2.0.0",
     "Start mail input; end with <CRLF>.<CRLF>"},
    {Defect::data_answered_with_permanent_code, Verb::data, Answered::command, 354, 2, ReplyFate::sent, 354, "3.5.0",
     "Start mail input; end with <CRLF>.<CRLF>"},
    {Defect::message_answered_251, Verb::data, Answered::message, 250, 1, ReplyFate::sent, 251, "2.0.0", "Ok, queued"},
    {Defect::message_answered_252, Verb::data, Answered::message, 250, 1, ReplyFate::sent, 252, "2.0.0",
     "Ok, will attempt delivery"},
    {Defect::message_answered_354, Verb::data, Answered::message, 250, 1, ReplyFate::sent, 354, "", "Go on"},
    {Defect::accepted_message_answered_503, Verb::data, Answered::message, 250, 2, ReplyFate::sent, 503, "5.5.1",
     "Bad sequence of commands"},
    {Defect::message_not_answered, Verb::data, Answered::message, 250, 1, ReplyFate::withheld, 0, "", ""},
    {Defect::second_message_not_answered, Verb::data, Answered::message, 250, 2, ReplyFate::withheld, 0, "", ""},
    {Defect::second_message_answered_251, Verb::data, Answered::message, 250, 2, ReplyFate::sent, 251, "2.0.0",
     "Ok, queued"},
    {Defect::message_closes, Verb::data, Answered::message, 250, 1, ReplyFate::replaced_by_close, 0, "", ""},
    {Defect::refused_message_answered_250, Verb::data, Answered::message, 5, 1, ReplyFate::sent, 250, "2.0.0", "Ok"},
    {Defect::refused_message_answered_354, Verb::data, Answered::message, 5, 1, ReplyFate::sent, 354, "", "Go on"},
    {Defect::refused_message_not_answered, Verb::data, Answered::message, 5, 1, ReplyFate::withheld, 0, "", ""},
    {Defect::refused_message_closes, Verb::data, Answered::message, 5, 1, ReplyFate::replaced_by_close, 0, "", ""},
    {Defect::refused_message_answered_500, Verb::data, Answered::message, 5, 1, ReplyFate::sent, 500, "5.5.2",
     "Command not recognized"},
    {Defect::refused_message_answered_501, Verb::data, Answered::message, 5, 1, ReplyFate::sent, 501, "5.5.4",
     "Syntax error"},
    {Defect::refused_message_answered_503, Verb::data, Answered::message, 5, 1, ReplyFate::sent, 503, "5.5.1",
     "Bad sequence of commands"},
    {Defect::oversize_message_answered_500, Verb::data, Answered::message, 552, 1, ReplyFate::sent, 500, "5.5.2",
     "Line too long"},
    {Defect::oversize_message_answered_551, Verb::data, Answered::message, 552, 1, ReplyFate::sent, 551, "5.3.4",
     "Message too big"},
    {Defect::rset_answered_251, Verb::rset, Answered::command, 250, 1, ReplyFate::sent, 251, "2.0.0", "Ok"},
    {Defect::rset_answered_twice, Verb::rset, Answered::command, 250, 1, ReplyFate::doubled, 0, "", ""},
    {Defect::rset_answered_502, Verb::rset, Answered::command, 250, 1, ReplyFate::sent, 502, "5.5.1",
     "Command not implemented"},
    {Defect::rset_closes_without_reply, Verb::rset, Answered::command, 250, 1, ReplyFate::replaced_by_close, 0, "", ""},
    {Defect::third_rset_closes, Verb::rset, Answered::command, 250, 3, ReplyFate::followed_by_close, 0, "", ""},
    {Defect::second_rset_not_answered, Verb::rset, Answered::command, 250, 2, ReplyFate::withheld, 0, "", ""},
    {Defect::fifth_rset_answered_421, Verb::rset, Answered::command, 250, 5, ReplyFate::sent, 421, "4.7.0",
     "Too many resets"},
    {Defect::auth_challenge_with_enhanced_code, Verb::auth, Answered::command, 334, 1, ReplyFate::sent, 334, "3.0.0",
     ""},
};

EnvelopeReplyDefects::EnvelopeReplyDefects(const DefectSet& defects) {
  if (defects.empty()) return;
  for (const Rule& rule : kRules) {
    if (defects.has(rule.defect)) active_.push_back({&rule});
  }
}

ReplyFate EnvelopeReplyDefects::apply(Reply& reply, Verb verb, Answered answered, const DefectSet& awake) {
  ReplyFate fate = ReplyFate::sent;
  const Reply meant = reply;
  for (ActiveRule& active : active_) {
    const Rule& rule = *active.rule;
    const bool is_code = rule.code == meant.code || rule.code == meant.code / 100;
    if (!awake.has(rule.defect) || rule.verb != verb || rule.answered != answered || !is_code ||
        ++active.seen < rule.from)
      continue;
    fate = rule.fate;
    if (rule.new_code == 0) continue;
    reply.code = rule.new_code;
    reply.enhanced = rule.enhanced;
    if (!rule.text.empty()) reply.lines = {std::string(rule.text)};
  }
  return fate;
}

}  // namespace smtpspec::server
