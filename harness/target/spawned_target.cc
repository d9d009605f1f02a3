#include "harness/target/spawned_target.h"

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
// A sanitizer writes its report in several pieces: it is complete when nothing more has come for so long.
constexpr std::chrono::milliseconds kReportSettleTime = 100ms;
constexpr std::chrono::milliseconds kMostReportTime = 5s;
constexpr std::chrono::milliseconds kGroupPollTime = 5ms;

}  // namespace

class SpawnedTarget::Implementation {
 public:
  Implementation(transport::EventLoop& event_loop, SpawnOptions spawn_options)
      : loop(event_loop), options(std::move(spawn_options)) {}

  void start(SteadyTime deadline, StartCallback callback) {
    if (!output) output = std::make_unique<OutputCapture>(loop);
    if (!guardian) guardian = std::make_unique<Guardian>(loop, scratch.path());
    if (process) guardian->forget(process->id());
    on_started = std::move(callback);
    choose_endpoint();
    std::string command = fill_in(options.command, "port", std::to_string(endpoint.port));
    command = fill_in(command, "maildir", scratch.path());
    LaunchOptions launch;
    launch.arguments = {"-c", command};
    launch.output = launch.error = output->write_end();
    auto started = ChildProcess::launch(loop, launch, [this](int status) { exited(status); });
    state = TargetState::alive;
    if (!started) {
      fail_launch(started.error());
      return;
    }
    process = std::move(*started);
    guardian->watch(process->id());
    probe_readiness(deadline);
  }

  void choose_endpoint() {
    if (options.endpoint) {
      endpoint = *options.endpoint;
      return;
    }
    endpoint.host = "127.0.0.1";
    endpoint.port = free_port();
  }

  void probe_readiness(SteadyTime deadline) {
    std::shared_ptr<transport::ClientTls> tls;
    if (options.is_implicit_tls) tls = transport::ClientTls::make({}).value_or(nullptr);
    const auto connector = [this](int attempt, transport::Connection& connection, SteadyTime until,
                                  transport::ConnectCallback callback) {
      // A server told to listen on "localhost" may have chosen either address.
      if (!options.endpoint) endpoint.host = attempt % 2 == 0 ? "127.0.0.1" : "::1";
      connection.connect(endpoint, until, std::move(callback));
    };
    probe = std::make_unique<ReadinessProbe>(
        loop, connector, std::move(tls), deadline, [this](const ReadinessResult& result) {
          if (!result.is_ready) return answer_start({false, {}, "not ready in time: " + result.error, start_tail()});
          answer_start({true, result.greeting, {}, {}});
        });
  }

  // A launch that failed on our side.
  void fail_launch(std::string error) {
    state = TargetState::unstarted;
    later = loop.call_after(0ms, [this, error = std::move(error)] { answer_start({false, {}, error, {}}); });
  }

  void answer_start(const StartResult& result) {
    if (!on_started) return;
    // The probe may be what called us: it ends in a turn of its own.
    loop.post([old = std::shared_ptr<ReadinessProbe>(std::move(probe))] {});
    std::exchange(on_started, nullptr)(result);
  }

  std::string start_tail() { return std::string(last_octets(output->drained().text(), kStartTailOctets)); }

  void exited(int status) {
    CrashReport report = describe_end(status, output->drained());
    const bool was_stopping = static_cast<bool>(on_stopped);
    const bool was_starting = static_cast<bool>(on_started);
    state = is_crash(report) ? TargetState::crashed : TargetState::exited;
    if (was_stopping && is_wanted_end(report)) state = TargetState::stopped;
    else crashes.push_back(report);
    auto waiting = std::exchange(settling, {});
    for (auto& one : waiting) one.callback(state);
    if (was_starting)
      answer_start({false,
                    {},
                    "it ended before it was ready: " + report.summary(),
                    std::string(last_octets(report.output_tail, kStartTailOctets))});
  }

  void stop(std::function<void()> callback) {
    probe.reset();
    on_started = nullptr;
    on_stopped = std::move(callback);
    if (process) process->signal_group(SIGTERM);
    if (guardian) guardian->signal_strays(SIGTERM);
    stop_deadline = loop.now() + options.stop_grace;
    later = loop.call_after(0ms, [this] { watch_group(); });
  }

