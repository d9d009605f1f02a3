#include "tiny_smtp.h"

#include <cctype>
#include <cstring>
#include <utility>

namespace {

bool starts_with(const std::string& line, const char* word) {
  for (std::size_t i = 0; word[i] != '\0'; ++i)
    if (i >= line.size() || std::toupper(static_cast<unsigned char>(line[i])) != word[i]) return false;
  return true;
}

bool is_command(const std::string& line, const char* word) {
  return starts_with(line, word) && (line.size() == std::strlen(word) || line[std::strlen(word)] == ' ');
}

}  // namespace

bool read_path(const std::string& line, const char* prefix, char (&path)[256]) {
  if (!starts_with(line, prefix)) return false;
  const std::size_t begin = std::strlen(prefix);
  const std::size_t end = line.find('>', begin);
  if (begin >= line.size() || line[begin] != '<' || end == std::string::npos) return false;
  const std::size_t count = end - begin - 1;
#ifndef TINY_LONG_NAME_OVERFLOWS
  if (count >= sizeof path) return false;
#endif
  std::memcpy(path, line.data() + begin + 1, count);
  path[count] = '\0';
  return true;
}

TinySession::TinySession(std::function<void(const std::string&)> reply) : reply_(std::move(reply)) {
  reply_("220 tiny.example ready");
}

void TinySession::feed(const char* octets, std::size_t count) {
  buffer_.append(octets, count);
  for (std::size_t end = buffer_.find("\r\n"); end != std::string::npos && !is_over_; end = buffer_.find("\r\n")) {
    const std::string line = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    if (is_in_message_) take_line_of_message(line);
    else obey(line);
  }
}

void TinySession::take_line_of_message(const std::string& line) {
  if (line != ".") return;
  is_in_message_ = has_sender_ = false;
  recipients_.clear();
  reply_("250 taken");
}

void TinySession::obey(const std::string& line) {
  char path[256];
  if (is_command(line, "HELO") || is_command(line, "EHLO")) {
    has_sender_ = false;
    recipients_.clear();
    reply_("250 tiny.example");
  } else if (starts_with(line, "MAIL FROM:")) {
    if (has_sender_) return reply_("503 one sender at a time");
    if (!read_path(line, "MAIL FROM:", path)) return reply_("501 no path");
    has_sender_ = true;
    reply_("250 sender taken");
  } else if (starts_with(line, "RCPT TO:")) {
    if (!has_sender_) return reply_("503 MAIL first");
    if (!read_path(line, "RCPT TO:", path)) return reply_("501 no path");
    if (recipients_.size() == 100) return reply_("452 too many");
    recipients_.emplace_back(path);
    reply_("250 recipient taken");
  } else if (is_command(line, "DATA")) {
    if (recipients_.empty()) return reply_("503 RCPT first");
    is_in_message_ = true;
    reply_("354 go on");
  } else if (is_command(line, "RSET")) {
    has_sender_ = false;
#ifndef TINY_RSET_KEEPS_RECIPIENTS
    recipients_.clear();
#endif
    reply_("250 forgotten");
  } else if (is_command(line, "NOOP")) {
    reply_("250 yes");
  } else if (is_command(line, "QUIT")) {
    is_over_ = true;
    reply_("221 bye");
  } else {
    reply_("500 what?");
  }
}
