#include "harness/target/command_mailbox.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <list>
#include <optional>
#include <string_view>
#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "harness/target/child_process.h"
#include "harness/target/mbox_reader.h"
#include "harness/target/message_index.h"
#include "harness/target/stored_form.h"
#include "harness/transport/event_loop_implementation.h"

namespace smtpspec::target {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using ErrorCode = boost::system::error_code;
using Output = base::Result<std::string, std::string>;

constexpr std::size_t kReadOctets = 64 * 1024;

// The query goes in by parameters: nothing of it is ever part of a command.
constexpr const char* kScript =
    "SMTPSPEC_TOKEN=$1 SMTPSPEC_RECIPIENT=$2\n"
    "export SMTPSPEC_TOKEN SMTPSPEC_RECIPIENT\n"
    "exec /bin/sh -c \"$3\"\n";

std::string last_line(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  const std::size_t before = text.rfind('\n');
  return std::string(last_octets(before == std::string_view::npos ? text : text.substr(before + 1), 200));
}

// The whole stdout of a process.
class Pipe : public std::enable_shared_from_this<Pipe> {
 public:
  explicit Pipe(transport::EventLoop& loop) : read_end_(loop.implementation().context) {}

  // The write end, -1 if there are no descriptors left.
  int open() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return -1;
    read_end_.assign(ends[0]);
    read_end_.non_blocking(true);
    return ends[1];
  }
  // Waits and then reads, in one turn: of what is read by the loop and has not had its turn, drained() would know
  // nothing.
  void read(std::function<void()> on_too_much) {
    read_end_.async_wait(
        asio::posix::stream_descriptor::wait_read, [self = shared_from_this(), on_too_much](const ErrorCode& error) {
          if (error || !self->read_end_.is_open()) return;
          const ssize_t count = ::read(self->read_end_.native_handle(), self->buffer_, sizeof self->buffer_);
          if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) return;
          self->octets_.append(self->buffer_, static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
          if (self->octets_.size() <= kMaxCommandOctets) return self->read(on_too_much);
          on_too_much();
        });
  }
  void close() {
    ErrorCode ignored;
    read_end_.close(ignored);
  }
  // With what is in the pipe at this moment, but had no turn yet.
  std::string drained() {
    for (;;) {
      const ssize_t count = ::read(read_end_.native_handle(), buffer_, sizeof buffer_);
      if (count <= 0 || octets_.size() > kMaxCommandOctets) return std::move(octets_);
      octets_.append(buffer_, static_cast<std::size_t>(count));
    }
  }

 private:
  asio::posix::stream_descriptor read_end_;
  std::string octets_;
  char buffer_[kReadOctets];
};

class Process {
 public:
  Process(transport::EventLoop& loop, const std::string& command, const MailQuery& query,
          std::function<void(const Output&)> callback)
      : pipe_(std::make_shared<Pipe>(loop)), errors_(loop), callback_(std::move(callback)) {
    begin(loop, command, query);
  }
  ~Process() { pipe_->close(); }

 private:
  void begin(transport::EventLoop& loop, const std::string& command, const MailQuery& query) {
    LaunchOptions options;
    options.arguments = {"-c", kScript, "smtpspec-mailbox", query.token, query.recipient, command};
    options.output = pipe_->open();
    options.error = errors_.write_end();
    const int write_end = options.output;
    if (write_end < 0) return fail_later(loop, "no pipe for the mailbox command");
    auto started = ChildProcess::launch(loop, options, [this](int status) { ended(status); });
    ::close(write_end);
    if (!started) return fail_later(loop, started.error());
    process_ = std::move(*started);
    pipe_->read([this] {
      callback_(base::make_unexpected("the mailbox command printed more than " + std::to_string(kMaxCommandOctets) +
                                      " octets"));
    });
    timeout_ = loop.call_after(kMaxCommandTime, [this] {
      callback_(base::make_unexpected(std::string("the mailbox command did not end in time")));
    });
  }
  void fail_later(transport::EventLoop& loop, std::string reason) {
    timeout_ = loop.call_after(0ms, [this, reason] { callback_(base::make_unexpected(reason)); });
  }
  void ended(int status) {
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
      std::string octets = pipe_->drained();
      if (octets.size() <= kMaxCommandOctets) return callback_(std::move(octets));
      return callback_(base::make_unexpected("the mailbox command printed more than " +
                                             std::to_string(kMaxCommandOctets) + " octets"));
    }
    const std::string how = WIFEXITED(status) ? "ended with exit code " + std::to_string(WEXITSTATUS(status))
                                              : "was ended by signal " + std::to_string(WTERMSIG(status));
    const std::string said = last_line(errors_.drained().text());
    callback_(base::make_unexpected("the mailbox command " + how + (said.empty() ? "" : ": " + said)));
  }

  std::shared_ptr<Pipe> pipe_;
  OutputCapture errors_;
  std::function<void(const Output&)> callback_;
  std::unique_ptr<ChildProcess> process_;
  transport::Timer timeout_;
};

