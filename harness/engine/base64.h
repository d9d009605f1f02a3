// Base64 under the names by which this room knows it.
#pragma once

#include "harness/base/base64.h"

namespace smtpspec::engine {

using base::base64;
using base::from_base64;

}  // namespace smtpspec::engine
