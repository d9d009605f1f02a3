// What a worker tells the process that started it, one line each: that it found something, how far it is, that it could
// not go on. Text, because whoever reads it may be of another build. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "fuzz/campaign/campaign.h"

namespace smtpspec::fuzz {

struct Trouble {
  std::string text;
};
using Word = std::variant<Found, Status, Trouble>;

// With its line feed.
std::string encode_word(const Word& word);
// Of a line without its line feed; none: it is no word.
std::optional<Word> decode_word(std::string_view line);

// What workers have done together: sums, but of features and time the most, for nobody knows how many are the same.
Status together(const std::vector<Status>& workers);

}  // namespace smtpspec::fuzz
