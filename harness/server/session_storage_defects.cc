// The defects by which transactions meet that have nothing to do with each other, and by which a message goes elsewhere
// or later than it should.
#include <algorithm>
#include <utility>

#include "harness/base/octets.h"
#include "harness/server/envelope_syntax.h"
#include "harness/server/session_implementation.h"
#include "harness/server/trace.h"

namespace smtpspec::server {
namespace {

void add_once(std::vector<Recipient>& recipients, const Recipient& recipient) {
  const auto is_same = [&](const Recipient& r) { return r.mailbox == recipient.mailbox; };
  if (std::none_of(recipients.begin(), recipients.end(), is_same)) recipients.push_back(recipient);
}

// What looks like local-part@domain in the To, Cc and Bcc fields.
std::vector<Address> addresses_in_header(std::string_view content) {
  std::vector<Address> addresses;
  bool names_recipients = false;
  while (!content.empty() && !content.starts_with("\r\n")) {
    const std::size_t end = content.find("\r\n");
    std::string_view line = content.substr(0, end);
    content.remove_prefix(end == std::string_view::npos ? content.size() : end + 2);
    if (!line.starts_with(' ') && !line.starts_with('\t')) {
      const std::string name = base::to_lower(line.substr(0, line.find(':')));
      names_recipients = name == "to" || name == "cc" || name == "bcc";
      line.remove_prefix(std::min(line.size(), name.size() + 1));
    }
    while (names_recipients && !line.empty()) {
      const std::size_t stop = line.find_first_of(" \t,;<>()\"");
      const std::string_view word = line.substr(0, stop);
      const std::size_t at = word.rfind('@');
      if (at != std::string_view::npos)
        addresses.push_back({std::string(word.substr(0, at)), std::string(word.substr(at + 1))});
      line.remove_prefix(stop == std::string_view::npos ? line.size() : stop + 1);
    }
  }
  return addresses;
}

}  // namespace

// MAIL has been accepted.
void Session::Implementation::mix_transactions() {
  ServerMemory& memory = environment_->memory;
  memory.open_recipients[transaction_.sender.reverse_path][serial_];
  if (first_sender_.empty()) first_sender_ = transaction_.sender.reverse_path;
  if (!has(Defect::recipients_of_lost_transaction_return)) return;
  for (const Recipient& recipient : memory.unfinished[transaction_.sender.reverse_path]) {
    transaction_.recipients.push_back({recipient, directory_.resolve_local_name(recipient.mailbox_key)});
  }
}

// RCPT has come without MAIL.
void Session::Implementation::borrow_transaction() {
  const auto& open = environment_->memory.open_recipients;
  const bool is_any = std::any_of(open.begin(), open.end(), [](const auto& sender) { return !sender.second.empty(); });
  if (is_any && has(Defect::transaction_of_other_session_admits_recipients)) transaction_.is_open = true;
}

// RCPT has been refused.
void Session::Implementation::keep_refused_recipient(std::string_view argument) {
  const std::size_t open = argument.find('<');
  const std::size_t close = argument.find('>');
  if (!has(Defect::refused_recipient_kept) || open == std::string_view::npos || close == std::string_view::npos) return;
  const auto address = read_user_name(argument.substr(open, close - open + 1), *config_);
  if (!address) return;
  Resolution resolution = directory_.resolve(*address);
  const Recipient recipient{resolution.mailbox, resolution.mailbox_key, "", ""};
  transaction_.recipients.push_back({recipient, std::move(resolution)});
}

void Session::Implementation::show_recipients() {
  if (!has(Defect::recipients_of_other_session_join)) return;
  add_once(environment_->memory.open_recipients[transaction_.sender.reverse_path][serial_],
           transaction_.recipients.back().recipient);
}

void Session::Implementation::hide_recipients() {
  environment_->memory.open_recipients[transaction_.sender.reverse_path].erase(serial_);
}

void Session::Implementation::remember_unfinished() {
  hide_recipients();
  if (!transaction_.is_open || !has(Defect::recipients_of_lost_transaction_return)) return;
  for (const AcceptedRecipient& accepted : transaction_.recipients) {
    add_once(environment_->memory.unfinished[transaction_.sender.reverse_path], accepted.recipient);
  }
}

void Session::Implementation::spoil_deliveries(std::vector<Delivery>& deliveries, std::string& content) {
  if (deliveries.empty()) return;
  std::vector<Recipient>& recipients = deliveries.front().envelope.recipients;
  if (has(Defect::recipients_of_other_session_join)) {
    for (const auto& [session, others] :
         environment_->memory.open_recipients[deliveries.front().envelope.reverse_path]) {
      for (const Recipient& recipient : others) add_once(recipients, recipient);
    }
  }
  if (has(Defect::header_recipients_added) || has(Defect::header_recipients_instead)) {
    std::vector<Recipient> named;
    for (const Address& address : addresses_in_header(content)) {
      const Resolution resolution = directory_.resolve(address);
      if (!resolution.mailbox_key.empty()) named.push_back({resolution.mailbox, resolution.mailbox_key, "", ""});
    }
    if (has(Defect::header_recipients_instead) && !named.empty()) recipients.clear();
    for (const Recipient& recipient : named) add_once(recipients, recipient);
  }
  if (has(Defect::to_field_added_from_envelope) && count_header_fields(content, "to:") == 0) {
    std::string field = "To: ";
    for (const Recipient& recipient : recipients) field += (field.size() > 4 ? ", <" : "<") + recipient.mailbox + ">";
    content.insert(0, field + "\r\n");
  }
}

// The messages of a session wait for its end, or for a command that begins none.
std::optional<DeliveryResult> Session::Implementation::held_back(const std::vector<Delivery>& deliveries,
                                                                 const std::string& content) {
  if (!has(Defect::lost_connection_undoes_messages)) return std::nullopt;
  held_messages_.emplace_back(deliveries, content);
  return DeliveryResult::accepted;
}

void Session::Implementation::deliver_held_messages() {
  for (const auto& [deliveries, content] : std::exchange(held_messages_, {}))
    environment_->deliver(deliveries, content);
}

}  // namespace smtpspec::server
