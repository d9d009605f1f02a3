#include "harness/server/command_defects.h"

#include <algorithm>

#include "harness/base/octets.h"
#include "harness/server/envelope_syntax.h"
#include "harness/wire/limits.h"

namespace smtpspec::server {
namespace {

constexpr int kNoReply = 0;

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }
bool is_greeting(Verb verb) { return verb == Verb::ehlo || verb == Verb::helo; }

bool is_bare_name(std::string_view argument) { return !argument.empty() && !contains(argument, "@"); }
bool is_general_literal(std::string_view name) {
  return name.starts_with('[') && contains(name, ":") && !base::starts_with_ignoring_case(name, "[IPv6:");
}
bool has_text_after_literal(std::string_view name) { return name.starts_with('[') && contains(name, "] "); }
bool ends_in_blank(const Occasion& o) { return o.line.ends_with(' '); }
bool has_tab_after_verb(const Occasion& o) { return o.line.find('\t') < o.line.find(' '); }

// Four letters of no standard: RFC 5321 §2.2.2 leaves only verbs beginning with X to private use.
bool is_unregistered_verb(const Occasion& o) {
  const std::string_view word = o.line.substr(0, o.line.find(' '));
  return o.verb == Verb::unknown && word.size() == 4 && !base::starts_with_ignoring_case(word, "X") &&
         std::all_of(word.begin(), word.end(), base::is_alpha);
}

// The mailbox of MAIL and RCPT, as far as it can be made out.
std::string_view mailbox_of(std::string_view argument) {
  const std::size_t open = argument.find('<');
  const std::size_t close = argument.find('>');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
  return argument.substr(open + 1, close - open - 1);
}

bool has_odd_sender(const Occasion& o) {
  const std::string_view mailbox = mailbox_of(o.argument);
  return o.verb == Verb::mail && mailbox.substr(0, mailbox.rfind('@')).find_first_of("\"+=%!") != std::string::npos;
}

bool has_unresolvable_sender(const Occasion& o) {
  return o.verb == Verb::mail && mailbox_of(o.argument).ends_with(".invalid");
}

bool has_literal_sender(const Occasion& o) { return o.verb == Verb::mail && contains(mailbox_of(o.argument), "@["); }

bool has_no_path(const Occasion& o) {
  return (o.verb == Verb::mail || o.verb == Verb::rcpt) && (o.argument.empty() || o.argument.ends_with(':'));
}

bool has_no_parameter(const Occasion& o) { return o.verb == Verb::mail && o.has_client && o.argument.ends_with('>'); }

// Parameters that nobody has offered.
bool has_parameter_after_helo(const Occasion& o) {
  return o.verb == Verb::mail && o.has_client && !o.is_extended && contains(o.argument, "> ");
}

bool is_postmaster(const Occasion& o) {
  return o.verb == Verb::rcpt && base::starts_with_ignoring_case(mailbox_of(o.argument), "postmaster");
}

constexpr Interception kInterceptions[] = {
    {Defect::ehlo_needs_helo, [](const Occasion& o) { return o.verb == Verb::ehlo && !o.has_client; }, 503},
    {Defect::second_ehlo_answered_503, [](const Occasion& o) { return o.verb == Verb::ehlo && o.has_client; }, 503},
    {Defect::ehlo_without_argument_not_answered,
     [](const Occasion& o) { return o.verb == Verb::ehlo && o.argument.empty(); }, kNoReply},
    {Defect::helo_without_argument_not_answered,
     [](const Occasion& o) { return o.verb == Verb::helo && o.argument.empty(); }, kNoReply},
    {Defect::ehlo_general_literal_closes,
     [](const Occasion& o) { return o.verb == Verb::ehlo && is_general_literal(o.argument); }, kNoReply, true},
    {Defect::ehlo_general_literal_not_answered,
     [](const Occasion& o) { return o.verb == Verb::ehlo && is_general_literal(o.argument); }, kNoReply},
    {Defect::ehlo_text_after_literal_closes,
     [](const Occasion& o) { return o.verb == Verb::ehlo && has_text_after_literal(o.argument); }, kNoReply, true},
    {Defect::ehlo_text_after_literal_not_answered,
     [](const Occasion& o) { return o.verb == Verb::ehlo && has_text_after_literal(o.argument); }, kNoReply},
    {Defect::unresolvable_client_name_refused,
     [](const Occasion& o) { return is_greeting(o.verb) && o.argument.ends_with(".invalid"); }, 550},
    {Defect::mail_refused_after_helo,
     [](const Occasion& o) { return o.verb == Verb::mail && o.has_client && !o.is_extended; }, 503},
    {Defect::mail_refused_after_rset,
     [](const Occasion& o) { return o.verb == Verb::mail && o.previous == Verb::rset; }, 503},
    {Defect::simultaneous_mail_refused, [](const Occasion& o) { return o.verb == Verb::mail && o.other_sessions > 0; },
     503},
    {Defect::odd_sender_refused, has_odd_sender, 550},
    {Defect::sender_of_unresolvable_domain_answered_554, has_unresolvable_sender, 554},
    {Defect::sender_of_unresolvable_domain_answered_555, has_unresolvable_sender, 555},
    {Defect::sender_of_unresolvable_domain_answered_504, has_unresolvable_sender, 504},
    {Defect::sender_of_unresolvable_domain_not_answered, has_unresolvable_sender, kNoReply},
    {Defect::sender_of_unresolvable_domain_closes, has_unresolvable_sender, kNoReply, true},
    {Defect::literal_sender_answered_500, has_literal_sender, 500},
    {Defect::literal_sender_answered_555, has_literal_sender, 555},
    {Defect::simultaneous_noop_refused, [](const Occasion& o) { return o.verb == Verb::noop && o.other_sessions > 0; },
     503},
    {Defect::mail_without_parameter_answered_455, has_no_parameter, 455},
    {Defect::mail_without_parameter_answered_504, has_no_parameter, 504},
    {Defect::mail_without_parameter_answered_555, has_no_parameter, 555},
    {Defect::missing_path_answered_500, has_no_path, 500},
    {Defect::missing_path_answered_550, has_no_path, 550},
    {Defect::parameters_after_helo_not_answered, has_parameter_after_helo, kNoReply},
    {Defect::parameters_after_helo_close, has_parameter_after_helo, kNoReply, true},
    {Defect::postmaster_refused_for_null_sender,
     [](const Occasion& o) { return is_postmaster(o) && o.has_null_sender; }, 550},
    {Defect::command_after_rset_ignored, [](const Occasion& o) { return o.previous == Verb::rset; }, kNoReply},
    {Defect::command_after_noop_ignored, [](const Occasion& o) { return o.previous == Verb::noop; }, kNoReply},
    {Defect::noop_refused_before_ehlo, [](const Occasion& o) { return o.verb == Verb::noop && !o.has_client; }, 503},
    {Defect::noop_needs_argument, [](const Occasion& o) { return o.verb == Verb::noop && o.argument.empty(); }, 501},
    {Defect::noop_quoted_string_refused,
     [](const Occasion& o) { return o.verb == Verb::noop && o.argument.starts_with('"'); }, 501},
    {Defect::noop_quoted_string_not_answered,
     [](const Occasion& o) { return o.verb == Verb::noop && o.argument.starts_with('"'); }, kNoReply},
    {Defect::tab_after_verb_not_answered, has_tab_after_verb, kNoReply},
    {Defect::trailing_space_not_answered, ends_in_blank, kNoReply},
    {Defect::trailing_space_after_path_refused,
     [](const Occasion& o) { return ends_in_blank(o) && (o.verb == Verb::mail || o.verb == Verb::rcpt); }, 501},
    {Defect::trailing_space_taken_for_argument,
     [](const Occasion& o) {
       return ends_in_blank(o) && (o.verb == Verb::data || o.verb == Verb::rset || o.verb == Verb::quit);
     },
     501},
    {Defect::refused_line_accepted_when_repeated, [](const Occasion& o) { return o.is_repeated; }, 250},
    {Defect::refused_line_answered_450_when_repeated, [](const Occasion& o) { return o.is_repeated; }, 450},
    {Defect::unknown_command_accepted_when_repeated,
     [](const Occasion& o) { return o.is_repeated && o.verb == Verb::unknown; }, 250},
    {Defect::unregistered_verb_accepted, is_unregistered_verb, 250},
    {Defect::vrfy_bare_name_unknown, [](const Occasion& o) { return o.verb == Verb::vrfy && is_bare_name(o.argument); },
     550},
    {Defect::expn_bare_name_refused, [](const Occasion& o) { return o.verb == Verb::expn && is_bare_name(o.argument); },
     501},
};

bool is_malformed_rcpt(const Occasion& o, int code) { return o.verb == Verb::rcpt && code == 501; }
bool is_unknown_rcpt_parameter(const Occasion& o, int code) { return o.verb == Verb::rcpt && code == 555; }
bool is_denied_relaying(const Occasion& o, int code) {
  return o.verb == Verb::rcpt && code == 550 && mailbox_of(o.argument).ends_with(".example");
}
bool is_long_line(const Occasion& o, int code) { return o.line.size() > wire::kMaxCommandLineOctets && code == 500; }
bool is_non_ascii_command(const Occasion& o, int code) { return has_non_ascii(o.line) && code == 500; }
bool is_unknown_command_with_argument(const Occasion& o, int code) {
  return o.verb == Verb::unknown && !o.argument.empty() && code == 500;
}
bool is_help_with_argument(const Occasion& o, int) { return o.verb == Verb::help && !o.argument.empty(); }
bool is_refused_argument(const Occasion& o, int code, Verb verb) {
  return o.verb == verb && !o.argument.empty() && code == 501;
}
bool is_data_argument(const Occasion& o, int code) { return is_refused_argument(o, code, Verb::data); }
bool is_rset_argument(const Occasion& o, int code) { return is_refused_argument(o, code, Verb::rset); }
bool is_quit_argument(const Occasion& o, int code) { return is_refused_argument(o, code, Verb::quit); }
bool is_auth_out_of_order(const Occasion& o, int code) { return o.verb == Verb::auth && code == 503; }

struct Consequence {
  Defect defect;
  bool (*concerns)(const Occasion& occasion, int code);
  Aftermath aftermath;
};

constexpr Consequence kConsequences[] = {
    {Defect::syntax_error_clears_transaction, [](const Occasion&, int code) { return code == 501; },
     Aftermath::clears_transaction},
    {Defect::syntax_error_closes, [](const Occasion&, int code) { return code == 501; }, Aftermath::closes},
    {Defect::unacceptable_ehlo_closes, [](const Occasion& o, int code) { return o.verb == Verb::ehlo && code >= 500; },
     Aftermath::closes},
    {Defect::refused_ehlo_drops_recipients,
     [](const Occasion& o, int code) { return o.verb == Verb::ehlo && code >= 500; }, Aftermath::drops_recipients},
    {Defect::noop_drops_recipients, [](const Occasion& o, int) { return o.verb == Verb::noop; },
     Aftermath::drops_recipients},
    {Defect::noop_with_argument_clears_transaction,
     [](const Occasion& o, int) { return o.verb == Verb::noop && !o.argument.empty(); }, Aftermath::clears_transaction},
    {Defect::vrfy_drops_recipients, [](const Occasion& o, int) { return o.verb == Verb::vrfy; },
     Aftermath::drops_recipients},
    {Defect::refused_vrfy_clears_transaction,
     [](const Occasion& o, int code) { return o.verb == Verb::vrfy && code >= 500; }, Aftermath::clears_transaction},
    {Defect::malformed_rcpt_drops_recipients, is_malformed_rcpt, Aftermath::drops_recipients},
    {Defect::malformed_rcpt_keeps_first_recipient, is_malformed_rcpt, Aftermath::keeps_first_recipient},
    {Defect::unknown_rcpt_parameter_drops_recipients, is_unknown_rcpt_parameter, Aftermath::drops_recipients},
    {Defect::unknown_rcpt_parameter_keeps_first_recipient, is_unknown_rcpt_parameter, Aftermath::keeps_first_recipient},
    {Defect::denied_relaying_drops_recipients, is_denied_relaying, Aftermath::drops_recipients},
    {Defect::denied_relaying_keeps_first_recipient, is_denied_relaying, Aftermath::keeps_first_recipient},
    {Defect::long_line_drops_recipients, is_long_line, Aftermath::drops_recipients},
    {Defect::long_line_drops_last_recipient, is_long_line, Aftermath::drops_last_recipient},
    {Defect::non_ascii_command_drops_recipients, is_non_ascii_command, Aftermath::drops_recipients},
    {Defect::non_ascii_command_keeps_first_recipient, is_non_ascii_command, Aftermath::keeps_first_recipient},
    {Defect::unknown_command_with_argument_drops_recipients, is_unknown_command_with_argument,
     Aftermath::drops_recipients},
    {Defect::unknown_command_with_argument_drops_last_recipient, is_unknown_command_with_argument,
     Aftermath::drops_last_recipient},
    {Defect::help_with_argument_drops_recipients, is_help_with_argument, Aftermath::drops_recipients},
    {Defect::help_with_argument_drops_last_recipient, is_help_with_argument, Aftermath::drops_last_recipient},
    {Defect::data_argument_drops_recipients, is_data_argument, Aftermath::drops_recipients},
    {Defect::data_argument_keeps_first_recipient, is_data_argument, Aftermath::keeps_first_recipient},
    {Defect::rset_argument_drops_last_recipient, is_rset_argument, Aftermath::drops_last_recipient},
    {Defect::quit_argument_drops_recipients, is_quit_argument, Aftermath::drops_recipients},
    {Defect::quit_argument_drops_last_recipient, is_quit_argument, Aftermath::drops_last_recipient},
    {Defect::auth_in_transaction_drops_recipients, is_auth_out_of_order, Aftermath::drops_recipients},
    {Defect::auth_in_transaction_drops_last_recipient, is_auth_out_of_order, Aftermath::drops_last_recipient},
};

}  // namespace

const Interception* interception_of(const Occasion& occasion, const DefectSet& defects) {
  for (const Interception& interception : kInterceptions) {
    if (defects.has(interception.defect) && interception.concerns(occasion)) return &interception;
  }
  return nullptr;
}

std::string_view interception_text(int code) {
  switch (code) {
    case 250:
      return "Ok";
    case 450:
      return "Not available now";
    case 501:
      return "Syntax error in the argument";
    case 503:
      return "Bad sequence of commands";
    default:
      return "Refused";
  }
}

Aftermath aftermath_of(const Occasion& occasion, int code, const DefectSet& defects) {
  for (const Consequence& consequence : kConsequences) {
    if (defects.has(consequence.defect) && consequence.concerns(occasion, code)) return consequence.aftermath;
  }
  return Aftermath::none;
}

}  // namespace smtpspec::server
