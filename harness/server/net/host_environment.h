// The clock, the identity and the storage of a server that runs on this host.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/server/directory.h"
#include "harness/server/environment.h"
#include "harness/server/net/forwarder.h"
#include "harness/server/net/maildir.h"
#include "harness/server/net/server.h"
#include "harness/transport/event_loop.h"

namespace smtpspec::server {

class HostEnvironment final : public Environment {
 public:
  // boot: another number for every server that ever ran on this host.
  HostEnvironment(transport::EventLoop& loop, const ServerOptions& options, std::uint64_t boot);

  LocalTime now() override;
  std::string unique_id() override;
  DeliveryResult deliver(const std::vector<Delivery>& deliveries, std::string_view content) override;
  const base::KeyedDigests* digests() override;

 private:
  void pass_on(const Delivery& delivery, std::string_view content);
  void report(const Forwarder::Mail& message, const std::string& diagnostic);

  const ServerOptions& options_;
  Directory directory_;
  Maildir maildir_;
  std::optional<Forwarder> forwarder_;
  std::uint64_t boot_;
  std::uint64_t count_ = 0;
};

}  // namespace smtpspec::server
