#include "fuzz/oracles/judge.h"

#include <algorithm>
#include <array>

#include "harness/base/octets.h"

namespace smtpspec::fuzz {

namespace {

using wire::Verb;

struct OracleInfo {
  Oracle oracle;
  std::string_view name;
  std::string_view expectation;
};

constexpr std::array kOracles{
    OracleInfo{Oracle::server_died, "server-died", "The server survives whatever a client says"},
    OracleInfo{Oracle::child_died, "child-died", "A connection ends with a reply that says so"},
    OracleInfo{Oracle::closed_unasked, "closed-unasked", "A connection stays open behind an error"},
    OracleInfo{Oracle::hang, "hang", "The server answers or closes once the client has said all"},
    OracleInfo{Oracle::malformed_reply, "malformed-reply", "Every reply has the form of RFC 5321 §4.2"},
    OracleInfo{Oracle::lost_reply, "lost-reply", "Every command has its reply"},
    OracleInfo{Oracle::extra_reply, "extra-reply", "No command has more replies than it is due"},
    OracleInfo{Oracle::smuggled, "smuggled", "Only CRLF.CRLF ends a message"},
    OracleInfo{Oracle::answered_in_tls, "answered-in-tls",
               "What stood in clear behind STARTTLS is not answered in TLS"},
    OracleInfo{Oracle::state_kept, "state-kept", "What was taken back is gone"},
    OracleInfo{Oracle::out_of_sequence, "out-of-sequence", "RCPT without MAIL is refused"},
    OracleInfo{Oracle::size_ignored, "size-ignored", "A message over the advertised size is refused"},
    OracleInfo{Oracle::differs, "differs", "Where the RFCs leave no choice, two servers say the same"},
    OracleInfo{Oracle::memory_growth, "memory-growth", "Memory does not grow with the number of sessions"}};

// From the third refusal on servers close as they please; 554 to a greeting and 52x say why they do.
constexpr std::size_t kRefusalsBeforeClose = 3;

bool is_farewell(int code) { return code == 421 || code == 221 || code == 521 || code == 523 || code == 554; }

std::string shown(const Dialogue& dialogue, const Turn& turn) {
  const std::string_view text = dialogue.text_of(turn).substr(0, 60);
  switch (turn.kind) {
    case TurnKind::greeting:
      return "the connection itself";
    case TurnKind::command:
    case TurnKind::chunk:
      return "'" + base::escape(text) + "'";
    case TurnKind::body:
      return "the message";
    case TurnKind::sasl:
      return "a line of AUTH";
  }
  return {};
}

// What a server's process has written is shown to people, and holds what it likes. Its lines stay lines.
std::string printable(std::string_view text) {
  std::string shown;
  while (true) {
    const std::size_t end = text.find('\n');
    shown += base::escape(text.substr(0, end));
    if (end == std::string_view::npos) return shown;
    shown += '\n';
    text.remove_prefix(end + 1);
  }
}

std::string verb_of(const Turn& turn) {
  switch (turn.kind) {
    case TurnKind::greeting:
      return "greeting";
    case TurnKind::body:
      return "message";
    case TurnKind::sasl:
      return "sasl";
    case TurnKind::command:
    case TurnKind::chunk:
      return std::string(wire::to_string(turn.verb));
  }
  return {};
}

// One line, the same for the same fault: of a sanitizer's report its summary, for the first line has addresses in it.
std::string kind_of_death(std::string_view death) {
  const std::size_t summary = death.find("\nSUMMARY: ");
  if (summary != std::string_view::npos) death.remove_prefix(summary + 1);
  return std::string(death.substr(0, death.find('\n')));
}

class Judge {
 public:
  explicit Judge(const Talk& talk) : talk_(talk) {}

  std::vector<Finding> run() {
    if (!talk_.death.empty()) {
      std::string where = "idle";
      for (const ConnectionTalk& one : talk_.connections)
        if (one.dialogue.unanswered() > 0) where = verb_of(one.dialogue.turns().back());
      found(Oracle::server_died, kind_of_death(talk_.death) + " at " + where, printable(talk_.death));
    }
    for (const ConnectionTalk& one : talk_.connections) judge(one);
    std::stable_sort(findings_.begin(), findings_.end(),
                     [](const Finding& a, const Finding& b) { return a.oracle < b.oracle; });
    return std::move(findings_);
  }

 private:
  void found(Oracle oracle, std::string key, std::string evidence, std::optional<std::size_t> step = {},
             std::string demand = {}) {
    findings_.push_back({oracle, std::move(key), std::move(evidence), step, std::move(demand)});
  }

