// Where a server listens: "HOST:PORT", "[IPv6]:PORT" or "unix:PATH". HOST is a name or an address literal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace smtpspec::transport {

struct Endpoint {
  std::string host;        // name, IPv4 or IPv6 literal without brackets; "" for a Unix-domain socket
  std::uint16_t port = 0;  // 0 for a Unix-domain socket
  std::string unix_path;   // "" for TCP

  bool is_unix() const { return !unix_path.empty(); }
  bool operator==(const Endpoint&) const = default;
};

// An empty text, a missing or impossible port, an empty host or path is an error; its text says what was expected.
base::Result<Endpoint, std::string> parse_endpoint(std::string_view text);

// The form that parse_endpoint() reads.
std::string to_string(const Endpoint& endpoint);

}  // namespace smtpspec::transport
