// From what stands in a storage to a message with CRLF line ends, as far as the storage lets one know. Pure. For this
// room's sources.
#pragma once

#include <string>

#include "harness/verdict/stored_message.h"

namespace smtpspec::target {

// A message as a file holds it. Whether the storage keeps CRLF is read from the message itself: its header was received
// with CRLF, so
//   no CRLF in it at all     the storage has LF for CRLF; every LF becomes CRLF
//   CRLF all over its header the storage keeps what it gets: octet for octet
//   anything else            unknown; every bare LF becomes CRLF
verdict::StoredMessage from_file(std::string octets);

// A message as POP3 or IMAP hand it over: with CRLF, whatever was received, from a storage that nothing is known of.
verdict::StoredMessage from_mail_server(std::string octets);

}  // namespace smtpspec::target
