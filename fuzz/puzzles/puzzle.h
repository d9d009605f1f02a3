// A session of the reference server with one bug planted in front of it or in it, of a kind that real servers have had.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "harness/server/config.h"
#include "harness/server/environment.h"
#include "harness/server/session.h"

namespace smtpspec::fuzz {

enum class Plant {
  none,
  crash_behind_three,   // the process dies at a MAIL with a huge SIZE, behind EHLO and RSET
  child_crash,          // the same in a process that serves this connection alone
  overrun_line,         // the process dies at a command line that its buffer of 1,000 octets does not hold
  endless_parser,       // a quoted local-part without its end is read for ever
  split_verb,           // a write boundary within a verb costs a reply
  size_ignored,         // SIZE is advertised and not kept
  wrapped_length,       // BDAT's size is kept in 32 bits
  doubled_end_of_data,  // a message is answered twice
  leak,                 // each connection costs 8 KiB of memory for good
  kept_recipients,      // RSET does not take them back
  inherited_mail,       // a connection's open transaction is another's, too, once
  crash_behind_cut,     // the process dies at RSET, once a connection was cut off within a transaction
};

struct Puzzle {
  Plant plant;
  std::string_view name;
  bool is_forking = false;  // a process for each connection
};
std::span<const Puzzle> puzzles();
const Puzzle* find_puzzle(std::string_view name);

// Small limits, so that they are reached; no TLS.
server::Config puzzle_config(Plant plant);

enum class Fate { goes_on, crashes, hangs };

// What outlives a connection, and should not. Plain, so that it can stand in memory that processes share.
struct Kept {
  bool has_mail = false;
  bool was_cut_off = false;
};

class PuzzleSession {
 public:
  // `kept` outlives it.
  PuzzleSession(Plant plant, const server::Config& config, server::Environment& environment, Kept& kept);

  server::Output start() { return session_.start(); }
  // What the server would say; fate() tells whether it lives to say it.
  server::Output feed(std::string_view octets);
  void connection_lost();
  // The server's own end, behind QUIT. Nothing is taken back: the process of a connection that was over may end late.
  void ended() { kept_.has_mail = kept_.has_mail || (has_mail_ && !has_inherited_); }
  Fate fate() const { return fate_; }

 private:
  void read(std::string_view line);

  Plant plant_;
  Kept& kept_;
  server::Session session_;
  Fate fate_ = Fate::goes_on;
  std::string line_;  // that was begun
  bool has_greeted_ = false;
  bool has_reset_ = false;
  bool has_mail_ = false;  // and nothing has taken it back
  bool has_inherited_ = false;
  bool drops_reply_ = false;
};

}  // namespace smtpspec::fuzz
