// The few questions and settings of sockets that Asio has no portable words for.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace smtpspec::transport {

// Of a stream socket; nothing for any other descriptor.
std::optional<boost::asio::generic::stream_protocol> protocol_of(int descriptor);
void set_no_delay(int descriptor);  // without effect on what is not TCP
void linger_none(int descriptor);   // the next close is an RST
// Numeric address and port of either end; "" and 0 for what has none.
std::pair<std::string, std::uint16_t> address_of(int descriptor, bool is_peer);

}  // namespace smtpspec::transport
