#include "tests/unit/server/defect_cases.h"

#include <gtest/gtest.h>

#include <set>

#include "harness/server/defect_table.h"

namespace smtpspec::server {

std::vector<DefectCase> all_defect_cases() {
  std::vector<DefectCase> all;
  for (auto part : {envelope_defect_cases, login_defect_cases, chunking_defect_cases, report_defect_cases,
                    reply_defect_cases, demand_defect_cases, text_defect_cases, scram_defect_cases, relay_defect_cases,
                    buffer_defect_cases, content_defect_cases, refusal_defect_cases}) {
    for (DefectCase& one : part()) all.push_back(std::move(one));
  }
  return all;
}

namespace {

std::string seen_in(const Probe& probe, DefectSet defects, bool octet_by_octet) {
  Config config = probe.config;
  config.defects = defects;
  FakeEnvironment environment;
  const Outcome outcome = play(config, probe.steps, octet_by_octet, environment, probe.info);
  std::string seen = outcome.octets;
  for (const std::string& message : outcome.messages) seen += message;
  for (const Delivery& delivery : outcome.delivered) {
    seen += envelope_text(delivery.envelope);
  }
  return seen;
}

TEST(DefectCase, EachDoesWhatItsSentenceSays) {
  for (const DefectCase& one : all_defect_cases()) {
    const std::string plain = seen_in(one.probe, {}, false);
    const std::string defective = seen_in(one.probe, {one.defect}, false);
    const auto name = info_of(one.defect).name;
    EXPECT_EQ(plain.find(one.text) != std::string::npos, one.is_lost) << name << '\n' << plain;
    EXPECT_EQ(defective.find(one.text) != std::string::npos, !one.is_lost) << name << '\n' << defective;
  }
}

TEST(DefectCase, ThePlainServerDoesNotDependOnTheSplit) {
  for (const DefectCase& one : all_defect_cases()) {
    EXPECT_EQ(seen_in(one.probe, {}, false), seen_in(one.probe, {}, true)) << info_of(one.defect).name;
  }
}

TEST(DefectCase, EveryDefectOfASingleExtensionHasOne) {
  std::set<std::string_view> shown;
  for (const DefectCase& one : all_defect_cases()) shown.insert(info_of(one.defect).name);
  for (auto part : {size_defects,        dsn_defects,
                    auth_defects,        starttls_defects,
                    chunking_defects,    report_defects,
                    status_code_defects, utf8_defects,
                    etrn_defects,        lmtp_defects,
                    protocol_defects,    unoffered_parameter_defects,
                    submission_defects,  message_format_defects,
                    scram_defects,       relay_defects,
                    buffer_defects,      text_defects,
                    refusal_defects,     helo_session_defects}) {
    for (const DefectInfo& info : part())
      EXPECT_TRUE(shown.contains(info.name) || is_of_tls_itself(info.defect) || is_of_queue(info.defect)) << info.name;
  }
}

}  // namespace
}  // namespace smtpspec::server
