#include "harness/server/net/host_environment.h"

#include <fmt/format.h>

#include <chrono>
#include <ctime>

#include "harness/transport/keyed_digests.h"

namespace smtpspec::server {

LocalTime HostEnvironment::now() {
  const auto wall = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(wall);
  std::tm local{};
  localtime_r(&seconds, &local);
  return {wall, std::chrono::minutes(local.tm_gmtoff / 60)};
}

std::string HostEnvironment::unique_id() { return fmt::format("{:x}{:x}", boot_, ++count_); }

DeliveryResult HostEnvironment::deliver(const std::vector<Delivery>& deliveries, std::string_view content) {
  if (!options_.maildir.empty()) {
    std::vector<StoredMessage> messages;
    for (const Delivery& delivery : deliveries) {
      for (const Recipient& recipient : delivery.envelope.recipients) {
        if (!recipient.mailbox_key.empty()) messages.push_back({recipient.mailbox_key, delivery.trace_fields, content});
      }
    }
    if (!maildir_.store_all(messages, unique_id())) return DeliveryResult::temporary_failure;
  }
  if (options_.on_message) options_.on_message(deliveries, content);
  return DeliveryResult::accepted;
}

const base::KeyedDigests* HostEnvironment::digests() { return &transport::keyed_digests(); }

}  // namespace smtpspec::server
