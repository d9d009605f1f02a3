// The extension lines of the EHLO reply (RFC 5321 §4.1.1.1).
#pragma once

#include <string>
#include <vector>

#include "harness/server/config.h"

namespace smtpspec::server {

struct ExtensionView {
  bool is_tls = false;
  bool is_authenticated = false;
  int greetings_before = 0;  // EHLO commands answered 250 earlier on this connection
  bool has_sasl_digests = false;
};

// True if AUTH may be used, and so is advertised, on such a connection.
bool is_auth_offered(const Config& config, bool is_tls);

std::vector<std::string> extension_lines(const Config& config, const ExtensionView& view);

}  // namespace smtpspec::server
