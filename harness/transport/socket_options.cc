#include "harness/transport/socket_options.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace smtpspec::transport {

std::optional<boost::asio::generic::stream_protocol> protocol_of(int descriptor) {
  int type = 0;
  int family = 0;
  socklen_t size = sizeof type;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_STREAM) return std::nullopt;
  size = sizeof family;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &family, &size) != 0) return std::nullopt;
  return boost::asio::generic::stream_protocol(family, 0);
}

void set_no_delay(int descriptor) {
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void linger_none(int descriptor) {
  const linger none{1, 0};
  ::setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &none, sizeof none);
}

std::pair<std::string, std::uint16_t> address_of(int descriptor, bool is_peer) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  if ((is_peer ? ::getpeername(descriptor, address, &size) : ::getsockname(descriptor, address, &size)) != 0) return {};
  char text[INET6_ADDRSTRLEN] = "";
  if (storage.ss_family == AF_INET) {
    const auto* ipv4 = reinterpret_cast<const sockaddr_in*>(&storage);
    ::inet_ntop(AF_INET, &ipv4->sin_addr, text, sizeof text);
    return {text, ntohs(ipv4->sin_port)};
  }
  if (storage.ss_family == AF_INET6) {
    const auto* ipv6 = reinterpret_cast<const sockaddr_in6*>(&storage);
    ::inet_ntop(AF_INET6, &ipv6->sin6_addr, text, sizeof text);
    return {text, ntohs(ipv6->sin6_port)};
  }
  return {};
}

}  // namespace smtpspec::transport
