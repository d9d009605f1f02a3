// The one place where a stored message is compared with what was sent: exact, up to what the storage may have changed
// (verdict/stored_message.h) and no more. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/verdict/stored_message.h"

namespace smtpspec::engine {

// Whether `sent` may have become `stored`. Both are a whole message or the end of one; `sent` is octet for octet what
// the server was given. Fields on top are not looked for here.
bool may_be_same(std::string_view stored, std::string_view sent, const verdict::StorageArtefacts& artefacts);

// As may_be_same(), for whole messages: up to fields that tell of the delivery, too.
bool may_be_same_message(std::string_view stored, std::string_view sent, const verdict::StorageArtefacts& artefacts);

enum class Presence {
  absent,
  possible,  // the storage does not show it: it depends on the kind of a line end, on a '>' before "From ", on NUL
  certain,
};

// Whether `wanted` stood in what became `stored`.
Presence presence_of(std::string_view stored, std::string_view wanted, const verdict::StorageArtefacts& artefacts);

// The texts that `stored` may have been as far as a search by regex can tell them apart, the likeliest first.
std::vector<std::string> readings_of(std::string_view stored, const verdict::StorageArtefacts& artefacts);

}  // namespace smtpspec::engine
