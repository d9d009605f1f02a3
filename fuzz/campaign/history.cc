#include "fuzz/campaign/history.h"

#include <algorithm>
#include <utility>

#include "fuzz/mutator/shrink.h"

namespace smtpspec::fuzz {

void History::add(Session session) {
  sessions_.push_back(std::move(session));
  if (sessions_.size() > kRememberedSessions) sessions_.pop_front();
}

Behind confirm_behind(const std::deque<Session>& earlier, const std::vector<Session>& ways, int confirmations,
                      const ShowsBehind& shows) {
  Behind behind;
  const bool are_patient =
      std::all_of(earlier.begin(), earlier.end(), [](const Session& one) { return one.mode == Mode::lock_step; });
  for (const bool in_lock_step : {true, false}) {
    if (!in_lock_step && are_patient) break;
    for (const Session& way : ways) {
      behind.sessions.assign(earlier.begin(), earlier.end());
      if (in_lock_step)
        for (Session& one : behind.sessions) one.mode = Mode::lock_step;
      behind.sessions.push_back(way);
      behind.plays = behind.shown = 0;
      while (behind.plays < confirmations) {
        ++behind.plays;
        if (!shows(behind.sessions)) break;
        ++behind.shown;
      }
      if (behind.shown == confirmations) return behind;
    }
  }
  return behind;
}

std::vector<Session> shrink_behind(std::vector<Session> sessions, const ShowsBehind& shows, std::size_t most_plays) {
  const auto still_shows = [&](const std::vector<Session>& smaller) {
    if (most_plays == 0) return false;
    --most_plays;
    return shows(smaller);
  };
  // Whole sessions first: half of them, a quarter, down to each.
  for (std::size_t run = std::max<std::size_t>((sessions.size() - 1) / 2, 1); run > 0; run /= 2) {
    for (std::size_t from = 0; from + run < sessions.size();) {
      std::vector<Session> fewer = sessions;
      const auto begin = fewer.begin() + static_cast<std::ptrdiff_t>(from);
      fewer.erase(begin, begin + static_cast<std::ptrdiff_t>(run));
      if (still_shows(fewer)) sessions = std::move(fewer);
      else from += run;
    }
  }
  for (const Shrinking what : {Shrinking::steps, Shrinking::octets}) {
    for (std::size_t at = sessions.size(); at-- > 0;) {
      const auto shows_with = [&](const Input& smaller) {
        std::vector<Session> changed = sessions;
        changed[at].input = smaller;
        return still_shows(changed);
      };
      sessions[at].input = shrink(sessions[at].input, shows_with, most_plays, what);
    }
  }
  return sessions;
}

}  // namespace smtpspec::fuzz
