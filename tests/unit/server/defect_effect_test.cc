#include <gtest/gtest.h>

#include "tests/unit/server/probes.h"

namespace smtpspec::server {
namespace {

// Everything that can be seen of a probe.
std::string outcome_of(const Probe& probe, const Config& config, bool octet_by_octet) {
  FakeEnvironment environment;
  const Outcome outcome = play(config, probe.steps, octet_by_octet, environment, probe.info);
  std::string seen = outcome.octets;
  for (const std::string& message : outcome.messages) seen += message;
  for (const Delivery& delivery : outcome.delivered) {
    seen += envelope_text(delivery.envelope);
  }
  return seen;
}

bool shows(Defect defect, const std::vector<Probe>& all, const std::vector<std::string>& plain, bool octet_by_octet) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    Config config = all[i].config;
    config.defects = {defect};
    if (outcome_of(all[i], config, octet_by_octet) != plain[i]) return true;
  }
  return false;
}

TEST(DefectEffect, ThePlainServerDoesNotDependOnTheSplitInAnyProbe) {
  for (const Probe& probe : probes()) converse(probe.config, probe.steps, probe.info);
}

TEST(DefectEffect, EveryDefectShowsInSomeProbe) {
  const std::vector<Probe> all = probes();
  ASSERT_FALSE(all.empty());
  std::vector<std::string> plain;
  for (const Probe& probe : all) plain.push_back(outcome_of(probe, probe.config, false));
  for (const DefectInfo& info : all_defects()) {
    if (is_of_tls_itself(info.defect) || is_of_queue(info.defect)) continue;
    EXPECT_TRUE(shows(info.defect, all, plain, false) || shows(info.defect, all, plain, true))
        << info.name << " changes nothing";
  }
}

}  // namespace
}  // namespace smtpspec::server
