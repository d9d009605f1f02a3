// How long a command line may be (RFC 5321 §4.5.3.1.4) with what each offered extension adds.
#pragma once

#include <cstddef>

#include "harness/server/config.h"
#include "harness/server/verb.h"

namespace smtpspec::server {

std::size_t max_line_octets(Verb verb, const Config& config);

// The same as the defects have it. `limit`: without them.
std::size_t defective_line_limit(std::string_view line, Verb verb, std::size_t limit, const DefectSet& defects);

}  // namespace smtpspec::server
