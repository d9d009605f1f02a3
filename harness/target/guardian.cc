#include "harness/target/guardian.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include "harness/target/process_status.h"

namespace smtpspec::target {

namespace {

constexpr std::chrono::seconds kLookInterval{1};

// The groups of living descendants of this process that it has not launched itself. Adopted orphans that are dead are
// reaped on the way.
std::set<pid_t> stray_groups() {
  const auto all = all_processes();
  const auto& known = ChildProcess::launched_groups();
  std::set<pid_t> family{::getpid()};
  for (std::size_t before = 0; before != family.size();) {
    before = family.size();
    for (const auto& one : all)
      if (family.contains(one.parent)) family.insert(one.id);
  }
  std::set<pid_t> strays;
  for (const auto& one : all) {
    if (one.id == ::getpid() || !family.contains(one.id)) continue;
    if (known.contains(one.group) || one.group == ::getpgrp()) continue;
    if (one.is_alive()) strays.insert(one.group);
    else if (one.parent == ::getpid()) ::waitpid(one.id, nullptr, WNOHANG);
  }
  return strays;
}

}  // namespace

Guardian::Guardian(transport::EventLoop& loop, const std::string& folder) : loop_(loop) {
  constexpr const char* kScript =
      "trap '' HUP INT TERM QUIT\n"
      "groups=\n"
      "while read -r what group; do\n"
      "  rest=\n"
      "  for one in $groups; do [ \"$one\" = \"$group\" ] || rest=\"$rest $one\"; done\n"
      "  groups=$rest\n"
      "  [ \"$what\" = + ] && groups=\"$groups $group\"\n"
      "done\n"
      "for one in $groups; do kill -s KILL -- \"-$one\"; done\n"
      "if [ -n \"$1\" ]; then rm -rf -- \"$1\"; fi\n";
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return;
  LaunchOptions options;
  options.arguments = {"-c", kScript, "smtpspec-guardian", folder};
  options.input = ends[0];
  options.dies_with_us = false;
  if (auto started = ChildProcess::launch(loop, options, [](int) {})) process_ = std::move(*started);
  ::close(ends[0]);
  pipe_ = ends[1];
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  look_again();
}

Guardian::~Guardian() {
  has_strays();
  if (pipe_ >= 0) ::close(pipe_);
  if (process_ && !process_->has_exited()) ::waitpid(process_->id(), nullptr, 0);
}

bool Guardian::has_strays() {
  const std::set<pid_t> found = stray_groups();
  for (const pid_t group : found)
    if (!strays_.contains(group)) watch(group);
  for (const pid_t group : strays_)
    if (!found.contains(group)) forget(group);
  strays_ = found;
  return !strays_.empty();
}

void Guardian::signal_strays(int signal) {
  has_strays();
  for (const pid_t group : strays_) ::kill(-group, signal);
}

void Guardian::look_again() {
  next_look_ = loop_.call_after(kLookInterval, [this] {
    has_strays();
    look_again();
  });
}

void Guardian::tell(char what, pid_t group) {
  const std::string line = std::string(1, what) + " " + std::to_string(group) + "\n";
  if (pipe_ >= 0 && ::write(pipe_, line.data(), line.size()) < 0) ::close(std::exchange(pipe_, -1));
}

}  // namespace smtpspec::target
