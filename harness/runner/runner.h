// Runs a plan against a target and makes the record: many conversations on one loop, each on connections of its own,
// fewer at a time where the server allows fewer, every fail confirmed, every crash laid at somebody's door.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/clock.h"
#include "harness/runner/control_delivery.h"
#include "harness/runner/greeting_probe.h"
#include "harness/runner/log_budget.h"
#include "harness/runner/observer.h"
#include "harness/runner/patience.h"
#include "harness/runner/plan.h"
#include "harness/runner/play.h"
#include "harness/runner/preflight.h"
#include "harness/runner/proven_mailbox.h"
#include "harness/runner/roll_up.h"
#include "harness/runner/schedule.h"

namespace smtpspec::runner {

class Runner {
 public:
  // All of them outlive the runner. `mailbox` may be null.
  Runner(transport::EventLoop& loop, target::Target& target, target::Mailbox* mailbox, Plan plan, Observer& observer);
  ~Runner();

  // Starts the target, runs everything and stops the target; blocks. The record holds whatever was done, also after
  // interrupt(). Identity of tool and suite, gate and waivers are the caller's to fill in.
  verdict::RunRecord run(const base::Clock& clock);

  // From the loop (a signal): no new conversations, those under way are dropped.
  void interrupt();

 private:
  struct Item;
  struct Running;
  static constexpr std::chrono::seconds kStartTimeout{15};

  void begin();
  void preflight();
  void preflight_ended();
  void decide_applicability();
  void pump();
  void start_item(std::size_t index);
  void ended(Running& running);
  void judge_end(std::size_t index, verdict::ScenarioResult result);
  void finish_item(std::size_t index);
  void keep_log(verdict::ScenarioResult& result);
  bool was_turned_away(const verdict::ScenarioResult& result) const;
  bool makes_way_for_others(std::size_t index, const verdict::ScenarioResult& result);
  bool wants_two_at_a_time(verdict::ScenarioResult& result);
  void look_for_end(std::size_t index, verdict::ScenarioResult result);
  void look_once_more();
  verdict::CrashResult crash_of(const target::CrashReport& report) const;
  void convict(std::size_t index, verdict::CrashResult crash, verdict::ScenarioResult result);
  void accuse(std::vector<std::size_t> under_way, verdict::CrashResult crash);
  void suspect(std::size_t index);
  std::string without_password(const std::string& output) const;
  void weigh_silence(std::size_t index, verdict::ScenarioResult result);
  void probe_greeting(base::Microseconds patience, std::function<void(const std::string&)> answered);
  void look_whether_it_lives(std::function<void(const std::optional<verdict::CrashResult>&)> answered);
  void leave_off();
  void judge_unanswered();
  void has_ended(const verdict::CrashResult& crash);
  void recover();
  void give_up(const std::string& why);
  void part(std::unique_ptr<Play> play);
  void finish();
  verdict::ScenarioResult blank_result(const scenario::Instance& instance) const;
  engine::Variables variables_for(std::size_t index, int attempt) const;
  Surroundings surroundings();
  void tell_why_not_played(verdict::ScenarioResult& result) const;
  verdict::RunRecord take_record();

  transport::EventLoop& loop_;
  target::Target& target_;
  target::Mailbox* mailbox_;
  Plan plan_;
  Observer& observer_;
  std::shared_ptr<transport::ClientTls> tls_;

  std::vector<Item> items_;
  std::vector<std::size_t> reported_;  // items that are in the denominator of the progress
  Schedule schedule_;
  Patience patience_;
  std::list<Running> running_;
  std::list<std::unique_ptr<Play>> parting_;
  transport::Timer wake_up_;
  std::optional<ControlDelivery> control_;
  std::optional<ProvenMailbox> proven_mailbox_;  // mailbox_, where it needs a proof

  engine::Program preflight_program_;
  std::unique_ptr<Play> preflight_play_;
  Preflight preflight_;

  ReplyFormTally reply_forms_;
  LogBudget log_budget_;
  std::vector<verdict::CrashResult> crashes_;
  std::deque<std::size_t> recently_ended_;
  std::vector<std::size_t> suspects_;  // under way when the server died or hung: to be played alone
  bool is_recovering_ = false;
  std::optional<GreetingProbe> greeting_probe_;
  std::vector<std::pair<std::size_t, verdict::ScenarioResult>> unanswered_;  // held until the probe is back
  std::vector<std::size_t> left_off_;                                        // in flight then
  bool is_interrupted_ = false;
  std::string given_up_;  // why; "": it is not
  int hangs_ = 0;
  bool has_looked_once_more_ = false;
  bool is_finished_ = false;
  int left_behind_itself_ = 0;  // conversations whose second connection was not greeted beside their first
  int done_ = 0;
};

}  // namespace smtpspec::runner
