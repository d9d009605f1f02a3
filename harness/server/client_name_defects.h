// The defects of EHLO and HELO arguments: client names that a conforming server takes and a defective one does not.
#pragma once

#include <string_view>

#include "harness/server/defect.h"

namespace smtpspec::server {

// True if a defect makes the server refuse the well-formed `name`.
bool refuses_client_name(std::string_view name, const DefectSet& defects);

}  // namespace smtpspec::server
