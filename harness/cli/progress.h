// The line that tells a person how far a run is. Goes to stderr: to a terminal all the time, elsewhere once in a while,
// so that the log of a run against a slow server shows that it goes on.
#pragma once

#include <chrono>
#include <cstdio>
#include <string>

#include "harness/runner/observer.h"

namespace smtpspec::cli {

class Progress final : public runner::Observer {
 public:
  explicit Progress(bool is_verbose);
  ~Progress() override;
  void run_begins(int scenarios) override;
  void scenario_ends(const verdict::ScenarioResult& result, int done, int total) override;
  void notice(const std::string& text) override;

 private:
  void draw(int done, int total, const std::string& latest);
  void clear();

  bool is_terminal_;
  bool is_verbose_;
  bool is_drawn_ = false;
  std::chrono::steady_clock::time_point told_ = std::chrono::steady_clock::now();  // elsewhere than to a terminal
  int fails_ = 0;
  int inconclusive_ = 0;
};

}  // namespace smtpspec::cli