  void judge(const ConnectionTalk& one) {
    look_at_form(one);
    look_at_state(one);
    if (one.has_tls_trouble || one.end == End::failed || !talk_.death.empty()) return;
    look_at_end(one);
    look_at_count(one);
  }

  // RFC 5321 §4.2. A server that repeats what it was told may say octets that it was told: only those that no reply may
  // hold count, and eight bits only before SMTPUTF8 (RFC 6531 §3.7.4).
  void look_at_form(const ConnectionTalk& one) {
    for (const wire::Reply& reply : one.replies) {
      for (const wire::Deviation& deviation : reply.deviations) {
        switch (deviation.kind) {
          case wire::ReplyDeviation::bare_lf:
          case wire::ReplyDeviation::bare_cr:
          case wire::ReplyDeviation::code_changes:
          case wire::ReplyDeviation::non_digit_code:
          case wire::ReplyDeviation::code_out_of_range:
          case wire::ReplyDeviation::missing_separator:
          case wire::ReplyDeviation::line_too_long:
          case wire::ReplyDeviation::reply_too_long:
          case wire::ReplyDeviation::nul_octet:
          case wire::ReplyDeviation::control_octet:
            found(
                Oracle::malformed_reply,
                std::string(wire::to_string(deviation.kind)) + " in " + std::to_string(reply.code),
                std::string(wire::to_string(deviation.kind)) + " in '" + base::escape(reply.raw.substr(0, 200)) + "'");
            break;
          case wire::ReplyDeviation::missing_text_space:
          case wire::ReplyDeviation::eight_bit:
          case wire::ReplyDeviation::enhanced_class_disagrees:
          case wire::ReplyDeviation::enhanced_on_intermediate:
            break;
        }
      }
    }
  }

  void look_at_state(const ConnectionTalk& one) {
    // With a reply too many it is not known which of them answers what, and where a message has what looks like its
    // end, not what came of the rest of it.
    const bool may_have_shifted = one.dialogue.surplus() > 0 || one.dialogue.has_look_alike();
    if (!one.dialogue.is_sure() || may_have_shifted) return;
    for (const Turn& turn : one.dialogue.turns()) {
      const Standing& before = turn.before;
      const bool is_granted = turn.code / 100 == 2;
      // What takes a transaction back and is no command is a message (RFC 5321 §4.1.1.4).
      const std::string by(before.reset_by == Verb::unknown ? "a message" : wire::to_string(before.reset_by));
      if (turn.verb == Verb::rcpt && is_granted && !before.has_mail) {
        if (before.reset_had_mail)
          found(Oracle::state_kept, "RCPT after " + by,
                shown(one.dialogue, turn) + " is granted behind " + by + " without a new MAIL", turn.step, "not 2xx");
        else
          found(Oracle::out_of_sequence, "RCPT", shown(one.dialogue, turn) + " is granted without MAIL", turn.step,
                "not 2xx");
      }
      // To grant DATA where all recipients were refused is allowed; where they were taken back it is not.
      if (turn.verb == Verb::data && turn.code == 354 && before.recipients == 0 && before.reset_recipients > 0 &&
          before.reset_by != Verb::unknown)
        found(Oracle::state_kept, "DATA after " + by, "DATA is granted behind " + by + " without a new recipient",
              turn.step, "not 354");
    }
    const auto size = one.dialogue.advertised_size();
    if (!size || *size == 0) return;
    for (const Turn& turn : one.dialogue.turns())
      if (turn.kind == TurnKind::body && turn.octets > *size && turn.code / 100 == 2)
        found(Oracle::size_ignored, "message",
              "a message of " + std::to_string(turn.octets) + " octets is accepted, SIZE says " + std::to_string(*size),
              turn.step, "not 2xx");
  }

