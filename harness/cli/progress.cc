#include "harness/cli/progress.h"

#include <iostream>

#include <fmt/format.h>
#include <unistd.h>

#include "reports/printable.h"

namespace smtpspec::cli {
namespace {

constexpr std::chrono::seconds kPauseOfLog{30};

}  // namespace

Progress::Progress(bool is_verbose) : is_terminal_(isatty(STDERR_FILENO) == 1), is_verbose_(is_verbose) {}

Progress::~Progress() { clear(); }

void Progress::clear() {
  if (is_drawn_) std::cerr << "\r\x1b[K" << std::flush;
  is_drawn_ = false;
}

void Progress::draw(int done, int total, const std::string& latest) {
  const auto now = std::chrono::steady_clock::now();
  if (!is_terminal_ && now - told_ < kPauseOfLog) return;
  constexpr std::size_t kShownIdOctets = 50;
  std::string line = fmt::format("[{}/{}]", done, total);
  if (fails_ > 0) line += fmt::format(" {} failed", fails_);
  if (inconclusive_ > 0) line += fmt::format(" {} inconclusive", inconclusive_);
  if (!is_terminal_) {
    told_ = now;
    std::cerr << "smtpspec: " << line << '\n';
    return;
  }
  std::cerr << "\r\x1b[K" << line << ' ' << reports::printable(latest.substr(0, kShownIdOctets)) << std::flush;
  is_drawn_ = true;
}

void Progress::run_begins(int scenarios) { draw(0, scenarios, ""); }

void Progress::scenario_ends(const verdict::ScenarioResult& result, int done, int total) {
  if (result.verdict == verdict::Verdict::fail) ++fails_;
  if (result.verdict == verdict::Verdict::inconclusive) ++inconclusive_;
  if (is_verbose_) {
    clear();
    std::cerr << fmt::format("{:<12} {} ({:.0f} ms)\n", verdict::to_string(result.verdict),
                             reports::printable(result.id), static_cast<double>(result.duration.count()) / 1000.0);
  }
  draw(done, total, result.id);
}

void Progress::notice(const std::string& text) {
  clear();
  std::cerr << "smtpspec: " << reports::printable_lines(text) << '\n';
}

}  // namespace smtpspec::cli
