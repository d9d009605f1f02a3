// Does a server's memory grow with the number of sessions? Pure.
//
// A cache fills and is full, an allocator warms up, and who keeps messages in memory needs room for them: only what
// grows in each of several windows of sessions, and by more than the messages that were accepted, is told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace smtpspec::fuzz {

struct MemorySample {
  std::uint64_t sessions = 0;         // since the server was started
  std::uint64_t resident_octets = 0;  // of all its processes
  std::uint64_t content_octets = 0;   // of messages that it has accepted so far
};

inline constexpr std::size_t kMemoryWindows = 4;
inline constexpr std::uint64_t kLeastGrowth = 1024;  // octets a session

// The last kMemoryWindows windows between samples all show it. False where there are fewer.
bool grows(std::span<const MemorySample> samples);

}  // namespace smtpspec::fuzz
