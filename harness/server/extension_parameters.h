// The MAIL and RCPT parameters of extensions that say how a message is to be treated on its way: DELIVERBY (RFC 2852),
// MT-PRIORITY (RFC 6710), REQUIRETLS (RFC 8689), NO-SOLICITING (RFC 3865) and RRVS (RFC 7293). This server delivers at
// once and to mailboxes that never changed hands, so that a value that is well-formed is mostly kept with nothing left
// to do.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/server/config.h"
#include "harness/server/environment.h"
#include "harness/server/reply.h"

namespace smtpspec::server {

struct EsmtpParameter {
  std::string keyword;  // upper case
  std::string_view value;
  bool has_value = false;
};

struct ParameterAnswer {
  bool is_known = false;  // the keyword is one of these, and switched on
  std::optional<Reply> refusal;
};

ParameterAnswer read_extension_mail_parameter(const EsmtpParameter& parameter, const Config& config, Envelope& sender);
ParameterAnswer read_extension_rcpt_parameter(const EsmtpParameter& parameter, const Config& config,
                                              Recipient& recipient);

}  // namespace smtpspec::server
