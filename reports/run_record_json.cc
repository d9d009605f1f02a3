#include "reports/run_record_json.h"

#include <algorithm>
#include <ostream>

#include <nlohmann/json.hpp>

#include "harness/base/octets.h"
#include "harness/base/unicode.h"
#include "harness/verdict/gate.h"
#include "harness/verdict/not_applicable.h"
#include "reports/instant.h"

namespace smtpspec::reports {
namespace {

using json = nlohmann::ordered_json;  // members in the order written: two runs compare line by line

// Valid UTF-8 as it is; JSON has a form for every control character, but none for an octet that is not UTF-8.
std::string text(std::string_view value) {
  std::string out;
  out.reserve(value.size());
  for (std::size_t i = 0; i < value.size();) {
    const std::size_t length = base::utf8_length(value, i);
    const std::string_view piece = value.substr(i, std::max<std::size_t>(1, length));
    if (length == 0) out += base::escape(piece);
    else out += piece;
    i += piece.size();
  }
  return out;
}

json texts(const std::vector<std::string>& values) {
  json out = json::array();
  for (const auto& value : values) out.push_back(text(value));
  return out;
}

// Milliseconds with a fraction: the microseconds come back exactly up to 2^50 of them, 35 years.
double milliseconds(base::Microseconds duration) { return static_cast<double>(duration.count()) / 1000.0; }

json check_json(const verdict::CheckResult& check) {
  return {{"requirement", text(check.requirement)},
          {"level", to_string(check.level)},
          {"outcome", to_string(check.outcome)},
          {"expected", text(check.expected)},
          {"got", text(check.got)},
          {"line", check.line}};
}

std::string_view word(verdict::LineEnds line_ends) {
  switch (line_ends) {
    case verdict::LineEnds::kept:
      return "kept";
    case verdict::LineEnds::lf:
      return "lf";
    case verdict::LineEnds::unknown:
      break;
  }
  return "unknown";
}

json message_json(const verdict::LoggedMessage& message) {
  const verdict::StorageArtefacts& artefacts = message.artefacts;
  json out = {{"octets", message.octets}, {"line_ends", word(artefacts.line_ends)}};
  if (artefacts.may_quote_from) out["may_quote_from"] = true;
  if (artefacts.may_change_last_line_end) out["may_change_last_line_end"] = true;
  if (artefacts.may_drop_last_empty_line) out["may_drop_last_empty_line"] = true;
  if (artefacts.may_add_delivery_fields) out["may_add_delivery_fields"] = true;
  if (artefacts.may_replace_nul) out["may_replace_nul"] = true;
  if (message.envelope) {
    json rcpts = json::array();
    for (const auto& rcpt : message.envelope->rcpts) rcpts.push_back(base::escape(rcpt));
    out["envelope"] = {{"mail", base::escape(message.envelope->mail)}, {"rcpt", std::move(rcpts)}};
  }
  return out;
}

json wire_json(const verdict::WireEntry& entry) {
  json out = {{"t_us", entry.at.count()},
              {"connection", entry.connection},
              {"direction", to_string(entry.kind)},
              {"octets", base::escape(entry.octets)}};
  if (!entry.note.empty()) out["note"] = text(entry.note);
  if (entry.line != 0) out["line"] = entry.line;
  if (entry.redacted) out["redacted"] = true;
  if (entry.left_out != 0) out["left_out"] = entry.left_out;
  if (entry.written != base::Microseconds{0}) out["written_us"] = entry.written.count();
  if (entry.is_own_refusal) out["own_refusal"] = true;
  if (entry.tls != verdict::TlsFacts{})
    out["tls"] = {{"version", entry.tls.version},
                  {"resumed", entry.tls.is_resumed},
                  {"certificate_current", entry.tls.is_certificate_current},
                  {"certificate_named", entry.tls.is_certificate_named}};
  for (const auto& message : entry.messages) out["messages"].push_back(message_json(message));
  return out;
}

json scenario_json(const verdict::ScenarioResult& scenario) {
  json checks = json::array();
  for (const auto& check : scenario.checks) checks.push_back(check_json(check));
  json wire = json::array();
  for (const auto& entry : scenario.wire) wire.push_back(wire_json(entry));
  return {{"id", text(scenario.id)},
          {"title", text(scenario.title)},
          {"why", text(scenario.why)},
          {"file", text(scenario.file)},
          {"line", scenario.line},
          {"requirements", texts(scenario.requirements)},
          {"tags", texts(scenario.tags)},
          {"verdict", to_string(scenario.verdict)},
          {"cause", to_string(scenario.cause)},
          {"reason", text(scenario.reason)},
          {"reason_line", scenario.reason_line},
          {"duration_ms", milliseconds(scenario.duration)},
          {"attempts", scenario.attempts},
          {"flaky", scenario.is_flaky},
          {"waived", scenario.is_waived},
          {"waiver_reason", text(scenario.waiver_reason)},
          {"likely_causes", texts(scenario.likely_causes)},
          {"token", text(scenario.token)},
          {"checks", std::move(checks)},
          {"wire", std::move(wire)}};
}

json conditions_json(const verdict::Conditions& c) {
  json policy = {{"fail_on", to_string(c.policy.fail_on)},
                 {"min_conclusive_percent", c.policy.min_conclusive_percent},
                 {"stale_waivers", c.policy.stale_waivers}};
  if (c.policy.minimum_judged) policy["minimum_judged"] = *c.policy.minimum_judged;
  if (c.policy.maximum_not_applicable_percent)
    policy["maximum_not_applicable_percent"] = *c.policy.maximum_not_applicable_percent;
  json variables = json::object();
  for (const auto& [name, value] : c.variables) variables[text(name)] = text(value);
  return {{"select", text(c.select)},
          {"exclude", text(c.exclude)},
          {"shard", {{"index", c.shard.index}, {"total", c.shard.total}}},
          {"defects", c.defects},
          {"waivers", c.waivers},
          {"confirmations", c.confirmations},
          {"repeat", c.repeat},
          {"policy", std::move(policy)},
          {"variables", std::move(variables)},
          {"recipients", texts(c.recipients)},
          {"has_password", c.has_password},
          {"reply_timeout_ms", milliseconds(c.reply_timeout)},
          {"time_scale", c.time_scale},
          {"demands_tls", c.demands_tls},
          {"demands_auth", c.demands_auth}};
}

json target_json(const verdict::TargetDescription& target) {
  return {{"address", text(target.address)},
          {"role", text(target.role)},
          {"built_in", target.is_built_in},
          {"reachability", to_string(target.reachability)},
          {"reachability_reason", text(target.reachability_reason)},
          {"banner", text(target.banner)},
          {"ehlo",
           {{"plain", texts(target.ehlo_plain)}, {"tls", texts(target.ehlo_tls)}, {"auth", texts(target.ehlo_auth)}}},
          {"profile", text(target.profile)},
          {"profile_digest", text(target.profile_digest)}};
}

json summary_json(const verdict::RunRecord& record) {
  const verdict::Summary& s = record.summary;
  json reasons = json::array();
  for (const auto& group : verdict::not_applicable_groups(record))
    reasons.push_back({{"reason", text(group.reason)}, {"scenarios", group.scenarios}});
  return {{"pass", s.pass},
          {"warn", s.warn},
          {"fail", s.fail},
          {"inconclusive", s.inconclusive},
          {"error", s.error},
          {"not_applicable", s.not_applicable},
          {"not_applicable_reasons", std::move(reasons)},
          {"skipped", s.skipped},
          {"flaky", s.flaky},
          {"crash", s.crash},
          {"waived", s.waived}};
}

json requirement_json(const verdict::RequirementResult& requirement) {
  json out = {{"id", text(requirement.id)},
              {"level", to_string(requirement.level)},
              {"section", text(requirement.section)},
              {"summary", text(requirement.summary)},
              {"ruling", text(requirement.ruling)},
              {"outcome", to_string(requirement.outcome)},
              {"scenarios", texts(requirement.scenarios)}};
  if (!requirement.extension.empty()) out["extension"] = text(requirement.extension);
  return out;
}

json finding_json(const verdict::WireFinding& finding) {
  return {{"id", text(finding.id)},
          {"requirement", text(finding.requirement)},
          {"section", text(finding.section)},
          {"summary", text(finding.summary)},
          {"level", to_string(finding.level)},
          {"outcome", to_string(finding.outcome)},
          {"replies", finding.replies},
          {"findings", finding.findings},
          {"example", text(finding.example)},
          {"scenario", text(finding.scenario)},
          {"waived", finding.is_waived},
          {"waiver_reason", text(finding.waiver_reason)}};
}

json crash_json(const verdict::CrashResult& crash) {
  return {{"kind", text(crash.kind)},
          {"scenario", text(crash.scenario)},
          {"confirmed", crash.confirmed},
          {"output_tail", base::escape(crash.output_tail)}};
}

// One member a line, and in the long lists one element a line: a scenario's whole evidence can be found with grep, and
// the document is a third of the size that full indentation would make it.
void write_member(std::ostream& out, std::string_view name, const json& value, bool is_last = false) {
  out << "  \"" << name << "\": " << value.dump() << (is_last ? "\n" : ",\n");
}

template <class T>
void write_list(std::ostream& out, std::string_view name, const std::vector<T>& values, json (*to_json)(const T&),
                bool is_last = false) {
  out << "  \"" << name << "\": [";
  std::string_view separator = "\n";
  for (const auto& value : values) {
    out << separator << "    " << to_json(value).dump();
    separator = ",\n";
  }
  out << (values.empty() ? "]" : "\n  ]") << (is_last ? "\n" : ",\n");
}

}  // namespace

void write_run_record(const verdict::RunRecord& record, std::ostream& out) {
  const verdict::Judged judged = count_judged(record);
  out << "{\n";
  write_member(out, "schema", "smtpspec-run/1");
  write_member(out, "tool", {{"version", text(record.tool_version)}});
  write_member(out, "suite",
               {{"version", text(record.suite_version)},
                {"digest", text(record.suite_digest)},
                {"scenarios", record.scenarios.size()}});
  write_member(out, "started", format_instant(record.started));
  write_member(out, "duration_ms", milliseconds(record.duration));
  write_member(out, "seed", record.seed);
  write_member(out, "interrupted", record.was_interrupted);
  if (!record.given_up.empty()) write_member(out, "given_up", text(record.given_up));
  write_member(out, "target", target_json(record.target));
  write_member(out, "judged", {{"judged", judged.judged}, {"applicable", judged.applicable}});
  write_member(out, "summary", summary_json(record));
  write_member(out, "gate", {{"exit_code", record.gate.exit_code}, {"reason", text(record.gate.reason)}});
  write_member(out, "reproduce", text(record.reproduce));
  write_member(out, "conditions", conditions_json(record.conditions));
  write_list(out, "requirements", record.requirements, requirement_json);
  write_list(out, "scenarios", record.scenarios, scenario_json);
  write_list(out, "wire_findings", record.wire_findings, finding_json);
  write_list(out, "crashes", record.crashes, crash_json, true);
  out << "}\n";
}

}  // namespace smtpspec::reports
