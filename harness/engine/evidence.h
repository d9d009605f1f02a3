// The wire log of one conversation, bounded and without secrets.
#pragma once

#include <cstddef>
#include <utility>

#include "harness/engine/action.h"
#include "harness/engine/event.h"
#include "harness/engine/secrets.h"
#include "harness/verdict/wire_log.h"

namespace smtpspec::engine {

// More than this from a server within one scenario is not SMTP; the conversation is ended. It is that much, and more
// for each step that was played: a reply of several lines, 512 octets each (RFC 5321 §4.5.3.1.5), to each of many
// commands.
inline constexpr std::size_t kMaxServerOctets = 128 * 1024;
inline constexpr std::size_t kMaxServerOctetsPerStep = 1024;
inline constexpr std::size_t kMaxServerOctetsOfAll = 16 * 1024 * 1024;
// A longer send is kept by its beginning; the note tells how much is left out.
inline constexpr std::size_t kMaxLoggedSendOctets = 16 * 1024;
// So are the messages that a mailbox answered with, one behind the other.
inline constexpr std::size_t kMaxLoggedMailboxOctets = 64 * 1024;

class Evidence {
 public:
  // What the server may echo, and no report may show.
  void set_secrets(Secrets secrets) { secrets_ = std::move(secrets); }

  void record(const Action& action, base::Microseconds now, int line, bool is_secret);
  void record(const Event& event, int line);

  std::size_t server_octets() const { return server_octets_; }
  verdict::WireLog take();

 private:
  verdict::WireLog log_;
  Secrets secrets_;
  std::size_t server_octets_ = 0;
};

}  // namespace smtpspec::engine
