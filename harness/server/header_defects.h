// The defects that rearrange or cut the header section of a message. Without defects nothing here changes anything.
#pragma once

#include <string>

#include "harness/server/defect.h"

namespace smtpspec::server {

// `content` with its header section as the defects leave it.
std::string with_header_defects(std::string content, const DefectSet& defects);

}  // namespace smtpspec::server
