// The buffers of one mail transaction (RFC 5321 §4.1.4): reverse-path, forward-paths, and how far it has come.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/server/directory.h"
#include "harness/server/environment.h"

namespace smtpspec::server {

struct AcceptedRecipient {
  Recipient recipient;
  Resolution resolution;
  std::string source_route{};  // with its colon, as sent; "" for none
};

struct Transaction {
  bool is_open = false;
  Envelope sender;  // all but the recipients
  std::vector<AcceptedRecipient> recipients;
  bool has_refused_recipients = false;
  bool has_chunks = false;        // BDAT has begun
  bool has_failed_chunk = false;  // only RSET helps (RFC 3030 §2)
  std::string content;            // of the chunks so far
  std::size_t chunks = 0;         // only defects count them
  std::size_t refused_chunks = 0;
  std::size_t refused_recipients = 0;
};

}  // namespace smtpspec::server
