// What the server that runs now was told of late, for what one session alone does not show: state that outlives the
// connection in which it came about. Pure; whoever asks plays.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <vector>

#include "fuzz/campaign/player.h"
#include "fuzz/mutator/input.h"

namespace smtpspec::fuzz {

// How far back it is looked. Each is at most an engine's input long, so this is all the memory that it takes.
inline constexpr std::size_t kRememberedSessions = 16;

struct Session {
  Input input;
  Mode mode = Mode::lock_step;
  bool operator==(const Session&) const = default;
};

class History {
 public:
  void add(Session session);
  // Behind the start of another server nothing that was said before counts.
  void clear() { sessions_.clear(); }
  // Oldest first.
  const std::deque<Session>& sessions() const { return sessions_; }

 private:
  std::deque<Session> sessions_;
};

// Told these sessions, one after the other, does a fresh server show it in the last?
using ShowsBehind = std::function<bool(const std::vector<Session>& sessions)>;

struct Behind {
  std::vector<Session> sessions;  // the last shows it; empty: nothing was played
  int plays = 0;
  int shown = 0;
};

// The first way of saying them that shows it in each of `confirmations` plays; else what was tried last. The last
// session is one of `ways`. Those before it are said in lock-step, as a scenario says them, and as they were.
Behind confirm_behind(const std::deque<Session>& earlier, const std::vector<Session>& ways, int confirmations,
                      const ShowsBehind& shows);

// Fewer and smaller sessions that still show it, in at most so many plays: whole sessions go first, then steps, then
// octets. `sessions` is not empty and shows it; its last stays the last.
std::vector<Session> shrink_behind(std::vector<Session> sessions, const ShowsBehind& shows, std::size_t most_plays);

}  // namespace smtpspec::fuzz
