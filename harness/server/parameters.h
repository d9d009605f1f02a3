// MAIL and RCPT parameters (RFC 5321 §4.1.2): which of them this server knows, and what their values may be
// (RFC 1870, 6152, 3030, 3461, 4954, 6531). Answers are values: nothing, or the reply that refuses the command.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "harness/server/config.h"
#include "harness/server/environment.h"
#include "harness/server/reply.h"
#include "harness/wire/path.h"

namespace smtpspec::server {

// Reads what stands behind the reverse-path into `sender`. `extended` tells whether EHLO or LHLO opened the session:
// without it no extension has been negotiated and every parameter is unknown.
std::optional<Reply> read_mail_parameters(const std::vector<wire::Parameter>& parameters, bool extended,
                                          const Config& config, Envelope& sender);

// Reads what stands behind the forward-path into `recipient`.
std::optional<Reply> read_rcpt_parameters(const std::vector<wire::Parameter>& parameters, bool extended,
                                          const Config& config, Recipient& recipient);

}  // namespace smtpspec::server
