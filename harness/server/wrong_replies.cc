// The defects that give a command the wrong code, or no reply where one is due. One row for each: what was meant to be
// answered, and what is.
#include "harness/server/reply.h"

namespace smtpspec::server {
namespace {

constexpr int kAnyCode = 0;
constexpr int kNoReply = 0;

struct WrongReply {
  Defect defect;
  Verb verb;
  int meant;
  int sent;
  std::string_view text = "";  // "": the words stay
};

constexpr WrongReply kWrongReplies[] = {
    {Defect::greeting_missing, Verb::none, 220, kNoReply},
    {Defect::ehlo_answered_502, Verb::ehlo, kAnyCode, 502, "Command not implemented"},
    {Defect::ehlo_not_answered, Verb::ehlo, kAnyCode, kNoReply},
    {Defect::ehlo_answered_220, Verb::ehlo, 250, 220},
    {Defect::ehlo_answered_251, Verb::ehlo, 250, 251},
    {Defect::unacceptable_ehlo_answered_503, Verb::ehlo, 501, 503, "Bad sequence of commands"},
    {Defect::unacceptable_ehlo_answered_451, Verb::ehlo, 501, 451, "Requested action aborted"},
    {Defect::unacceptable_ehlo_not_answered, Verb::ehlo, 501, kNoReply},
    {Defect::helo_not_answered, Verb::helo, kAnyCode, kNoReply},
    {Defect::helo_answered_220, Verb::helo, 250, 220},
    {Defect::helo_answered_354, Verb::helo, 250, 354},
    {Defect::helo_domain_refused, Verb::helo, 250, 501, "Syntax error, not a domain name"},
    {Defect::helo_reply_without_domain, Verb::helo, 250, 250, "(pleased to meet you)"},
    {Defect::rset_answered_220, Verb::rset, 250, 220},
    {Defect::rset_answered_221, Verb::rset, 250, 221},
    {Defect::rset_answered_259, Verb::rset, 250, 259},
    {Defect::rset_answered_354, Verb::rset, 250, 354},
    {Defect::rset_not_answered, Verb::rset, kAnyCode, kNoReply},
    {Defect::noop_unknown, Verb::noop, 250, 500, "Command not recognized"},
    {Defect::noop_not_answered, Verb::noop, kAnyCode, kNoReply},
    {Defect::noop_answered_220, Verb::noop, 250, 220},
    {Defect::noop_answered_221, Verb::noop, 250, 221},
    {Defect::noop_answered_354, Verb::noop, 250, 354},
    {Defect::noop_answered_211, Verb::noop, 250, 211},
    {Defect::noop_answered_214, Verb::noop, 250, 214},
    {Defect::noop_answered_251, Verb::noop, 250, 251},
    {Defect::noop_answered_450, Verb::noop, 250, 450},
    {Defect::noop_answered_451, Verb::noop, 250, 451},
    {Defect::noop_answered_452, Verb::noop, 250, 452},
    {Defect::noop_answered_455, Verb::noop, 250, 455},
    {Defect::noop_answered_252, Verb::noop, 250, 252},
    {Defect::noop_answered_502, Verb::noop, 250, 502},
    {Defect::noop_answered_504, Verb::noop, 250, 504},
    {Defect::noop_answered_550, Verb::noop, 250, 550},
    {Defect::noop_answered_551, Verb::noop, 250, 551},
    {Defect::noop_answered_552, Verb::noop, 250, 552},
    {Defect::noop_answered_553, Verb::noop, 250, 553},
    {Defect::noop_answered_554, Verb::noop, 250, 554},
    {Defect::reply_code_unlisted, Verb::noop, 250, 259},
    {Defect::quit_answered_220, Verb::quit, 221, 220},
    {Defect::quit_answered_229, Verb::quit, 221, 229},
    {Defect::quit_answered_250, Verb::quit, 221, 250},
    {Defect::unknown_command_answered_354, Verb::unknown, 500, 354},
    {Defect::superfluous_argument_answered_500, Verb::rset, 501, 500},
    {Defect::superfluous_argument_answered_451, Verb::rset, 501, 451},
    {Defect::superfluous_argument_answered_500, Verb::data, 501, 500},
    {Defect::superfluous_argument_answered_451, Verb::data, 501, 451},
    {Defect::superfluous_argument_answered_500, Verb::quit, 501, 500},
    {Defect::superfluous_argument_answered_451, Verb::quit, 501, 451},
    {Defect::unknown_command_answered_450, Verb::unknown, 500, 450},
    {Defect::unknown_command_answered_504, Verb::unknown, 500, 504},
    {Defect::unknown_command_answered_550, Verb::unknown, 500, 550},
    {Defect::unknown_command_answered_214, Verb::unknown, 500, 214},
    {Defect::reply_code_590, Verb::unknown, 500, 590},
    {Defect::reply_code_600, Verb::unknown, 500, 600},
    {Defect::mail_not_answered, Verb::mail, 250, kNoReply},
    {Defect::mail_answered_220, Verb::mail, 250, 220},
    {Defect::mail_answered_354, Verb::mail, 250, 354},
    {Defect::rcpt_answered_354, Verb::rcpt, 250, 354},
    {Defect::recipient_answered_252, Verb::rcpt, 250, 252},
    {Defect::recipient_answered_251_without_path, Verb::rcpt, 250, 251, "User not local; will forward"},
    {Defect::recipient_answered_251_with_name_alone, Verb::rcpt, 250, 251, "User not local; will forward to alice"},
    {Defect::unknown_recipient_answered_551_without_path, Verb::rcpt, 550, 551, "User not local; please ask around"},
    {Defect::unknown_recipient_answered_551_with_name_alone, Verb::rcpt, 550, 551, "User not local; please try alice"},
    {Defect::unknown_recipient_answered_504, Verb::rcpt, 550, 504},
    {Defect::unknown_recipient_answered_559, Verb::rcpt, 550, 559},
    {Defect::data_answered_350, Verb::data, 354, 350},
    {Defect::data_go_ahead_not_sent, Verb::data, 354, kNoReply},
    {Defect::end_of_data_answered_251, Verb::data, 250, 251},
    {Defect::end_of_data_not_answered, Verb::data, 250, kNoReply},
    {Defect::vrfy_not_answered, Verb::vrfy, kAnyCode, kNoReply},
    {Defect::vrfy_answered_354, Verb::vrfy, 250, 354},
    {Defect::vrfy_refusal_in_the_wrong_class, Verb::vrfy, 550, 450},
    {Defect::vrfy_answered_251_without_path, Verb::vrfy, 250, 251, "User not local; will forward"},
    {Defect::vrfy_answered_211, Verb::vrfy, 250, 211},
    {Defect::vrfy_of_unknown_name_answered_554, Verb::vrfy, 550, 554},
    {Defect::expn_answered_251, Verb::expn, 250, 251},
    {Defect::expn_answered_211, Verb::expn, 250, 211},
    {Defect::expn_of_unknown_name_answered_554, Verb::expn, 550, 554},
    {Defect::help_answered_220, Verb::help, 214, 220},
    {Defect::unimplemented_command_answered_504, Verb::turn, 502, 504},
    {Defect::unimplemented_command_answered_504, Verb::atrn, 502, 504},
    {Defect::unimplemented_command_answered_504, Verb::send, 502, 504},
    {Defect::unimplemented_command_answered_504, Verb::soml, 502, 504},
    {Defect::unimplemented_command_answered_504, Verb::saml, 502, 504},
    {Defect::expn_not_answered, Verb::expn, kAnyCode, kNoReply},
    {Defect::reply_code_114, Verb::help, kAnyCode, 114},
    {Defect::turn_accepted, Verb::turn, 502, 250, "Ok"},
    {Defect::atrn_accepted, Verb::atrn, 502, 250, "Ok"},
    {Defect::send_accepted, Verb::send, 502, 250, "Ok"},
    {Defect::soml_accepted, Verb::soml, 502, 250, "Ok"},
    {Defect::auth_unknown_mechanism_answered_502, Verb::auth, 504, 502, "Command not implemented"},
    {Defect::auth_failure_answered_454, Verb::auth, 535, 454, "Temporary authentication failure"},
    {Defect::etrn_answered_354, Verb::etrn, 251, 354},
    {Defect::etrn_answered_450, Verb::etrn, 251, 450},
    {Defect::etrn_refused_node_answered_550, Verb::etrn, 459, 550},
    {Defect::etrn_refused_node_not_answered, Verb::etrn, 459, kNoReply},
    {Defect::bdat_chunk_answered_354, Verb::bdat, 250, 354, "Go on"},
    {Defect::bdat_chunk_answered_251, Verb::bdat, 250, 251},
    {Defect::saml_accepted, Verb::saml, 502, 250, "Ok"},
};

// RFC 2034 §4: an enhanced code has the class of the reply, and 3yz has none; nor has a code of no class.
std::string enhanced_for(int code, const std::string& enhanced) {
  const int reply_class = code / 100;
  if (enhanced.empty() || (reply_class != 2 && reply_class != 4 && reply_class != 5)) return "";
  const std::string digit = std::to_string(reply_class);
  return enhanced.starts_with(digit) ? enhanced : digit + ".0.0";
}

}  // namespace

Reply with_wrong_code(Reply reply, Verb verb, const DefectSet& defects) {
  for (const WrongReply& wrong : kWrongReplies) {
    if (wrong.verb != verb || !defects.has(wrong.defect)) continue;
    if (wrong.meant != kAnyCode && wrong.meant != reply.code) continue;
    if (wrong.sent == kNoReply) return {reply.code, "", {}};
    reply.enhanced = enhanced_for(wrong.sent, reply.enhanced);
    reply.code = wrong.sent;
    if (!wrong.text.empty()) reply.lines = {std::string(wrong.text)};
  }
  return reply;
}

}  // namespace smtpspec::server
