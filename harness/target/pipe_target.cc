#include "harness/target/pipe_target.h"

#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <deque>
#include <list>
#include <utility>

#include "harness/target/child_process.h"
#include "harness/target/command_line.h"
#include "harness/target/ending.h"
#include "harness/target/guardian.h"
#include "harness/target/readiness.h"

namespace smtpspec::target {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kStartTailOctets = 4096;
constexpr std::chrono::milliseconds kGroupPollTime = 5ms;

}  // namespace

class PipeTarget::Implementation {
 public:
  Implementation(transport::EventLoop& event_loop, PipeOptions pipe_options)
      : loop(event_loop), options(std::move(pipe_options)) {
    command = fill_in(options.command, "maildir", scratch.path());
  }

  void start(SteadyTime deadline, StartCallback callback) {
    if (!output) output = std::make_unique<OutputCapture>(loop);
    if (!guardian) guardian = std::make_unique<Guardian>(loop, scratch.path());
    on_started = std::move(callback);
    state = TargetState::alive;
    const auto connector = [this](int, transport::Connection& connection, SteadyTime until,
                                  transport::ConnectCallback on_connected) {
      connect(connection, until, std::move(on_connected));
    };
    probe = std::make_unique<ReadinessProbe>(loop, connector, nullptr, deadline, [this](const ReadinessResult& result) {
      answer_start(result.is_ready ? StartResult{true, result.greeting, {}, {}}
                                   : StartResult{false, {}, "no greeting: " + result.error, tail()});
    });
  }

  void answer_start(const StartResult& result) {
    if (!on_started) return;
    // The probe may be what called us: it ends in a turn of its own.
    loop.post([old = std::shared_ptr<ReadinessProbe>(std::move(probe))] {});
    std::exchange(on_started, nullptr)(result);
  }

  void connect(transport::Connection& connection, SteadyTime, transport::ConnectCallback callback) {
    connection.attach(launch_session(), std::move(callback));
  }

  // Our end of the socket pair, or why there is none.
  base::Result<int, std::string> launch_session() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
      return base::make_unexpected(std::string("no socket pair is to be had"));
    LaunchOptions launch;
    launch.arguments = {"-c", command};
    launch.input = launch.output = ends[1];
    launch.error = output ? output->write_end() : -1;
    processes.emplace_back();
    const auto place = std::prev(processes.end());
    auto started = ChildProcess::launch(loop, launch, [this, place](int status) { exited(place, status); });
    ::close(ends[1]);
    if (!started) {
      processes.erase(place);
      ::close(ends[0]);
      return base::make_unexpected(std::move(started.error()));
    }
    *place = std::move(*started);
    if (guardian) guardian->watch((*place)->id());
    return ends[0];
  }

  void exited(std::list<std::unique_ptr<ChildProcess>>::iterator place, int status) {
    OutputTail none;
    CrashReport report = describe_end(status, output ? output->drained() : none);
    if (is_crash(report) && !(on_stopped && is_wanted_end(report))) {
      crashes.push_back(report);
      if (state == TargetState::alive) state = TargetState::crashed;
    } else if (!on_stopped) {
      state = TargetState::alive;
    }
    const bool has_failed = !on_stopped && (is_crash(report) || report.exit_code != 0);
    if (!on_stopped) forget(place);
    auto waiting = std::exchange(settling, {});
    for (auto& one : waiting) one.callback(state);
    if (on_started && has_failed)
      answer_start({false, {}, "it ended before it was ready: " + report.summary(), tail()});
  }

  // What the process has left behind in its group ends with it: its session is over.
  void forget(std::list<std::unique_ptr<ChildProcess>>::iterator place) {
    if (guardian) guardian->forget((*place)->id());
    loop.post([old = std::shared_ptr<ChildProcess>(std::move(*place))] {});
    processes.erase(place);
  }

  void stop(std::function<void()> callback) {
    probe.reset();
    on_started = nullptr;
    on_stopped = std::move(callback);
    for (auto& process : processes) process->signal_group(SIGTERM);
    if (guardian) guardian->signal_strays(SIGTERM);
    stop_deadline = loop.now() + options.stop_grace;
    later = loop.call_after(0ms, [this] { watch_groups(); });
  }

  void watch_groups() {
    for (auto place = processes.begin(); place != processes.end();) {
      const auto next = std::next(place);
      if ((*place)->has_exited() && !(*place)->is_group_alive()) forget(place);
      place = next;
    }
    if (processes.empty() && !(guardian && guardian->has_strays())) {
      state = TargetState::stopped;
      if (on_stopped) std::exchange(on_stopped, nullptr)();
      return;
    }
    if (loop.now() >= stop_deadline) {
      for (auto& process : processes) process->signal_group(SIGKILL);
      guardian->signal_strays(SIGKILL);
    }
    later = loop.call_after(kGroupPollTime, [this] { watch_groups(); });
  }

  void settle(SteadyTime deadline, std::function<void(TargetState)> callback) {
    if (processes.empty()) {
      loop.post([callback = std::move(callback), now = state] { callback(now); });
      return;
    }
    settling.emplace_back();
    auto one = std::prev(settling.end());
    one->callback = std::move(callback);
    one->timer = loop.call_at(deadline, [this, one] {
      auto call = std::move(one->callback);
      settling.erase(one);
      call(state);
    });
  }

  std::optional<CrashReport> take_crash() {
    if (crashes.empty()) return std::nullopt;
    CrashReport report = std::move(crashes.front());
    crashes.pop_front();
    return report;
  }

  std::string tail() {
    return output ? std::string(last_octets(output->drained().text(), kStartTailOctets)) : std::string();
  }

  struct Settling {
    std::function<void(TargetState)> callback;
    transport::Timer timer;
  };

  transport::EventLoop& loop;
  PipeOptions options;
  ScratchFolder scratch;
  std::string command;
  TargetState state = TargetState::unstarted;
  std::unique_ptr<OutputCapture> output;
  std::unique_ptr<Guardian> guardian;
  std::list<std::unique_ptr<ChildProcess>> processes;
  std::unique_ptr<ReadinessProbe> probe;
  StartCallback on_started;
  std::function<void()> on_stopped;
  SteadyTime stop_deadline;
  transport::Timer later;  // the next look at the groups that are to end
  std::deque<CrashReport> crashes;
  std::list<Settling> settling;
};

PipeTarget::PipeTarget(transport::EventLoop& loop, PipeOptions options)
    : implementation_(std::make_unique<Implementation>(loop, std::move(options))) {}
PipeTarget::~PipeTarget() = default;

void PipeTarget::start(SteadyTime deadline, StartCallback callback) {
  implementation_->start(deadline, std::move(callback));
}
void PipeTarget::stop(std::function<void()> callback) { implementation_->stop(std::move(callback)); }
void PipeTarget::connect(transport::Connection& connection, SteadyTime deadline, transport::ConnectCallback callback) {
  implementation_->connect(connection, deadline, std::move(callback));
}
TargetState PipeTarget::state() const { return implementation_->state; }
void PipeTarget::settle(SteadyTime deadline, std::function<void(TargetState)> callback) {
  implementation_->settle(deadline, std::move(callback));
}
std::optional<CrashReport> PipeTarget::take_crash() { return implementation_->take_crash(); }
std::string PipeTarget::output_tail() const {
  return implementation_->output ? std::string(implementation_->output->drained().text()) : std::string();
}
std::string PipeTarget::description() const { return "piped: " + implementation_->options.command; }
std::string PipeTarget::maildir() const {
  return asks_for(implementation_->options.command, "maildir") ? implementation_->scratch.path() : std::string();
}

}  // namespace smtpspec::target
