#include "reports/run_record_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "reports/console.h"
#include "tests/golden/fixture.h"

namespace smtpspec::reports {
namespace {

using testing::HasSubstr;

std::string written(const verdict::RunRecord& record) {
  std::ostringstream out;
  write_run_record(record, out);
  return out.str();
}

std::string with(std::string document, const std::string& from, const std::string& to) {
  const auto at = document.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) document.replace(at, from.size(), to);
  return document;
}

TEST(RunRecordJson, ReadingWhatWasWrittenGivesTheSameRecord) {
  for (const auto& record : {golden::plain_record(), golden::conforming_record(), golden::hostile_record()}) {
    const auto read = read_run_record(written(record));
    ASSERT_TRUE(read) << read.error();
    EXPECT_TRUE(*read == record);
    EXPECT_EQ(written(*read), written(record));
  }
}

TEST(RunRecordJson, EveryReachabilityComesBack) {
  using verdict::Reachability;
  for (const auto reachability : {Reachability::answers, Reachability::unreachable, Reachability::silent,
                                  Reachability::not_smtp, Reachability::tls_failed}) {
    verdict::RunRecord record;
    record.target.reachability = reachability;
    EXPECT_TRUE(read_run_record(written(record)) == record);
  }
}

TEST(RunRecordJson, ReportsFromTheFileAreThoseOfTheRun) {
  const auto read = read_run_record(written(golden::hostile_record()));
  ASSERT_TRUE(read) << read.error();
  std::ostringstream before;
  std::ostringstream after;
  write_console(golden::hostile_record(), before);
  write_console(*read, after);
  EXPECT_EQ(before.str(), after.str());
}

TEST(RunRecordJson, OctetsWhereTextShouldBeAreShownAndStaySo) {
  const auto read = read_run_record(written(golden::raw_record()));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(written(*read), written(golden::raw_record()));
}

TEST(RunRecordJson, EmptyRecordComesBack) {
  const auto read = read_run_record(written(verdict::RunRecord{}));
  ASSERT_TRUE(read) << read.error();
  EXPECT_TRUE(*read == verdict::RunRecord{});
}

TEST(RunRecordJson, AMessageOfTheNextHopKeepsItsEnvelope) {
  verdict::RunRecord record;
  verdict::WireEntry& answer = record.scenarios.emplace_back().wire.emplace_back();
  answer.kind = verdict::WireKind::mailbox_answer;
  answer.octets = "X";
  answer.messages = {{1, {}, verdict::ReceivedEnvelope{"<\xff@b> SIZE=1", {"<c@d>", "<\\e@f>"}}}};
  const auto read = read_run_record(written(record));
  ASSERT_TRUE(read) << read.error();
  EXPECT_TRUE(*read == record);
  EXPECT_FALSE(read_run_record(with(written(record), "\"mail\":\"", "\"mail\":\"\\\\q"))) << "no escape";
}

TEST(RunRecordJson, UnknownMembersAreIgnored) {
  const auto read =
      read_run_record(with(written(golden::plain_record()), "\"tool\": {", "\"later\": [{}], \"tool\": {\"x\":1,"));
  ASSERT_TRUE(read) << read.error();
  EXPECT_TRUE(*read == golden::plain_record());
}

TEST(RunRecordJson, ErrorNamesThePlace) {
  const std::string good = written(golden::plain_record());
  EXPECT_EQ(read_run_record(with(good, R"("verdict":"fail")", R"("verdict":"maybe")")).error(),
            "scenarios[1].verdict: unknown word 'maybe'");
  EXPECT_EQ(read_run_record(with(good, R"(EHLO client.example\\r)", R"(\\q)")).error(),
            "scenarios[1].wire[3].octets: unknown escape; known are \\r \\n \\t \\0 \\\\ \\\" \\xHH");
  EXPECT_EQ(read_run_record(with(good, R"("gate": {"exit_code":4)", R"("gate": {"exit_code":4000000000)")).error(),
            "gate.exit_code: a whole number is expected");
  EXPECT_EQ(read_run_record(with(good, R"("seed": 1)", R"("seed": -1)")).error(),
            "seed: a whole number that is not negative is expected");
  EXPECT_EQ(read_run_record(with(good, "smtpspec-run/1", "smtpspec-run/9")).error(),
            "schema: 'smtpspec-run/9' is not known, 'smtpspec-run/1' is");
}

TEST(RunRecordJson, GarbageIsAnErrorAndNeverMore) {
  for (const std::string& text :
       {std::string(), std::string("\0\xff", 2), std::string("{"), std::string("[]"), std::string("null"),
        std::string("{}"), std::string("{\"schema\":1}"), std::string("{\"schema\":\"smtpspec-run/1\"}"),
        std::string(1000000, '['), "{\"schema\":\"" + std::string(100000, 'x') + "\"}", std::string("1e999999"),
        std::string("\"\\ud800\""), std::string("{\"schema\":\"smtpspec-run/1\",\"tool\":[]}")}) {
    const auto read = read_run_record(text);
    ASSERT_FALSE(read);
    EXPECT_LT(read.error().size(), 200U);
    EXPECT_FALSE(read.error().empty());
  }
}

TEST(RunRecordJson, ACutDocumentIsAnErrorWhereverItIsCut) {
  const std::string good = written(golden::conforming_record());
  for (std::size_t length = 0; length + 2 < good.size(); length += 7)
    ASSERT_FALSE(read_run_record(std::string_view(good).substr(0, length))) << length;
}

TEST(RunRecordJson, ADamagedDocumentNeverThrows) {
  std::string document = written(golden::conforming_record());
  for (std::size_t i = 0; i < document.size(); i += 5) {
    for (const char c : {'\0', '"', '{', '9'}) {
      const char old = document[i];
      document[i] = c;
      EXPECT_NO_THROW((void)read_run_record(document));
      document[i] = old;
    }
  }
}

}  // namespace
}  // namespace smtpspec::reports
