// Waiver files that the user names.
#pragma once

#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/verdict/waiver.h"

namespace smtpspec::cli {

// All of them; the error has a rendered diagnostic for everything that is wrong in any.
base::Result<std::vector<verdict::Waiver>, std::string> load_waivers(const std::vector<std::string>& files);

}  // namespace smtpspec::cli
