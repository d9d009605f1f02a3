// What the build found out about the suite that it ships.
#pragma once

#include <string_view>

namespace smtpspec::cli {

// The digest of the suite, if it was loaded and linted without a complaint; else "". Defined by suite_sealer.
std::string_view sound_suite_digest();

}  // namespace smtpspec::cli
