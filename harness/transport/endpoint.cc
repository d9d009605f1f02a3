#include "harness/transport/endpoint.h"

#include <charconv>

namespace smtpspec::transport {

base::Result<Endpoint, std::string> parse_endpoint(std::string_view text) {
  constexpr std::string_view kUnixPrefix = "unix:";
  if (text.starts_with(kUnixPrefix)) {
    Endpoint endpoint;
    endpoint.unix_path = text.substr(kUnixPrefix.size());
    if (endpoint.unix_path.empty()) return base::make_unexpected(std::string("a path must follow 'unix:'"));
    return endpoint;
  }
  Endpoint endpoint;
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos || !text.substr(end + 1).starts_with(':'))
      return base::make_unexpected(std::string("expected [IPv6-ADDRESS]:PORT"));
    endpoint.host = text.substr(1, end - 1);
    port = text.substr(end + 2);
  } else {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return base::make_unexpected(std::string("expected HOST:PORT or unix:PATH"));
    endpoint.host = text.substr(0, colon);
    port = text.substr(colon + 1);
    if (endpoint.host.find(':') != std::string::npos)
      return base::make_unexpected(std::string("an IPv6 address needs brackets: [ADDRESS]:PORT"));
  }
  if (endpoint.host.empty()) return base::make_unexpected(std::string("the host is missing before ':PORT'"));
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
  if (error != std::errc{} || end != port.data() + port.size() || endpoint.port == 0)
    return base::make_unexpected("the port must be a number from 1 to 65535, not '" + std::string(port) + "'");
  return endpoint;
}

std::string to_string(const Endpoint& endpoint) {
  if (endpoint.is_unix()) return "unix:" + endpoint.unix_path;
  const bool needs_brackets = endpoint.host.find(':') != std::string::npos;
  return (needs_brackets ? "[" + endpoint.host + "]" : endpoint.host) + ":" + std::to_string(endpoint.port);
}

}  // namespace smtpspec::transport
