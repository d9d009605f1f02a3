// The defects of commands that depend on the state of the session: MAIL, RCPT, RSET, DATA, and what comes before MAIL.
#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "harness/base/octets.h"
#include "harness/server/envelope_syntax.h"
#include "harness/server/session_implementation.h"

namespace smtpspec::server {
namespace {

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// What follows the path and one space.
std::string_view parameters_of(std::string_view argument) {
  const std::size_t end = argument.find("> ");
  return end == std::string_view::npos ? std::string_view() : argument.substr(end + 2);
}

// The number behind SIZE=, or 0.
std::size_t declared_size(const std::string& upper_argument) {
  constexpr std::string_view kKeyword = " SIZE=";
  const std::size_t at = upper_argument.find(kKeyword);
  std::size_t octets = 0;
  if (at == std::string::npos) return octets;
  const char* begin = upper_argument.data() + at + kKeyword.size();
  const auto result = std::from_chars(begin, upper_argument.data() + upper_argument.size(), octets);
  return result.ec == std::errc::result_out_of_range ? std::numeric_limits<std::size_t>::max() : octets;
}

}  // namespace

bool Session::Implementation::spoils_line(const CommandLine& line) {
  if (verb_ != Verb::unknown) is_behind_chunk_ = false;
  if (is_behind_chunk_ && spoils_line_behind_chunk(line)) return true;
  // SMTPUTF8 makes them legal (RFC 6531 §3.4).
  if (!has_non_ascii(line.text) || transaction_.sender.smtp_utf8 || contains(line.text, "SMTPUTF8")) return false;
  if (has(Defect::non_ascii_command_closes)) close();
  if (has(Defect::eighth_bit_of_command_removed)) {
    CommandLine masked = line;
    for (char& c : masked.text) c = static_cast<char>(static_cast<unsigned char>(c) & 0x7FU);
    obey(masked);
    return true;
  }
  return mode_ == Mode::closed || has(Defect::non_ascii_command_not_answered);
}

bool Session::Implementation::spoils_command(const Command& command) {
  const bool is_transaction = command.verb == Verb::mail || command.verb == Verb::rcpt || command.verb == Verb::data;
  if (!is_transaction) deliver_held_messages();
  if (auto reply = defective_group_reply(command.verb)) {
    answer(std::move(*reply));
    return true;
  }
  if (auto demand = defective_demand_of_tls(command)) {
    answer(std::move(*demand));
    return true;
  }
  return spoils_submission(command) || spoils_session_command(command) || spoils_information(command) ||
         spoils_between_chunks(command) || spoils_tls_command(command);
}

bool Session::Implementation::spoils_session_command(const Command& command) {
  const bool is_bare = command.argument.empty();
  if (command.verb == Verb::quit && previous_verb_ == Verb::rset && has(Defect::quit_after_rset_not_answered)) {
    close();
    return true;
  }
  if (command.verb == Verb::ehlo && transaction_.is_open && has(Defect::ehlo_in_transaction_refused)) {
    answer(503, "", "Bad sequence of commands, a transaction is open");
    return true;
  }
  if (command.verb == Verb::mail && is_bare && has(Defect::mail_without_argument_accepted)) {
    mail(command.argument);
    return true;
  }
  if (command.verb == Verb::rcpt && is_bare && has(Defect::rcpt_without_argument_accepted)) {
    rcpt(command.argument);
    return true;
  }
  return false;
}

bool Session::Implementation::spoils_information(const Command& command) {
  const bool is_quoted = command.argument.starts_with('"');
  const bool is_broken = is_quoted && (command.argument.size() == 1 || !command.argument.ends_with('"'));
  if (command.verb == Verb::vrfy) has_verified_ = true;
  if (command.verb == Verb::vrfy || command.verb == Verb::expn) note_question(command);
  if (command.verb == Verb::etrn && spoils_order_of_etrn()) return true;
  if (command.verb == Verb::vrfy && base::to_upper(command.argument).ends_with(" SMTPUTF8") &&
      has(Defect::vrfy_smtputf8_word_refused)) {
    answer(501, "5.5.4", "Syntax error, one word only");
    return true;
  }
  if (command.verb == Verb::vrfy && !transaction_.is_open && has(Defect::vrfy_before_mail_refused)) {
    answer(503, "5.5.1", "Bad sequence of commands, MAIL first");
    return true;
  }
  if (command.verb == Verb::vrfy && is_broken && has(Defect::vrfy_broken_string_accepted)) {
    answer(252, "2.0.0", "Cannot VRFY user, but will accept the message and attempt delivery");
    return true;
  }
  const bool is_refused = is_quoted && ((command.verb == Verb::vrfy && has(Defect::vrfy_quoted_string_refused)) ||
                                        (command.verb == Verb::expn && has(Defect::expn_quoted_string_refused)));
  if (is_refused) answer(501, "5.5.4", "Syntax error, no quotes allowed");
  return is_refused;
}

bool Session::Implementation::spoils_mail(std::string_view argument) {
  if (transaction_.is_open && has(Defect::nested_mail_ignored)) {
    answer(250, "2.1.0", "Sender ok");
    return true;
  }
  if (client_name_.empty() || transaction_.is_open) return false;
  if (contains(argument, "<\"") && has(Defect::quoted_local_part_closes)) {
    close();
    return true;
  }
  if (auto refusal = defective_mail_refusal(argument)) {
    answer(std::move(*refusal));
    return true;
  }
  if (contains(argument, ":<") && has(Defect::mail_needs_space_after_colon)) {
    answer(501, "5.1.7", "Syntax error in the sender's address");
    return true;
  }
  declared_octets_ = declared_size(base::to_upper(argument));
  has_used_binary_ = has_used_binary_ || contains(base::to_upper(argument), " BODY=BINARYMIME");
  const bool is_null = base::starts_with_ignoring_case(argument, "FROM:<>");
  return (is_null && has(Defect::null_reverse_path_not_answered)) || spoils_body(argument);
}

std::optional<Reply> Session::Implementation::defective_mail_refusal(std::string_view argument) const {
  const Reply out_of_sequence{503, "5.5.1", {"Bad sequence of commands"}};
  if (had_sequence_error_ && has(Defect::sequence_error_blocks_next_mail)) return out_of_sequence;
  if (previous_verb_ == Verb::vrfy && has(Defect::mail_after_vrfy_refused)) return out_of_sequence;
  if (is_refused_for_size_ && has(Defect::size_refusal_blocks_next_mail)) return out_of_sequence;
  if (std::exchange(environment_->memory.refuses_next_mail, false)) {
    return Reply{554, "5.3.0", {"Queue is locked by another session"}};
  }
  if (base::starts_with_ignoring_case(argument, "FROM:<>")) {
    if (contains(argument, "> ") && has(Defect::parameters_of_null_reverse_path_refused)) {
      return Reply{501, "5.5.4", {"No parameter allowed"}};
    }
  }
  const std::size_t begin = argument.find('<') + 1;
  const std::string_view path = argument.substr(begin, argument.find('>') - begin);
  const bool is_second = !transaction_.is_open && !first_sender_.empty() && first_sender_ != path;
  if (is_second && has(Defect::second_local_sender_answered_504) && path.ends_with("@" + directory_.first_domain()) &&
      !is_own_user(path)) {
    return Reply{504, "5.5.4", {"Sender not implemented"}};
  }
  const std::string_view parameters = parameters_of(argument);
  return parameters.empty() ? std::nullopt : defective_parameter_refusal(parameters);
}

std::optional<Reply> Session::Implementation::defective_parameter_refusal(std::string_view parameters) const {
  const Reply not_recognized{555, "5.5.4", {"MAIL FROM/RCPT TO parameters not recognized or not implemented"}};
  if (messages_ > 0 && has(Defect::parameters_refused_after_first_message)) return not_recognized;
  if (contains(base::to_upper(parameters), "BODY=8BITMIME") && has(Defect::body_8bitmime_refused)) {
    return not_recognized;
  }
  const std::string upper = base::to_upper(parameters);
  if (user_.empty() && (" " + upper).find(" AUTH=") != std::string::npos &&
      has(Defect::mail_auth_needs_authentication)) {
    return Reply{503, "5.5.1", {"Authenticate first"}};
  }
  if (contains(parameters, " ") && has(Defect::second_parameter_refused)) {
    return Reply{501, "5.5.4", {"One parameter only"}};
  }
  return std::nullopt;
}

bool Session::Implementation::spoils_body(std::string_view argument) {
  const std::string upper = base::to_upper(argument);
  const bool has_body = contains(upper, " BODY=");
  if (contains(upper, " BODY=8BITMIME") && has_non_ascii(argument) &&
      has(Defect::body_8bitmime_in_mail_admits_non_ascii_path)) {
    mail("FROM:<sender@example.com> BODY=8BITMIME");
    return true;
  }
  const bool was_used = std::exchange(has_used_body_, has_used_body_ || has_body);
  if (has_body) return false;
  if (has(Defect::body_required) || (was_used && has(Defect::body_required_once_used))) {
    answer(501, "5.5.4", "BODY is missing");
    return true;
  }
  return was_used && has(Defect::mail_without_body_not_answered);
}

bool Session::Implementation::spoils_rcpt(std::string_view argument) {
  if (!transaction_.is_open) return spoils_rcpt_before_mail(argument);
  const std::size_t count = transaction_.recipients.size();
  const bool is_misread = (contains(argument, ":<") && has(Defect::rcpt_needs_space_after_colon)) ||
                          (contains(argument, "<") && has(Defect::brackets_refused));
  if (is_misread) {
    answer(501, "5.1.3", "Syntax error in the recipient's address");
    return true;
  }
  if (contains(argument, "<\"") && has(Defect::quoted_local_part_closes)) {
    close();
    return true;
  }
  const bool takes_octets = transaction_.sender.body == "8BITMIME" && has_non_ascii(argument) &&
                            has(Defect::body_8bitmime_admits_non_ascii_path);
  if (takes_octets) {
    rcpt("TO:<" + config_->mailboxes.front().local_part + "@" + directory_.first_domain() + ">");
    return true;
  }
  std::optional<Reply> refusal;
  const bool is_too_large = config_->max_message_octets != 0 && declared_octets_ > config_->max_message_octets;
  if (transaction_.sender.smtp_utf8 && has_non_ascii(argument) && has(Defect::non_ascii_recipient_refused)) {
    refusal = Reply{501, "5.1.3", {"Syntax error in the recipient's address"}};
  } else if (is_too_large && has(Defect::size_over_limit_refused_at_rcpt)) {
    refusal = Reply{552, "5.3.4", {"Message size exceeds fixed maximum message size"}};
  } else if (auto too_large = defective_size_refusal()) {
    refusal = std::move(too_large);
  } else if (count > 0 && contains(base::to_upper(argument), " NOTIFY=") &&
             has(Defect::notify_refused_for_second_recipient)) {
    refusal = Reply{501, "5.5.4", {"NOTIFY is too late"}};
  } else if (transaction_.sender.reverse_path.empty() && has(Defect::recipient_of_null_reverse_path_refused)) {
    refusal = Reply{550, "5.7.1", {"No bounces, please"}};
  } else if (std::exchange(has_verified_, false) && has(Defect::recipient_that_vrfy_named_refused)) {
    refusal = Reply{550, "5.1.1", {"No such user here"}};
  } else if ((count >= 3 && has(Defect::more_than_three_recipients_refused)) ||
             (count >= 99 && has(Defect::more_than_99_recipients_refused))) {
    refusal = Reply{452, "4.5.3", {"Too many recipients"}};
  }
  if (!refusal) return false;
  transaction_.has_refused_recipients = true;
  answer(std::move(*refusal));
  return true;
}

// What a recipient gets for the declared size, of which the server says that it is too much for this one.
std::optional<Reply> Session::Implementation::defective_size_refusal() {
  const std::size_t limit = config_->max_message_octets;
  constexpr std::size_t kShareOfRecipient = 3;  // a quota below what the server takes
  if (limit == 0 || declared_octets_ <= limit / kShareOfRecipient) return std::nullopt;
  if (has(Defect::size_of_recipient_refused_with_503)) return Reply{503, "5.5.1", {"Bad sequence of commands"}};
  if (has(Defect::size_of_recipient_refused_with_501)) return Reply{501, "5.5.4", {"Bad value of SIZE"}};
  if (transaction_.recipients.empty()) return std::nullopt;
  if (has(Defect::size_of_recipient_refused_with_554)) return Reply{554, "5.2.3", {"Message too large for it"}};
  if (has(Defect::size_of_recipient_refused_with_451)) return Reply{451, "4.2.0", {"Message too large for it now"}};
  const bool is_over = has(Defect::size_of_recipient_clears_transaction);
  if (!is_over && !has(Defect::size_of_recipient_drops_others)) return std::nullopt;
  transaction_.recipients.clear();
  if (is_over) reset_transaction();
  return Reply{552, "5.2.3", {"Message too large for this recipient"}};
}

bool Session::Implementation::spoils_rcpt_before_mail(std::string_view argument) {
  if (client_name_.empty()) return false;
  if (has(Defect::rcpt_opens_transaction)) transaction_.is_open = true;
  borrow_transaction();
  AcceptedRecipient accepted;
  if (has(Defect::rcpt_before_mail_kept) && !read_recipient(argument, accepted)) {
    kept_recipients_.push_back(std::move(accepted));
  }
  const bool is_taken = (messages_ > 0 && has(Defect::rcpt_after_message_accepted)) ||
                        (is_refused_for_size_ && has(Defect::size_refusal_admits_recipients));
  if (is_taken) answer(250, "2.1.5", "Recipient ok");
  return is_taken;
}

bool Session::Implementation::spoils_rset() {
  ++resets_;
  const bool is_open = transaction_.is_open;
  if ((client_name_.empty() && has(Defect::rset_refused_before_ehlo)) ||
      (is_open && has(Defect::rset_refused_in_transaction)) ||
      (!is_open && messages_ > 0 && has(Defect::rset_refused_after_message))) {
    answer(503, "5.5.1", "Bad sequence of commands");
    return true;
  }
  if (has(Defect::rset_falls_back_to_helo)) extended_ = false;
  if (has(Defect::rset_forgets_authentication)) user_.clear();
  const bool closes = has(is_open ? Defect::rset_closes_in_transaction : Defect::rset_closes_outside_transaction);
  const bool keeps_sender = is_open && has(Defect::rset_keeps_sender);
  const bool keeps_all = (resets_ > 1 && has(Defect::rset_works_once)) ||
                         (!transaction_.recipients.empty() && has(Defect::rset_works_before_rcpt_only)) ||
                         (is_helo_session() && has(Defect::helo_rset_keeps_transaction));
  if (keeps_sender) transaction_.recipients.clear();
  if (!closes && !keeps_sender && !keeps_all) return false;
  answer(250, "2.0.0", "Ok, state is reset");
  if (closes) close();
  return true;
}

void Session::Implementation::spoil_data_refusal(std::optional<Reply>& refusal) const {
  if (!transaction_.is_open) return;
  const std::size_t count = transaction_.recipients.size();
  const Reply out_of_sequence{503, "5.5.1", {"Bad sequence of commands"}};
  if (count > 2 && has(Defect::data_refused_with_three_recipients)) refusal = out_of_sequence;
  if (count >= config_->max_recipients && transaction_.has_refused_recipients &&
      has(Defect::data_behind_recipient_overflow_answered_502)) {
    refusal = Reply{502, "5.5.1", {"Command not implemented"}};
  }
  if (transaction_.sender.body == "BINARYMIME" && count > 0) {
    if (has(Defect::data_with_binarymime_accepted)) refusal.reset();
    if (has(Defect::data_with_binarymime_answered_554)) refusal = Reply{554, "5.5.1", {"Binary content needs BDAT"}};
  }
  if (is_last_recipient_refused_ && has(Defect::last_recipient_decides_data)) refusal = out_of_sequence;
  if ((is_binary_data_refused_ && has(Defect::refused_data_blocks_next_data)) ||
      (has_used_binary_ && has(Defect::binarymime_kept_for_next_transaction))) {
    refusal = out_of_sequence;
  }
  if (transaction_.has_refused_recipients && has(Defect::data_refused_after_refused_recipient)) {
    refusal = Reply{554, "5.5.1", {"No valid recipients"}};
  }
  if (count > 0) return;
  if (config_->role == Role::lmtp) {
    if (has(Defect::lmtp_data_without_recipient_accepted)) refusal.reset();
    if (has(Defect::lmtp_data_without_recipient_answered_554)) refusal = Reply{554, "5.5.1", {"No valid recipients"}};
  }
  if (transaction_.has_refused_recipients && has(Defect::data_with_refused_recipients_only_accepted)) refusal.reset();
  if (has(Defect::recipients_checked_after_content_only)) refusal.reset();
}

ReplyFate Session::Implementation::spoil_reply(Reply& reply) {
  if (verb_ == Verb::rcpt) is_last_recipient_refused_ = reply.code >= 400;
  if (reply.code == 503) {
    had_sequence_error_ = true;
    if (has(Defect::sequence_error_clears_transaction)) reset_transaction();
  }
  if (verb_ == Verb::data && answered_ == Answered::command && reply.code >= 400 &&
      transaction_.sender.body == "BINARYMIME") {
    is_binary_data_refused_ = true;
  }
  spoil_utf8_reply(reply);
  if (answered_ == Answered::message && reply.code == 250 && is_eight_bit_message_ &&
      has(Defect::accepted_message_answered_451)) {
    reply = {451, "4.3.0", {"Requested action aborted"}};
  }
  if (config_->role == Role::submission && answered_ == Answered::message &&
      has(Defect::submission_message_not_answered)) {
    return ReplyFate::withheld;
  }
  if (auto fate = fate_of_chunk_reply(reply)) return *fate;
  return envelope_replies_.apply(reply, verb_, answered_, awake_);
}

}  // namespace smtpspec::server
