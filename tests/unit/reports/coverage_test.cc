#include "reports/coverage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace smtpspec::reports {
namespace {

using testing::HasSubstr;
using testing::Not;
using verdict::CoverageState;

verdict::RequirementCoverage entry(std::string id, CoverageState state) {
  verdict::RequirementCoverage made;
  made.id = std::move(id);
  made.document = "RFC 5321";
  made.section = "4.1";
  made.level = verdict::Level::must;
  made.observable = "wire";
  made.summary = "Ends in <CRLF>.";
  made.state = state;
  return made;
}

verdict::Coverage example() {
  verdict::Coverage coverage;
  coverage.requirements = {entry("A-1", CoverageState::covered), entry("A-2", CoverageState::untested),
                           entry("A-3", CoverageState::open)};
  coverage.requirements[0].scenarios = {"x.one", "x.\x1btwo"};
  coverage.requirements[0].finding = "wire.line-end";
  coverage.requirements[1].reason = "Needs a full disk.";
  return coverage;
}

std::string written(void (*write)(const verdict::Coverage&, CoverageListing, std::ostream&),
                    const verdict::Coverage& coverage, CoverageListing listing = CoverageListing::all) {
  std::ostringstream out;
  write(coverage, listing, out);
  return out.str();
}

TEST(CoverageText, SaysOfEachRequirementWhoCoversItOrWhyNobodyDoes) {
  EXPECT_EQ(written(write_coverage_text, example()),
            "RFC 5321\n"
            "  covered   A-1                      MUST       x.one x.\\x1btwo wire.line-end\n"
            "  untested  A-2                      MUST       Needs a full disk.\n"
            "  open      A-3                      MUST       Ends in <CRLF>.\n"
            "\n"
            "specification       counted  covered  observed  untested   open  covered %  accounted %\n"
            "RFC 5321                  3        1         0         1      1       33.3         66.6\n"
            "all                       3        1         0         1      1       33.3         66.6\n"
            "\n"
            "seen in             counted  covered  observed  untested   open  covered %  accounted %\n"
            "wire                      3        1         0         1      1       33.3         66.6\n");
}

TEST(CoverageText, ListsOnlyWhatIsOpenButCountsAll) {
  const auto text = written(write_coverage_text, example(), CoverageListing::open);
  EXPECT_THAT(text, HasSubstr("A-3"));
  EXPECT_THAT(text, Not(HasSubstr("A-1")));
  EXPECT_THAT(text, HasSubstr("all                       3 "));
}

TEST(CoverageText, ShowsWhatARunMadeOfThem) {
  auto coverage = example();
  coverage.has_outcomes = true;
  coverage.requirements[0].outcome = verdict::RequirementOutcome::violated;
  const auto text = written(write_coverage_text, coverage);
  EXPECT_THAT(text, HasSubstr("A-1                      MUST       violated       x.one"));
  EXPECT_THAT(text, HasSubstr("\nin the run  violated 1  not in it 2\n"));
}

TEST(CoverageJson, HoldsCountsAndRequirements) {
  auto coverage = example();
  coverage.has_outcomes = true;
  coverage.requirements[0].outcome = verdict::RequirementOutcome::satisfied;
  const auto document = nlohmann::json::parse(written(write_coverage_json, coverage));
  EXPECT_EQ(document["schema"], "smtpspec-coverage/1");
  EXPECT_EQ(document["summary"]["requirements"], 3);
  EXPECT_EQ(document["summary"]["covered_percent"], 33.3);
  EXPECT_EQ(document["specifications"][0]["sections"][0]["name"], "4.1");
  EXPECT_EQ(document["observable"][0]["name"], "wire");
  EXPECT_EQ(document["outcomes"]["satisfied"], 1);
  ASSERT_EQ(document["requirements"].size(), 3U);
  EXPECT_EQ(document["requirements"][0]["scenarios"].size(), 2U);
  EXPECT_EQ(document["requirements"][0]["finding"], "wire.line-end");
  EXPECT_EQ(document["requirements"][0]["outcome"], "satisfied");
  EXPECT_EQ(document["requirements"][1]["reason"], "Needs a full disk.");
  EXPECT_FALSE(document["requirements"][2].contains("outcome"));
}

TEST(CoverageJson, TakesNamesThatAreNoUtf8) {
  auto coverage = example();
  coverage.requirements[0].scenarios = {"x.\xff"};
  EXPECT_FALSE(nlohmann::json::parse(written(write_coverage_json, coverage)).empty());
}

TEST(CoverageMarkdown, GivesReasonsAndEscapesWhatWouldBeMarkup) {
  auto coverage = example();
  coverage.requirements.push_back(entry("A-4", CoverageState::untested));
  coverage.requirements.back().reason = coverage.requirements[1].reason;
  const auto page = written(write_coverage_markdown, coverage);
  EXPECT_THAT(page, HasSubstr("| RFC 5321 | 4 | 1 | 0 | 2 | 1 | 25.0 | 75.0 |\n"));
  EXPECT_THAT(page, HasSubstr("| RFC 5321 | 4.1 | 4 | 1 | 0 | 2 | 1 |\n"));
  EXPECT_THAT(page, HasSubstr("- Needs a full disk.\n  - A-2 (MUST): Ends in \\<CRLF>.\n  - A-4 "));
  EXPECT_THAT(page, Not(HasSubstr("- A-3")));
  EXPECT_THAT(written(write_coverage_markdown, example(), CoverageListing::open),
              HasSubstr("- A-3 (MUST, wire): Ends in \\<CRLF>.\n"));
}

}  // namespace
}  // namespace smtpspec::reports
