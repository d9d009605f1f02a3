// Two servers that were told the same: where their replies part, and whose reply the RFCs leave no room for. Pure.
//
// Most differences are freedom: policy refuses addresses and content, a lenient parser takes what a strict one refuses,
// HELP and VRFY are answered as one likes, a sequence may be refused early or late. Told is only what one requirement
// decides, and only of the server that is tested.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "fuzz/oracles/judge.h"

namespace smtpspec::fuzz {

struct Differences {
  std::vector<Finding> findings;  // Oracle::differs; the key begins with the requirement's id
  std::size_t free = 0;           // where both may be right, or where it is the other that departs
};

// `tested` and `other` had the same input in lock-step. Each pair of connections is compared up to the first reply that
// differs in its first digit: from there on they are in different states.
Differences differ(const Talk& tested, const Talk& other);

}  // namespace smtpspec::fuzz
