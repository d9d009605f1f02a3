// The result of a run, whole: every report is made from this and nothing else, now or later, without the server.
// Plain values; the JSON form and its published schema are reports/run_record_json.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/clock.h"
#include "harness/verdict/conditions.h"
#include "harness/verdict/verdict.h"
#include "harness/verdict/wire_log.h"

namespace smtpspec::verdict {

// One bound expectation (or, in a scenario without requirements, one line) and what it came to.
struct CheckResult {
  std::string requirement;  // catalogue id; empty in a scenario that is its own requirement
  Level level = Level::implied;
  Outcome outcome = Outcome::not_reached;
  std::string expected;  // as the scenario wrote it: "5xx"
  std::string got;       // printable: "250 2.1.0 ok", "no reply within 20 s", "connection closed"
  int line = 0;          // in the scenario's file
  bool operator==(const CheckResult&) const = default;
};

struct ScenarioResult {
  std::string id;     // NAME or NAME[label=value]; stable for ever
  std::string title;  // what a conforming server does
  std::string why;    // what goes wrong for users when it does not
  std::string file;   // as given to the loader
  int line = 0;
  std::vector<std::string> requirements;  // catalogue ids it is bound to
  std::vector<std::string> tags;
  Verdict verdict = Verdict::none;
  Cause cause = Cause::none;
  std::string reason;   // one sentence; for not_applicable and skipped, why
  int reason_line = 0;  // the scenario line that decided the verdict; 0: none
  base::Microseconds duration{0};
  int attempts = 1;  // tries made in all: confirmation of a fail, retry of a temporary cause
  bool is_flaky = false;
  bool is_waived = false;
  std::string waiver_reason;
  std::vector<std::string> likely_causes;  // of a fail, most likely first, one sentence each; may be empty
  std::vector<CheckResult> checks;
  WireLog wire;
  std::string token{};  // what {token} stood for in the try that the wire log is of
  bool operator==(const ScenarioResult&) const = default;
};

// A requirement of the catalogue as this run saw it, with the text that reports print.
struct RequirementResult {
  std::string id;
  Level level = Level::implied;
  std::string section;  // "RFC 5321 §4.1.1.2"
  std::string summary;  // the rule in our own words
  std::string ruling;   // what the catalogue decided where the text is contested; empty: nothing was
  RequirementOutcome outcome = RequirementOutcome::untested;
  std::vector<std::string> scenarios;  // ids of the scenarios bound to it
  std::string extension{};             // "SIZE"; empty: the base protocol, or a record of an earlier version
  bool operator==(const RequirementResult&) const = default;
};

// The server died or hung while a scenario ran, and the harness had started it.
struct CrashResult {
  std::string kind;         // "signal 11 (SIGSEGV)", "exit status 3", "AddressSanitizer"
  std::string scenario;     // in flight
  bool confirmed = false;   // the same scenario, alone on a fresh server, did it again
  std::string output_tail;  // captured output of the server, bounded
  bool operator==(const CrashResult&) const = default;
};

// What a finding of the reply parser over the whole run came to, see RFC 5321 §4.2: one entry a kind of deviation.
struct WireFinding {
  std::string id;           // "wire.line-length"
  std::string requirement;  // catalogue id
  std::string section;      // "RFC 5321 §4.5.3.1.5"
  std::string summary;      // the rule in our own words
  Level level = Level::implied;
  Outcome outcome = Outcome::passed;
  std::uint64_t replies = 0;   // replies looked at
  std::uint64_t findings = 0;  // of those, deviating
  std::string example;         // escaped octets of the first
  std::string scenario;        // where it was seen first
  bool is_waived = false;
  std::string waiver_reason;
  bool operator==(const WireFinding&) const = default;
};

struct TargetDescription {
  std::string address;  // "127.0.0.1:2525", "unix:/run/lmtp", "spawn: exim4 …", "built-in reference server"
  std::string role = "mx";
  Reachability reachability = Reachability::answers;
  std::string reachability_reason;      // one sentence where it does not answer; empty: it does
  std::string banner;                   // of the first connection, escaped
  std::vector<std::string> ehlo_plain;  // "SIZE 1000", one a keyword line
  std::vector<std::string> ehlo_tls;
  std::vector<std::string> ehlo_auth;
  std::string profile;         // name or file; empty: none
  std::string profile_digest;  // SHA-256 hex; empty: none
  bool is_built_in = false;
  bool operator==(const TargetDescription&) const = default;
};

struct Summary {
  int pass = 0;
  int warn = 0;
  int fail = 0;
  int inconclusive = 0;
  int error = 0;
  int not_applicable = 0;
  int skipped = 0;
  int flaky = 0;
  int crash = 0;
  int waived = 0;
  bool operator==(const Summary&) const = default;
};

// Why the gate is open or shut, in the order in which it was decided (verdict/gate.h).
struct Gate {
  int exit_code = 0;
  std::string reason;  // one sentence
  bool operator==(const Gate&) const = default;
};

struct RunRecord {
  std::string tool_version;
  std::string suite_version;
  std::string suite_digest;  // SHA-256 hex over the scenario files as loaded
  base::WallTime started;
  base::Microseconds duration{0};
  std::uint64_t seed = 0;
  bool was_interrupted = false;
  std::string given_up{};  // why not all of it was played, one clause; "": it was
  TargetDescription target;
  Summary summary;
  Gate gate;
  std::vector<RequirementResult> requirements;  // by id
  std::vector<ScenarioResult> scenarios;        // in suite order, whatever order they ran in
  std::vector<WireFinding> wire_findings;
  std::vector<CrashResult> crashes;
  std::string reproduce;  // command line that runs one scenario again, with {scenario} in it
  Conditions conditions;
  bool operator==(const RunRecord&) const = default;
};

// Counts scenarios; each is in exactly one of pass … skipped, or in waived; flaky and crash are counted beside.
Summary summarize(const RunRecord& record);

}  // namespace smtpspec::verdict
