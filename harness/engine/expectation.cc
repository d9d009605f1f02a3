#include "harness/engine/expectation.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/base64.h"
#include "harness/base/octets.h"
#include "harness/engine/text_match.h"

namespace smtpspec::engine {
namespace {

constexpr std::size_t kShownReplyOctets = 200;
// What a loaded machine may add to any measured time without saying anything about the server.
constexpr base::Microseconds kSchedulingSlack = std::chrono::milliseconds(100);

std::string seconds(base::Microseconds time) {
  return fmt::format("{:.3g} s", static_cast<double>(time.count()) / 1e6);
}

// "2.x.x" against "2.1.0".
bool matches_enhanced(const std::string& pattern, const std::string& actual) {
  std::size_t p = 0;
  std::size_t a = 0;
  while (p < pattern.size() && a < actual.size()) {
    if (pattern[p] == 'x' || pattern[p] == 'X') {
      while (a < actual.size() && base::is_digit(actual[a])) ++a;
      ++p;
    } else if (pattern[p++] != actual[a++]) {
      return false;
    }
  }
  return p == pattern.size() && a == actual.size();
}

std::string missing_advertisement(const std::vector<scenario::AdvertisedLine>& expected,
                                  const wire::Capabilities* actual) {
  for (const auto& line : expected) {
    const wire::Capability* found = actual ? actual->find(line.keyword) : nullptr;
    if (!found) return fmt::format("{} is not advertised", line.keyword);
    if (!wire::arguments_match(line.keyword, line.arguments, found->parameters))
      return fmt::format("{} is advertised as \"{}\"", line.keyword, base::escape_quoted(found->raw));
  }
  return {};
}

}  // namespace

std::string to_string(const Observation& observation) {
  switch (observation.kind) {
    case Observation::Kind::closed:
      if (observation.was_notified) return "connection closed behind close_notify";
      return observation.was_reset ? "connection reset" : "connection closed";
    case Observation::Kind::timed_out:
      return "no reply within " + seconds(observation.waited);
    case Observation::Kind::reply:
      break;
  }
  const wire::Reply& reply = observation.reply;
  std::string_view first = reply.raw;
  first = first.substr(0, std::min(first.find('\n'), first.size()));
  if (first.ends_with('\r')) first.remove_suffix(1);
  std::string out = base::escape(first.substr(0, kShownReplyOctets));
  if (first.size() > kShownReplyOctets) out += fmt::format("... ({} octets)", first.size());
  if (reply.lines.size() > 1) out += fmt::format(" (+{} lines)", reply.lines.size() - 1);
  return out;
}

bool matches(const scenario::ReplyPattern& pattern, const Observation& observation) {
  switch (observation.kind) {
    case Observation::Kind::timed_out:
      return false;
    case Observation::Kind::closed:
      return pattern.closed && !(pattern.clean && observation.was_reset) &&
             (!pattern.notified || observation.was_notified);
    case Observation::Kind::reply:
      return pattern.matches_code(observation.reply.code);
  }
  return false;
}

Comparison compare(const scenario::Expectation& expectation, const Observation& observation,
                   const wire::Capabilities* capabilities, const Variables& variables, const Timing& timing) {
  Comparison result;
  if (!matches(expectation.pattern, observation)) return result;
  result.is_match = true;
  const auto miss = [&](std::string why) {
    if (result.is_match) result.mismatch = std::move(why);
    result.is_match = false;
  };
  const auto lacks = [&](std::string what) {
    if (result.is_match) result.expected = what;
    miss("expected " + std::move(what));
  };
  const auto slack = kSchedulingSlack + 2 * timing.round_trip;
  if (expectation.within) {
    const auto limit = base::Microseconds(static_cast<base::Microseconds::rep>(
        static_cast<double>(base::Microseconds(*expectation.within).count()) * timing.scale));
    if (observation.waited > limit + slack) miss("it took " + seconds(observation.waited));
  }
  if (expectation.after && observation.waited + slack < base::Microseconds(*expectation.after))
    miss("it took only " + seconds(observation.waited));
  if (observation.kind != Observation::Kind::reply) return result;

  if (!expectation.enhanced.empty()) {
    const auto enhanced = observation.reply.enhanced();
    if (!enhanced || !matches_enhanced(expectation.enhanced, wire::to_string(*enhanced)))
      lacks("enhanced status code " + expectation.enhanced);
  }
  const std::string text = observation.reply.text();
  for (const auto& pattern : expectation.texts) {
    const auto decoded = pattern.decodes_base64 ? base::from_base64(text) : std::optional<std::string>(text);
    if (!decoded) {
      lacks("Base64 behind the code");
      continue;
    }
    const std::string wanted = variables.expand(pattern.substring);
    if (pattern.kind == scenario::TextPattern::Kind::exact) {
      if (observation.reply.raw != wanted) lacks("exactly \"" + base::escape_quoted(wanted) + "\"");
      continue;
    }
    if (pattern.kind == scenario::TextPattern::Kind::substring) {
      if ((decoded->find(wanted) != std::string::npos) == pattern.is_negated)
        lacks(
            fmt::format("{} \"{}\"", pattern.is_negated ? "a text without" : "the text", base::escape_quoted(wanted)));
      continue;
    }
    auto match = find_match(pattern.regex, *decoded);
    if (!match) {
      lacks("text like /" + pattern.regex + "/");
      continue;
    }
    result.captures.merge(match->named);
  }
  if (auto missing = missing_advertisement(expectation.advertised, capabilities); !missing.empty())
    miss(std::move(missing));
  return result;
}

}  // namespace smtpspec::engine
