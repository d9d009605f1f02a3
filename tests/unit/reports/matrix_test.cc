#include "reports/html/matrix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pugixml.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/golden/fixture.h"

namespace smtpspec::reports {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

verdict::RunRecord mended() {
  auto record = golden::plain_record();
  record.started += std::chrono::hours(48);
  for (auto& requirement : record.requirements)
    if (requirement.id == "RFC3207-4.2-01") requirement.outcome = verdict::RequirementOutcome::satisfied;
    else if (requirement.id == "RFC5321-4.3.2-05") requirement.outcome = verdict::RequirementOutcome::violated;
  for (auto& scenario : record.scenarios)
    if (scenario.id == "smtp.starttls.injected-command") scenario.verdict = verdict::Verdict::pass;
  return record;
}

class Matrix : public testing::Test {
 protected:
  void load(const std::vector<MatrixRun>& runs) {
    std::ostringstream out;
    write_matrix(runs, out);
    page_ = out.str();
    const auto result = document_.load_string(page_.c_str(), pugi::parse_full | pugi::parse_ws_pcdata);
    ASSERT_TRUE(result) << result.description();
  }
  pugi::xml_node by_id(const std::string& id) const {
    return document_.find_node([&](const pugi::xml_node& node) { return node.attribute("id").value() == id; });
  }
  static std::string text_of(pugi::xml_node node) {
    std::string out = node.value();
    for (const auto child : node.children()) out += text_of(child);
    return out;
  }
  static std::vector<std::string> cells(pugi::xml_node row) {
    std::vector<std::string> titles;
    for (const auto cell : row.child("summary").children("span"))
      if (std::string(cell.attribute("class").value()).starts_with("cell"))
        titles.push_back(cell.attribute("title").value());
    return titles;
  }
  std::string page_;
  pugi::xml_document document_;
};

TEST_F(Matrix, EachRunHasItsOutcomeOfEachRequirement) {
  load({{"old", golden::plain_record()}, {"new", mended()}});
  const auto row = by_id("r-RFC3207-4.2-01");
  EXPECT_THAT(cells(row), ElementsAre("old: violated", "new: satisfied"));
  EXPECT_TRUE(row.attribute("data-x")) << "they differ";
  EXPECT_THAT(cells(by_id("r-RFC5321-3.5.3-03")), ElementsAre("old: not followed", "new: not followed"));
  EXPECT_FALSE(by_id("r-RFC5321-3.5.3-03").attribute("data-x"));
}

TEST_F(Matrix, ADifferenceLeadsToTheConversationsOfAll) {
  load({{"old", golden::plain_record()}, {"new", mended()}});
  EXPECT_THAT(page_, HasSubstr("href=\"#s-smtp.starttls.injected-command\""));
  const auto row = by_id("s-smtp.starttls.injected-command");
  EXPECT_THAT(cells(row), ElementsAre("old: fail", "new: pass"));
  std::size_t talks = 0;
  for (const auto talk : row.child("div").child("div").children("section")) {
    ++talks;
    EXPECT_THAT(text_of(talk), HasSubstr("C1: STARTTLS"));
  }
  EXPECT_EQ(talks, 2U);
}

TEST_F(Matrix, WhatEverybodyPassesHasNoConversation) {
  load({{"old", golden::plain_record()}, {"new", mended()}});
  EXPECT_FALSE(by_id("s-smtp.connect.greeting"));
}

TEST_F(Matrix, AServerAtTwoTimesHasATrend) {
  load({{"", mended()}, {"", golden::plain_record()}});
  const std::string trend = text_of(by_id("trends"));
  EXPECT_LT(trend.find("example 2026-11-24"), trend.find("example 2026-11-26")) << "the earlier first, however given";
  EXPECT_THAT(trend, HasSubstr("violated \xe2\x86\x92 satisfied RFC3207-4.2-01"));
  EXPECT_THAT(trend, HasSubstr("satisfied \xe2\x86\x92 not followed RFC5321-4.3.2-05"));
  load({{"", golden::plain_record()}, {"", golden::conforming_record()}});
  EXPECT_FALSE(by_id("trends")) << "two servers";
}

TEST_F(Matrix, RunsOfOneDayAreToldApart) {
  load({{"", golden::plain_record()}, {"", golden::plain_record()}});
  EXPECT_THAT(cells(by_id("r-RFC3207-4.2-01")),
              ElementsAre("example 2026-11-24 (1): violated", "example 2026-11-24 (2): violated"));
}

TEST_F(Matrix, ARuleThatARunDoesNotKnowIsNoOutcome) {
  auto small = golden::plain_record();
  small.requirements.erase(small.requirements.begin());
  load({{"small", small}, {"whole", golden::plain_record()}});
  EXPECT_THAT(cells(by_id("r-RFC3207-4.2-01")), ElementsAre("small: not in this run", "whole: violated"));
  EXPECT_FALSE(by_id("r-RFC3207-4.2-01").attribute("data-x"));
}

TEST_F(Matrix, OtherSuitesAreSpokenOf) {
  auto other = golden::plain_record();
  load({{"a", other}, {"b", golden::plain_record()}});
  EXPECT_THAT(page_, Not(HasSubstr("not of one and the same suite")));
  other.suite_digest = "0";
  load({{"a", other}, {"b", golden::plain_record()}});
  EXPECT_THAT(page_, HasSubstr("not of one and the same suite"));
}

TEST_F(Matrix, AHostileRecordAndAHostileNameAddNoMarkup) {
  load({{"<script>alert(1)</script>", golden::hostile_record()}, {"", golden::raw_record()}, {"", {}}});
  std::size_t scripts = 0;
  for (auto node = document_.first_child(); node; node = node.next_sibling())
    for (const auto& found : node.select_nodes(".//script")) scripts += found ? 1 : 0;
  EXPECT_EQ(scripts, 1U);
  EXPECT_EQ(document_.select_nodes("//img|//@onerror|//iframe").size(), 0U);
}

}  // namespace
}  // namespace smtpspec::reports
