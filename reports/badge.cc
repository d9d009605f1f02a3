#include "reports/badge.h"

#include <ostream>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/verdict/gate.h"
#include "reports/conclusion.h"

namespace smtpspec::reports {

void write_badge(const verdict::RunRecord& record, std::ostream& out) {
  const auto judged = count_judged(record);
  std::string message = "unknown";
  std::string_view color = "lightgrey";
  const Conclusion::Kind kind = conclude(record).kind;
  if (kind == Conclusion::Kind::violates) {
    const int fails = record.summary.fail;
    message = fails > 0 ? fmt::format("{} of {} scenarios fail", fails, record.scenarios.size()) : "does not conform";
    color = "red";
  } else if (kind == Conclusion::Kind::conforms) {
    message = fmt::format("conforms, {} of {} judged", judged.judged, judged.applicable);
    color = record.summary.warn > 0 || record.summary.waived > 0 ? "green" : "brightgreen";
  }
  const nlohmann::ordered_json badge = {{"schemaVersion", 1},
                                        {"label", "SMTP conformance"},
                                        {"message", message},
                                        {"color", color},
                                        {"isError", kind == Conclusion::Kind::violates}};
  out << badge.dump(2) << '\n';
}

}  // namespace smtpspec::reports
