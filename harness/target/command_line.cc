#include "harness/target/command_line.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "harness/base/octets.h"

namespace smtpspec::target {

namespace {

std::string shell_word(std::string_view value) {
  constexpr std::string_view kHarmless = "/._-+=:,@%";
  bool is_harmless = !value.empty();
  for (char c : value) is_harmless = is_harmless && (base::is_alnum(c) || kHarmless.find(c) != std::string_view::npos);
  if (is_harmless) return std::string(value);
  std::string word = "'";
  for (char c : value) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string placeholder_of(std::string_view name) { return "{" + std::string(name) + "}"; }

}  // namespace

bool asks_for(std::string_view command, std::string_view name) {
  return command.find(placeholder_of(name)) != std::string_view::npos;
}

std::string fill_in(std::string_view command, std::string_view name, std::string_view value) {
  const std::string placeholder = placeholder_of(name);
  const std::string word = shell_word(value);
  std::string filled;
  for (std::size_t from = 0;;) {
    const std::size_t found = command.find(placeholder, from);
    filled += command.substr(from, found - from);
    if (found == std::string_view::npos) return filled;
    filled += word;
    from = found + placeholder.size();
  }
}

std::uint16_t free_port() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return 0;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool is_bound = ::bind(descriptor, generic, size) == 0 && ::getsockname(descriptor, generic, &size) == 0;
  ::close(descriptor);
  return is_bound ? ntohs(address.sin_port) : std::uint16_t{0};
}

ScratchFolder::ScratchFolder() {
  std::error_code error;
  std::filesystem::path parent = std::filesystem::temp_directory_path(error);
  if (error) parent = "/tmp";
  std::string pattern = (parent / "smtpspec-XXXXXX").string();
  if (::mkdtemp(pattern.data())) path_ = pattern;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace smtpspec::target
