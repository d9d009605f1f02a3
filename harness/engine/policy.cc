#include "harness/engine/policy.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "harness/base/octets.h"

namespace smtpspec::engine {
namespace {

using verdict::Cause;
using verdict::Verdict;

bool has_any(const std::string& text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

// What the words of a refusal say. Servers word it freely, so this only ever chooses the cause of an inconclusive.
std::optional<Cause> cause_in_text(const std::string& text) {
  if (has_any(text, {"greylist", "graylist", "grey-list", "gray-list", "4.7.1 try again"})) return Cause::greylist;
  if (has_any(text, {"too many connections", "too many errors", "rate limit", "too fast", "too much", "slow down",
                     "too many messages", "throttl", "connection limit", "too many concurrent"}))
    return Cause::rate_limit;
  if (has_any(text,
              {"starttls", "must issue a starttls", "tls required", "encryption required", "5.7.10", "must use tls"}))
    return Cause::tls_required;
  if (has_any(text, {"authentication required", "auth required", "not authenticated", "must authenticate",
                     "authentication is required", "please authenticate", "5.7.0 auth"}))
    return Cause::auth_required;
  if (has_any(text, {"relay", "relaying", "not local", "no such domain here", "we do not accept mail for"}))
    return Cause::relay_denied;
  if (has_any(text,
              {"blocked", "blacklist", "blocklist", "block list", "spamhaus", "rbl", "dnsbl", "banned", "reputation"}))
    return Cause::blocked;
  if (has_any(text, {"insufficient system storage", "insufficient storage", "disk full", "mailbox full", "over quota",
                     "quota exceeded", "4.3.1", "5.2.2", "4.2.2", "no space"}))
    return Cause::storage_full;
  return std::nullopt;
}

// RFC 5321 §4.2.3 has these codes for mailboxes, and RFC 3463 §3.8 has X.7 for what policy decides instead.
bool is_about_mailbox(const wire::Reply& reply, const std::string& text) {
  return (reply.code == 550 || reply.code == 551 || reply.code == 553) && !text.starts_with("5.7.");
}

std::string_view limit_in_words(ReplyContext::Beyond beyond) {
  switch (beyond) {
    case ReplyContext::Beyond::nothing:
      return "";
    case ReplyContext::Beyond::mailmax:
      return " beyond the MAILMAX that LIMITS announces";
    case ReplyContext::Beyond::rcptmax:
      return " beyond the RCPTMAX that LIMITS announces";
  }
  return "";
}

}  // namespace

std::string to_string(const ReplyContext& context) {
  switch (context.kind) {
    case ReplyContext::Kind::greeting:
      return "the greeting";
    case ReplyContext::Kind::command:
      return std::string(wire::to_string(context.verb)).append(limit_in_words(context.beyond));
    case ReplyContext::Kind::continuation:
      return std::string(wire::to_string(context.verb)) + " (continued)";
    case ReplyContext::Kind::end_of_data:
      return "the end of data";
    case ReplyContext::Kind::unsolicited:
      return "nothing that was asked";
  }
  return "?";
}

bool is_policy_everywhere(const wire::Reply& reply) {
  return reply.code == 530 || (reply.code >= 400 && reply.code <= 499);
}

Cause classify(const wire::Reply& reply, const ReplyContext& context) {
  const std::string text = base::to_lower(reply.text());
  // The words of a reply that grants something, of EHLO's list of extensions above all, complain of nothing.
  const bool is_granting = reply.code >= 200 && reply.code < 400;
  // Whatever its words are: the server has told before that it would say so.
  if (context.beyond != ReplyContext::Beyond::nothing && !is_granting) return Cause::announced_limit;
  if (const auto cause = cause_in_text(text); cause && !is_granting) return *cause;
  if ((context.verb == wire::Verb::rcpt || context.verb == wire::Verb::vrfy) && is_about_mailbox(reply, text))
    return Cause::recipient_refused;
  if (context.verb == wire::Verb::starttls && reply.code >= 400) return Cause::tls_failed;  // RFC 3207 §4: 454, 501
  switch (reply.code) {
    case 250:
    case 251:
      return context.verb == wire::Verb::rcpt ? Cause::catch_all : Cause::unknown;
    case 421:
      return Cause::rate_limit;
    case 450:
    case 451:
      return context.verb == wire::Verb::rcpt || context.verb == wire::Verb::mail ? Cause::greylist : Cause::policy;
    case 452:
    case 552:
      return Cause::storage_full;
    case 530:
      return Cause::auth_required;
    default:
      break;
  }
  if (context.kind == ReplyContext::Kind::greeting && reply.code >= 500) return Cause::blocked;
  const bool is_envelope = context.verb == wire::Verb::mail || context.verb == wire::Verb::rcpt ||
                           context.verb == wire::Verb::data || context.kind == ReplyContext::Kind::end_of_data;
  const bool is_refusal_of_policy = reply.code == 550 || reply.code == 551 || reply.code == 553 || reply.code == 554;
  return is_envelope && is_refusal_of_policy ? Cause::policy : Cause::unknown;
}

NextTry decide_next_try(const std::vector<verdict::ScenarioResult>& history, const RetryPolicy& policy) {
  assert(!history.empty());
  const auto& last = history.back();
  const auto fails = std::count_if(history.begin(), history.end(),
                                   [](const auto& attempt) { return attempt.verdict == Verdict::fail; });
  // A fail is believed once it has repeated itself; another outcome in between is settled by one more try.
  if (fails > 0 && fails <= policy.confirmations &&
      history.size() <= static_cast<std::size_t>(policy.confirmations) + 1)
    return {true, base::Microseconds{0}};
  if (last.verdict == Verdict::inconclusive && verdict::is_temporary(last.cause)) {
    const auto tries = static_cast<int>(std::count_if(
        history.begin(), history.end(), [](const auto& attempt) { return attempt.verdict == Verdict::inconclusive; }));
    if (tries <= policy.retries) return {true, policy.pause * (1 << (tries - 1))};
  }
  return {};
}

verdict::ScenarioResult combine(std::vector<verdict::ScenarioResult> history) {
  assert(!history.empty());
  const int attempts = static_cast<int>(history.size());
  base::Microseconds duration{0};
  for (const auto& attempt : history) duration += attempt.duration;
  const auto is_conclusive = [](const verdict::ScenarioResult& r) {
    return r.verdict == Verdict::pass || r.verdict == Verdict::warn || r.verdict == Verdict::fail;
  };
  const auto first_fail = std::find_if(history.begin(), history.end(),
                                       [](const auto& attempt) { return attempt.verdict == Verdict::fail; });
  const bool some_other = std::any_of(history.begin(), history.end(), [&](const auto& attempt) {
    return is_conclusive(attempt) && attempt.verdict != Verdict::fail;
  });
  verdict::ScenarioResult result;
  if (first_fail != history.end() && some_other) {
    result = *first_fail;
    result.is_flaky = true;
    result.verdict = Verdict::inconclusive;
    result.cause = Cause::flaky;
    result.reason = "failed once and not again on a fresh connection: " + result.reason;
  } else {
    // Where a fail could not be confirmed, what stood in the way is the honest result.
    result = std::move(history.back());
  }
  result.attempts = attempts;
  result.duration = duration;
  return result;
}

verdict::ScenarioResult agree(std::vector<verdict::ScenarioResult> plays) {
  assert(!plays.empty());
  const auto differing =
      std::find_if(plays.begin(), plays.end(), [&](const auto& play) { return play.verdict != plays.front().verdict; });
  if (differing == plays.end()) return std::move(plays.front());
  verdict::ScenarioResult result =
      std::max(plays.front(), *differing, [](const auto& a, const auto& b) { return a.verdict < b.verdict; });
  result.reason = "the verdicts of several plays differ; one of them: " + result.reason;
  result.is_flaky = true;
  result.verdict = Verdict::inconclusive;
  result.cause = Cause::flaky;
  return result;
}

std::vector<std::string> likely_causes(const verdict::ScenarioResult& result) {
  std::vector<std::string> causes;
  if (result.verdict != Verdict::fail && result.verdict != Verdict::warn) return causes;
  const auto missed = std::find_if(result.checks.begin(), result.checks.end(), [](const auto& check) {
    return check.outcome == verdict::Outcome::violated || check.outcome == verdict::Outcome::warned;
  });
  if (missed == result.checks.end()) return causes;
  const std::string& got = missed->got;
  const auto code = got.substr(0, 3);
  if (got.starts_with("no reply"))
    causes.emplace_back("The server still waits for more input: it did not see the end of the line or of the data.");
  else if (got.starts_with("connection"))
    causes.emplace_back("The server process ended, or an error limit closes the session without a 421.");
  else if (code == "500" || code == "502")
    causes.emplace_back("The command is not in the server's table, or is recognised only in another letter case.");
  else if (code == "501" || code == "553" || code == "555")
    causes.emplace_back(
        "The server's parser is stricter than the grammar, or a restriction on addresses is configured.");
  else if (code == "503")
    causes.emplace_back("The server's state machine is not where the specification puts it after the last command.");
  else if (code == "550" || code == "551" || code == "554")
    causes.emplace_back("A local restriction; if so, name addresses that are accepted in the profile.");
  else if (code.starts_with('2') || code.starts_with('3'))
    causes.emplace_back("The server does not check this, or checks it only later.");
  return causes;
}

}  // namespace smtpspec::engine
