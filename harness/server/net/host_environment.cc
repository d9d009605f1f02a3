#include "harness/server/net/host_environment.h"

#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <utility>

#include "harness/server/delivery_report.h"
#include "harness/server/trace.h"
#include "harness/transport/keyed_digests.h"

namespace smtpspec::server {

HostEnvironment::HostEnvironment(transport::EventLoop& loop, const ServerOptions& options, std::uint64_t boot)
    : options_(options), directory_(options.config), maildir_(options.maildir), boot_(boot) {
  if (options.next_hop)
    forwarder_.emplace(
        loop, *options.next_hop, options.config.host_name, options.config.defects,
        [this](const Forwarder::Mail& message, const std::string& diagnostic) { report(message, diagnostic); });
}

LocalTime HostEnvironment::now() {
  const auto wall = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(wall);
  std::tm local{};
  localtime_r(&seconds, &local);
  return {wall, std::chrono::minutes(local.tm_gmtoff / 60)};
}

std::string HostEnvironment::unique_id() { return fmt::format("{:x}{:x}", boot_, ++count_); }

DeliveryResult HostEnvironment::deliver(const std::vector<Delivery>& deliveries, std::string_view content) {
  if (forwarder_ && !forwarder_->has_room(content.size())) return DeliveryResult::temporary_failure;
  if (!options_.maildir.empty()) {
    std::vector<StoredMessage> messages;
    for (const Delivery& delivery : deliveries) {
      for (const Recipient& recipient : delivery.envelope.recipients) {
        if (!recipient.mailbox_key.empty()) messages.push_back({recipient.mailbox_key, delivery.trace_fields, content});
      }
    }
    if (!maildir_.store_all(messages, unique_id())) return DeliveryResult::temporary_failure;
  }
  for (const Delivery& delivery : deliveries) {
    if (forwarder_ && !delivery.final) pass_on(delivery, content);
  }
  if (options_.on_message) options_.on_message(deliveries, content);
  return DeliveryResult::accepted;
}

void HostEnvironment::pass_on(const Delivery& delivery, std::string_view content) {
  Forwarder::Mail mail{delivery.envelope, delivery.trace_fields};
  mail.text += content;
  std::erase_if(mail.envelope.recipients, [](const Recipient& one) { return !one.is_relayed; });
  if (!mail.envelope.recipients.empty()) forwarder_->take(std::move(mail));
}

// RFC 5321 §3.6.3: who has taken mail and cannot pass it on tells the originator, and nobody where that is null.
void HostEnvironment::report(const Forwarder::Mail& message, const std::string& diagnostic) {
  ReportFacts facts;
  for (const Recipient& failed : message.envelope.recipients) {
    if (failed.notify == "NEVER") continue;
    facts.recipients.push_back({failed.mailbox, failed.orcpt, "5.0.0", diagnostic});
  }
  const std::string& sender = message.envelope.reverse_path;
  const std::size_t at = sender.rfind('@');
  if (at == std::string::npos || facts.recipients.empty()) return;
  facts.host_name = options_.config.host_name;
  facts.domain = directory_.first_domain();
  facts.addressee = sender;
  facts.envelope_id = message.envelope.envelope_id;
  facts.id = unique_id();
  facts.time = facts.arrival = now();
  facts.returns_body = message.envelope.ret == "FULL";
  const Resolution resolution = directory_.resolve({sender.substr(0, at), sender.substr(at + 1)});
  Delivery notice;
  notice.final = resolution.standing != Standing::foreign;
  if (notice.final) notice.trace_fields = return_path_field("");
  notice.envelope.recipients.push_back(
      {resolution.mailbox, resolution.mailbox_key, "NEVER", "", "", "", resolution.is_relayed});
  deliver({notice}, delivery_report(facts, message.text));
}

const base::KeyedDigests* HostEnvironment::digests() { return &transport::keyed_digests(); }

}  // namespace smtpspec::server
