// The defects of what a relay does to the envelope and the content that it passes on.
#include <algorithm>

#include "harness/base/octets.h"
#include "harness/server/content_defects.h"
#include "harness/server/session_implementation.h"
#include "harness/server/text_defects.h"
#include "harness/server/trace.h"

namespace smtpspec::server {
namespace {

std::string spoiled_local_part(std::string local_part, const DefectSet& defects) {
  if (defects.has(Defect::relay_resolves_percent_sign)) local_part = local_part.substr(0, local_part.find('%'));
  if (defects.has(Defect::relay_resolves_bang_path)) local_part = local_part.substr(local_part.rfind('!') + 1);
  if (defects.has(Defect::relay_drops_subaddress)) local_part = local_part.substr(0, local_part.find('+'));
  if (defects.has(Defect::relay_drops_dots_of_local_part)) std::erase(local_part, '.');
  return local_part;
}

std::string spoiled_mailbox(const std::string& mailbox, const DefectSet& defects) {
  const std::size_t at = mailbox.rfind('@');
  if (at == std::string::npos) return mailbox;
  const std::string_view host = defects.has(Defect::relay_changes_domain) ? "@mx." : "@";
  return spoiled_local_part(mailbox.substr(0, at), defects).append(host).append(mailbox.substr(at + 1));
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at))
    text.replace(at, from.size(), to);
}

std::string unfolded(const std::string& content) {
  const std::size_t end = std::min(content.find("\r\n\r\n"), content.size());
  std::string header = content.substr(0, end);
  replace_all(header, "\r\n ", " ");
  replace_all(header, "\r\n\t", "\t");
  return header + content.substr(end);
}

std::string wrapped(const std::string& content) {
  constexpr std::size_t kWidth = 500;
  std::string out;
  std::size_t column = 0;
  for (const char c : content) {
    if (column == kWidth && c != '\r' && c != '\n') {
      out += "\r\n";
      column = 0;
    }
    column = c == '\n' ? 0 : column + 1;
    out += c;
  }
  return out;
}

void complete_header(std::string& content, const DefectSet& defects) {
  if (defects.has(Defect::relay_adds_date) && count_header_fields(content, "date:") == 0)
    content.insert(0, "Date: Thu, 01 Jan 2026 12:00:00 +0000\r\n");
  if (defects.has(Defect::relay_adds_message_id) && count_header_fields(content, "message-id:") == 0)
    content.insert(0, "Message-ID: <added@relay.example>\r\n");
}

std::string spoiled_content(std::string content, const Envelope& envelope, const DefectSet& defects) {
  const bool had_return_path = count_header_fields(content, "return-path:") > 0;
  if (defects.has(Defect::relay_removes_return_path) || defects.has(Defect::relay_replaces_return_path))
    content = without_header_field(content, "return-path:");
  if (had_return_path && defects.has(Defect::relay_replaces_return_path))
    content.insert(0, return_path_field(envelope.reverse_path));
  if (defects.has(Defect::relay_removes_bcc)) content = without_header_field(content, "bcc:");
  if (defects.has(Defect::relay_replaces_message_id))
    content = "Message-ID: <another@relay.example>\r\n" + without_header_field(content, "message-id:");
  if (defects.has(Defect::relay_unfolds_header)) content = unfolded(content);
  if (defects.has(Defect::relay_trims_trailing_blanks)) {
    while (content.find(" \r\n") != std::string::npos) replace_all(content, " \r\n", "\r\n");
  }
  if (defects.has(Defect::relay_drops_leading_dots)) replace_all(content, "\r\n.", "\r\n");
  if (defects.has(Defect::relay_escapes_from_lines)) replace_all(content, "\r\nFrom ", "\r\n>From ");
  if (defects.has(Defect::relay_wraps_long_lines)) content = wrapped(content);
  if (defects.has(Defect::relay_removes_eighth_bit)) {
    for (char& octet : content) octet = static_cast<char>(static_cast<unsigned char>(octet) & 0x7F);
  }
  if (defects.has(Defect::relay_removes_older_received)) content = without_header_field(content, "received:");
  if (defects.has(Defect::relay_rewrites_date)) replace_all(content, " +0000\r\n", " -0000\r\n");
  if (defects.has(Defect::relay_ends_text_at_bare_lf_dot)) {
    for (std::size_t at = content.find("\n."); at != std::string::npos; at = content.find("\n.", at + 1)) {
      const bool is_bare = at > 0 && content[at - 1] != '\r';
      if (is_bare && content.find_first_of("\r\n", at + 1) == at + 2) content.resize(at + 1);
    }
  }
  if (defects.has(Defect::relay_cuts_long_text)) content.resize(std::min<std::size_t>(content.size(), 3000));
  complete_header(content, defects);
  if (defects.has(Defect::relay_adds_header_field)) content.insert(0, "X-Looked-At-By: relay\r\n");
  if (defects.has(Defect::relay_appends_footer)) content += "-- \r\nThis message was relayed.\r\n";
  return content;
}

