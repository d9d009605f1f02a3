// Messages that were read, found again by a token in time that does not grow with their number: a run asks thousands
// of times. Bounded, whatever a mailbox holds. Pure. For this room's sources.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/base/result.h"
#include "harness/verdict/stored_message.h"

namespace smtpspec::target {

// As large as the largest text that a scenario can send (scenarios/README.md, Limits). Of a larger message only that
// it is there is known.
inline constexpr std::size_t kMaxMessageOctets = 64 * 1024 * 1024;
// Of a message that is too large: so much of its beginning is searched for tokens.
inline constexpr std::size_t kProbedOctets = 64 * 1024;
// In all. A mailbox that goes beyond is an error for everyone who asks: what is not read cannot be called absent.
inline constexpr std::size_t kMaxMessages = 100'000;
inline constexpr std::size_t kMaxHeldOctets = 512 * 1024 * 1024;

class MessageIndex {
 public:
  void add(verdict::StoredMessage message);
  // `beginning` of a message with more than kMaxMessageOctets.
  void add_too_large(std::string_view beginning);
  // Forgets all, for a place that was written anew.
  void clear();

  std::size_t size() const { return messages_.size(); }
  bool is_full() const { return messages_.size() >= kMaxMessages || held_octets_ >= kMaxHeldOctets; }
  // Changes with clear(): numbers found before mean nothing now.
  std::size_t generation() const { return generation_; }

  // The numbers of the messages from `from` on that contain the token, in the order in which they came. Of those whose
  // envelope is known only those for `recipient`, unless it is "".
  std::vector<std::size_t> find(std::string_view token, std::size_t from, std::string_view recipient = {}) const;
  // An error if one of them is too large to be handed over.
  base::Result<std::vector<verdict::StoredMessage>, std::string> messages(
      const std::vector<std::size_t>& numbers) const;

 private:
  struct Entry {
    verdict::StoredMessage message;
    std::size_t longest_word = 0;  // octets
    bool is_too_large = false;
  };
  void add_entry(Entry entry);

  std::vector<Entry> messages_;
  // By the hash of a word, a longest run of letters and digits: the messages with it, ascending.
  std::unordered_map<std::size_t, std::vector<std::size_t>> words_;
  std::size_t held_octets_ = 0;
  std::size_t indexed_words_ = 0;
  std::size_t generation_ = 0;
};

}  // namespace smtpspec::target
