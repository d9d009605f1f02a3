// Where a naive tester is unfair: refusals that say nothing of conformance. This file recognises them, and decides what
// deserves a second try. Pure: the runner executes what is decided here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/verdict/run_record.h"
#include "harness/wire/command.h"
#include "harness/wire/reply.h"

namespace smtpspec::engine {

// What a reply answers.
struct ReplyContext {
  enum class Kind { greeting, command, continuation, end_of_data, unsolicited };
  Kind kind = Kind::unsolicited;
  wire::Verb verb = wire::Verb::unknown;  // command and continuation only
  bool was_malformed = false;             // the line said so
  // One more MAIL of the session, or RCPT of the transaction, than LIMITS of the latest EHLO allows (RFC 9422 §4).
  enum class Beyond { nothing, mailmax, rcptmax };
  Beyond beyond = Beyond::nothing;
  bool operator==(const ReplyContext&) const = default;
};

// "MAIL", "the end of data", "the greeting", "MAIL beyond the MAILMAX that LIMITS announces"
std::string to_string(const ReplyContext& context);

// The cause of a refusal: what a mail engineer would say on reading it. Never `none`; `unknown` when nothing tells.
verdict::Cause classify(const wire::Reply& reply, const ReplyContext& context);

// Is this reply, wherever it appears, no answer to the question? A 421, a 4yz and a demand for TLS or authentication
// are policy whatever the command was (RFC 5321 §3.8, RFC 4954 §6, RFC 3207 §4).
bool is_policy_everywhere(const wire::Reply& reply);

// Why the conversation ended without an answer, for reports: up to three sentences, the likeliest first.
std::vector<std::string> likely_causes(const verdict::ScenarioResult& result);

struct RetryPolicy {
  int confirmations = 1;                                     // tries that must repeat a fail before it is reported
  int retries = 2;                                           // tries that a temporary cause may get
  base::Microseconds pause{std::chrono::milliseconds(250)};  // before the first retry; doubled each time
};

// What to do after a try. `history` holds the tries of one scenario so far, oldest first.
struct NextTry {
  bool try_again = false;
  base::Microseconds pause{0};
};
NextTry decide_next_try(const std::vector<verdict::ScenarioResult>& history, const RetryPolicy& policy);

// The tries of one scenario as one result: a confirmed fail is a fail, differing conclusive results are flaky, a
// temporary cause that lifted leaves the later result. At least one try.
verdict::ScenarioResult combine(std::vector<verdict::ScenarioResult> history);

// Several plays of one scenario (--repeat): their result where the verdicts agree, else inconclusive and flaky. At
// least one play.
verdict::ScenarioResult agree(std::vector<verdict::ScenarioResult> plays);

}  // namespace smtpspec::engine
