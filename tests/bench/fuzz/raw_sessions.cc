#include "tests/bench/fuzz/raw_sessions.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace smtpspec::bench {
namespace {

struct Session {
  int socket = -1;
  const std::string* octets = nullptr;
  std::size_t sent = 0;
  bool is_greeted = false;
  bool has_said_all = false;
};

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::exit(1);
}

class Client {
 public:
  Client(std::uint16_t port, const std::vector<std::string>& sessions) : sessions_(sessions) {
    address_.sin_family = AF_INET;
    address_.sin_port = htons(port);
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (epoll_ < 0) give_up("epoll_create1");
  }
  ~Client() { close(epoll_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  RawResult run(int concurrency) {
    std::vector<Session> slots(static_cast<std::size_t>(concurrency));
    for (Session& slot : slots) start(slot);
    while (running_ > 0) {
      epoll_event events[64];
      const int count = epoll_wait(epoll_, events, 64, 30'000);
      if (count <= 0) give_up("epoll_wait");
      for (int i = 0; i < count; ++i) go_on(*static_cast<Session*>(events[i].data.ptr), events[i].events);
    }
    return result_;
  }

 private:
  void start(Session& slot) {
    if (next_ == sessions_.size()) return;
    slot = {};
    slot.octets = &sessions_[next_++];
    slot.socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(slot.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(slot.socket, reinterpret_cast<const sockaddr*>(&address_), sizeof address_) != 0 &&
        errno != EINPROGRESS)
      give_up("connect");
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &slot;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, slot.socket, &event) != 0) give_up("epoll_ctl");
    ++running_;
  }

  void go_on(Session& slot, std::uint32_t events) {
    if ((events & EPOLLOUT) != 0) talk(slot);
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0) return;
    while (true) {
      const ssize_t count = recv(slot.socket, buffer_, sizeof buffer_, 0);
      if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
      if (count <= 0) return end(slot);
      result_.octets += static_cast<std::uint64_t>(count);
      slot.is_greeted = true;
      if (!slot.has_said_all) talk(slot);
      if (static_cast<std::size_t>(count) < sizeof buffer_) return;
    }
  }

  void talk(Session& slot) {
    if (slot.has_said_all) return;
    const std::string& octets = *slot.octets;
    const ssize_t count = send(slot.socket, octets.data() + slot.sent, octets.size() - slot.sent, MSG_NOSIGNAL);
    if (count > 0) slot.sent += static_cast<std::size_t>(count);
    const bool is_gone = count < 0 && errno != EAGAIN && errno != EWOULDBLOCK;
    slot.has_said_all = is_gone || slot.sent == octets.size();
    if (slot.has_said_all) shutdown(slot.socket, SHUT_WR);
    epoll_event event{};
    event.events = slot.has_said_all ? EPOLLIN : EPOLLIN | EPOLLOUT;
    event.data.ptr = &slot;
    epoll_ctl(epoll_, EPOLL_CTL_MOD, slot.socket, &event);
  }

  void end(Session& slot) {
    close(slot.socket);
    --running_;
    ++result_.sessions;
    start(slot);
  }

  const std::vector<std::string>& sessions_;
  sockaddr_in address_{};
  int epoll_ = epoll_create1(EPOLL_CLOEXEC);
  std::size_t next_ = 0;
  int running_ = 0;
  RawResult result_;
  char buffer_[64 * 1024];
};

}  // namespace

RawResult run_raw_sessions(std::uint16_t port, const std::vector<std::string>& sessions, int concurrency) {
  const auto began = std::chrono::steady_clock::now();
  RawResult result = Client(port, sessions).run(concurrency);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return result;
}

}  // namespace smtpspec::bench
