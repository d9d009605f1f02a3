// The names that a scenario may use in `{name}`, and what they stand for: those of the profile, those of `each`, the
// counters of `repeat` and what was captured.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/scenario/scenario.h"

namespace smtpspec::engine {

class Variables {
 public:
  void set(std::string name, std::string value) { values_[std::move(name)] = std::move(value); }
  void set_recipients(std::vector<std::string> recipients) { recipients_ = std::move(recipients); }
  const std::map<std::string, std::string, std::less<>>& values() const { return values_; }
  const std::vector<std::string>& recipients() const { return recipients_; }
  std::size_t recipient_count() const { return recipients_.size(); }

  // A plain name, or `recipients[N]` / `recipients[i]`, counted from 1. Nothing for a name that is not set.
  std::optional<std::string> find(std::string_view name) const;

  // The octets of a template; the first unknown name goes to `unknown` and stands for nothing.
  std::string expand(const scenario::Template& pieces, std::string* unknown = nullptr) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
  std::vector<std::string> recipients_;
};

// Does the template hold something that no report may show: a password, or anything made from one?
bool is_secret(const scenario::Template& pieces);

}  // namespace smtpspec::engine
