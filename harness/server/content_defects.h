// The defects that damage or refuse message content. Without defects nothing here changes anything.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/server/defect.h"
#include "harness/server/environment.h"
#include "harness/server/reply.h"

namespace smtpspec::server {

// `content` as the defects leave it.
std::string with_content_defects(std::string content, const DefectSet& defects);

// The refusal of content that a conforming server takes, or nothing.
std::optional<Reply> defective_content_refusal(std::string_view content, const DefectSet& defects);

// True if a defect makes the server take a bare CR or LF in data.
bool tolerates_bare_line_endings(const DefectSet& defects);

// Other than those that format text: TAB, CR and LF.
bool has_control_character(std::string_view content);

// Moves the trace fields of `deliveries` behind the header section of `content`, which comes back.
std::string with_trace_below_header(std::string_view content, std::vector<Delivery>& deliveries);

// "ALICE@example.org" becomes "alice@example.org", sender and recipients alike.
void lower_local_parts(Envelope& envelope);

}  // namespace smtpspec::server
