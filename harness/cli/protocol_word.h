// Pages on the words of the protocol itself: EHLO keywords and the commands that come with them, reply codes, enhanced
// status codes.
#pragma once

#include <string>
#include <vector>

#include "harness/scenario/scenario.h"

namespace smtpspec::cli {

// What `word` means, and which requirements speak of it; empty where it is no such word.
std::string protocol_page(const std::string& word, const std::vector<scenario::Scenario>& scenarios);

}  // namespace smtpspec::cli
