#include "reports/junit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pugixml.hpp>
#include <sstream>
#include <string>

#include "tests/golden/fixture.h"

namespace smtpspec::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string written(const verdict::RunRecord& record) {
  std::ostringstream out;
  write_junit(record, out);
  return out.str();
}

class Junit : public testing::Test {
 protected:
  void load(const verdict::RunRecord& record) { ASSERT_TRUE(document_.load_string(written(record).c_str())); }
  pugi::xml_node find(const std::string& name) const {
    return document_.find_node([&](const pugi::xml_node& node) {
      return std::string(node.name()) == "testcase" && node.attribute("name").value() == name;
    });
  }
  pugi::xml_document document_;
};

TEST_F(Junit, FailureIsTheServersAndHoldsTheWholeTranscript) {
  load(golden::plain_record());
  const auto test = find("smtp.mail.malformed-path[path=<a@b]");
  EXPECT_STREQ(test.attribute("classname").value(), "smtpspec.mail");
  EXPECT_STREQ(test.parent().attribute("name").value(), "smtp.mail");
  EXPECT_STREQ(test.child("failure").attribute("type").value(), "IMPLIED");
  EXPECT_STREQ(test.child("failure").attribute("message").value(), "line 47: expected 5xx, got 250 2.1.0 Ok");
  EXPECT_THAT(test.child("failure").text().get(), HasSubstr("C: MAIL FROM:<a@b\n"));
}

TEST_F(Junit, WhatCouldNotBeTestedIsAnError) {
  load(golden::plain_record());
  EXPECT_STREQ(find("smtp.rcpt.case-1").child("error").attribute("type").value(), "inconclusive.greylist");
  EXPECT_STREQ(find("smtp.help.topic").child("error").attribute("type").value(), "error");
}

TEST_F(Junit, NotApplicableSkippedAndWaivedAreSkipped) {
  load(golden::plain_record());
  EXPECT_STREQ(find("smtp.bdat.chunks").child("skipped").attribute("type").value(), "not_applicable");
  EXPECT_STREQ(find("smtp.timeout.five-minutes").child("skipped").attribute("type").value(), "skipped");
  EXPECT_STREQ(find("smtp.mail.malformed-path[path=it's]").child("skipped").attribute("type").value(), "waived");
}

TEST_F(Junit, WarningPassesAndSaysSo) {
  load(golden::plain_record());
  const auto test = find("smtp.vrfy.disabled");
  EXPECT_FALSE(test.child("failure"));
  EXPECT_THAT(test.child("system-out").text().get(), HasSubstr("warning: line 9: expected 252, got 502"));
}

TEST_F(Junit, ARunWhoseGateIsShutIsNeverGreen) {
  auto record = golden::conforming_record();
  load(record);
  EXPECT_STREQ(document_.child("testsuites").attribute("failures").value(), "0");
  EXPECT_STREQ(document_.child("testsuites").attribute("errors").value(), "0");
  for (const int code : {1, 2, 4}) {
    record.gate = {code, "too little"};
    load(record);
    EXPECT_EQ(document_.child("testsuites").attribute("failures").as_int() +
                  document_.child("testsuites").attribute("errors").as_int(),
              1);
    EXPECT_STREQ(find("gate").first_child().attribute("message").value(), "too little");
  }
}

TEST_F(Junit, CountsAreThoseOfTheElements) {
  for (const auto& record : {golden::plain_record(), golden::hostile_record(), golden::raw_record()}) {
    load(record);
    int all = 0;
    for (const auto suite : document_.child("testsuites").children("testsuite")) {
      int tests = 0;
      int failures = 0;
      int errors = 0;
      int skipped = 0;
      for (const auto test : suite.children("testcase")) {
        ++tests;
        failures += test.child("failure") ? 1 : 0;
        errors += test.child("error") ? 1 : 0;
        skipped += test.child("skipped") ? 1 : 0;
      }
      EXPECT_EQ(suite.attribute("tests").as_int(), tests);
      EXPECT_EQ(suite.attribute("failures").as_int(), failures);
      EXPECT_EQ(suite.attribute("errors").as_int(), errors);
      EXPECT_EQ(suite.attribute("skipped").as_int(), skipped);
      all += tests;
    }
    EXPECT_EQ(document_.child("testsuites").attribute("tests").as_int(), all);
    EXPECT_GT(all, 0);
  }
}

TEST_F(Junit, NoMarkupOfTheServersGetsThrough) {
  for (const auto& record : {golden::hostile_record(), golden::raw_record()}) {
    const std::string text = written(record);
    EXPECT_THAT(text, Not(HasSubstr("<script>")));
    EXPECT_THAT(text, Not(HasSubstr("<![CDATA[")));
    EXPECT_THAT(text, Not(HasSubstr("&#x")));
    EXPECT_THAT(text, Not(HasSubstr("&#27;")));
  }
}

}  // namespace
}  // namespace smtpspec::reports
