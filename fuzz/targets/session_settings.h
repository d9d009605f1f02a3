// Which server a session is played against: an input whose first line is `C:XSERVE word word…` chooses one of many that
// conform, so that all of the server's code can be reached, and the words can be read in a corpus and mutated.
#pragma once

#include <span>
#include <string_view>

#include "fuzz/mutator/input.h"
#include "fuzz/targets/session_player.h"
#include "harness/server/config.h"

namespace smtpspec::fuzz {

struct SessionSettings {
  server::Config config;
  bool is_tls = false;  // from the first octet (RFC 8314 §3.3)
  server::DeliveryResult storage = server::DeliveryResult::accepted;
  LastEvent last = LastEvent::client_leaves;
};

// Takes the line away. Words that are not known mean nothing; without the line the server is fuzzed_server(), or its
// LMTP twin where the first command is LHLO. Valid until the next call.
const SessionSettings& take_settings(Input& input);

// All words that mean something.
std::span<const std::string_view> setting_words();

}  // namespace smtpspec::fuzz
