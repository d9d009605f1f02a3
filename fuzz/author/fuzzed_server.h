// One input said to an author's server (fuzz.h), and what its replies show.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/author/fuzz.h"
#include "fuzz/mutator/input.h"
#include "fuzz/mutator/vocabulary.h"
#include "fuzz/oracles/judge.h"

namespace smtpspec::fuzz {

// The names of `server`, for the mutator.
Vocabulary vocabulary_of(const smtpspec_server& server);

struct Said {
  Talk talk;
  std::string transcript;  // "C: …" and "S: …" lines, octets escaped; "C2: …" of the second connection
};

// Says the input to a session of `server`, which has open(), feed() and close(). `is_cut`: each step in pieces.
Said say(const Input& input, const smtpspec_server& server, bool is_cut);

// Hands command lines and messages to command() and data(), whichever there are.
void parse(const Input& input, const smtpspec_server& server);

// What is wrong: the oracles, and codes that depend on how the octets were cut. Empty: nothing. One sentence a line,
// the conversation below them. `note` is told the features of the talk (oracles/features.h). Without open() there is
// none.
std::string complaint_about(const Input& input, const smtpspec_server& server,
                            const std::function<void(std::size_t feature)>& note);

}  // namespace smtpspec::fuzz