  void look_at_end(const ConnectionTalk& one) {
    const Dialogue& dialogue = one.dialogue;
    if (dialogue.may_wait()) return;
    if (one.end == End::silent) {
      // What it has taken for DATA or AUTH, it reads on in.
      if (!dialogue.is_sure() && dialogue.last_code() / 100 == 3) return;
      const Turn& last = dialogue.turns().back();
      const std::string at = dialogue.owes_reply() ? verb_of(last) : "end";
      found(Oracle::hang, at,
            dialogue.owes_reply() ? "no reply to " + shown(dialogue, last) + ", and the connection stays open"
                                  : "the connection stays open after the client's end");
      return;
    }
    if (dialogue.unanswered() == 0 || dialogue.is_over() || one.has_half_closed) return;
    if (dialogue.refusals() >= kRefusalsBeforeClose || is_farewell(dialogue.last_code())) return;
    // Who closes with octets unread resets the connection (RFC 1122 §4.2.2.13), and a reset may overtake the reply.
    // Where all is said at once nothing else can be seen, and what waits will show it.
    if (talk_.is_lock_step && one.end == End::reset && dialogue.unanswered() > 1) return;
    const auto& turns = dialogue.turns();
    const Turn& last = turns.back();
    const int code = dialogue.last_code();
    if (code / 100 != 5) {
      found(Oracle::child_died, verb_of(last), "the connection ends without a reply to " + shown(dialogue, last));
      return;
    }
    // Who refuses STARTTLS and what stood behind it in the same write may well think this an attack.
    const auto refused = std::find_if(turns.rbegin(), turns.rend(), [](const Turn& turn) { return turn.replies > 0; });
    if (refused != turns.rend() && refused->verb == Verb::starttls) return;
    found(
        Oracle::closed_unasked, std::to_string(code),
        "the connection ends behind a " + std::to_string(code) + ", and " + shown(dialogue, last) + " is not answered");
  }

  void look_at_count(const ConnectionTalk& one) {
    const Dialogue& dialogue = one.dialogue;
    if (!dialogue.is_sure()) return;
    if (dialogue.answers_the_end()) return;
    if (dialogue.surplus() > 0) {
      const std::string count = std::to_string(dialogue.surplus()) + " more than are due";
      if (dialogue.injected_octets() > 0)
        found(Oracle::answered_in_tls, "starttls", "replies behind STARTTLS: " + count);
      else if (dialogue.has_look_alike()) found(Oracle::smuggled, "message", "replies behind a message: " + count);
      else found(Oracle::extra_reply, suspect(dialogue), "replies: " + count);
      return;
    }
    if (dialogue.has_unasked_farewell()) return;
    // A farewell that was meant for QUIT and stands where another command's reply should.
    for (const Turn& turn : dialogue.turns())
      if (turn.code == 221 && turn.verb != Verb::quit && !may_mean_farewell(turn, dialogue) &&
          dialogue.unanswered() > 0)
        found(Oracle::lost_reply, suspect(dialogue), "QUIT is answered, and one command before it is not");
  }

  // A server may read QUIT in what is none to us, "QUIT\t" say; and where all is said at once, have a word of its own
  // for it.
  bool may_mean_farewell(const Turn& turn, const Dialogue& dialogue) const {
    if (turn.verb != Verb::unknown || turn.kind == TurnKind::body) return false;
    return !talk_.is_lock_step || base::to_upper(dialogue.text_of(turn)).find("QUIT") != std::string::npos;
  }

  // The command whose reply looks least like its own: where counting went wrong is a guess, what is named must only be
  // the same for the same fault.
  static std::string suspect(const Dialogue& dialogue) {
    for (const Turn& turn : dialogue.turns()) {
      const int code = turn.code;
      if (turn.verb == Verb::data && code / 100 == 2) return "before DATA";
      if (turn.verb == Verb::quit && code != 221 && code >= 0) return "before QUIT";
      if (turn.kind == TurnKind::body && code == 354) return "DATA";
    }
    return "somewhere";
  }

  const Talk& talk_;
  std::vector<Finding> findings_;
};

}  // namespace

std::string_view to_string(Oracle oracle) { return kOracles[static_cast<std::size_t>(oracle)].name; }

std::optional<Oracle> parse_oracle(std::string_view name) {
  for (const OracleInfo& one : kOracles)
    if (one.name == name) return one.oracle;
  return std::nullopt;
}

std::string_view expectation_of(Oracle oracle) { return kOracles[static_cast<std::size_t>(oracle)].expectation; }

std::vector<Finding> judge(const Talk& talk) { return Judge(talk).run(); }

bool is_suspicion(Oracle oracle) {
  switch (oracle) {
    case Oracle::child_died:
    case Oracle::closed_unasked:
    case Oracle::hang:
    case Oracle::lost_reply:
    case Oracle::extra_reply:
    case Oracle::smuggled:
    case Oracle::answered_in_tls:
    case Oracle::state_kept:
    case Oracle::out_of_sequence:
    case Oracle::size_ignored:
      return true;
    case Oracle::server_died:
    case Oracle::differs:
    case Oracle::malformed_reply:
    case Oracle::memory_growth:
      return false;
  }
  return false;
}

bool is_told_by_key(Oracle oracle) {
  return oracle == Oracle::malformed_reply || oracle == Oracle::differs || oracle == Oracle::closed_unasked ||
         oracle == Oracle::memory_growth;
}

}  // namespace smtpspec::fuzz
