#include "harness/cli/fuzz_record.h"

#include <set>

#include <fmt/format.h>

#include "harness/base/base64.h"

namespace smtpspec::cli {

namespace {

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  if (what.empty()) return;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

}  // namespace

std::string without_password(std::string scenario, const fuzz::Vocabulary& words, const engine::Secrets& secrets) {
  if (words.password.empty()) return scenario;
  const std::string plain = std::string(1, '\0') + words.user + std::string(1, '\0') + words.password;
  replace_all(scenario, base::base64(plain), R"(" b64("\0{user}\0{password}") ")");
  replace_all(scenario, base::base64(words.password), R"(" b64("{password}") ")");
  return secrets.removed_from(std::move(scenario));  // what the fuzzer has made something else of
}

verdict::RunRecord fuzz_record(const std::vector<fuzz::Found>& findings, const fuzz::Status& status, int exit_code,
                               const engine::Secrets& secrets) {
  verdict::RunRecord record;
  record.duration = status.elapsed;
  std::set<fuzz::Oracle> told;
  for (const fuzz::Found& found : findings) {
    verdict::ScenarioResult& result = record.scenarios.emplace_back();
    result.id = found.id;
    result.title = fuzz::expectation_of(found.finding.oracle);
    result.tags = {"fuzz", std::string(fuzz::to_string(found.finding.oracle))};
    result.reason = secrets.removed_from(found.finding.evidence);
    result.attempts = found.plays;
    result.verdict = found.is_confirmed ? verdict::Verdict::fail : verdict::Verdict::inconclusive;
    result.is_flaky = !found.is_confirmed;
    result.wire.push_back({{},
                           1,
                           verdict::WireKind::client,
                           secrets.removed_from(inputs_of(found)),
                           secrets.removed_from(found.transcript).substr(0, 4000)});
    if (found.is_confirmed) told.insert(found.finding.oracle);
  }
  for (auto oracle = fuzz::Oracle::server_died; oracle <= fuzz::Oracle::memory_growth;
       oracle = static_cast<fuzz::Oracle>(static_cast<int>(oracle) + 1)) {
    if (told.contains(oracle)) continue;
    verdict::ScenarioResult& result = record.scenarios.emplace_back();
    result.id = fuzz::to_string(oracle);
    result.title = fuzz::expectation_of(oracle);
    result.tags = {"fuzz"};
    result.verdict = verdict::Verdict::pass;
  }
  record.summary = verdict::summarize(record);
  record.gate.exit_code = exit_code;
  record.gate.reason = fmt::format("{} sessions, {} confirmed findings", status.sessions, status.findings);
  return record;
}

}  // namespace smtpspec::cli
