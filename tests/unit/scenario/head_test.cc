#include "tests/unit/scenario/loading.h"

namespace smtpspec::scenario {
namespace {

constexpr char kWhole[] =
    "# a family of one\n"
    "scenario smtp.mail.path \"A path is taken\"\n"
    "  why     \"Mail is lost \\\"else\\\"\"   # comment\n"
    "  checks  RFC5321-4.5.2-02 RFC5321-4.5.2-03\n"
    "          RFC1870-3-01\n"
    "  needs   PIPELINING, mailbox, recipients >= 100, unknown,\n"
    "          undeliverable, sasl, sasl=CRAM-MD5, sasl={case}\n"
    "  role    mx | lmtp\n"
    "  impact  deliver\n"
    "  tags    slow, smuggling\n"
    "  each    path: \"<a@b\" long: \"x\"*50 bare\n"
    "  each    case: UPPER lower\n"
    "  C: NOOP\n";

TEST(Head, AnExtensionIsNeededWithAParameterOrANumber) {
  const auto scenario_with = [](const std::string& needs) {
    return load("scenario smtp.x \"X\"\n  checks RFC1870-3-01\n  needs " + needs + "\n  C: NOOP\n");
  };
  const auto loaded = scenario_with("AUTH=PLAIN, SIZE <= 10999999, DSN, LIMITS=MAILMAX >= 30");
  EXPECT_EQ(complaints(loaded), "");
  ASSERT_EQ(loaded.scenarios.at(0).needs.size(), 4U);
  const auto& needs = loaded.scenarios[0].needs;
  EXPECT_EQ(needs[0].keyword, "AUTH");
  EXPECT_EQ(needs[0].parameter, "PLAIN");
  EXPECT_EQ(needs[1].keyword, "SIZE");
  EXPECT_EQ(needs[1].maximum, 10'999'999U);
  EXPECT_EQ(needs[2].maximum, 0U);
  EXPECT_EQ(needs[3].parameter, "MAILMAX");
  EXPECT_EQ(needs[3].minimum, 30);
  for (const auto* wrong : {"SIZE <=", "SIZE <= 0", "SIZE <= 1k", "SIZE <= 99999999999999999999", "AUTH=",
                            "AUTH=plain!", "LIMITS=MAILMAX >=", "LIMITS=MAILMAX >= 0", "LIMITS=MAILMAX >= many"})
    EXPECT_NE(complaints(scenario_with(wrong)), "") << wrong;
}

TEST(Head, ReadsEveryField) {
  const auto loaded = load(kWhole);
  EXPECT_EQ(complaints(loaded), "");
  ASSERT_EQ(loaded.scenarios.size(), 1U);
  const auto& scenario = loaded.scenarios[0];
  EXPECT_EQ(scenario.name, "smtp.mail.path");
  EXPECT_EQ(scenario.title, "A path is taken");
  EXPECT_EQ(scenario.why, "Mail is lost \"else\"");
  EXPECT_EQ(scenario.checks, (std::vector<std::string>{"RFC5321-4.5.2-02", "RFC5321-4.5.2-03", "RFC1870-3-01"}));
  EXPECT_EQ(scenario.check_positions[1], (SourcePosition{4, 28, 16}));
  EXPECT_EQ(scenario.check_positions[2], (SourcePosition{5, 11, 12}));
  ASSERT_EQ(scenario.needs.size(), 8U);
  EXPECT_EQ(scenario.needs[0].keyword, "PIPELINING");
  EXPECT_EQ(scenario.needs[1].kind, Need::Kind::mailbox);
  EXPECT_EQ(scenario.needs[2].minimum, 100);
  EXPECT_EQ(scenario.needs[3].kind, Need::Kind::unknown_recipient);
  EXPECT_EQ(scenario.needs[4].kind, Need::Kind::undeliverable);
  EXPECT_EQ(scenario.needs[5].kind, Need::Kind::sasl);
  EXPECT_EQ(scenario.needs[5].keyword, "");
  EXPECT_EQ(scenario.needs[6].keyword, "CRAM-MD5");
  EXPECT_EQ(scenario.needs[7].keyword, "{case}");
  EXPECT_EQ(scenario.roles, (std::vector<Role>{Role::mx, Role::lmtp}));
  EXPECT_EQ(scenario.impact, Impact::deliver);
  EXPECT_TRUE(scenario.has_tag("smuggling"));
  EXPECT_EQ(scenario.file, "x/test.smtp");
  EXPECT_EQ(scenario.position, (SourcePosition{2, 10, 14}));
  EXPECT_EQ(scenario.head.size(), 11U);
}

TEST(Head, EachValueGivesAnInstanceOfAStableName) {
  const auto loaded = load(kWhole);
  ASSERT_EQ(loaded.scenarios.size(), 1U);
  const auto instances = instances_of(loaded.scenarios[0]);
  ASSERT_EQ(instances.size(), 6U);
  EXPECT_EQ(instances[0].id, "smtp.mail.path[path=<a@b,case=UPPER]");
  EXPECT_EQ(instances[1].id, "smtp.mail.path[path=<a@b,case=lower]");
  EXPECT_EQ(instances[2].id, "smtp.mail.path[path=long,case=UPPER]");
  EXPECT_EQ(instances[5].id, "smtp.mail.path[path=bare,case=lower]");
  EXPECT_EQ(instances[2].values[0].second, std::string(50, 'x'));
}

TEST(Head, BracesInAValueAreText) {
  const auto loaded = load("scenario a.b \"t\"\n  each x: \"{a}{{\"\n  C: NOOP\n");
  EXPECT_EQ(complaints(loaded), "");
  ASSERT_EQ(loaded.scenarios.size(), 1U);
  EXPECT_EQ(loaded.scenarios[0].each[0].values[0].value, "{a}{{");
}

TEST(Head, AScenarioWithoutEachIsItsOnlyInstance) {
  const auto loaded = load("scenario a.b \"t\"\n  C: NOOP\n");
  ASSERT_EQ(loaded.scenarios.size(), 1U);
  const auto instances = instances_of(loaded.scenarios[0]);
  ASSERT_EQ(instances.size(), 1U);
  EXPECT_EQ(instances[0].id, "a.b");
}

TEST(Head, RoleAnyIsNoRestriction) {
  EXPECT_TRUE(load("scenario a \"t\"\n  role any\n  C: NOOP\n").scenarios.at(0).roles.empty());
}

TEST(Head, NamesAreUniqueOverAllFiles) {
  MemoryFiles files;
  files.files["a.smtp"] = "scenario one \"t\"\n  C: NOOP\n";
  files.files["b.smtp"] = "scenario two \"t\"\n  use b\n\nscenario one \"t\"\n  C: NOOP\n";
  files.files["blocks.smtp"] = "block b\n  C: NOOP\n";
  const auto loaded = load_files({"a.smtp", "b.smtp", "blocks.smtp", "c.smtp"}, files);
  EXPECT_EQ(loaded.scenarios.size(), 2U);
  EXPECT_EQ(complaints(loaded),
            "c.smtp: error: cannot read this file: no such file\n"
            "b.smtp:4:10: error: a scenario of that name stands at a.smtp:1\n"
            "  scenario one \"t\"\n"
            "           ^~~\n");
}

// Heads at once and steps when they are asked for come to what the whole comes to.
TEST(SoundSuite, CompletesToWhatTheWholeFilesHold) {
  MemoryFiles files;
  files.files["blocks.smtp"] = "block hi\n  C: EHLO {client}\n  S: 250\n";
  files.files["a.smtp"] =
      "# a file\nblock own\n  use hi\n  C: NOOP\n\n"
      "scenario one \"t\"\n  why \"w\"\n  checks T-1-01\n  # values over several lines\n"
      "  each x:\n    \"a\"\n    b: \"bb\"\n  use own\n  when reply 250\n    C: {x}\n    S: 250 [T-1-01]\n";
  files.files["b.smtp"] =
      "scenario two \"t\"\n  checks T-1-01\n\n\nC: NOOP\nS: 250 [T-1-01]\n"
      "scenario three \"t\"\n  checks T-1-01\n  impact deliver\n  C.\n    scenario four \"no heading\"\n\n    block x\n"
      "  S: 250 [T-1-01]\n";
  const std::vector<std::string> paths{"a.smtp", "b.smtp"};
  const auto loaded = load_files(paths, files);
  ASSERT_EQ(complaints(loaded), "");
  ASSERT_EQ(loaded.scenarios.size(), 3U);
  SoundSuite suite(paths, files);
  ASSERT_EQ(suite.scenarios().size(), loaded.scenarios.size());
  for (std::size_t i = loaded.scenarios.size(); i-- > 0;) {  // in any order
    EXPECT_TRUE(suite.scenarios()[i].steps.empty());
    suite.complete(suite.scenarios()[i]);
    EXPECT_EQ(suite.scenarios()[i], loaded.scenarios[i]) << loaded.scenarios[i].name;
  }
}

}  // namespace
}  // namespace smtpspec::scenario