bool begins_with_field(std::string_view text) {
  const std::size_t end = text.find_first_of(": \t\r\n");
  return end != 0 && end != std::string_view::npos && text[end] == ':';
}

// A command may forget to quote the lines of a text that begin with "From ": what stands behind such a line looks like
// a message, without a header.
bool may_be_cut(const MessageIndex& index, std::size_t number) {
  if (number + 1 >= index.size()) return false;
  const auto next = index.messages({number + 1});
  return next && !begins_with_field(next->front().octets);
}

// Of what is no mbox it cannot be known where one message ends.
MailboxAnswer messages_in(const std::string& octets, const std::string& token, int at_least) {
  MessageIndex index;
  if (is_mbox(octets)) {
    MboxReader reader;
    reader.feed(octets, index);
    reader.finish(index);
  } else if (!octets.empty()) {
    index.add(from_file(octets));
  }
  const auto found = index.find(token, 0);
  if (at_least > 1 && !found.empty() && !is_mbox(octets))
    return base::make_unexpected(std::string(
        "the mailbox command printed a text that is no mbox, where several messages are looked for: one and "
        "several look the same there"));
  if (std::any_of(found.begin(), found.end(), [&](std::size_t number) { return may_be_cut(index, number); }))
    return base::make_unexpected(std::string(
        "the mailbox command printed an mbox in which what follows the message has no header: a line of its "
        "text that begins with \"From \" seems not to be quoted"));
  return index.messages(found);
}

class CommandMailbox final : public Mailbox {
 public:
  CommandMailbox(transport::EventLoop& loop, std::string command) : loop_(loop), command_(std::move(command)) {}

  void fetch(MailQuery query, std::function<void(const MailboxAnswer&)> callback) override {
    const auto one = asked_.emplace(asked_.end());
    one->query = std::move(query);
    if (one->query.deadline <= loop_.now()) {
      one->query.deadline = loop_.now() + kTimeToCount;
      one->is_count = true;
    }
    one->callback = std::move(callback);
    one->timer = loop_.call_after(0ms, [this, one] { begin(one); });
    one->at_deadline = loop_.call_at(one->query.deadline, [this, one] { end(one); });
  }

 private:
  struct Asked {
    MailQuery query;
    std::function<void(const MailboxAnswer&)> callback;
    std::optional<MailboxAnswer> latest;  // what the latest process came to
    std::unique_ptr<Process> process;
    bool is_waiting = false;  // for its turn
    bool is_count = false;    // it may not take time: one process is enough
    transport::Timer timer;
    transport::Timer at_deadline;
  };
  using Place = std::list<Asked>::iterator;

  void begin(Place one) {
    one->is_waiting = processes_ >= kMaxCommandProcesses;
    if (one->is_waiting) return;
    ++processes_;
    one->process = std::make_unique<Process>(loop_, command_, one->query, [this, one](const Output& output) {
      one->latest =
          output ? messages_in(*output, one->query.token, one->query.at_least) : base::make_unexpected(output.error());
      // Not from inside the process's own call: it is about to go.
      one->timer = loop_.call_after(0ms, [this, one] { process_ended(one); });
    });
  }

  void process_ended(Place one) {
    end_process(*one);
    if (one->is_count) return end(one);
    if (*one->latest && static_cast<int>((*one->latest)->size()) >= one->query.at_least) return end(one);
    one->timer = loop_.call_after(kPauseBetweenCommands, [this, one] { begin(one); });
  }

  void end_process(Asked& one) {
    if (!one.process) return;
    one.process.reset();
    --processes_;
    const auto next = std::find_if(asked_.begin(), asked_.end(), [](const Asked& other) { return other.is_waiting; });
    if (next == asked_.end()) return;
    next->is_waiting = false;
    next->timer = loop_.call_after(0ms, [this, next] { begin(next); });
  }

  void end(Place one) {
    one->is_waiting = false;
    end_process(*one);
    const auto callback = std::move(one->callback);
    const MailboxAnswer answer = one->latest.value_or(
        base::make_unexpected(std::string("the mailbox command did not end before the message was due")));
    asked_.erase(one);
    callback(answer);
  }

  transport::EventLoop& loop_;
  std::string command_;
  std::list<Asked> asked_;
  int processes_ = 0;
};

}  // namespace

std::unique_ptr<Mailbox> make_command_mailbox(transport::EventLoop& loop, std::string command) {
  return std::make_unique<CommandMailbox>(loop, std::move(command));
}

}  // namespace smtpspec::target
