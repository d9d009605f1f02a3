#include "reports/failure.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "reports/printable.h"
#include "reports/style.h"

namespace smtpspec::reports {
namespace {

using verdict::Cause;
using verdict::CheckResult;
using verdict::Outcome;
using verdict::RunRecord;
using verdict::ScenarioResult;
using verdict::Verdict;

constexpr std::size_t kLabelColumns = 11;      // "reproduce" and two spaces
constexpr std::size_t kMaxQuotedOctets = 300;  // of a reply that is quoted outside the transcript

class Block {
 public:
  explicit Block(const BlockOptions& options) : options_(options), style_(options.emphasizes) {}

  void prose(std::string_view label, std::string_view text) {
    if (text.empty()) return;
    begin(label);
    out_ += wrapped(text, options_.indent + kLabelColumns, options_.width);
  }

  // Lines that may be copied: never wrapped.
  void verbatim(std::string_view label, std::string_view text) {
    while (!text.empty()) {
      begin(label);
      const std::size_t end = std::min(text.find('\n'), text.size());
      out_ += printable(text.substr(0, end));
      out_ += '\n';
      text.remove_prefix(std::min(end + 1, text.size()));
      label = "";
    }
  }

  void transcript(const ScenarioResult& scenario) {
    const auto lines = transcript_lines(scenario, options_.transcript);
    if (lines.empty()) return;
    out_.append(options_.indent, ' ');
    out_ += style_.faint("    line     time") + "\n";
    for (const auto& line : lines) {
      out_.append(options_.indent, ' ');
      out_ += (line.decides ? style_.bad(line.text) : line.text) + "\n";
    }
    out_ += '\n';
  }

  std::string take() { return std::move(out_); }

 private:
  void begin(std::string_view label) {
    out_.append(options_.indent, ' ');
    out_ += style_.strong(fmt::format("{:<{}}", label, kLabelColumns));
  }

