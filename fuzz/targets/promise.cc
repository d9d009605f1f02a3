#include <stdexcept>
#include <string>

#include "fuzz/targets/target.h"

namespace smtpspec::fuzz {

void violated(std::string_view what) { throw std::logic_error("broken promise: " + std::string(what)); }

}  // namespace smtpspec::fuzz
