#include "harness/wire/dot_stuffing.h"

#include <algorithm>
#include <cstring>

namespace smtpspec::wire {
namespace {

constexpr std::size_t kStretchOctets = 32 * 1024;  // looked at, scanned and copied while it is in the cache

// Behind the first CRLF that lies in `octets` from `from` on and is followed by a dot or by the end; npos: there is
// none.
std::size_t behind_next_line_end(std::string_view octets, std::size_t from) {
  for (std::size_t at = from; at < octets.size();) {
    const void* found = std::memchr(octets.data() + at, '\n', octets.size() - at);
    if (!found) break;
    const auto lf = static_cast<std::size_t>(static_cast<const char*>(found) - octets.data());
    at = lf + 1;
    if (lf > from && octets[lf - 1] == '\r' && (at == octets.size() || octets[at] == '.')) return at;
  }
  return std::string_view::npos;
}

}  // namespace

std::string stuff(std::string_view message) {
  std::string out;
  out.reserve(message.size() + message.size() / 64 + 1);
  append_stuffed(out, message);
  return out;
}

void append_stuffed(std::string& out, std::string_view message) {
  std::size_t begin = 0;
  if (message.starts_with('.')) out += '.';
  while (begin < message.size()) {
    const std::size_t line = std::min(behind_next_line_end(message, begin), message.size());
    out.append(message, begin, line - begin);
    if (line < message.size()) out += '.';
    begin = line;
  }
}

std::size_t DataDecoder::feed(std::string_view octets, std::string& message) {
  std::size_t at = 0;
  while (at < octets.size() && state_ != State::complete) {
    const char octet = octets[at];
    switch (state_) {
      case State::line_start:
        if (octet == '.') ++at;
        state_ = octet == '.' ? State::dot : State::text;
        break;
      case State::dot:
        if (octet == '\r') ++at;
        state_ = octet == '\r' ? State::dot_cr : State::text;
        break;
      case State::dot_cr:
        if (octet == '\n') {
          ++at;
          state_ = State::complete;
        } else {
          emit("\r", message);
          state_ = State::text;
        }
        break;
      case State::text_cr:
        if (octet == '\n') emit(octets.substr(at++, 1), message);
        state_ = octet == '\n' ? State::line_start : State::text;
        break;
      case State::text: {
        const std::string_view stretch = octets.substr(at, kStretchOctets);
        const std::size_t line = behind_next_line_end(stretch, 0);
        const std::string_view text = stretch.substr(0, line);
        emit(text, message);
        at += text.size();
        if (line != std::string_view::npos) state_ = State::line_start;
        else if (text.ends_with('\r')) state_ = State::text_cr;
        break;
      }
      case State::complete:
        break;
    }
  }
  octets_taken_ += at;
  return at;
}

void DataDecoder::emit(std::string_view content, std::string& message) {
  scanner_.feed(content);
  message += content;
}

}  // namespace smtpspec::wire