  BlockOptions options_;
  Style style_;
  std::string out_;
};

std::string cite(std::string section, verdict::Level level, std::string_view id) {
  static constexpr std::string_view kSign = "\xc2\xa7";
  if (const auto at = section.find(kSign); at != std::string::npos) section.replace(at, kSign.size(), "section ");
  return fmt::format("{}, {} [{}]", section, to_string(level), id);
}

void add_rule(Block& block, const RunRecord& record, const std::string& id, verdict::Level level) {
  const auto* requirement = find_requirement(record, id);
  if (requirement == nullptr) {
    block.prose("rule", fmt::format("{} ({})", id, to_string(level)));
    return;
  }
  block.prose("rule", citation(*requirement));
  block.prose("", requirement->summary);
  block.prose("ruling", requirement->ruling);
}

void add_other_checks(Block& block, const ScenarioResult& scenario, const CheckResult* decided) {
  std::string_view label = "also";
  for (const auto& check : scenario.checks) {
    if (&check == decided || (check.outcome != Outcome::violated && check.outcome != Outcome::warned)) continue;
    block.prose(
        label,
        fmt::format("line {}: expected {}, got {}{}", check.line, quoted(check.expected), quoted(check.got),
                    check.requirement.empty() ? std::string()
                                              : fmt::format(" ({} {})", check.requirement, to_string(check.level))));
    label = "";
  }
}

std::string confirmation(const ScenarioResult& scenario) {
  if (scenario.is_flaky) return fmt::format("flaky: {} tries did not agree", scenario.attempts);
  if (scenario.attempts <= 1) return "";
  if (scenario.verdict == Verdict::fail)
    return fmt::format("the same in all of {} tries, each on a fresh connection", scenario.attempts);
  return fmt::format("{} tries", scenario.attempts);
}

}  // namespace

const verdict::RequirementResult* find_requirement(const RunRecord& record, std::string_view id) {
  const auto it = std::find_if(record.requirements.begin(), record.requirements.end(),
                               [&](const auto& requirement) { return requirement.id == id; });
  return it == record.requirements.end() ? nullptr : &*it;
}

std::string rule_of(const RunRecord& record, const verdict::WireFinding& finding) {
  if (const auto* requirement = find_requirement(record, finding.requirement))
    return citation(*requirement) + ": " + requirement->summary;
  if (finding.section.empty()) return fmt::format("{} ({})", finding.requirement, to_string(finding.level));
  return cite(finding.section, finding.level, finding.requirement) + ": " + finding.summary;
}

std::string citation(const verdict::RequirementResult& requirement) {
  return cite(requirement.section, requirement.level, requirement.id);
}

std::string quoted(std::string_view text) {
  if (text.size() <= kMaxQuotedOctets) return std::string(text);
  return fmt::format("{} ... {} octets more", text.substr(0, kMaxQuotedOctets), text.size() - kMaxQuotedOctets);
}

std::string reproduce_command(const RunRecord& record, std::string_view scenario_id) {
  static constexpr std::string_view kPlace = "{scenario}";
  std::string command = record.reproduce;
  if (const auto at = command.find(kPlace); at != std::string::npos)
    command.replace(at, kPlace.size(), shell_quoted(scenario_id));
  return command;
}

bool has_ended_server(const RunRecord& record, const ScenarioResult& scenario) {
  return std::any_of(record.crashes.begin(), record.crashes.end(), [&](const verdict::CrashResult& crash) {
    return crash.confirmed && crash.scenario == scenario.id;
  });
}

std::string waiver_entry(const ScenarioResult& scenario) {
  return fmt::format("[[waiver]]\nscenario = {}\nreason = \"\"  # say why this deviation is accepted\n",
                     toml_quoted(scenario.id));
}

std::string_view explanation(Cause cause) {
  switch (cause) {
    case Cause::none:
      return "No cause was recorded.";
    case Cause::greylist:
      return "The server put the client off with a temporary refusal, as greylisting does. Exempt the tester's "
             "address, or run again after the server's delay.";
    case Cause::rate_limit:
      return "The server limits connections or commands for each client and the limit was reached. Exempt the tester's "
             "address, or run with --jobs 1.";
    case Cause::relay_denied:
      return "The server does not accept mail for the recipient that the tester used. Name one that it does accept "
             "with --recipient or in the profile.";
    case Cause::recipient_refused:
      return "The server does not know the recipient that the tester used. Name one that it does accept with "
             "--recipient or in the profile.";
    case Cause::catch_all:
      return "The server accepted a recipient that it was to refuse: it takes every address, or looks later. Say so "
             "with policy.catch_all in the profile, or name another one with --unknown-recipient.";
    case Cause::auth_required:
      return "The server wants authentication first, or refused the login. Give [auth] and policy.auth_required in a "
             "profile, and scenarios log in, or exempt the tester's address from that demand.";
    case Cause::tls_required:
      return "The server wants TLS first. Say so with policy.tls_required in a profile, and scenarios begin with "
             "STARTTLS, or run with --tls implicit.";
    case Cause::blocked:
      return "The server refuses this client by address or name, before anything could be tested. Exempt the tester's "
             "address.";
    case Cause::storage_full:
      return "The server said that its storage is exhausted. Free some, then run again.";
    case Cause::setup_timeout:
      return "No reply came to a command that only leads to what is tested. A longer --timeout may help.";
    case Cause::connect:
      return "The server could not be reached, or ended the connection before it had greeted. Nothing was tested.";
    case Cause::tls_failed:
      return "TLS did not come about in a place where it only leads to what is tested: STARTTLS was refused, or the "
             "handshake failed. The transcript says why; a missing key, certificate and protocol versions are "
             "the usual reasons.";
    case Cause::mailbox:
      return "Nothing can be told from the mailbox: it cannot be read, or nothing for the recipient ever comes "
             "into it, so nothing that was delivered is judged. Look at --mailbox, or at [mailbox] in the profile; "
             "smtpspec doctor "
             "tries it.";
    case Cause::policy:
      return "A reply that local policy may give came before, or in place of, what is tested; it says nothing about "
             "the rule. A profile with addresses and a domain that the server is content with usually helps.";
    case Cause::announced_limit:
      return "The scenario needs more transactions in a session, or recipients in one, than the server announces by "
             "LIMITS. Nothing is wrong with it; to have this judged, raise the limit for the tester's address.";
    case Cause::flaky:
      return "The same conversation did not come to the same end each time, so neither result is reported as the "
             "server's. Look at it with --repeat.";
    case Cause::unknown:
      return "The conversation did not get as far as what is tested, and the reply that stopped it fits no known "
             "cause.";
  }
  return "";
}

std::string evidence_block(const RunRecord& record, const ScenarioResult& scenario, const BlockOptions& options) {
  Block block(options);
  block.transcript(scenario);
  const CheckResult* decided = deciding_check(scenario);
  if (decided != nullptr) {
    block.verbatim("expected", quoted(decided->expected));
    block.verbatim("got", decided->got.empty() ? "nothing" : quoted(decided->got));
  }
  if (decided == nullptr || (scenario.reason != decided->got && !scenario.reason.empty()))
    block.prose("reason", quoted(scenario.reason));
  if (decided != nullptr && !decided->requirement.empty())
    add_rule(block, record, decided->requirement, decided->level);
  else
    for (const auto& id : scenario.requirements)
      if (const auto* requirement = find_requirement(record, id)) add_rule(block, record, id, requirement->level);
  add_other_checks(block, scenario, decided);
  block.prose("why", scenario.why);
  std::string_view label = "likely";
  for (const auto& cause : scenario.likely_causes) {
    block.prose(label, "- " + cause);
    label = "";
  }
  block.prose("seen", confirmation(scenario));
  block.verbatim("reproduce", reproduce_command(record, scenario.id));
  // A crash is nothing that could be waived.
  if (scenario.verdict == Verdict::fail && !scenario.is_waived && !has_ended_server(record, scenario))
    block.verbatim("waive", waiver_entry(scenario));
  return block.take();
}

}  // namespace smtpspec::reports
