// The defects of internationalized mail (RFC 6531, RFC 6532) that concern octets: which mailboxes are taken, and what
// becomes of a header. Without defects nothing here changes anything.
#pragma once

#include <string>
#include <string_view>

#include "harness/server/defect.h"
#include "harness/wire/path.h"

namespace smtpspec::server {

// True if a mailbox with UTF-8 is refused as bad syntax.
bool refuses_utf8_mailbox(const wire::Mailbox& mailbox, const DefectSet& defects);

// True if `argument` of MAIL or RCPT is taken though its octets are no UTF-8, or no mailbox in UTF-8.
bool accepts_bad_utf8(std::string_view argument, const DefectSet& defects);

// A message with SMTPUTF8.
std::string with_utf8_header_defects(std::string content, const DefectSet& defects);

}  // namespace smtpspec::server