  void watch_group() {
    const bool is_gone = !process || (process->has_exited() && !process->is_group_alive());
    if (is_gone && !(guardian && guardian->has_strays())) {
      if (process) guardian->forget(process->id());
      process.reset();
      state = state == TargetState::alive ? TargetState::stopped : state;
      if (on_stopped) std::exchange(on_stopped, nullptr)();
      return;
    }
    if (loop.now() >= stop_deadline) {
      if (process) process->signal_group(SIGKILL);
      guardian->signal_strays(SIGKILL);
    }
    later = loop.call_after(kGroupPollTime, [this] { watch_group(); });
  }

  struct Settling {
    std::function<void(TargetState)> callback;
    transport::Timer timer;
    SteadyTime last;  // beyond which no report is waited for
  };

  void settle(SteadyTime deadline, std::function<void(TargetState)> callback) {
    if (state != TargetState::alive || !process) {
      loop.post([callback = std::move(callback), now = state] { callback(now); });
      return;
    }
    settling.emplace_back();
    const auto one = std::prev(settling.end());
    one->callback = std::move(callback);
    one->last = deadline + kMostReportTime;
    one->timer = loop.call_at(deadline, [this, one] { settled(one); });
  }

  // A child's report that has begun is waited for.
  void settled(std::list<Settling>::iterator one) {
    if (has_unfinished_report() && loop.now() < one->last) {
      one->timer = loop.call_after(kReportSettleTime, [this, one] { settled(one); });
      return;
    }
    const auto call = std::move(one->callback);
    settling.erase(one);
    call(state);
  }

  bool has_unfinished_report() const {
    return output && !output->tail().sanitizer_text().empty() && loop.now() - output->last_heard() < kReportSettleTime;
  }

  std::optional<CrashReport> take_crash() {
    if (!crashes.empty()) {
      CrashReport report = std::move(crashes.front());
      crashes.pop_front();
      return report;
    }
    if (!output || output->tail().sanitizer_text().empty()) return std::nullopt;
    if (has_unfinished_report()) return std::nullopt;
    CrashReport report;
    report.output_tail = start_tail();
    report.sanitizer_text = output->drained().take_sanitizer_text();
    return report;
  }

  transport::EventLoop& loop;
  SpawnOptions options;
  transport::Endpoint endpoint;
  TargetState state = TargetState::unstarted;
  ScratchFolder scratch;
  std::unique_ptr<OutputCapture> output;
  std::unique_ptr<Guardian> guardian;
  std::unique_ptr<ChildProcess> process;
  std::unique_ptr<ReadinessProbe> probe;
  StartCallback on_started;
  std::function<void()> on_stopped;
  SteadyTime stop_deadline;
  transport::Timer later;  // the one thing that is to happen next
  std::deque<CrashReport> crashes;
  std::list<Settling> settling;
};

SpawnedTarget::SpawnedTarget(transport::EventLoop& loop, SpawnOptions options)
    : implementation_(std::make_unique<Implementation>(loop, std::move(options))) {}
SpawnedTarget::~SpawnedTarget() = default;

void SpawnedTarget::start(SteadyTime deadline, StartCallback callback) {
  implementation_->start(deadline, std::move(callback));
}
void SpawnedTarget::stop(std::function<void()> callback) { implementation_->stop(std::move(callback)); }
transport::Endpoint SpawnedTarget::endpoint() const { return implementation_->endpoint; }
TargetState SpawnedTarget::state() const { return implementation_->state; }
void SpawnedTarget::settle(SteadyTime deadline, std::function<void(TargetState)> callback) {
  implementation_->settle(deadline, std::move(callback));
}
std::optional<CrashReport> SpawnedTarget::take_crash() { return implementation_->take_crash(); }
std::string SpawnedTarget::output_tail() const {
  return implementation_->output ? std::string(implementation_->output->drained().text()) : std::string();
}
std::uint64_t SpawnedTarget::resident_octets() const {
  return implementation_->process ? implementation_->process->resident_octets() : 0;
}
std::string SpawnedTarget::description() const { return "spawned: " + implementation_->options.command; }
std::string SpawnedTarget::maildir() const {
  return asks_for(implementation_->options.command, "maildir") ? implementation_->scratch.path() : std::string();
}

}  // namespace smtpspec::target
