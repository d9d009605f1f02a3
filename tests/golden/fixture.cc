#include "tests/golden/fixture.h"

#include <string>
#include <utility>

#include "harness/base/octets.h"

namespace smtpspec::golden {
namespace {

using namespace std::chrono_literals;
using verdict::Cause;
using verdict::CheckResult;
using verdict::Level;
using verdict::Outcome;
using verdict::RequirementOutcome;
using verdict::RunRecord;
using verdict::ScenarioResult;
using verdict::Verdict;
using verdict::WireEntry;
using verdict::WireKind;

WireEntry entry(base::Microseconds at, WireKind kind, std::string octets = "", int line = 0, std::string note = "") {
  return {.at = at, .kind = kind, .octets = std::move(octets), .note = std::move(note), .line = line};
}

ScenarioResult malformed_path() {
  ScenarioResult s;
  s.id = "smtp.mail.malformed-path[path=<a@b]";
  s.title = "A malformed reverse-path is refused with a 5yz reply, 501 preferred";
  s.why =
      "A server that takes a path it cannot parse has to invent one when the message bounces, and the report of "
      "non-delivery goes to somebody else or to nobody";
  s.file = "scenarios/rfc5321/mail.smtp";
  s.line = 40;
  s.requirements = {"RFC5321-4.1.1.2-01", "RFC5321-4.3.2-05"};
  s.verdict = Verdict::fail;
  s.reason = "250 2.1.0 Ok";
  s.reason_line = 47;
  s.duration = 6200us;
  s.attempts = 2;
  s.likely_causes = {"The address parser takes the end of the line for a missing '>'",
                     "strict_rfc821_envelopes or its like is off"};
  s.checks = {{"RFC5321-4.1.1.2-01", Level::implied, Outcome::violated, "5xx", "250 2.1.0 Ok", 47},
              {"RFC5321-4.3.2-05", Level::should, Outcome::warned, "501|555|553", "250 2.1.0 Ok", 47}};
  s.wire = {entry(0us, WireKind::connect),
            entry(350us, WireKind::connected),
            entry(1200us, WireKind::server, "220 mx.example.org ESMTP\r\n", 42),
            entry(1300us, WireKind::client, "EHLO client.example\r\n", 43),
            entry(2100us, WireKind::server, "250-mx.example.org\r\n250-PIPELINING\r\n250 SIZE 10240000\r\n", 44),
            entry(2200us, WireKind::client, "MAIL FROM:<a@b\r\n", 46),
            entry(3100us, WireKind::server, "250 2.1.0 Ok\r\n", 47),
            entry(3200us, WireKind::client, "QUIT\r\n", 48),
            entry(4000us, WireKind::server, "221 2.0.0 Bye\r\n", 48),
            entry(4100us, WireKind::peer_closed),
            entry(4200us, WireKind::close)};
  return s;
}

ScenarioResult injected_command() {
  ScenarioResult s;
  s.id = "smtp.starttls.injected-command";
  s.title = "A command sent in clear behind STARTTLS is never executed";
  s.why = "An attacker on the wire could prepend commands to the protected session (CVE-2011-0411 and its kin)";
  s.file = "scenarios/rfc3207/starttls.smtp";
  s.line = 12;
  s.requirements = {"RFC3207-4.2-01"};
  s.verdict = Verdict::fail;
  s.reason = "a reply to the plaintext command came inside TLS";
  s.reason_line = 22;
  s.duration = 20100us;
  s.attempts = 2;
  s.checks = {{"RFC3207-4.2-01", Level::must, Outcome::violated, "250 to EHLO", "250 2.0.0 Ok", 22}};
  s.wire = {entry(0us, WireKind::connect),
            entry(400us, WireKind::connected),
            entry(900us, WireKind::server, "220 mx.exa", 14),
            entry(1900us, WireKind::server, "mple.org ESMTP\r\n", 14),
            entry(2000us, WireKind::client, "STARTTLS\r\nNOOP\r\n", 17),
            entry(3000us, WireKind::server, "220 2.0.0 Ready\r\n", 19),
            entry(3100us, WireKind::start_tls, "", 21),
            entry(9000us, WireKind::tls_up, "", 21, "TLSv1.3, TLS_AES_256_GCM_SHA384"),
            entry(9100us, WireKind::client, "EHLO client.example\r\n", 22),
            entry(10000us, WireKind::server, "250 2.0.0 Ok\r\n", 22),
            {.at = 11000us, .connection = 2, .kind = WireKind::connect},
            {.at = 12000us, .connection = 2, .kind = WireKind::reset, .line = 24}};
  return s;
}

ScenarioResult silent_after_data() {
  ScenarioResult s;
  s.id = "smtp.data.reply";
  s.title = "The end of the message is answered";
  s.why = "A client that never learns what became of its message sends it again, and the recipient gets it twice";
  s.file = "scenarios/rfc5321/data.smtp";
  s.line = 3;
  s.requirements = {"RFC5321-4.1.1.4-02"};
  s.verdict = Verdict::fail;
  s.reason = "no reply within 20 s";
  s.reason_line = 11;
  s.duration = 20004ms;
  s.checks = {{"RFC5321-4.1.1.4-02", Level::must, Outcome::violated, "2xx", "no reply within 20 s", 11}};
  s.wire = {
      entry(0us, WireKind::connected),
      entry(1ms, WireKind::server, "220 mx.example.org ESMTP\n", 5),
      {.at = 2ms, .kind = WireKind::client, .octets = "AUTH PLAIN ****************\r\n", .line = 6, .redacted = true},
      entry(3ms, WireKind::server, "235 2.7.0 ok\r\n", 6),
      entry(4ms, WireKind::client, "Subject: x\r\n\r\n" + std::string(998, 'a') + "\r\n..\r\n.\r\n", 10),
      entry(20004ms, WireKind::timed_out, "", 11, "20 s"),
      entry(20004ms, WireKind::close)};
  return s;
}

ScenarioResult simple(std::string id, Verdict verdict, std::string reason, Cause cause = Cause::none) {
  ScenarioResult s;
  s.id = std::move(id);
  s.title = "A server does what " + s.id + " says";
  s.file = "scenarios/rfc5321/session.smtp";
  s.line = 7;
  s.verdict = verdict;
  s.cause = cause;
  s.reason = std::move(reason);
  s.duration = 1500us;
  return s;
}

ScenarioResult lower_case_warning() {
  ScenarioResult s = simple("smtp.vrfy.disabled", Verdict::warn, "252 is preferred");
  s.requirements = {"RFC5321-3.5.3-03"};
  s.reason_line = 9;
  s.checks = {{"RFC5321-3.5.3-03", Level::should, Outcome::warned, "252", "502 5.5.1 VRFY is disabled", 9}};
  s.wire = {entry(1ms, WireKind::client, "VRFY postmaster\r\n", 8),
            entry(2ms, WireKind::server, "502 5.5.1 VRFY is disabled\r\n", 9)};
  return s;
}

ScenarioResult greylisted(int number) {
  ScenarioResult s = simple("smtp.rcpt.case-" + std::to_string(number), Verdict::inconclusive,
                            "450 4.2.0 Greylisted, try again later", Cause::greylist);
  s.reason_line = 8;
  s.attempts = 3;
  s.wire = {entry(1ms, WireKind::client, "RCPT TO:<bob@example.org>\r\n", 7),
            entry(2ms, WireKind::server, "450 4.2.0 Greylisted, try again later\r\n", 8)};
  return s;
}

verdict::WireFinding finding(std::string id, std::string requirement, Outcome outcome, std::uint64_t findings,
                             std::string example) {
  verdict::WireFinding f;
  f.id = std::move(id);
  f.requirement = std::move(requirement);
  f.section =
      "RFC 5321 \xc2\xa7"
      "4.2";
  f.summary = "A reply is made of lines that end in CRLF";
  f.level = Level::must;
  f.outcome = outcome;
  f.replies = 214;
  f.findings = findings;
  f.example = std::move(example);
  if (findings > 0) f.scenario = "smtp.data.reply";
  return f;
}

RunRecord base_record() {
  RunRecord r;
  r.tool_version = "0.1.0";
  r.suite_version = "2026.11";
  r.suite_digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
  r.started = base::WallTime(std::chrono::seconds(1795489987) + 123456us);
  r.duration = 20350ms;
  r.seed = 18446744073709551615U;
  r.target.address = "127.0.0.1:2525";
  r.target.banner = "220 mx.example.org ESMTP";
  r.target.ehlo_plain = {"PIPELINING", "SIZE 10240000", "STARTTLS"};
  r.target.ehlo_tls = {"PIPELINING", "AUTH PLAIN LOGIN"};
  r.target.ehlo_auth = {"PIPELINING"};
  r.target.profile = "ci/profiles/example.toml";
  r.target.profile_digest = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";
  r.reproduce = "smtpspec run --target 127.0.0.1:2525 --select {scenario} --seed 7";
  r.requirements = {
      {"RFC3207-4.2-01",
       Level::must,
       "RFC 3207 \xc2\xa7"
       "4.2",
       "What the client sent before the handshake is forgotten: nothing of it may act inside TLS.",
       "",
       RequirementOutcome::violated,
       {"smtp.starttls.injected-command"},
       "STARTTLS"},
      {"RFC5321-3.5.3-03",
       Level::should,
       "RFC 5321 \xc2\xa7"
       "3.5.3",
       "A server that will not verify addresses says so with 252 and not with an error.",
       "502 is a violation that many sites configure on purpose; it warns.",
       RequirementOutcome::violated,
       {"smtp.vrfy.disabled"}},
      {"RFC5321-4.1.1.2-01",
       Level::implied,
       "RFC 5321 \xc2\xa7"
       "4.1.1.2",
       "MAIL takes a reverse-path in angle brackets; what does not parse is a syntax error in the parameters.",
       "",
       RequirementOutcome::violated,
       {"smtp.mail.malformed-path[path=<a@b]"}},
      {"RFC5321-4.1.1.4-02",
       Level::must,
       "RFC 5321 \xc2\xa7"
       "4.1.1.4",
       "The end of the message is answered with one reply that says whether the server took it.",
       "",
       RequirementOutcome::violated,
       {"smtp.data.reply"}},
      {"RFC5321-4.1.1.5-01",
       Level::may,
       "RFC 5321 \xc2\xa7"
       "4.1.1.5",
       "RSET may be answered at any time.",
       "",
       RequirementOutcome::observed,
       {"smtp.rset.any-time"}},
      {"RFC5321-4.2-01",
       Level::must,
       "RFC 5321 \xc2\xa7"
       "4.2",
       "Every line of a reply ends in CRLF.",
       "",
       RequirementOutcome::untested,
       {}},
      {"RFC5321-4.3.2-05",
       Level::should,
       "RFC 5321 \xc2\xa7"
       "4.3.2",
       "A bad path is answered with 501.",
       "",
       RequirementOutcome::satisfied,
       {}},
      {"RFC6152-3-01",
       Level::must,
       "RFC 6152 \xc2\xa7"
       "3",
       "8BITMIME text arrives as it was sent.",
       "",
       RequirementOutcome::not_applicable,
       {},
       "8BITMIME"},
  };
  return r;
}

void add_conditions(RunRecord& record) {
  record.conditions.exclude = "tag:slow";
  record.conditions.waivers = 2;
  record.conditions.policy.minimum_judged = 5;
  record.conditions.policy.maximum_not_applicable_percent = 30.5;
  record.conditions.variables = {{"domain", "example.org"}, {"recipient", "bob@example.org"}};
  record.conditions.recipients = {"bob@example.org", "bob+1@example.org"};
  record.conditions.has_password = true;
  record.conditions.reply_timeout = 20s;
  record.conditions.demands_auth = true;
}

void finish(RunRecord& record, int exit_code, std::string reason) {
  record.summary = summarize(record);
  record.gate = {exit_code, std::move(reason)};
}

std::string all_octets() {
  std::string out;
  for (int i = 0; i < 256; ++i) out += static_cast<char>(i);
  return out;
}

const std::string& nasty_octets() {
  static const std::string kNasty =
      "]]> <script>alert(1)</script> & \" ' \x1b[2J\x1b]0;owned\x07 \xc2\x9b"
      "31m \xe2\x80\xae"
      "gnp.exe \xef\xbf\xbe "
      "\xed\xa0\x80 \xff\xfe \xc0\xaf\r\n::error file=x::pwned\r##vso[task.complete]\x7f" +
      std::string(1, '\0') +
      // What other formats take for their own: HTML, JavaScript, Markdown, TAP, a spreadsheet.
      "</script><!-- --></style></pre><img src=x onerror=alert(2)>&lt;b&gt;&#60;${7*7}\xe2\x80\xa8 "
      "`code` | [x](javascript:alert(3)) **bold** @team #1\n# TODO not ok 1 # SKIP\n1..0\nBail "
      "out!\n=1+1\n---\n...\nend\\";
  return kNasty;
}

// A requirement for each level and each outcome, of sections and ids that nobody should build a link or a name from.
void add_hostile_requirements(RunRecord& r, const std::string& text) {
  for (int level = 0; level <= static_cast<int>(Level::grammar); ++level)
    for (int outcome = 0; outcome <= static_cast<int>(RequirementOutcome::observed); ++outcome)
      r.requirements.push_back({"RFC9998-" + std::to_string(level) + "-0" + std::to_string(outcome),
                                static_cast<Level>(level),
                                "RFC 9998 \xc2\xa7" + std::to_string(level),
                                text,
                                text,
                                static_cast<RequirementOutcome>(outcome),
                                {"smtp.hostile.long-line", text},
                                level % 2 == 0 ? text : ""});
  r.requirements.push_back(
      {text, Level::must, "javascript:alert(4) \xc2\xa7\"><b>", text, text, RequirementOutcome::violated, {text}});
}

RunRecord with_text(const std::string& text) {
  RunRecord r = plain_record();
  r.was_interrupted = true;
  r.target.address = "unix:/run/\n::error::x";
  r.target.banner = "220 " + text;
  r.target.ehlo_plain = {text};
  r.target.ehlo_tls = {text, ""};
  r.target.profile = text;
  r.reproduce = "smtpspec run --target 'unix:/run/x' --select {scenario}";
  add_hostile_requirements(r, text);

  ScenarioResult all = malformed_path();
  all.id = "smtp.hostile.all-octets[value=\n\x1b$(reboot)'`]";
  all.title = text;
  all.reason = text;
  all.why = text;
  all.likely_causes = {text, ""};
  all.file = "scenarios/" + text;
  all.requirements.push_back(text);
  all.tags = {"smuggling", "\xc3\xa9t\xc3\xa9"};
  all.checks[0].got = text;
  all.checks[0].expected = text;
  all.wire.push_back(entry(5ms, WireKind::server, all_octets(), 47));
  all.wire.push_back(entry(5ms, WireKind::client, nasty_octets(), 47));
  for (int kind = 0; kind <= static_cast<int>(WireKind::mailbox_answer); ++kind)
    all.wire.push_back({.at = 6ms,
                        .connection = 3,
                        .kind = static_cast<WireKind>(kind),
                        .octets = nasty_octets(),
                        .note = "note",
                        .line = kind,
                        .redacted = kind % 2 == 0});
  r.scenarios.push_back(all);

  ScenarioResult endless = malformed_path();
  endless.id = "smtp.hostile.ten-thousand-lines";
  endless.reason_line = 50;
  endless.checks = {{"RFC5321-4.1.1.2-01", Level::must_not, Outcome::violated, "250", "499 the one", 50}};
  std::string lines;
  for (int i = 0; i < 10000; ++i) lines += i == 4321 ? "499 the one\r\n" : "250-" + std::to_string(i) + "\r\n";
  endless.wire.push_back(entry(7ms, WireKind::server, lines, 50));
  r.scenarios.push_back(endless);

  ScenarioResult long_line = malformed_path();
  long_line.id = "smtp.hostile.long-line";
  long_line.wire[6].octets = "250 " + std::string(100000, '\x1b') + "\n";
  r.scenarios.push_back(long_line);

  for (int i = 0; i <= static_cast<int>(Verdict::skipped); ++i)
    r.scenarios.push_back(simple("v.verdict." + std::to_string(i), static_cast<Verdict>(i), text));
  for (int i = 0; i <= static_cast<int>(Cause::unknown); ++i)
    r.scenarios.push_back(simple("v.cause." + std::to_string(i), Verdict::inconclusive, text, static_cast<Cause>(i)));
  ScenarioResult words = simple("v.words.all", Verdict::pass, "");
  for (int i = 0; i <= static_cast<int>(Level::grammar); ++i)
    words.checks.push_back({"RFC5321-4.2-01", static_cast<Level>(i), Outcome::passed, "250", "250", i});
  for (int i = 0; i <= static_cast<int>(Outcome::not_reached); ++i)
    words.checks.push_back({"RFC5321-4.2-01", Level::must, static_cast<Outcome>(i), "250", "250", i});
  r.scenarios.push_back(words);
  ScenarioResult waived = all;
  waived.id = "smtp.hostile.waived";
  waived.is_waived = true;
  waived.waiver_reason = text;
  r.scenarios.push_back(waived);
  r.crashes.push_back({text, "smtp.hostile.long-line", false, nasty_octets() + all_octets()});
  r.wire_findings.push_back(finding("wire.nasty", "RFC0-0", Outcome::warned, 1, text));
  r.wire_findings.back().section = text;
  r.wire_findings.back().summary = text;
  r.target.reachability = verdict::Reachability::not_smtp;
  r.target.reachability_reason = text;
  finish(r, 1, text);
  return r;
}

}  // namespace

RunRecord plain_record() {
  RunRecord r = base_record();
  r.scenarios = {simple("smtp.connect.greeting", Verdict::pass, ""), malformed_path(), injected_command(),
                 silent_after_data(), lower_case_warning()};
  for (int i = 1; i <= 9; ++i) r.scenarios.push_back(greylisted(i));
  r.scenarios.push_back(
      simple("smtp.relay.denied", Verdict::inconclusive, "454 4.7.1 Relay access denied", Cause::relay_denied));
  r.scenarios.push_back(simple("smtp.help.topic", Verdict::error, "the event loop lagged by 2.3 s"));
  r.scenarios.push_back(simple("smtp.8bitmime.body", Verdict::not_applicable, "8BITMIME is not advertised"));
  r.scenarios.push_back(simple("smtp.8bitmime.parameter", Verdict::not_applicable, "8BITMIME is not advertised"));
  r.scenarios.push_back(simple("smtp.bdat.chunks", Verdict::not_applicable, "CHUNKING is not advertised"));
  r.scenarios.push_back(simple("smtp.timeout.five-minutes", Verdict::skipped, "excluded by tag slow"));
  ScenarioResult waived = malformed_path();
  waived.id = "smtp.mail.malformed-path[path=it's]";
  waived.is_waived = true;
  waived.waiver_reason = "old clients of ours send this";
  r.scenarios.push_back(waived);
  ScenarioResult flaky = simple("smtp.quit.close", Verdict::inconclusive, "closed once, once not", Cause::flaky);
  flaky.is_flaky = true;
  flaky.attempts = 3;
  r.scenarios.push_back(flaky);
  r.wire_findings = {
      finding("wire.bare-lf", "RFC5321-4.2-01", Outcome::violated, 1, "220 mx.example.org ESMTP\\n"),
      finding("wire.reply-line-too-long", "RFC5321-4.5.3.1.5-01", Outcome::passed, 0, ""),
      finding("wire.enhanced-class", "RFC2034-4-01", Outcome::violated, 3, "250 5.1.0 ok"),
  };
  r.wire_findings.back().section =
      "RFC 2034 \xc2\xa7"
      "4";
  r.wire_findings.back().summary = "An enhanced code is of the class of its reply code";
  r.wire_findings.back().is_waived = true;
  r.wire_findings.back().waiver_reason = "a front end of ours rewrites them";
  r.crashes = {{"signal 11 (SIGSEGV)", "smtp.data.reply", true,
                "mx[311]: accepted\n==311==ERROR: AddressSanitizer: SEGV on unknown address\n"}};
  add_conditions(r);
  finish(r, 4, "1 scenario could not be run by the tester itself");
  return r;
}

RunRecord conforming_record() {
  RunRecord r = base_record();
  r.target = {};
  r.target.address = "built-in reference server";
  r.target.is_built_in = true;
  for (auto& requirement : r.requirements)
    if (requirement.outcome == RequirementOutcome::violated) requirement.outcome = RequirementOutcome::satisfied;
  r.scenarios = {simple("smtp.connect.greeting", Verdict::pass, ""), simple("smtp.rset.any-time", Verdict::pass, "")};
  finish(r, 0, "the gate is met");
  return r;
}

RunRecord hostile_record() { return with_text(base::escape(nasty_octets())); }
RunRecord raw_record() { return with_text(nasty_octets()); }

}  // namespace smtpspec::golden
