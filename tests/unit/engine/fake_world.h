// Plays a conversation against a server that is a function from lines to replies, without sockets and without waiting.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/engine/conversation.h"
#include "harness/scenario/catalogue.h"
#include "harness/scenario/load.h"

namespace smtpspec::engine {

// What goes wrong with the action of that number, counted from 0.
enum class Trouble { none, time_out, reset, close, garbage, split };

// Replies to whole lines; DATA content is swallowed up to its terminator.
class FakeServer {
 public:
  FakeServer();
  std::string greeting = "220 mail.example.org ESMTP\r\n";
  // Octets for a command line (without CRLF); by default those of a plain server with PIPELINING.
  std::function<std::string(const std::string& line)> answer;
  std::string end_of_data = "250 2.0.0 taken\r\n";
  bool closes_after_quit = true;
  TlsUp tls{13, "TLSv1.3", "", false, true, true};
  std::optional<TlsFailed> tls_failure;           // in place of every handshake
  bool is_end_notified = false;                   // by close_notify
  std::vector<verdict::StoredMessage> mailbox;    // empty: it cannot be read
  std::vector<verdict::StoredMessage> late_mail;  // comes into it during the first pause
  std::string hello;                              // that its role is greeted by; empty: nobody says
  bool demands_auth = false;                      // by its profile

  std::string feed(std::string_view octets);
  bool wants_close() const { return wants_close_; }

 private:
  std::string line_;
  bool in_data_ = false;
  bool wants_close_ = false;
};

std::string plain_answer(const std::string& line);

// What the profile promises of retries.
inline constexpr base::Microseconds kRetryTime{5'000'000};

struct Played {
  verdict::ScenarioResult result;
  int actions = 0;
  std::string sent;  // everything the client sent, on all connections
  struct Question {
    std::string recipient;
    base::Microseconds patience{0};  // from the question to its deadline
  };
  std::vector<Question> asked_for{};  // of the mailbox
  ReplyForm reply_form;
};

// A catalogue of made-up ids: RFC1-1-01 and RFC1-1-02 are MUST, RFC1-2-01 SHOULD, RFC1-3-01 MAY, RFC1-4-01 GRAMMAR.
const scenario::Catalogue& test_catalogue();

// Loads `text` (one scenario; a failing load fails the test), plays it and concludes. Trouble strikes at action number
// `trouble_at`.
Played play(std::string_view text, FakeServer server = {}, Trouble trouble = Trouble::none, int trouble_at = -1);

}  // namespace smtpspec::engine
