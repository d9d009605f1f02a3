#include "harness/cli/shard_option.h"

#include <array>
#include <charconv>
#include <cstdlib>

#include <fmt/format.h>

#include "harness/base/octets.h"

namespace smtpspec::cli {
namespace {

using base::make_unexpected;
using base::Result;

constexpr int kMostShards = 100000;

struct System {
  const char* index;
  const char* total;
  int first;  // what the index of the first job is
};

constexpr std::array kSystems{
    System{"CI_NODE_INDEX", "CI_NODE_TOTAL", 1}, System{"CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", 0},
    System{"BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", 0},
    System{"SEMAPHORE_JOB_INDEX", "SEMAPHORE_JOB_COUNT", 1}, System{"JOB_COMPLETION_INDEX", "SMTPSPEC_SHARDS", 0}};

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || value < 0 || value > kMostShards)
    return std::nullopt;
  return value;
}

Result<verdict::Shard, std::string> checked(int index, int total, std::string_view origin) {
  if (total >= 1 && index >= 1 && index <= total) return verdict::Shard{index, total};
  return make_unexpected(fmt::format("{}: there is no shard {} of {}", origin, index, total));
}

Result<verdict::Shard, std::string> from_environment(const Environment& environment) {
  const System* found = nullptr;
  for (const auto& system : kSystems) {
    if (!environment(system.index)) continue;
    if (found != nullptr)
      return make_unexpected(fmt::format("auto: both {} and {} are set; say --shard I/N", found->index, system.index));
    found = &system;
  }
  if (found == nullptr)
    return make_unexpected(std::string("auto: no variable of a CI system or of Kubernetes tells which job this is"));
  const std::string index_text = environment(found->index).value_or("");
  const std::string total_text = environment(found->total).value_or("");
  const auto index = number(index_text);
  const auto total = number(total_text);
  if (!index)
    return make_unexpected(fmt::format("auto: {} is '{}', not a number", found->index, base::escape(index_text)));
  if (!total)
    return make_unexpected(fmt::format("auto: {} is '{}', not a number", found->total, base::escape(total_text)));
  return checked(*index - found->first + 1, *total, fmt::format("auto ({}={})", found->index, index_text));
}

}  // namespace

Result<verdict::Shard, std::string> parse_shard(std::string_view text, const Environment& environment) {
  if (text == "auto") return from_environment(environment);
  const auto slash = text.find('/');
  const auto index = number(text.substr(0, slash));
  const auto total = slash == std::string_view::npos ? std::nullopt : number(text.substr(slash + 1));
  if (!index || !total)
    return make_unexpected(fmt::format("'{}' is not I/N, such as 2/5, and not auto", base::escape(text)));
  return checked(*index, *total, base::escape(text));
}

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
}

}  // namespace smtpspec::cli
