// What a run was told, as far as what it found depends on it: without this, a recording could not be judged again,
// shards could not be put together, and a certificate could not say that nothing was left out. No secrets: a password
// is not among the variables.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/clock.h"

namespace smtpspec::verdict {

enum class FailOn { fail, warn, inconclusive };

struct GatePolicy {
  FailOn fail_on = FailOn::fail;
  double min_conclusive_percent = 80.0;                  // of the applicable scenarios
  std::optional<int> minimum_judged;                     // requirements, as a checked-in profile states it
  std::optional<double> maximum_not_applicable_percent;  // of the scenarios, likewise
  int stale_waivers = 0;                                 // waivers whose check passed, or that have expired
  bool operator==(const GatePolicy&) const = default;
};

std::string_view to_string(FailOn fail_on);
std::optional<FailOn> parse_fail_on(std::string_view text);

// One of `total` parts of a run, from 1: it has every scenario whose place in the run, from 0, leaves index - 1 when
// divided by total. {1, 1} is the whole.
struct Shard {
  int index = 1;
  int total = 1;
  bool operator==(const Shard&) const = default;
};

struct Conditions {
  std::string select;   // as --select had it; empty: everything
  std::string exclude;  // likewise
  Shard shard;
  int defects = 0;  // that the built-in server was told to have
  int waivers = 0;  // that were given
  int confirmations = 1;
  int repeat = 1;
  GatePolicy policy;  // of the whole run, also in the record of a shard

  // What scenario text was filled in with, but for {token} and {password}.
  std::map<std::string, std::string> variables;
  std::vector<std::string> recipients;
  bool has_password = false;
  base::Microseconds reply_timeout{0};  // 0: a record of an earlier version, which cannot be judged again
  double time_scale = 1.0;
  bool demands_tls = false;   // by its profile, as engine::Settings has it
  bool demands_auth = false;  // likewise

  bool operator==(const Conditions&) const = default;
};

}  // namespace smtpspec::verdict
