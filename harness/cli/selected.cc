#include "harness/cli/selected.h"

#include <iostream>
#include <optional>

#include "harness/runner/selection.h"

namespace smtpspec::cli {
namespace {

using base::make_unexpected;
using base::Result;

// Terms that nothing in the suite answers to, misspelt most likely, each as a sentence.
std::string idle_terms(std::string_view option, const std::optional<runner::Selection>& selection, const Suite& suite) {
  std::string sentences;
  if (!selection) return sentences;
  for (const auto& sentence : selection->idle_terms(suite.scenarios(), scenario::built_in_catalogue()))
    sentences += (sentences.empty() ? "" : "\nsmtpspec: ") + std::string(option) + ": " + sentence;
  return sentences;
}

Result<std::optional<runner::Selection>, std::string> parse(std::string_view option, const std::string& text) {
  if (text.empty()) return std::optional<runner::Selection>();
  auto parsed = runner::Selection::parse(text);
  if (!parsed) return make_unexpected(std::string(option) + ": " + parsed.error());
  return std::optional<runner::Selection>(std::move(*parsed));
}

}  // namespace

Result<std::vector<scenario::Instance>, std::string> selected_instances(const Suite& suite, const std::string& select,
                                                                        const std::string& exclude) {
  const auto wanted = parse("--select", select);
  if (!wanted) return make_unexpected(wanted.error());
  const auto unwanted = parse("--exclude", exclude);
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
  const std::string idle = idle_terms("--select", *wanted, suite);
  // One misspelt name beside others that select something would make a run smaller and leave it green.
  if (!idle.empty() && !instances.empty()) return make_unexpected(idle);
  for (const auto& sentences : {idle, idle_terms("--exclude", *unwanted, suite)})
    if (!sentences.empty()) std::cerr << "smtpspec: " << sentences << '\n';
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
