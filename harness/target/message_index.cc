#include "harness/target/message_index.h"

#include <algorithm>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "harness/base/octets.h"

namespace smtpspec::target {

namespace {

// Shorter words are those of a language, longer ones those of an encoding: neither is a token, or is looked for by
// reading.
constexpr std::size_t kShortestIndexedWord = 8;
constexpr std::size_t kLongestIndexedWord = 64;
// Beyond these a message is read whenever a token is looked for.
constexpr std::size_t kMaxWordsOfMessage = 4096;
constexpr std::size_t kMaxIndexedWords = 2'000'000;

bool is_indexed(std::size_t word_octets) {
  return word_octets >= kShortestIndexedWord && word_octets <= kLongestIndexedWord;
}

template <class Call>
void for_each_word(std::string_view text, const Call& call) {
  for (std::size_t at = 0; at < text.size();) {
    if (!base::is_alnum(text[at])) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < text.size() && base::is_alnum(text[at])) ++at;
    call(text.substr(begin, at - begin));
  }
}

bool is_for(std::string_view recipient, const verdict::StoredMessage& message) {
  if (recipient.empty() || !message.envelope) return true;
  const std::string path = fmt::format("<{}>", recipient);
  const auto& rcpts = message.envelope->rcpts;
  return std::any_of(rcpts.begin(), rcpts.end(), [&](const std::string& rcpt) {
    return base::equals_ignoring_case(std::string_view(rcpt).substr(0, path.size()), path);
  });
}

}  // namespace

void MessageIndex::add(verdict::StoredMessage message) { add_entry({std::move(message), 0, false}); }

void MessageIndex::add_too_large(std::string_view beginning) {
  add_entry({{std::string(beginning.substr(0, kProbedOctets)), {}}, 0, true});
}

void MessageIndex::add_entry(Entry entry) {
  if (is_full()) return;
  const std::size_t number = messages_.size();
  std::size_t words = 0;
  for_each_word(entry.message.octets, [&](std::string_view word) {
    entry.longest_word = std::max(entry.longest_word, word.size());
    if (!is_indexed(word.size()) || words > kMaxWordsOfMessage || indexed_words_ > kMaxIndexedWords) return;
    auto& numbers = words_[std::hash<std::string_view>()(word)];
    if (!numbers.empty() && numbers.back() == number) return;
    numbers.push_back(number);
    ++words;
    ++indexed_words_;
  });
  if (words > kMaxWordsOfMessage || indexed_words_ > kMaxIndexedWords) entry.longest_word = entry.message.octets.size();
  held_octets_ += entry.message.octets.size();
  messages_.push_back(std::move(entry));
}

void MessageIndex::clear() {
  messages_.clear();
  words_.clear();
  held_octets_ = 0;
  indexed_words_ = 0;
  ++generation_;
}

std::vector<std::size_t> MessageIndex::find(std::string_view token, std::size_t from,
                                            std::string_view recipient) const {
  const bool is_word = is_indexed(token.size()) && std::all_of(token.begin(), token.end(), base::is_alnum);
  std::vector<std::size_t> numbers;
  const auto take_if_it_holds = [&](std::size_t number) {
    const verdict::StoredMessage& message = messages_[number].message;
    if (message.octets.find(token) != std::string::npos && is_for(recipient, message)) numbers.push_back(number);
  };
  if (is_word) {
    const auto found = words_.find(std::hash<std::string_view>()(token));
    if (found != words_.end())
      for (auto one = std::lower_bound(found->second.begin(), found->second.end(), from); one != found->second.end();
           ++one)
        take_if_it_holds(*one);
  }
  // A longer word may hold the token too.
  const std::vector<std::size_t> with_word = numbers;
  for (std::size_t number = from; number < messages_.size(); ++number) {
    if (is_word && messages_[number].longest_word <= token.size()) continue;
    if (!std::binary_search(with_word.begin(), with_word.end(), number)) take_if_it_holds(number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

base::Result<std::vector<verdict::StoredMessage>, std::string> MessageIndex::messages(
    const std::vector<std::size_t>& numbers) const {
  std::vector<verdict::StoredMessage> found;
  for (const std::size_t number : numbers) {
    const Entry& entry = messages_[number];
    if (entry.is_too_large)
      return base::make_unexpected("a message with this token has more than " + std::to_string(kMaxMessageOctets) +
                                   " octets");
    found.push_back(entry.message);
  }
  return found;
}

}  // namespace smtpspec::target
