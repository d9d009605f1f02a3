// Named defects of the reference server: each breaks one rule and leaves everything else as it was, so that a check
// which claims to judge that rule can be shown to fail. The table is the only list; `serve --list-defects`, the kill
// matrix and the documentation are made from it.
#pragma once

#include <bitset>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/server/defect_names.h"

namespace smtpspec::server {

inline constexpr std::size_t kMaxDefects = 2048;

class DefectSet {
 public:
  DefectSet() = default;
  DefectSet(std::initializer_list<Defect> defects) {
    for (Defect defect : defects) add(defect);
  }
  void add(Defect defect) {
    bits_.set(static_cast<std::size_t>(defect));
    is_empty_ = false;
  }
  void remove(Defect defect) {
    bits_.reset(static_cast<std::size_t>(defect));
    is_empty_ = bits_.none();
  }
  bool has(Defect defect) const { return bits_.test(static_cast<std::size_t>(defect)); }
  bool empty() const { return is_empty_; }
  bool operator==(const DefectSet&) const = default;

 private:
  std::bitset<kMaxDefects> bits_;
  bool is_empty_ = true;  // asked many times for each octet that comes
};

struct DefectInfo {
  Defect defect;
  std::string_view name;                       // "rset-keeps-recipients"
  std::string_view breaks;                     // one sentence: what the server then does wrong
  std::vector<std::string_view> requirements;  // catalogue ids, at least one
};

// Every defect, in the order of the enumeration.
const std::vector<DefectInfo>& all_defects();

const DefectInfo& info_of(Defect defect);

// The defect of that name, or nothing.
std::optional<Defect> find_defect(std::string_view name);

// All names, for a spelling suggestion.
std::vector<std::string> defect_names();

}  // namespace smtpspec::server
