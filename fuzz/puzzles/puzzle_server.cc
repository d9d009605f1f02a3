// puzzle_server PUZZLE PORT: serves a puzzle on 127.0.0.1, each connection by a process of its own. Where the puzzle is
// not a forking server, the death of one is the death of all.
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <new>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include "fuzz/puzzles/puzzle.h"
#include "fuzz/targets/session_player.h"

namespace {

using namespace smtpspec;

bool write_all(int connection, std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t written = send(connection, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (written <= 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void suffer(fuzz::Fate fate) {
  if (fate == fuzz::Fate::crashes) {
    std::signal(SIGSEGV, SIG_DFL);
    std::raise(SIGSEGV);
  }
  while (fate == fuzz::Fate::hangs) pause();
}

void serve(int connection, const fuzz::Puzzle& puzzle, fuzz::Kept& kept) {
  const server::Config config = puzzle_config(puzzle.plant);
  fuzz::StillEnvironment environment;
  fuzz::PuzzleSession session(puzzle.plant, config, environment, kept);
  if (!write_all(connection, session.start().octets)) return;
  char buffer[16 * 1024];
  while (true) {
    const ssize_t count = recv(connection, buffer, sizeof buffer, 0);
    if (count <= 0) return session.connection_lost();
    const server::Output output = session.feed({buffer, static_cast<std::size_t>(count)});
    suffer(session.fate());
    if (!write_all(connection, output.octets)) return session.connection_lost();
    if (output.then != server::Then::keep_open) break;
  }
  session.ended();
  // What still comes is read, so that our last word does not become an RST.
  shutdown(connection, SHUT_WR);
  const timeval short_time{0, 200'000};
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &short_time, sizeof short_time);
  while (recv(connection, buffer, sizeof buffer, 0) > 0) continue;
}

bool is_forking = false;

void child_ended(int) {
  int status = 0;
  while (waitpid(-1, &status, WNOHANG) > 0) {
    if (is_forking || !WIFSIGNALED(status)) continue;
    std::signal(WTERMSIG(status), SIG_DFL);
    std::raise(WTERMSIG(status));
  }
}

int listen_on(std::uint16_t port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return -1;
  return listen(listener, 128) == 0 ? listener : -1;
}

}  // namespace

int main(int argc, char** argv) {
  const fuzz::Puzzle* puzzle = argc == 3 ? fuzz::find_puzzle(argv[1]) : nullptr;
  if (puzzle == nullptr) {
    std::cerr << "usage: puzzle_server PUZZLE PORT; there are:";
    for (const fuzz::Puzzle& one : fuzz::puzzles()) std::cerr << ' ' << one.name;
    std::cerr << '\n';
    return 3;
  }
  const int listener = listen_on(static_cast<std::uint16_t>(std::strtoul(argv[2], nullptr, 10)));
  if (listener < 0) {
    std::cerr << "puzzle_server: " << std::strerror(errno) << '\n';
    return 4;
  }
  is_forking = puzzle->is_forking;
  std::signal(SIGCHLD, child_ended);
  constexpr std::size_t kLeak = 8192;
  std::vector<std::string> leaked;
  void* const shared = mmap(nullptr, sizeof(fuzz::Kept), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return 4;
  auto* const kept = new (shared) fuzz::Kept;
  while (true) {
    const int connection = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    if (puzzle->plant == fuzz::Plant::leak) leaked.emplace_back(kLeak, 'x');
    const int on = 1;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const pid_t child = fork();
    if (child == 0) {
      close(listener);
      serve(connection, *puzzle, *kept);
      close(connection);
      _exit(0);
    }
    close(connection);
  }
}
