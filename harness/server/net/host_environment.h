// The clock, the identity and the storage of a server that runs on this host.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/server/environment.h"
#include "harness/server/net/maildir.h"
#include "harness/server/net/server.h"

namespace smtpspec::server {

class HostEnvironment final : public Environment {
 public:
  // boot: another number for every server that ever ran on this host.
  HostEnvironment(const ServerOptions& options, std::uint64_t boot)
      : options_(options), maildir_(options.maildir), boot_(boot) {}

  LocalTime now() override;
  std::string unique_id() override;
  DeliveryResult deliver(const std::vector<Delivery>& deliveries, std::string_view content) override;
  const base::KeyedDigests* digests() override;

 private:
  const ServerOptions& options_;
  Maildir maildir_;
  std::uint64_t boot_;
  std::uint64_t count_ = 0;
};

}  // namespace smtpspec::server
