#include "fuzz/oracles/features.h"

#include <algorithm>

namespace smtpspec::fuzz {

namespace {

constexpr std::size_t kVerbs = 24;  // wire::Verb, message, SASL line, greeting
constexpr std::size_t kCodes = 64;  // 4 x 4 x 4
constexpr std::size_t kStates = 16;
constexpr std::size_t kTurnFeatures = kStates * kVerbs * kCodes;  // 24,576
constexpr std::size_t kPairFeatures = kVerbs * kVerbs * 6;        // 3,456
constexpr std::size_t kResets = 4 * 4;                            // what took how much of a transaction back
constexpr std::size_t kResetFeatures = kResets * 4 * kVerbs * 6;  // 9,216
constexpr std::size_t kRest = kTurnFeatures + kPairFeatures + kResetFeatures;
static_assert(kRest + 512 < kFeatures);
static_assert(static_cast<std::size_t>(wire::Verb::unknown) + 4 < kVerbs);

std::size_t verb_of(const Turn& turn) {
  constexpr auto kLast = static_cast<std::size_t>(wire::Verb::unknown);
  switch (turn.kind) {
    case TurnKind::greeting:
      return kLast + 1;
    case TurnKind::body:
      return kLast + 2;
    case TurnKind::sasl:
      return kLast + 3;
    case TurnKind::command:
    case TurnKind::chunk:
      return static_cast<std::size_t>(turn.verb);
  }
  return kLast;
}

std::size_t digit(int value, std::size_t most) { return std::min(static_cast<std::size_t>(std::max(value, 0)), most); }

std::size_t code_of(int code) {
  if (code < 200 || code > 599) return 0;
  return digit(code / 100 - 2, 3) * 16 + digit(code / 10 % 10, 3) * 4 + digit(code % 10, 3);
}

std::size_t state_of(const Standing& standing) {
  return static_cast<std::size_t>(standing.has_mail) + 2 * static_cast<std::size_t>(standing.recipients > 0) +
         4 * static_cast<std::size_t>(standing.is_tls) + 8 * static_cast<std::size_t>(standing.is_authenticated);
}

// 0: nothing took anything back.
std::size_t reset_of(const Standing& standing) {
  const std::size_t held =
      static_cast<std::size_t>(standing.reset_had_mail) + 2 * static_cast<std::size_t>(standing.reset_recipients > 0);
  if (standing.reset_by == wire::Verb::unknown) return 0;
  if (standing.reset_by == wire::Verb::rset) return 4 + held;
  if (standing.reset_by == wire::Verb::starttls) return 8 + held;
  return 12 + held;  // a greeting
}

}  // namespace

void for_each_feature(const Talk& talk, const std::function<void(std::size_t feature)>& note) {
  for (const ConnectionTalk& one : talk.connections) {
    std::size_t previous = 0;
    for (const Turn& turn : one.dialogue.turns()) {
      const std::size_t verb = verb_of(turn);
      note((state_of(turn.before) * kVerbs + verb) * kCodes + code_of(turn.code));
      const auto first_digit = turn.code < 0 ? 0U : digit(turn.code / 100, 5);
      note(kTurnFeatures + (previous * kVerbs + verb) * 6 + first_digit);
      // What is said behind a transaction that was taken back, and what of the next one stands.
      if (const std::size_t reset = reset_of(turn.before); reset > 0) {
        const std::size_t transaction = state_of(turn.before) % 4;
        note(kTurnFeatures + kPairFeatures + ((reset * 4 + transaction) * kVerbs + verb) * 6 + first_digit);
      }
      previous = verb;
    }
    std::size_t rest = kRest;
    note(rest + static_cast<std::size_t>(one.end) * 2 + one.dialogue.is_over());
    rest += 8;
    note(rest + std::min<std::size_t>(one.dialogue.surplus(), 7));
    rest += 8;
    note(rest + std::min<std::size_t>(one.replies.size(), 63));
    rest += 64;
    for (const wire::Reply& reply : one.replies) {
      for (const wire::Deviation& deviation : reply.deviations) note(rest + static_cast<std::size_t>(deviation.kind));
      note(rest + 32 + std::min<std::size_t>(reply.lines.size(), 31));
    }
  }
}

}  // namespace smtpspec::fuzz
