// One input to the next: by steps, by lines and their words, by octets. Pure: the same input, seed and second parent
// give the same child. Children stay within the limits of input.h and within the octets asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "fuzz/mutator/input.h"
#include "fuzz/mutator/random.h"
#include "fuzz/mutator/vocabulary.h"

namespace smtpspec::fuzz {

// Changes octets in place, to at most so many: an engine's own mutation of a single line. May be empty.
using OctetMutator = std::function<void(std::string& octets, std::size_t max_octets, std::uint64_t seed)>;

// A session from the grammar: a greeting, one to three phrases.
Input generate(Random& random, const Vocabulary& words);

// One to four changes.
void mutate(Input& input, Random& random, const Vocabulary& words, const OctetMutator& octets = {});

// The beginning of one and the end of the other, or steps of one put between those of the other.
Input cross(const Input& one, const Input& other, Random& random);

// The same for libFuzzer's hooks, over the file form: the child's octets, at most max_octets. An input that grows too
// long loses steps from its end.
std::string mutate_text(std::string_view text, std::size_t max_octets, std::uint64_t seed, const Vocabulary& words,
                        const OctetMutator& octets = {});
std::string cross_text(std::string_view one, std::string_view other, std::size_t max_octets, std::uint64_t seed);

}  // namespace smtpspec::fuzz
