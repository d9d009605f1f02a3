#include "harness/target/waiver_file.h"

#include <gtest/gtest.h>

namespace smtpspec::target {
namespace {

std::vector<std::string> complaints(std::string_view text) {
  std::vector<std::string> all;
  const auto result = parse_waivers(text, "w.toml");
  if (result) return all;
  for (const auto& one : result.error())
    all.push_back(std::to_string(one.position.line) + " " + one.message +
                  (one.suggestion.empty() ? "" : " (" + one.suggestion + ")"));
  return all;
}

TEST(WaiverFile, ReadsEveryKey) {
  const auto waivers = parse_waivers(R"(
[[waiver]]
scenario = "smtp.vrfy.twin"
requirement = "RFC5321-3.5.3-01"
verdict = "warn"
reason = "VRFY is off on purpose"
section = "RFC 5321 §7.3"
expires = 2027-06-30
intermittent = true
)",
                                     "w.toml");
  ASSERT_TRUE(waivers);
  ASSERT_EQ(waivers->size(), 1U);
  const auto& waiver = waivers->front();
  EXPECT_EQ(waiver.scenario, "smtp.vrfy.twin");
  EXPECT_EQ(waiver.requirement, "RFC5321-3.5.3-01");
  EXPECT_EQ(waiver.verdict, verdict::Verdict::warn);
  EXPECT_EQ(waiver.reason, "VRFY is off on purpose");
  EXPECT_EQ(waiver.section, "RFC 5321 §7.3");
  EXPECT_EQ(waiver.line, 2);
  using namespace std::chrono;
  EXPECT_EQ(waiver.expires, sys_days(year(2027) / July / 1));
  EXPECT_TRUE(waiver.is_intermittent);
}

TEST(WaiverFile, AListOfScenariosIsAWaiverForEach) {
  const auto waivers = parse_waivers("[[waiver]]\nscenarios = [\"a.b[x=1]\", \"a.c\"]\nreason = \"r\"\n", "w.toml");
  ASSERT_TRUE(waivers);
  ASSERT_EQ(waivers->size(), 2U);
  EXPECT_EQ((*waivers)[0].scenario, "a.b[x=1]");
  EXPECT_EQ((*waivers)[1].scenario, "a.c");
  EXPECT_EQ((*waivers)[1].reason, "r");
  EXPECT_EQ((*waivers)[1].verdict, verdict::Verdict::fail);
}

TEST(WaiverFile, AnEmptyFileHasNone) {
  const auto waivers = parse_waivers("# nothing yet\n", "w.toml");
  ASSERT_TRUE(waivers);
  EXPECT_TRUE(waivers->empty());
}

TEST(WaiverFile, TellsEveryFaultWithItsLine) {
  EXPECT_EQ(complaints(R"(
[[waiver]]
scenario = "a"
reasn = "b"

[[waiver]]
reason = "c"

[[waiver]]
scenario = "d"
scenarios = ["e"]
verdict = "pass"
reason = "f"
expires = "soon"
)"),
            (std::vector<std::string>{
                "4 unknown key 'reasn' (did you mean 'reason'?)",
                "2 a waiver needs a reason (say why this deviation is accepted: reason = \"…\")",
                "6 a waiver names a scenario, a requirement or both",
                "12 'pass' cannot be waived (known are fail, warn and inconclusive)",
                "14 'expires' takes a date, as 2027-06-30",
                "11 a waiver has 'scenario' or 'scenarios', not both",
            }));
}

TEST(WaiverFile, RefusesWhatIsNoListOfTables) {
  EXPECT_EQ(complaints("waiver = 1\n"), (std::vector<std::string>{"1 waivers are tables: [[waiver]]"}));
  EXPECT_EQ(complaints("[[waivr]]\nscenario = \"a\"\n"),
            (std::vector<std::string>{"1 unknown key 'waivr' (did you mean 'waiver'?)"}));
}

}  // namespace
}  // namespace smtpspec::target
