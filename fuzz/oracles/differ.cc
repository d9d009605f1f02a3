#include "fuzz/oracles/differ.h"

#include <algorithm>
#include <optional>

#include "harness/base/octets.h"
#include "harness/wire/command.h"

namespace smtpspec::fuzz {

namespace {

using wire::Verb;

// Behind so many refusals a server may refuse everything.
constexpr std::size_t kPatience = 3;

// One requirement that decides a reply, and what a scenario demands of it.
struct Rule {
  std::string_view requirement;
  std::string_view demand;
  std::string_view sentence;
};

// Not understood, or out of order: no policy speaks so.
bool is_misread(int code) { return code == 500 || code == 501 || code == 502 || code == 503 || code == 504; }

// What no server can have a reason to misread: short, letters and digits, two labels or more; and no parameter, whose
// meaning depends on what was offered.
bool is_plain_domain(std::string_view domain) {
  constexpr std::size_t kMostOctets = 64;
  return domain.size() <= kMostOctets && domain.find('.') != std::string_view::npos &&
         domain.find("..") == domain.npos && !domain.empty() && base::is_alnum(domain.front()) &&
         base::is_alpha(domain.back()) &&
         std::all_of(domain.begin(), domain.end(), [](char c) { return base::is_alnum(c) || c == '.'; });
}
bool is_plain_path(std::string_view argument, std::string_view prefix) {
  if (!base::starts_with_ignoring_case(argument, prefix)) return false;
  argument.remove_prefix(prefix.size());
  if (argument == "<>") return prefix == "FROM:";
  const std::size_t at = argument.find('@');
  if (at == std::string_view::npos || argument.size() < 2 || argument.front() != '<' || argument.back() != '>')
    return false;
  const std::string_view local = argument.substr(1, at - 1);
  return !local.empty() && std::all_of(local.begin(), local.end(), base::is_alnum) &&
         is_plain_domain(argument.substr(at + 1, argument.size() - at - 2));
}

// What was said before the turn.
struct Past {
  bool has_greeted = false;
  bool has_chunk = false;
  std::size_t refusals = 0;

  void add(const Turn& turn) {
    const bool is_greeting = turn.verb == Verb::ehlo || turn.verb == Verb::helo || turn.verb == Verb::lhlo;
    has_greeted = has_greeted || (is_greeting && turn.code / 100 == 2);
    has_chunk = has_chunk || turn.kind == TurnKind::chunk;
    refusals += turn.code / 100 == 5;
  }
};

// A command, the code it got, and what was said before.
struct Case {
  const Turn& turn;
  std::string_view text;
  std::string_view argument;
  int code;
  const Past& past;
  bool is_granted() const { return code / 100 == 2; }
  bool is_refused() const { return code / 100 == 5; }
  bool has_argument() const { return text.find(' ') != std::string_view::npos; }
};

struct Ruling {
  Verb verb;
  Rule rule;
  bool (*is_broken)(const Case& one);
};

constexpr Ruling kRulings[] = {
    {Verb::noop,
     {"RFC5321-4.1.1.9-01", "2xx", "NOOP is refused"},
     [](const Case& one) { return one.is_refused() && !one.has_argument(); }},
    {Verb::rset,
     {"RFC5321-4.1.1.5-02", "2xx", "RSET is refused"},
     [](const Case& one) { return one.is_refused() && !one.has_argument(); }},
    {Verb::ehlo,
     {"RFC5321-4.1.1.1-10", "2xx", "an EHLO with a good argument is not understood"},
     [](const Case& one) { return is_misread(one.code) && is_plain_domain(one.argument); }},
    {Verb::mail,
     {"RFC5321-4.1.1.2-05", "2xx", "a MAIL with a good argument is not understood"},
     [](const Case& one) {
       return is_misread(one.code) && one.past.has_greeted && !one.turn.before.has_mail &&
              is_plain_path(one.argument, "FROM:");
     }},
    {Verb::rcpt,
     {"RFC5321-3.3-16", "not 2xx", "RCPT is granted without MAIL"},
     [](const Case& one) { return one.is_granted() && !one.turn.before.has_mail; }},
    {Verb::rcpt,
     {"RFC5321-4.1.1.3-10", "2xx", "a RCPT with a good argument is not understood"},
     [](const Case& one) {
       return is_misread(one.code) && one.turn.before.has_mail && !one.past.has_chunk &&
              is_plain_path(one.argument, "TO:");
     }},
    {Verb::data,
     {"RFC5321-3.3-18", "354", "DATA behind MAIL and RCPT is not understood"},
     [](const Case& one) {
       return is_misread(one.code) && one.turn.before.recipients > 0 && !one.past.has_chunk && !one.has_argument();
     }},
    {Verb::bdat,
     {"RFC3030-2-18", "not 2xx", "a chunk is taken without a recipient"},
     [](const Case& one) { return one.is_granted() && one.turn.before.recipients == 0; }},
};

// The rule that `turn` broke by getting `code`.
std::optional<Rule> broken_rule(const Turn& turn, std::string_view text, int code, const Past& past) {
  if (turn.kind != TurnKind::command && turn.kind != TurnKind::chunk) return std::nullopt;
  const Case one{turn, text, wire::split_command(text).argument, code, past};
  for (const Ruling& ruling : kRulings)
    if (ruling.verb == turn.verb && ruling.is_broken(one)) return ruling.rule;
  return std::nullopt;
}

void compare(const ConnectionTalk& tested, const ConnectionTalk& other, Differences& differences) {
  if (!tested.dialogue.is_sure() || !other.dialogue.is_sure() || tested.has_tls_trouble || other.has_tls_trouble)
    return;
  const auto& turns = tested.dialogue.turns();
  const auto& others = other.dialogue.turns();
  Past past;
  for (std::size_t i = 0; i < std::min(turns.size(), others.size()) && past.refusals < kPatience; ++i) {
    const Turn& turn = turns[i];
    const int code = turn.code;
    const int other_code = others[i].code;
    const std::string_view text = tested.dialogue.text_of(turn);
    const bool is_same =
        turn.kind == others[i].kind && turn.verb == others[i].verb && text == other.dialogue.text_of(others[i]);
    if (!is_same || code < 0 || other_code < 0) return;
    if (code / 100 == other_code / 100) {
      past.add(turn);
      continue;
    }
    // A server that asks for a login or for TLS first, or is busy, does not say what it thinks of the command.
    const auto says_nothing = [](int one) { return one / 100 == 4 || one == 530 || one == 538 || one == 554; };
    const auto rule = broken_rule(turn, text, code, past);
    if (!rule || broken_rule(others[i], text, other_code, past) || says_nothing(code) || says_nothing(other_code)) {
      ++differences.free;
      return;
    }
    differences.findings.push_back({Oracle::differs, std::string(rule->requirement),
                                    std::string(rule->requirement) + ": " + std::string(rule->sentence) + ", '" +
                                        base::escape(text.substr(0, 60)) + "' gets " + std::to_string(code) +
                                        ", the other server says " + std::to_string(other_code),
                                    turn.step, std::string(rule->demand)});
    return;
  }
}

}  // namespace

Differences differ(const Talk& tested, const Talk& other) {
  Differences differences;
  if (!tested.death.empty() || !other.death.empty()) return differences;
  for (std::size_t i = 0; i < std::min(tested.connections.size(), other.connections.size()); ++i)
    compare(tested.connections[i], other.connections[i], differences);
  return differences;
}

}  // namespace smtpspec::fuzz
