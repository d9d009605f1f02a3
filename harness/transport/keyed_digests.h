// The digests of OpenSSL.
#pragma once

#include "harness/base/keyed_digests.h"

namespace smtpspec::transport {

// One for the whole program; it holds no state.
const base::KeyedDigests& keyed_digests();

}  // namespace smtpspec::transport
