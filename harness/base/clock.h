// Time is injected: pure rooms get it in events, world rooms through a Clock that tests replace.
#pragma once

#include <chrono>
#include <string>

namespace smtpspec::base {

using Microseconds = std::chrono::microseconds;
using SteadyTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::system_clock::time_point;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual SteadyTime now() const = 0;
  virtual WallTime wall() const = 0;
};

class SystemClock final : public Clock {
 public:
  SteadyTime now() const override { return std::chrono::steady_clock::now(); }
  WallTime wall() const override { return std::chrono::system_clock::now(); }
};

// "2026-11-24T03:13:07Z", always UTC.
std::string to_iso8601(WallTime time);

}  // namespace smtpspec::base
