// A conversation against a recording: the wire log of an earlier try answers each action as the world did then. Nothing
// is guessed: where the conversation does what the recorded one did not, or asks for what was not kept, the playback
// ends and says so.
#pragma once

#include <string>

#include "harness/engine/conversation.h"
#include "harness/verdict/wire_log.h"

namespace smtpspec::engine {

// Drives `conversation` from Started to Done. Empty: it came to its end, and may be concluded. Else one sentence why
// the recording does not tell.
//
// What is sent must be what was sent then, octet for octet; of a redacted exchange only that there was one. Octets that
// the log left out (WireEntry::left_out) of the server's or a mailbox's answer end the playback; of what was sent the
// beginning and the length are compared.
std::string play_back(Conversation& conversation, const verdict::WireLog& log);

}  // namespace smtpspec::engine
