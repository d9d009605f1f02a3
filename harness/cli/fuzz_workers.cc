#include "harness/cli/fuzz_workers.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/verdict/gate.h"

namespace smtpspec::cli {
namespace {

struct Worker {
  pid_t id = -1;
  int pipe = -1;  // -1: it has said all
  std::string heard;
  fuzz::Status status;
};

volatile std::sig_atomic_t asked_to_end = 0;

void ask_to_end(int) { asked_to_end = 1; }

void end_all(const std::vector<Worker>& workers) {
  for (const Worker& one : workers)
    if (one.pipe >= 0) kill(one.id, SIGTERM);
}

[[noreturn]] void be_worker(const Workers& workers, std::size_t index, int pipe, pid_t parent) {
  // A worker whose parent is killed comes to its end as if it had been asked to.
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(verdict::kExitUnavailable);
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  std::signal(SIGPIPE, SIG_IGN);
  _exit(workers.work(index, [pipe](const fuzz::Word& word) {
    const std::string line = fuzz::encode_word(word);
    std::string_view left = line;
    while (!left.empty()) {
      const ssize_t written = write(pipe, left.data(), left.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return false;
      left.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }));
}

// False: they shall all end.
bool take(const Workers& workers, Worker& worker, const std::string& line) {
  const auto word = fuzz::decode_word(line);
  if (!word) return true;
  if (const auto* found = std::get_if<fuzz::Found>(&*word)) return workers.on_found(*found);
  if (const auto* trouble = std::get_if<fuzz::Trouble>(&*word)) workers.on_trouble(trouble->text);
  if (const auto* status = std::get_if<fuzz::Status>(&*word)) worker.status = *status;
  return true;
}

bool listen_to(const Workers& workers, Worker& worker) {
  char buffer[16 * 1024];
  const ssize_t count = read(worker.pipe, buffer, sizeof buffer);
  if (count < 0 && errno == EINTR) return true;
  if (count <= 0) {
    close(worker.pipe);
    worker.pipe = -1;
    return true;
  }
  worker.heard.append(buffer, static_cast<std::size_t>(count));
  bool goes_on = true;
  for (std::size_t end = worker.heard.find('\n'); end != std::string::npos; end = worker.heard.find('\n')) {
    goes_on = take(workers, worker, worker.heard.substr(0, end)) && goes_on;
    worker.heard.erase(0, end + 1);
  }
  return goes_on;
}

void tell_status(const Workers& workers, const std::vector<Worker>& all) {
  std::vector<fuzz::Status> each;
  for (const Worker& one : all) each.push_back(one.status);
  workers.on_status(fuzz::together(each));
}

void listen_to_all(const Workers& workers, std::vector<Worker>& all) {
  bool is_ending = false;
  while (true) {
    std::vector<pollfd> pipes;
    for (const Worker& one : all) pipes.push_back({one.pipe, POLLIN, 0});
    if (std::all_of(pipes.begin(), pipes.end(), [](const pollfd& one) { return one.fd < 0; })) return;
    if (poll(pipes.data(), pipes.size(), 1000) < 0 && errno != EINTR) return;
    bool goes_on = asked_to_end == 0;
    for (std::size_t i = 0; i < pipes.size(); ++i)
      if (pipes[i].fd >= 0 && pipes[i].revents != 0) goes_on = listen_to(workers, all[i]) && goes_on;
    tell_status(workers, all);
    if (!goes_on && !is_ending) end_all(all);
    is_ending = is_ending || !goes_on;
  }
}

}  // namespace

base::Result<int, std::string> run_workers(const Workers& workers) {
  std::vector<Worker> all;
  const pid_t parent = getpid();
  for (std::size_t index = 0; index < workers.count; ++index) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return base::make_unexpected(std::string(std::strerror(errno)));
    const pid_t child = fork();
    if (child < 0) return base::make_unexpected(std::string(std::strerror(errno)));
    if (child == 0) {
      close(ends[0]);
      for (const Worker& one : all) close(one.pipe);
      be_worker(workers, index, ends[1], parent);
    }
    close(ends[1]);
    all.push_back({child, ends[0], {}, {}});
  }
  struct sigaction asked {};
  asked.sa_handler = ask_to_end;
  sigaction(SIGINT, &asked, nullptr);
  sigaction(SIGTERM, &asked, nullptr);
  listen_to_all(workers, all);
  int worst = 0;
  for (const Worker& one : all) {
    int status = 0;
    while (waitpid(one.id, &status, 0) < 0 && errno == EINTR) continue;
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : verdict::kExitUnavailable;
    if (code != verdict::kExitGateMet && code != verdict::kExitFail) worst = code;
  }
  return worst;
}

}  // namespace smtpspec::cli