void spoil_notice_parameters(Envelope& envelope, const DefectSet& defects) {
  if (defects.has(Defect::relay_drops_envelope_id)) envelope.envelope_id.clear();
  if (envelope.envelope_id.empty() && defects.has(Defect::relay_invents_envelope_id)) envelope.envelope_id = "relay-1";
  if (defects.has(Defect::relay_drops_ret)) envelope.ret.clear();
  if (envelope.ret.empty() && defects.has(Defect::relay_invents_ret)) envelope.ret = "FULL";
  for (Recipient& recipient : envelope.recipients) {
    if (defects.has(Defect::relay_drops_notify)) recipient.notify.clear();
    if (recipient.notify.empty() && defects.has(Defect::relay_invents_notify)) recipient.notify = "FAILURE";
    if (defects.has(Defect::relay_drops_orcpt)) recipient.orcpt.clear();
    if (defects.has(Defect::relay_lowers_orcpt)) recipient.orcpt = base::to_lower(recipient.orcpt);
  }
}

void spoil_addresses(Envelope& envelope, const DefectSet& defects) {
  std::string& sender = envelope.reverse_path;
  std::vector<Recipient>& recipients = envelope.recipients;
  if (sender.empty() && defects.has(Defect::relay_replaces_null_reverse_path)) sender = "postmaster@example.org";
  if (defects.has(Defect::relay_sender_without_quotes)) sender = without_quotes(sender);
  const std::size_t plus = sender.find('+');
  const std::size_t at = sender.rfind('@');
  if (plus != 0 && plus < at && at != std::string::npos && defects.has(Defect::relay_sender_drops_subaddress))
    sender.erase(plus, at - plus);
  if (recipients.size() > 1 && defects.has(Defect::relay_loses_second_recipient))
    recipients.erase(recipients.begin() + 1);
  for (Recipient& recipient : recipients) {
    if (defects.has(Defect::relay_recipient_without_quotes)) recipient.mailbox = without_quotes(recipient.mailbox);
  }
  if (defects.has(Defect::relay_drops_body_parameter)) envelope.body.clear();
  if (defects.has(Defect::relay_drops_smtputf8_parameter)) envelope.smtp_utf8 = false;
}

}  // namespace

void Session::Implementation::spoil_relayed(std::vector<Delivery>& deliveries,
                                            const std::vector<AcceptedRecipient>& recipients,
                                            std::string& content) const {
  const auto relayed =
      std::find_if(deliveries.begin(), deliveries.end(), [](const Delivery& delivery) { return !delivery.final; });
  if (relayed == deliveries.end()) return;
  if ((deliveries.size() > 1 && has(Defect::relay_serves_local_recipients_alone)) ||
      (messages_ > 1 && has(Defect::relay_loses_second_message))) {
    deliveries.erase(relayed);
    return;
  }
  Envelope& envelope = relayed->envelope;
  content = spoiled_content(std::move(content), envelope, config_->defects);
  spoil_notice_parameters(envelope, config_->defects);
  spoil_addresses(envelope, config_->defects);
  for (Recipient& recipient : envelope.recipients)
    recipient.mailbox = spoiled_mailbox(recipient.mailbox, config_->defects);
  for (const AcceptedRecipient& accepted : recipients) {
    if (accepted.source_route.empty()) continue;
    if (has(Defect::relay_copies_route_to_sender)) envelope.reverse_path.insert(0, accepted.source_route);
    if (has(Defect::relay_keeps_route) && !envelope.recipients.empty())
      envelope.recipients.front().mailbox.insert(0, accepted.source_route);
  }
  if (has(Defect::relay_lowers_local_part)) lower_local_parts(envelope);
  if (has(Defect::relay_sends_null_reverse_path)) envelope.reverse_path.clear();
  if (has(Defect::relay_adds_no_received)) relayed->trace_fields.clear();
}

}  // namespace smtpspec::server
