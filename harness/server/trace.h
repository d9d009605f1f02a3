// The trace fields that a receiving server puts on top of a message (RFC 5321 §4.4, RFC 3848, RFC 8314 §4.3).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/server/defect.h"
#include "harness/server/environment.h"

namespace smtpspec::server {

struct TraceFacts {
  std::string client_name;     // as given in EHLO: a domain or an address literal
  std::string client_address;  // from the connection, without brackets
  std::string host_name;
  std::string protocol;  // "ESMTPS"
  std::string id;
  std::string for_path;    // mailbox, only when the message has exactly one recipient; else ""
  std::string tls_cipher;  // or ""
  LocalTime time;
  std::string priority{};  // of the priority clause (RFC 6710 §7), or ""
};

// The protocol keyword of the with clause: SMTP, ESMTP, LMTP, UTF8SMTP with S and A as they apply.
std::string protocol_keyword(bool lmtp, bool extended, bool smtp_utf8, bool tls, bool authenticated);

// "Tue, 24 Nov 2026 04:13:07 +0100" (RFC 5322 §3.3 without the obsolete forms).
std::string to_date_time(const LocalTime& time);

// "Received: ..." as a folded header field with its CRLF.
std::string received_field(const TraceFacts& facts, const DefectSet& defects);

// "Return-Path: <...>" with its CRLF; `reverse_path` without brackets.
std::string return_path_field(std::string_view reverse_path);

// How many fields of the header section begin with `name` (lower case, with colon: "received:").
std::size_t count_header_fields(std::string_view content, std::string_view name);

// `content` without the header fields that begin with `name` ("return-path:"), folded lines included.
std::string without_header_field(std::string_view content, std::string_view name);

}  // namespace smtpspec::server
