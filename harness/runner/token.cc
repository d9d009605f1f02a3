#include "harness/runner/token.h"

#include <fmt/format.h>

namespace smtpspec::runner {
namespace {

std::uint64_t mixed(std::uint64_t x) {  // splitmix64's finaliser: neighbouring inputs give unrelated outputs
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

}  // namespace

std::string token_of(std::uint64_t seed, std::size_t index, int attempt) {
  const auto number = static_cast<std::uint64_t>(index) << 16 | static_cast<std::uint64_t>(attempt);
  return fmt::format("t{:016x}", mixed(seed ^ mixed(number)));
}

}  // namespace smtpspec::runner
