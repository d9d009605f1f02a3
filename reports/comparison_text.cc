#include <ostream>

#include <fmt/format.h>

#include "reports/comparison.h"
#include "reports/printable.h"

namespace smtpspec::reports {
namespace {

using verdict::Comparison;
using verdict::VerdictChange;

void write_changes(std::ostream& out, std::string_view title, const std::vector<VerdictChange>& changes) {
  if (changes.empty()) return;
  out << fmt::format("{}: {}\n", title, changes.size());
  for (const auto& change : changes) {
    out << fmt::format("  {}  {} -> {}\n", printable(change.id), printable(change.before), printable(change.after));
    if (!change.reason.empty()) out << "      " << printable(change.reason) << '\n';
  }
}

void write_advertisements(std::ostream& out, const Comparison& comparison) {
  if (comparison.advertisements.empty()) return;
  out << fmt::format("advertised otherwise: {}\n", comparison.advertisements.size());
  for (const auto& change : comparison.advertisements) {
    const std::string where = change.where == "plain" ? "" : fmt::format(" ({})", change.where);
    if (change.before.empty()) out << fmt::format("  + {}{}\n", printable(change.after), where);
    else if (change.after.empty()) out << fmt::format("  - {}{}\n", printable(change.before), where);
    else out << fmt::format("  {} -> {}{}\n", printable(change.before), printable(change.after), where);
  }
}

}  // namespace

void write_comparison_text(const Comparison& comparison, std::ostream& out) {
  write_changes(out, "newly failing", comparison.newly_failing);
  write_changes(out, "newly inconclusive", comparison.newly_inconclusive);
  write_changes(out, "no longer judged", comparison.no_longer_judged);
  write_changes(out, "newly warned of", comparison.newly_warned);
  write_changes(out, "fixed", comparison.fixed);
  write_changes(out, "judged again", comparison.judged_again);
  write_changes(out, "other changes", comparison.other);
  write_advertisements(out, comparison);
  if (comparison.is_same()) out << "no difference in any verdict, nor in what is advertised\n";
  for (const auto& remark : comparison.remarks) out << "note: " << printable(remark) << '\n';
}

}  // namespace smtpspec::reports
