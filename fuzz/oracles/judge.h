// What is wrong with a session: named oracles over what was said. Each has its evidence and the rule that keeps it from
// telling on a sound server. Pure. fuzz/README.md describes them for users.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/oracles/dialogue.h"
#include "harness/wire/reply.h"

namespace smtpspec::fuzz {

enum class Oracle {
  server_died,      // the process ended, or its sanitizer had something to say
  child_died,       // a connection ended with a reply owed, and no reply says why
  closed_unasked,   // it ended behind a refusal that does not say so (RFC 5321 §4.1.1.10)
  hang,             // we had said all, and the server neither answered nor closed
  malformed_reply,  // octets that are no reply by RFC 5321 §4.2
  lost_reply,       // a later command was answered, an earlier one was not
  extra_reply,      // more replies than commands
  smuggled,         // … and there was a message with something that looks like its end (RFC 5321 §4.1.1.4)
  answered_in_tls,  // … and there was something in clear behind STARTTLS (RFC 3207 §4.2)
  state_kept,       // what RSET, EHLO, STARTTLS or the message's end took back is still there
  out_of_sequence,  // RCPT without MAIL is granted (RFC 5321 §3.3)
  size_ignored,     // a message over the advertised SIZE is accepted (RFC 1870 §6.3)
  differs,          // another server's reply is right, and this one's cannot be
  memory_growth,    // resident memory grew without an end in sight
};
std::string_view to_string(Oracle oracle);
std::optional<Oracle> parse_oracle(std::string_view name);
// One sentence: what a sound server does.
std::string_view expectation_of(Oracle oracle);

enum class End {
  closed,  // FIN
  reset,   // RST
  silent,  // open, and nothing more came in the time allowed
  failed,  // on our side, or in TLS: proves nothing
};

struct ConnectionTalk {
  Dialogue dialogue;
  std::vector<wire::Reply> replies;  // a player may leave out those that do not deviate: oracles ask for no others
  std::string partial_reply;         // octets that were no whole reply when it ended
  End end = End::closed;
  bool has_half_closed = false;  // before its end
  bool has_tls_trouble = false;  // a handshake failed
};

struct Talk {
  std::vector<ConnectionTalk> connections;
  bool is_lock_step = false;
  std::string death;  // how the server's process ended, or its sanitizer's report; "" if it lives
};

struct Finding {
  Oracle oracle{};
  std::string key;       // the same for the same fault: what findings are told apart by
  std::string evidence;  // printable, one line; of a death, what the process has said as well
  // Which step's reply shows it, and what a scenario demands there.
  std::optional<std::size_t> step;
  std::string demand;
  bool operator==(const Finding&) const = default;
};

// In the order of the enumeration. Only what the mode can prove: what depends on the number of replies is a suspicion
// in a talk that was not in lock-step (is_suspicion()), to be played again in lock-step.
std::vector<Finding> judge(const Talk& talk);
bool is_suspicion(Oracle oracle);
// The finding's key says all by itself; of the others the smallest session that shows them is part of what they are.
bool is_told_by_key(Oracle oracle);

}  // namespace smtpspec::fuzz
