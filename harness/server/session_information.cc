// VRFY, EXPN, HELP, ETRN: questions that leave every buffer untouched (RFC 5321 §3.5, §4.1.1.6 to §4.1.1.8, RFC 1985).
#include "harness/base/octets.h"
#include "harness/server/envelope_syntax.h"
#include "harness/server/session_implementation.h"
#include "harness/wire/command.h"

namespace smtpspec::server {
namespace {

std::string shown(const Resolution& resolution) {
  const std::string address = "<" + resolution.mailbox + ">";
  return resolution.full_name.empty() ? address : resolution.full_name + " " + address;
}

std::string with_source_route(const Resolution& resolution, const std::string& host) {
  return "<@" + host + ":" + resolution.mailbox + ">";
}

constexpr std::string_view kTopics[] = {"EHLO", "HELO", "MAIL", "RCPT", "DATA", "RSET", "NOOP",     "QUIT",
                                        "VRFY", "EXPN", "HELP", "BDAT", "ETRN", "AUTH", "STARTTLS", "LHLO"};

}  // namespace

void Session::Implementation::vrfy(std::string_view argument) {
  if (has(Defect::vrfy_clears_transaction)) reset_transaction();
  if (has(Defect::vrfy_not_implemented)) return answer(502, "5.5.1", "Command not implemented");
  if (has(Defect::vrfy_confirms_everything))
    return answer(250, "2.1.5", "<postmaster@" + directory_.first_domain() + ">");
  if (has(Defect::vrfy_denies_everything)) return answer(550, "5.1.1", "No such user here");
  if (has(Defect::vrfy_without_argument_accepted) && argument.empty()) return answer(252, "2.0.0", "Ok");
  const auto address = read_user_name(argument, *config_);
  if (!address) return answer(501, "5.5.4", "Syntax error, not a mailbox");
  const bool has_domain = !address->domain.empty();
  if (has_domain && has(Defect::vrfy_address_form_refused)) return answer(501, "5.5.4", "Give the user's name only");
  if (!has_domain && has(Defect::vrfy_bare_name_refused)) return answer(501, "5.5.4", "Give the full address");
  if (config_->vrfy_policy == VrfyPolicy::noncommittal) {
    return answer(252, "2.0.0", "Cannot VRFY user, but will accept the message and attempt delivery");
  }
  const Resolution resolution = directory_.resolve(*address);
  switch (resolution.standing) {
    case Standing::local:
      if (has_domain && has(Defect::vrfy_of_address_replies_with_source_route)) {
        return answer(250, "2.1.5", with_source_route(resolution, config_->host_name));
      }
      return answer(verified(resolution));
    case Standing::accepted_by_catch_all:
      return answer(252, "2.0.0", "Cannot VRFY user, but will accept the message and attempt delivery");
    case Standing::list:
      if (has(Defect::vrfy_of_list_denies_and_closes)) return close();
      return answer(252, "2.0.0", "Unable to verify members of a mailing list");
    case Standing::moved:
      return answer(551, "5.1.6", "User not local; please try <" + resolution.mailbox + ">");
    case Standing::unknown:
      if (has(Defect::vrfy_confirms_unknown_names)) return answer(250, "2.1.5", shown(resolution));
      return answer(550, "5.1.1", "No such user here");
    case Standing::foreign:
      break;
  }
  if (has(Defect::vrfy_foreign_address_not_answered)) return;
  answer(foreign(resolution));
}

Reply Session::Implementation::foreign(const Resolution& resolution) const {
  if (has(Defect::vrfy_confirms_foreign_addresses)) return {250, "2.1.5", {shown(resolution)}};
  if (has(Defect::vrfy_foreign_address_answered_501)) return {501, "5.5.4", {"Not a user of this host"}};
  if (has(Defect::vrfy_foreign_address_answered_451)) return {451, "4.7.1", {"Not an address of this host"}};
  if (config_->open_relay || !user_.empty()) return {252, "2.0.0", {"Cannot VRFY a foreign address"}};
  return {550, "5.7.1", {"Not an address of this host"}};
}

Reply Session::Implementation::verified(const Resolution& resolution) const {
  const std::string& mailbox = resolution.mailbox;
  std::string text = shown(resolution);
  if (has(Defect::vrfy_reply_without_address)) text = "User exists";
  if (has(Defect::vrfy_reply_without_domain)) text = "<" + mailbox.substr(0, mailbox.rfind('@')) + ">";
  if (has(Defect::vrfy_reply_with_unqualified_domain))
    text = "<" + mailbox.substr(0, mailbox.rfind('@')) + "@localhost>";
  if (has(Defect::vrfy_reply_with_source_route)) text = with_source_route(resolution, config_->host_name);
  if (has(Defect::vrfy_reply_without_brackets)) text = resolution.full_name + " " + mailbox;
  if (has(Defect::vrfy_reply_names_unusable_address)) text = "<no-such-user-" + mailbox + ">";
  const std::string local_part = mailbox.substr(0, mailbox.rfind('@'));
  const std::string domain = mailbox.substr(mailbox.rfind('@') + 1);
  if (has(Defect::vrfy_reply_with_name_alone)) text = resolution.full_name;
  if (has(Defect::vrfy_reply_with_address_before_name)) text = "<" + mailbox + "> " + resolution.full_name;
  if (has(Defect::vrfy_reply_with_name_as_comment)) text = mailbox + " (" + resolution.full_name + ")";
  if (has(Defect::vrfy_reply_with_bare_address)) text = mailbox;
  if (has(Defect::vrfy_reply_with_two_mailboxes)) text += ", <postmaster@" + domain + ">";
  if (has(Defect::vrfy_reply_spells_out_at_sign)) text = "<" + local_part + " at " + domain + ">";
  if (has(Defect::vrfy_reply_names_foreign_host)) text = "<" + local_part + "@gateway.example.net>";
  if (has(Defect::vrfy_reply_shows_program)) text = "|/usr/lib/mail/filter -u " + local_part;
  if (has(Defect::vrfy_reply_shows_file)) text = "/var/mail/" + local_part;
  if (has(Defect::vrfy_reply_with_closing_line)) return {250, "2.1.5", {text, "End of list"}};
  return {250, "2.1.5", {text}};
}

void Session::Implementation::expn(std::string_view argument) {
  if (has(Defect::expn_clears_transaction)) reset_transaction();
  if (has(Defect::expn_advertised_but_refused) || has(Defect::expn_not_implemented) || !config_->extensions.expn) {
    return answer(502, "5.5.1", "Command not implemented");
  }
  if (has(Defect::expn_without_argument_accepted) && argument.empty()) return answer(250, "2.0.0", "Ok");
  const auto address = read_user_name(argument, *config_);
  if (!address) return answer(501, "5.5.4", "Syntax error, not a mailing list");
  const Resolution resolution = directory_.resolve(*address);
  Reply reply{250, "2.1.5", {}};
  if (resolution.standing == Standing::list) {
    for (const Resolution& member : directory_.members_of(*resolution.list)) reply.lines.push_back(shown(member));
  } else if (resolution.standing == Standing::local) {
    reply.lines.push_back(shown(resolution));
  }
  if (reply.lines.empty() && has(Defect::expn_confirms_everything)) reply.lines.push_back(shown(resolution));
  if (reply.lines.empty()) return answer(550, "5.1.1", "No such mailing list here");
  if (has(Defect::expn_reply_without_members)) reply.lines = {"That is a mailing list"};
  for (std::string& line : reply.lines) {
    const std::string mailbox = line.substr(line.rfind('<') + 1, line.rfind('>') - line.rfind('<') - 1);
    const std::string local_part = mailbox.substr(0, mailbox.rfind('@'));
    if (has(Defect::expn_reply_without_brackets)) line = mailbox;
    if (has(Defect::expn_reply_with_unqualified_domain)) line = "<" + local_part + "@mailhost>";
    if (has(Defect::expn_reply_without_domain)) line = "<" + local_part + ">";
    if (has(Defect::expn_reply_shows_program)) line = "|/usr/lib/mail/filter -u " + local_part;
    if (has(Defect::expn_reply_shows_file)) line = "/var/mail/" + local_part;
    if (has(Defect::expn_reply_with_source_route)) line = "<@" + config_->host_name + ":" + mailbox + ">";
    if (has(Defect::expn_reply_names_unusable_addresses)) line = "<no-such-user-" + mailbox + ">";
  }
  if (has(Defect::expn_reply_with_heading)) reply.lines.insert(reply.lines.begin(), "The members are");
  if (has(Defect::expn_reply_with_two_mailboxes_on_a_line) && reply.lines.size() > 1) {
    reply.lines[1] = reply.lines[0] + ", " + reply.lines[1];
    reply.lines.erase(reply.lines.begin());
  }
  answer(std::move(reply));
}

void Session::Implementation::help(std::string_view argument) {
  if (has(Defect::help_clears_transaction)) reset_transaction();
  if (has(Defect::help_advertised_but_refused) || !config_->extensions.help) {
    return answer(502, "5.5.1", "Command not implemented");
  }
  if (argument.empty()) {
    if (has(Defect::help_needs_argument)) return answer(501, "5.5.4", "Syntax error, argument required");
    const int code = has(Defect::help_answered_250) ? 250 : 214;
    return answer({code, "2.0.0", {"Commands of RFC 5321 and of the extensions that EHLO shows", "End of help"}});
  }
  for (std::string_view topic : kTopics) {
    if (!base::equals_ignoring_case(argument, topic)) continue;
    return answer(has(Defect::help_topic_answered_250) ? 250 : 214, "2.0.0",
                  "See the specification of " + std::string(topic));
  }
  answer(504, "5.5.4", "No help on that topic");
}

// True if the defect has dealt with the command. May change the argument.
bool Session::Implementation::spoils_etrn(std::string_view& argument) {
  if (has(Defect::etrn_two_arguments_accepted)) argument = argument.substr(0, argument.find(' '));
  const bool is_lone_prefix = argument == "@" || argument == "#";
  if (is_lone_prefix && has(Defect::etrn_lone_prefix_accepted)) {
    answer(250, "2.0.0", "Queuing started");
    return true;
  }
  const bool is_refused = argument.starts_with('@') && has(Defect::etrn_subdomain_prefix_refused);
  if (is_refused) answer(501, "5.5.4", "Syntax error, a fully qualified node name is required");
  return is_refused;
}

// ETRN where it has no place, or where it has one; true if the defect has dealt with it.
bool Session::Implementation::spoils_order_of_etrn() {
  if (!transaction_.is_open) {
    const bool is_refused = (messages_ > 0 && has(Defect::etrn_after_message_refused)) ||
                            (mails_ > 0 && previous_verb_ == Verb::rset && has(Defect::etrn_after_rset_refused));
    if (is_refused) answer(sequence_error("a transaction is open"));
    return is_refused;
  }
  if (has(Defect::etrn_in_transaction_closes)) close();
  if (mode_ == Mode::closed || has(Defect::etrn_in_transaction_not_answered)) return true;
  Defect taking = Defect::etrn_behind_rcpt_accepted;
  if (transaction_.recipients.empty()) taking = Defect::etrn_before_rcpt_accepted;
  if (transaction_.has_chunks) taking = Defect::etrn_between_chunks_accepted;
  if (!has(taking)) return false;
  answer(251, "2.0.0", "Ok, no messages waiting");
  return true;
}

void Session::Implementation::etrn(std::string_view argument) {
  if (transaction_.is_open && has(Defect::etrn_in_transaction_clears_it)) {
    reset_transaction();
    return answer(sequence_error("a transaction was open"));
  }
  if (!transaction_.is_open && !config_->defects.empty() && spoils_etrn(argument)) return;
  if (transaction_.is_open && !has(Defect::etrn_accepted_in_transaction)) {
    return answer(sequence_error("a transaction is open"));
  }
  if (has(Defect::etrn_without_argument_accepted) && argument.empty()) return answer(250, "2.0.0", "Queuing started");
  const std::string_view node = argument.starts_with('@') ? argument.substr(1) : argument;
  const bool is_queue_name = argument.starts_with('#') && argument.size() > 1;
  const bool is_node = wire::parse_etrn(argument).has_value() && (is_queue_name || is_qualified_domain(node));
  if (!is_node && !has(Defect::etrn_unqualified_node_accepted)) {
    return answer(501, "5.5.4", "Syntax error, a fully qualified node name is required");
  }
  if (has(Defect::etrn_answered_550)) return answer(550, "5.7.1", "Access denied");
  if (is_node && !is_queue_name && !directory_.is_local_domain(node)) {
    return answer(459, "4.7.1", "Node " + std::string(node.substr(0, 255)) + " not allowed");
  }
  answer(251, "2.0.0", "Ok, no messages waiting");
  if (has(Defect::etrn_swaps_roles)) mode_ = Mode::closed;
  if (has(Defect::etrn_closes)) close();
}

}  // namespace smtpspec::server
