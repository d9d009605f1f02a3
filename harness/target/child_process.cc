// Boost.Process v2 is behind this file and nowhere else. What version 1.81 does not do is done in ChildSetup.
#include "harness/target/child_process.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <set>
#include <utility>

#define BOOST_PROCESS_USE_STD_FS 1  // not Boost.Filesystem, which is a library to link
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/optional.hpp>  // forgotten by the next ones
#include <boost/process/v2/posix/default_launcher.hpp>
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/process_handle.hpp>

#include "harness/target/process_status.h"
#include "harness/transport/event_loop_implementation.h"

namespace smtpspec::target {

namespace asio = boost::asio;
namespace process = boost::process::v2;
using ErrorCode = boost::system::error_code;

namespace {

constexpr std::size_t kReadOctets = 16 * 1024;

// Runs in the child between fork and exec: only calls that are safe there.
struct ChildSetup {
  int input;
  int output;
  int error;
  bool dies_with_us;
  pid_t parent;

  ErrorCode on_exec_setup(process::posix::default_launcher&, const std::filesystem::path&,
                          const char* const*(&)) const {
    ::setpgid(0, 0);
    if (dies_with_us) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != parent) ::_exit(127);
    }
    // Ignored and blocked signals survive an exec, and a server must not inherit our taste.
    ::signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    if (::dup2(input, 0) < 0 || ::dup2(output, 1) < 0 || ::dup2(error, 2) < 0)
      return ErrorCode(errno, boost::system::system_category());
    // A socket of ours in the server's hands would never look closed to its peer.
    ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    return {};
  }
  // The launcher would call exit(), and with it our destructors a second time.
  template <class... Arguments>
  void on_exec_error(Arguments&&...) const {
    ::_exit(127);
  }
};

// The number of a copy above the three that dup2() overwrites.
int above_stdio(int descriptor) { return ::fcntl(descriptor, F_DUPFD_CLOEXEC, 3); }

std::set<pid_t>& groups_of_ours() {
  static std::set<pid_t> groups;
  return groups;
}

}  // namespace

class ChildProcess::Implementation : public std::enable_shared_from_this<ChildProcess::Implementation> {
 public:
  Implementation(process::basic_process_handle<> process_handle, std::function<void(int)> call)
      : handle(std::move(process_handle)), id(handle.id()), on_exit(std::move(call)) {}

  void wait() {
    handle.async_wait([self = shared_from_this()](const ErrorCode& error, int status) {
      if (error || self->has_exited) return;
      self->has_exited = true;
      if (self->on_exit) std::exchange(self->on_exit, nullptr)(status);
    });
  }

  process::basic_process_handle<> handle;
  pid_t id;
  bool has_exited = false;
  std::function<void(int)> on_exit;
};

base::Result<std::unique_ptr<ChildProcess>, std::string> ChildProcess::launch(transport::EventLoop& loop,
                                                                              const LaunchOptions& options,
                                                                              std::function<void(int)> on_exit) {
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  const auto copy = [null](int descriptor) { return above_stdio(descriptor < 0 ? null : descriptor); };
  const ChildSetup setup{copy(options.input), copy(options.output), copy(options.error), options.dies_with_us,
                         ::getpid()};
  ErrorCode error;
  const asio::any_io_executor executor(loop.implementation().context.get_executor());
  auto started = process::posix::default_launcher()(executor, error, "/bin/sh", options.arguments, setup);
  for (int descriptor : {null, setup.input, setup.output, setup.error})
    if (descriptor >= 0) ::close(descriptor);
  if (error) return base::make_unexpected("cannot start /bin/sh: " + error.message());
  auto implementation = std::make_shared<Implementation>(started.detach(), std::move(on_exit));
  groups_of_ours().insert(implementation->id);
  implementation->wait();
  return std::make_unique<ChildProcess>(std::move(implementation));
}

ChildProcess::ChildProcess(std::shared_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}

ChildProcess::~ChildProcess() {
  implementation_->on_exit = nullptr;
  signal_group(SIGKILL);
  groups_of_ours().erase(implementation_->id);
  if (std::exchange(implementation_->has_exited, true)) return;
  while (::waitpid(implementation_->id, nullptr, 0) < 0 && errno == EINTR) continue;
}

const std::set<pid_t>& ChildProcess::launched_groups() { return groups_of_ours(); }

pid_t ChildProcess::id() const { return implementation_->id; }
bool ChildProcess::has_exited() const { return implementation_->has_exited; }
void ChildProcess::signal_group(int signal) const { ::kill(-implementation_->id, signal); }

bool ChildProcess::is_group_alive() const {
  if (::kill(-implementation_->id, 0) != 0 && errno == ESRCH) return false;
  // The dead whom nobody has reaped count for kill().
  const auto all = all_processes();
  return all.empty() || std::any_of(all.begin(), all.end(), [this](const ProcessStatus& one) {
           return one.group == implementation_->id && one.is_alive();
         });
}

std::uint64_t ChildProcess::resident_octets() const {
  std::uint64_t octets = 0;
  for (const ProcessStatus& one : all_processes())
    if (one.group == implementation_->id) octets += one.resident_octets;
  return octets;
}

class OutputCapture::Implementation : public std::enable_shared_from_this<OutputCapture::Implementation> {
 public:
  explicit Implementation(transport::EventLoop& event_loop)
      : loop(event_loop), read_end(event_loop.implementation().context) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return;
    read_end.assign(ends[0]);
    read_end.non_blocking(true);
    write_end = ends[1];
  }
  ~Implementation() {
    if (write_end >= 0) ::close(write_end);
  }

  void read() {
    read_end.async_read_some(asio::buffer(buffer, sizeof buffer),
                             [self = shared_from_this()](const ErrorCode& error, std::size_t count) {
                               if (error) return;
                               self->heard({self->buffer, count});
                               self->read();
                             });
  }
  void heard(std::string_view octets) {
    tail.append(octets);
    last_heard = loop.now();
  }
  void drain() {
    char octets[kReadOctets];
    for (std::size_t total = 0; read_end.is_open() && total < 4 * kMaxOutputOctets;) {
      const ssize_t count = ::read(read_end.native_handle(), octets, sizeof octets);
      if (count <= 0) return;
      heard({octets, static_cast<std::size_t>(count)});
      total += static_cast<std::size_t>(count);
    }
  }

  transport::EventLoop& loop;
  asio::posix::stream_descriptor read_end;
  int write_end = -1;
  char buffer[kReadOctets];
  OutputTail tail;
  base::SteadyTime last_heard;
};

OutputCapture::OutputCapture(transport::EventLoop& loop) : implementation_(std::make_shared<Implementation>(loop)) {
  if (implementation_->write_end >= 0) implementation_->read();
}
OutputCapture::~OutputCapture() {
  ErrorCode ignored;
  implementation_->read_end.close(ignored);
}
int OutputCapture::write_end() const { return implementation_->write_end; }
OutputTail& OutputCapture::drained() {
  implementation_->drain();
  return implementation_->tail;
}
const OutputTail& OutputCapture::tail() const { return implementation_->tail; }
base::SteadyTime OutputCapture::last_heard() const { return implementation_->last_heard; }

}  // namespace smtpspec::target
