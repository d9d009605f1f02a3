#include <ostream>

#include <nlohmann/json.hpp>

#include "reports/comparison.h"
#include "reports/printable.h"

namespace smtpspec::reports {
namespace {

using json = nlohmann::ordered_json;

json changes_json(const std::vector<verdict::VerdictChange>& changes) {
  json list = json::array();
  for (const auto& change : changes)
    list.push_back({{"id", printable(change.id)},
                    {"title", printable(change.title)},
                    {"before", printable(change.before)},
                    {"after", printable(change.after)},
                    {"reason", printable(change.reason)}});
  return list;
}

}  // namespace

void write_comparison_json(const verdict::Comparison& comparison, std::ostream& out) {
  json advertisements = json::array();
  for (const auto& change : comparison.advertisements)
    advertisements.push_back(
        {{"where", change.where}, {"before", printable(change.before)}, {"after", printable(change.after)}});
  json remarks = json::array();
  for (const auto& remark : comparison.remarks) remarks.push_back(printable(remark));
  const json document = {{"schema", "smtpspec-diff/1"},
                         {"newly_failing", changes_json(comparison.newly_failing)},
                         {"fixed", changes_json(comparison.fixed)},
                         {"newly_inconclusive", changes_json(comparison.newly_inconclusive)},
                         {"no_longer_judged", changes_json(comparison.no_longer_judged)},
                         {"judged_again", changes_json(comparison.judged_again)},
                         {"newly_warned", changes_json(comparison.newly_warned)},
                         {"other", changes_json(comparison.other)},
                         {"advertisements", std::move(advertisements)},
                         {"remarks", std::move(remarks)}};
  out << document.dump(1) << '\n';
}

}  // namespace smtpspec::reports
