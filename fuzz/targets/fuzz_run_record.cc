// reports/: a document that is read as a record is the same record when it is written and read again, and every writer
// takes it.
#include <sstream>
#include <string>

#include "fuzz/targets/target.h"
#include "reports/registry.h"
#include "reports/run_record_json.h"

namespace smtpspec::fuzz {

namespace {

std::string written(const verdict::RunRecord& record) {
  std::ostringstream out;
  reports::write_run_record(record, out);
  return out.str();
}

// The octets in every place where a server's octets come.
verdict::RunRecord record_of(std::string_view octets) {
  verdict::RunRecord record;
  record.target.banner = std::string(octets);
  verdict::ScenarioResult scenario;
  scenario.id = "fuzz";
  scenario.verdict = verdict::Verdict::fail;
  scenario.reason = std::string(octets);
  scenario.checks.push_back({"", verdict::Level::must, verdict::Outcome::violated, "250", std::string(octets), 1});
  scenario.wire.push_back({base::Microseconds{1}, 1, verdict::WireKind::server, std::string(octets)});
  record.scenarios.push_back(std::move(scenario));
  record.crashes.push_back({"signal 11 (SIGSEGV)", "fuzz", true, std::string(octets)});
  return record;
}

}  // namespace

void fuzz_run_record(std::string_view octets) {
  if (const auto record = reports::read_run_record(octets)) {
    const std::string text = written(*record);
    const auto again = reports::read_run_record(text);
    promise(again.has_value(), "a record that was written can be read");
    promise(written(*again) == text, "… and is the same");
  } else {
    promise(!record.error().empty(), "a document that is refused is told why");
  }
  const verdict::RunRecord record = record_of(octets);
  const auto back = reports::read_run_record(written(record));
  promise(back.has_value(), "any octets of a server can be recorded");
  promise(back->scenarios.at(0).wire.at(0).octets == octets, "… without loss");
  promise(back->crashes.at(0).output_tail == octets, "… in crashes too");
  for (const reports::Format& format : reports::formats()) {
    std::ostringstream out;
    format.write(record, out);
    promise(!out.str().empty(), "every report says something");
    if (format.name != "junit") continue;
    // XML 1.0 §2.2: no control octet but TAB and line ends, whatever the server said.
    for (const char c : out.str())
      promise(static_cast<unsigned char>(c) >= ' ' || c == '\n' || c == '\t' || c == '\r',
              "XML holds no control octet");
  }
}

}  // namespace smtpspec::fuzz
