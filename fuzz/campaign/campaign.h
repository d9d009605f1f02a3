// A fuzzing campaign against one server: plays what the engine gives, judges, and makes of what it finds something that
// somebody else can play again: confirmed on a fresh server, minimised, told apart from what was told before.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fuzz/campaign/history.h"
#include "fuzz/campaign/player.h"
#include "fuzz/mutator/input.h"
#include "fuzz/oracles/judge.h"
#include "fuzz/oracles/memory.h"

namespace smtpspec::fuzz {

enum class RestartPolicy { never, on_death, every };

struct CampaignOptions {
  std::optional<Mode> mode;  // none: by input, half of them blast
  RestartPolicy restart = RestartPolicy::on_death;
  std::uint64_t restart_every = 0;                       // sessions, with RestartPolicy::every
  std::chrono::milliseconds duration{60'000};            // 0: without an end
  std::uint64_t max_sessions = 0;                        // 0: any number
  double max_rate = 0;                                   // sessions a second; 0: any
  bool stops_at_first = false;                           // confirmed finding
  int confirmations = 3;                                 // plays on a fresh server that must all show it
  std::chrono::milliseconds hang_time{5'000};            // silence that is worth a second look
  std::chrono::milliseconds confirmed_hang_time{5'000};  // … and that is a hang
  std::chrono::milliseconds session_time{4'000};         // that exploring spends on one session
  std::chrono::milliseconds shrink_time{30'000};         // that minimising one finding may take
  std::set<std::string> known;                           // ids of findings that were told by an earlier campaign
  // May this campaign look into what it has seen so many times, or does another one that shares its findings? None: it
  // may.
  std::function<bool(const Finding& seen, std::uint64_t times)> claims{};
};

// "lost-reply-1a2b3c4d": the same for the same oracle and key.
std::string id_of(const Finding& finding);

struct Found {
  std::string id;
  Finding finding;
  Input input;                     // minimised
  Mode mode = Mode::lock_step;     // in which it shows
  std::vector<Session> earlier{};  // which the server must have been told before, minimised, too; oldest first
  bool is_confirmed = false;
  bool is_on_fresh_server = true;  // else on the one that runs, for nobody could start another
  int plays = 0;
  int shown = 0;              // of these
  std::uint64_t session = 0;  // in which it was first seen, from 1
  std::string transcript;     // of the minimised sessions, printable
};

struct Status {
  std::chrono::milliseconds elapsed{0};
  std::uint64_t sessions = 0;
  std::uint64_t replies = 0;
  std::size_t features = 0;
  std::size_t inputs_with_news = 0;
  std::size_t findings = 0;
  std::size_t unconfirmed = 0;
  std::uint64_t restarts = 0;
  std::uint64_t differences = 0;  // between two servers, where both may be right
  std::uint64_t edges = 0;        // of an instrumented server
};

class Campaign {
 public:
  using OnFound = std::function<void(const Found&)>;

  // All outlive the campaign.
  Campaign(transport::EventLoop& loop, Player& player, CampaignOptions options, OnFound on_found);

  // Everything is told to this server, too, in lock-step, and where they differ is looked at. Before the first run().
  void compare_with(Player& other) { other_ = &other; }

  // The input's session, and what follows from it. `count` is told its features. False: the campaign is over.
  bool run(std::string_view input, const std::function<void(std::size_t feature)>& count);
  void interrupt() { is_interrupted_ = true; }

  Status status() const;
  // Why it ended before its time; "": it did not.
  const std::string& trouble() const { return trouble_; }

 private:
  Mode mode_of(std::string_view input) const;
  std::vector<Finding> findings_of(const Input& input, const Talk& talk, bool counts_differences);
  // The server hears of nothing but by these.
  Talk play(const Input& input, Mode mode, std::chrono::milliseconds longest = kLongestSession);
  bool is_worth_a_look(const Finding& finding);
  void look_into(const Session& session, const Finding& finding, const std::deque<Session>& earlier);
  // Where it does not show alone.
  void say_the_last_word(Found& found);
  void look_behind(Found& found, const Session& seen, const std::vector<Session>& ways,
                   const std::deque<Session>& earlier);
  bool can_make_fresh() const { return player_.can_restart() && options_.restart != RestartPolicy::never; }
  void tell(Found found);
  // Now and then: the server's memory, and what of the last inputs makes it grow.
  void look_at_memory(const Talk& talk);
  // The samples of a fresh server that is told the same again and again; those that there are where it does not grow.
  std::vector<MemorySample> repeat(const Input& input, std::uint64_t window);
  void look_into_memory();
  std::optional<Finding> shows(const Input& input, Mode mode, Oracle oracle, std::string* transcript = nullptr);
  std::optional<Finding> shows_behind(const std::vector<Session>& sessions, Oracle oracle,
                                      std::string* transcript = nullptr);
  bool make_fresh();
  bool is_over() const;
  base::SteadyTime latest() const;  // to which a finding is looked into
  bool is_late() const;
  bool may_play() const;
  void keep_rate();

  transport::EventLoop& loop_;
  Player& player_;
  Player* other_ = nullptr;
  CampaignOptions options_;
  OnFound on_found_;
  base::SteadyTime began_;
  std::map<std::string, std::uint64_t> seen_;  // how often, by oracle and key as first seen
  std::set<std::string> told_;                 // ids
  std::vector<bool> features_;
  std::vector<MemorySample> memory_;  // of the server that runs now
  std::uint64_t content_octets_ = 0;  // that it has accepted
  std::uint64_t sessions_since_start_ = 0;
  History history_;  // of the server that runs now
  bool watches_memory_ = true;
  Status status_;
  bool is_interrupted_ = false;
  bool is_saying_last_word_ = false;
  std::string trouble_;
};

// "C: …" and "S: …" lines, octets escaped, long ones shortened.
std::string transcript_of(const Talk& talk);

// Where its plays were: "a fresh server".
std::string_view server_of(const Found& found);
// The sessions' inputs, an empty line between them.
std::string inputs_of(const Found& found);

// The scenario that plays it again, with its story in comments. `reproduce`: the command line but for the file's name.
std::string scenario_of(const Found& found, const std::string& reproduce);

}  // namespace smtpspec::fuzz
