#include "reports/conclusion.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/verdict/gate.h"

namespace smtpspec::reports {
namespace {

using verdict::Outcome;
using verdict::RunRecord;
using verdict::Verdict;

std::string counted(std::ptrdiff_t n, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", n, n == 1 ? one : many);
}

std::string list(const std::vector<std::string>& parts) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += i + 1 == parts.size() ? " and " : ", ";
    out += parts[i];
  }
  return out;
}

// What the server did wrong, each with its count; empty if nothing.
std::vector<std::string> wrongs(const RunRecord& record) {
  std::vector<std::string> out;
  const auto fails = std::count_if(record.scenarios.begin(), record.scenarios.end(),
                                   [](const auto& s) { return s.verdict == Verdict::fail && !s.is_waived; });
  const auto rules = std::count_if(record.wire_findings.begin(), record.wire_findings.end(),
                                   [](const auto& f) { return !f.is_waived && f.outcome == Outcome::violated; });
  if (record.target.reachability == verdict::Reachability::not_smtp) out.push_back(record.target.reachability_reason);
  if (fails > 0) out.push_back("it fails " + counted(fails, "scenario", "scenarios"));
  if (rules > 0) out.push_back("it breaks " + counted(rules, "rule", "rules") + " on the form of replies");
  if (!record.crashes.empty())
    out.push_back("it crashed or hung " + counted(static_cast<std::ptrdiff_t>(record.crashes.size()), "time", "times"));
  return out;
}

}  // namespace

bool is_binding(verdict::Level level) {
  switch (level) {
    case verdict::Level::must:
    case verdict::Level::must_not:
    case verdict::Level::implied:
    case verdict::Level::grammar:
      return true;
    case verdict::Level::should:
    case verdict::Level::should_not:
    case verdict::Level::may:
      return false;
  }
  return true;
}

Conclusion conclude(const RunRecord& record) {
  const auto violated = std::count_if(record.requirements.begin(), record.requirements.end(), [](const auto& r) {
    return r.outcome == verdict::RequirementOutcome::violated && is_binding(r.level);
  });
  const auto waived_findings = std::count_if(record.wire_findings.begin(), record.wire_findings.end(),
                                             [](const auto& f) { return f.is_waived; });
  const auto waived = waived_findings + std::count_if(record.scenarios.begin(), record.scenarios.end(),
                                                      [](const auto& s) { return s.is_waived; });
  if (const auto found = wrongs(record); !found.empty()) {
    std::string sentence = "The server does not conform: " + list(found);
    if (violated > 0) sentence += ", and so violates " + counted(violated, "requirement", "requirements");
    return {Conclusion::Kind::violates, sentence + "."};
  }
  const auto conclusive = std::count_if(record.scenarios.begin(), record.scenarios.end(), [](const auto& s) {
    return s.verdict == Verdict::pass || s.verdict == Verdict::warn;
  });
  if (record.gate.exit_code == verdict::kExitUnavailable || conclusive == 0)
    return {Conclusion::Kind::unknown, "Nothing can be said of the server: " + record.gate.reason + "."};
  if (record.was_interrupted)
    return {Conclusion::Kind::unknown, "The run was interrupted; what was judged until then found no violation."};
  if (!record.given_up.empty())
    return {Conclusion::Kind::unknown,
            "The run was given up, as " + record.given_up + "; what was judged until then found no violation."};
  const auto warns = std::count_if(record.scenarios.begin(), record.scenarios.end(),
                                   [](const auto& s) { return s.verdict == Verdict::warn && !s.is_waived; });
  const std::string advice =
      warns > 0 ? "; " + counted(warns, "recommendation is", "recommendations are") + " not followed" : "";
  // What is waived is a deviation all the same, and stands in front of any word of conformance.
  const std::string apart =
      waived > 0 ? "Apart from " + counted(waived, "waived deviation", "waived deviations") + ", " : "";
  if (record.gate.exit_code != verdict::kExitGateMet)
    return {Conclusion::Kind::unknown, (apart.empty() ? "No" : apart + "no") +
                                           " violation was found, but the run does not suffice to say that the server "
                                           "conforms" +
                                           advice + "."};
  return {Conclusion::Kind::conforms,
          (apart.empty() ? "The" : apart + "the") + " server conforms in all that was judged" + advice + "."};
}

std::string scenarios_counted(std::size_t n) {
  return counted(static_cast<std::ptrdiff_t>(n), "scenario", "scenarios");
}

std::string summary_line(const RunRecord& record) {
  const auto& s = record.summary;
  // What was not decided does not become less by being waived.
  const auto waived_undecided = std::count_if(record.scenarios.begin(), record.scenarios.end(), [](const auto& each) {
    return each.is_waived && each.verdict == Verdict::inconclusive;
  });
  std::string out = fmt::format("{} in {:.1f} s:", scenarios_counted(record.scenarios.size()),
                                static_cast<double>(record.duration.count()) / 1e6);
  std::string_view separator = " ";
  for (const auto& [count, name] : {std::pair<int, std::string_view>{s.pass, "pass"},
                                    {s.warn, "warn"},
                                    {s.fail, "fail"},
                                    {s.inconclusive, "inconclusive"},
                                    {s.error, "error"},
                                    {s.waived, "waived"},
                                    {s.not_applicable, "not applicable"},
                                    {s.skipped, "skipped"}}) {
    if (count == 0) continue;
    out += fmt::format("{}{} {}", separator, count, name);
    if (name == "waived" && waived_undecided > 0) out += fmt::format(" ({} of them inconclusive)", waived_undecided);
    separator = ", ";
  }
  if (separator == " ") out += " none run";
  if (s.flaky > 0) out += fmt::format("; {} flaky", s.flaky);
  if (s.crash > 0) out += fmt::format("; {}", counted(s.crash, "crash", "crashes"));
  return out;
}

}  // namespace smtpspec::reports
