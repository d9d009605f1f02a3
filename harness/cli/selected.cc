#include "harness/cli/selected.h"

#include <iostream>
#include <optional>

#include "harness/runner/selection.h"

namespace smtpspec::cli {
namespace {

using base::make_unexpected;
using base::Result;

// A misspelt name would pass unseen beside others that select something.
void tell_idle(std::string_view option, const runner::Selection& selection, const Suite& suite) {
  for (const auto& sentence : selection.idle_terms(suite.scenarios(), scenario::built_in_catalogue()))
    std::cerr << "smtpspec: " << option << ": " << sentence << '\n';
}

Result<std::optional<runner::Selection>, std::string> parse(std::string_view option, const std::string& text,
                                                            const Suite& suite) {
  if (text.empty()) return std::optional<runner::Selection>();
  auto parsed = runner::Selection::parse(text);
  if (!parsed) return make_unexpected(std::string(option) + ": " + parsed.error());
  tell_idle(option, *parsed, suite);
  return std::optional<runner::Selection>(std::move(*parsed));
}

}  // namespace

Result<std::vector<scenario::Instance>, std::string> selected_instances(const Suite& suite, const std::string& select,
                                                                        const std::string& exclude) {
  const auto wanted = parse("--select", select, suite);
  if (!wanted) return make_unexpected(wanted.error());
  const auto unwanted = parse("--exclude", exclude, suite);
  if (!unwanted) return make_unexpected(unwanted.error());
  const auto& catalogue = scenario::built_in_catalogue();
  std::vector<scenario::Instance> instances;
  for (const auto& scenario : suite.scenarios()) {
    for (auto& instance : scenario::instances_of(scenario)) {
      if (*wanted && !(*wanted)->selects(instance, catalogue)) continue;
      if (*unwanted && (*unwanted)->selects(instance, catalogue)) continue;
      instances.push_back(std::move(instance));
    }
  }
  return instances;
}

void keep_shard(const verdict::Shard& shard, std::vector<scenario::Instance>& instances) {
  std::vector<scenario::Instance> kept;
  for (std::size_t i = 0; i < instances.size(); ++i)
    if (i % static_cast<std::size_t>(shard.total) == static_cast<std::size_t>(shard.index - 1))
      kept.push_back(std::move(instances[i]));
  instances = std::move(kept);
}

}  // namespace smtpspec::cli
