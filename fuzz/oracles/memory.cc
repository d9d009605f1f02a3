#include "fuzz/oracles/memory.h"

namespace smtpspec::fuzz {

namespace {
// A message in memory, its copies, and the structure around it.
constexpr std::uint64_t kRoomForContent = 8;
}  // namespace

bool grows(std::span<const MemorySample> samples) {
  if (samples.size() <= kMemoryWindows) return false;
  const auto last = samples.last(kMemoryWindows + 1);
  for (std::size_t i = 1; i < last.size(); ++i) {
    const MemorySample& before = last[i - 1];
    const MemorySample& after = last[i];
    if (before.resident_octets == 0 || after.sessions <= before.sessions) return false;
    const std::uint64_t allowed = before.resident_octets + kLeastGrowth * (after.sessions - before.sessions) +
                                  kRoomForContent * (after.content_octets - before.content_octets);
    if (after.resident_octets < allowed) return false;
  }
  return true;
}

}  // namespace smtpspec::fuzz
