#include "harness/target/ending.h"

#include <sys/wait.h>

#include <csignal>

namespace smtpspec::target {

namespace {

constexpr std::size_t kReportedTailOctets = 16 * 1024;
constexpr int kShellSignalBase = 128;  // the exit code of a shell whose command was killed by a signal: 128 + signal

bool is_fatal_signal(int signal) {
  switch (signal) {
    case SIGILL:
    case SIGTRAP:
    case SIGABRT:
    case SIGBUS:
    case SIGFPE:
    case SIGKILL:
    case SIGSEGV:
    case SIGSYS:
      return true;
    default:
      return false;
  }
}

}  // namespace

CrashReport describe_end(int wait_status, OutputTail& output) {
  CrashReport report;
  if (WIFSIGNALED(wait_status)) report.signal = WTERMSIG(wait_status);
  if (WIFEXITED(wait_status)) {
    const int code = WEXITSTATUS(wait_status);
    if (is_fatal_signal(code - kShellSignalBase)) report.signal = code - kShellSignalBase;
    else report.exit_code = code;
  }
  report.output_tail = last_octets(output.text(), kReportedTailOctets);
  report.sanitizer_text = output.take_sanitizer_text();
  return report;
}

bool is_crash(const CrashReport& report) { return report.signal != 0 || !report.sanitizer_text.empty(); }

bool is_wanted_end(const CrashReport& report) {
  if (!report.sanitizer_text.empty()) return false;
  return report.signal == 0 || report.signal == SIGTERM || report.signal == SIGKILL || report.signal == SIGINT;
}

}  // namespace smtpspec::target
