// A session that knows HELO, EHLO, MAIL, RCPT, DATA, RSET, NOOP, QUIT, and delivers nothing.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

class TinySession {
 public:
  explicit TinySession(std::function<void(const std::string&)> reply);
  void feed(const char* octets, std::size_t count);
  bool is_over() const { return is_over_; }

 private:
  void obey(const std::string& line);
  void take_line_of_message(const std::string& line);

  std::function<void(const std::string&)> reply_;
  std::string buffer_;
  bool is_over_ = false;
  bool is_in_message_ = false;
  bool has_sender_ = false;
  std::vector<std::string> recipients_;
};

// The path between < and > of "MAIL FROM:<…>" or "RCPT TO:<…>"; false: there is none.
bool read_path(const std::string& line, const char* prefix, char (&path)[256]);
