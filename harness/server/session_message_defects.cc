// The defects of a message between 354 and its reply, and of what a connection that broke off leaves behind.
#include <algorithm>
#include <utility>

#include "harness/base/octets.h"
#include "harness/server/content_defects.h"
#include "harness/server/envelope_syntax.h"
#include "harness/server/octet_defects.h"
#include "harness/server/session_implementation.h"
#include "harness/server/trace.h"
#include "harness/server/utf8_defects.h"
#include "harness/wire/dot_stuffing.h"

namespace smtpspec::server {
namespace {

constexpr std::size_t kShortLineOctets = 500;
constexpr std::size_t kLongLineOctets = 900;

bool has_line(std::string_view content, const std::string& line) {
  return content.starts_with(line) || content.find("\r\n" + line) != std::string_view::npos;
}

// Of the lines before the first empty one.
std::size_t longest_header_line(std::string_view content) {
  std::size_t longest = 0;
  while (!content.empty() && !content.starts_with("\r\n")) {
    const std::size_t end = std::min(content.find("\r\n"), content.size());
    longest = std::max(longest, end);
    content.remove_prefix(std::min(end + 2, content.size()));
  }
  return longest;
}

bool is_header_only(std::string_view content) {
  return content.find("\r\n\r\n") == std::string_view::npos && !content.starts_with("\r\n") &&
         content.substr(0, content.find("\r\n")).find(':') != std::string_view::npos;
}

bool has_empty_body(std::string_view content) {
  constexpr std::size_t kEndOfHeaderOctets = 4;
  const std::size_t end = content.find("\r\n\r\n");
  return end != std::string_view::npos && end + kEndOfHeaderOctets == content.size();
}

std::string with_helo_defects(std::string content, const DefectSet& defects) {
  constexpr std::string_view kEndOfHeader = "\r\n\r\n";
  if (defects.has(Defect::helo_message_not_unstuffed)) content = wire::stuff(content);
  const std::size_t end = content.find(kEndOfHeader);
  if (end != std::string::npos && defects.has(Defect::helo_message_without_body))
    content.resize(end + kEndOfHeader.size());
  return content;
}

}  // namespace

// True if a line of the message has ended it.
bool Session::Implementation::spoils_content_line() {
  if (cuts_at_declared_size()) return true;
  const std::string_view content = data_.content();
  if (has(Defect::quit_line_in_content_closes) && has_line(content, "QUIT\r\n")) {
    verb_ = Verb::quit;
    answer(221, "2.0.0", name_in_replies() + " Service closing transmission channel");
    close();
    return true;
  }
  if (has(Defect::rset_line_in_content_aborts) && has_line(content, "RSET\r\n")) {
    reset_transaction();
    mode_ = Mode::command;
    verb_ = Verb::rset;
    answer(250, "2.0.0", "Ok, state is reset");
    return true;
  }
  if (has(Defect::command_line_in_content_answered) && !has_answered_content_ && has_line(content, "MAIL FROM:")) {
    has_answered_content_ = true;
    verb_ = Verb::mail;
    answer(sequence_error("a transaction is open"));
  }
  return false;
}

// A receiver that counts the octets of the message, as SIZE has told them.
bool Session::Implementation::cuts_at_declared_size() {
  if (declared_octets_ == 0 || data_.content().size() <= declared_octets_) return false;
  if (!has(Defect::declared_size_ends_data)) return false;
  const std::string all = data_.take_content();
  mode_ = Mode::command;
  const std::size_t end = std::exchange(declared_octets_, 0);
  accept_message(all.substr(0, end));
  consume(std::string_view(all).substr(end));
  return true;
}

// True if the message has been dealt with.
bool Session::Implementation::spoils_message(std::string& content) {
  is_eight_bit_message_ = has_non_ascii(content);
  if (is_cut_off_by(content)) {
    out_.then = Then::reset;
    mode_ = Mode::closed;
    return true;
  }
  const bool is_over_declared = declared_octets_ != 0 && content.size() > declared_octets_;
  if ((content.empty() && has(Defect::empty_message_not_answered)) ||
      (has_control_character(content) && has(Defect::message_with_control_characters_not_answered)) ||
      (is_over_declared && has(Defect::message_over_declared_size_not_answered))) {
    reset_transaction();
    return true;
  }
  if (is_over_declared && has(Defect::message_over_declared_size_cut)) content.resize(declared_octets_);
  if (transaction_.sender.body == "8BITMIME" && has(Defect::eight_bit_message_not_unstuffed)) {
    content = wire::stuff(content);
  }
  if (is_helo_session()) content = with_helo_defects(std::move(content), config_->defects);
  if (!behind_message_.empty()) spoil_last_line(content);
  if (transaction_.sender.body == "8BITMIME") content = with_eight_bit_defects(std::move(content), config_->defects);
  if (transaction_.sender.smtp_utf8) content = with_utf8_header_defects(std::move(content), config_->defects);
  const auto refusal = defective_message_refusal(content);
  if (refusal) refuse_message(*refusal, content);
  return refusal.has_value();
}

bool Session::Implementation::is_helo_session() const { return !client_name_.empty() && !extended_; }

// A receiver that takes the message and the command behind it from one buffer, and divides them wrongly.
void Session::Implementation::spoil_last_line(std::string& content) const {
  if (has(Defect::pipelined_command_joins_message)) {
    content += behind_message_.substr(0, behind_message_.find("\r\n"));
    content += "\r\n";
  }
  if (content.size() < 3 || !has(Defect::message_before_pipelined_command_loses_last_line)) return;
  const std::size_t before = content.rfind("\r\n", content.size() - 3);
  content.resize(before == std::string::npos ? 0 : before + 2);
}

bool Session::Implementation::is_undone_by_what_follows() const {
  const auto begins = [&](std::string_view verb) { return base::starts_with_ignoring_case(behind_message_, verb); };
  return (!behind_message_.empty() && has(Defect::message_before_pipelined_command_lost)) ||
         (begins("MAIL") && has(Defect::pipelined_mail_undoes_message)) ||
         (begins("RSET") && has(Defect::pipelined_rset_undoes_message)) ||
         (begins("QUIT") && has(Defect::pipelined_quit_undoes_message));
}

std::optional<Reply> Session::Implementation::defective_message_refusal(std::string_view content) const {
  if (transaction_.recipients.empty() && has(Defect::recipients_checked_after_content_only)) {
    return Reply{503, "5.5.1", {"Bad sequence of commands, RCPT first"}};
  }
  if (transaction_.sender.reverse_path.empty() && has(Defect::message_with_null_reverse_path_refused)) {
    return Reply{554, "5.7.1", {"No bounces, please"}};
  }
  if (!info_.is_tls && config_->role == Role::mx && has(Defect::tls_demanded_of_messages) &&
      is_own_user(transaction_.sender.reverse_path)) {
    return Reply{530, "5.7.0", {"Must issue a STARTTLS command first"}};
  }
  if (transaction_.sender.smtp_utf8 && longest_header_line(content) > kLongLineOctets) {
    if (has(Defect::long_utf8_header_line_refused)) return Reply{554, "5.6.0", {"Line too long"}};
    if (has(Defect::long_utf8_header_line_answered_500)) return Reply{500, "5.5.2", {"Line too long"}};
  }
  if (declared_octets_ != 0 && content.size() == declared_octets_ && has(Defect::message_of_declared_size_refused)) {
    return Reply{552, "5.3.4", {"Message size exceeds what was declared"}};
  }
  if (transaction_.sender.smtp_utf8 && !has_non_ascii(content) && has(Defect::smtputf8_message_in_ascii_refused)) {
    return Reply{554, "5.6.0", {"No need of SMTPUTF8"}};
  }
  if (has_control_character(content) && has(Defect::message_with_control_characters_answered_354)) {
    return Reply{354, "", {"Go on"}};
  }
  if (is_header_only(content) && has(Defect::message_without_empty_line_refused)) {
    return Reply{554, "5.6.0", {"The header has no end"}};
  }
  if (is_header_only(content) && has(Defect::message_without_empty_line_answered_501)) {
    return Reply{501, "5.6.0", {"The header has no end"}};
  }
  if (has_empty_body(content) && has(Defect::message_without_body_refused)) {
    return Reply{554, "5.6.0", {"The message is empty"}};
  }
  if (count_header_fields(content, "subject:") == 0 && has(Defect::message_without_subject_answered_500)) {
    return Reply{500, "5.6.0", {"No Subject field"}};
  }
  if (has_non_ascii(content) && data_.longest_line_octets() > kShortLineOctets &&
      has(Defect::long_eight_bit_line_refused)) {
    return Reply{554, "5.6.0", {"Line too long"}};
  }
  return std::nullopt;
}

// True if such a message makes the server abort the connection.
bool Session::Implementation::is_cut_off_by(std::string_view content) const {
  const bool is_over_declared = declared_octets_ != 0 && content.size() > declared_octets_;
  const bool is_undeclared = transaction_.sender.body.empty() && !transaction_.sender.smtp_utf8;
  return (is_over_declared && has(Defect::message_over_declared_size_closes)) ||
         (transaction_.sender.smtp_utf8 && longest_header_line(content) > kLongLineOctets &&
          has(Defect::long_utf8_header_line_closes)) ||
         (has_control_character(content) && has(Defect::message_with_control_characters_closes)) ||
         (is_undeclared && has_non_ascii(content) && has(Defect::undeclared_eight_bit_text_closes)) ||
         (is_header_only(content) && has(Defect::message_without_empty_line_closes)) ||
         (has_non_ascii(content) && data_.longest_line_octets() > kLongLineOctets &&
          has(Defect::long_eight_bit_line_closes));
}

void Session::Implementation::remember_lost_connection() {
  ServerMemory& memory = environment_->memory;
  memory.refuses_next_session = (transaction_.is_open && has(Defect::lost_connection_stops_service)) ||
                                (mode_ == Mode::data && has(Defect::connection_lost_in_data_stops_service));
  memory.resets_next_session = transaction_.is_open && has(Defect::connection_lost_in_transaction_resets_next_one);
  memory.refuses_next_mail = transaction_.is_open && has(Defect::connection_lost_in_transaction_blocks_mail);
}

// True if a session that broke off has left the server unable to serve this one.
bool Session::Implementation::refuses_session() {
  if (!std::exchange(environment_->memory.refuses_next_session, false)) return false;
  verb_ = Verb::quit;
  if (has(Defect::lost_connection_stops_service)) answer(554, "", config_->host_name + " No SMTP service here");
  close();
  return true;
}

}  // namespace smtpspec::server
