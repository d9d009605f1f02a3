// Expected failures are values: a function that can fail for a reason the caller must
// handle returns Result<T, E>; exceptions never cross a room's door.
#pragma once

#include <tl/expected.hpp>

namespace smtpspec::base {

template <class T, class E>
using Result = tl::expected<T, E>;

using tl::make_unexpected;

}  // namespace smtpspec::base
