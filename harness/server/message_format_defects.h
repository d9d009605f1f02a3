// The defects that find fault with the form of a message (RFC 5322). Without defects nothing here refuses anything.
#pragma once

#include <optional>
#include <string_view>

#include "harness/server/defect.h"
#include "harness/server/reply.h"

namespace smtpspec::server {

// The refusal of a message that is well-formed, or nothing.
std::optional<Reply> message_format_refusal(std::string_view content, const DefectSet& defects);

}  // namespace smtpspec::server
