#include "reports/waiver_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/golden/fixture.h"

namespace smtpspec::reports {
namespace {

using testing::HasSubstr;
using testing::Not;
using verdict::Verdict;

TEST(WaiverList, HasAnEntryForEachFailWithItsReasonLeftOpen) {
  std::ostringstream out;
  EXPECT_EQ(write_waiver_list(golden::plain_record(), {}, out), 6);
  EXPECT_THAT(out.str(), HasSubstr("# The end of the message is answered\n"
                                   "# expected 2xx, got no reply within 20 s\n"
                                   "[[waiver]]\n"
                                   "scenario = \"smtp.data.reply\"\n"
                                   "reason = \"\"\n"
                                   "section = \"RFC 5321 \xc2\xa7"
                                   "4.1.1.4\"\n\n"));
  EXPECT_THAT(out.str(), HasSubstr("scenario = \"wire.bare-lf\"\n"));
  EXPECT_THAT(out.str(), HasSubstr("reason = \"old clients of ours send this\"\n"));
  EXPECT_THAT(out.str(), Not(HasSubstr("smtp.vrfy.disabled")));
}

TEST(WaiverList, TakesWarningsAndADayWhenAsked) {
  std::ostringstream out;
  EXPECT_EQ(write_waiver_list(golden::plain_record(), {{Verdict::fail, Verdict::warn}, "2027-06-30"}, out), 7);
  EXPECT_THAT(out.str(), HasSubstr("scenario = \"smtp.vrfy.disabled\"\nverdict = \"warn\"\nreason = \"\"\n"));
  EXPECT_THAT(out.str(), HasSubstr("\nexpires = 2027-06-30\n"));
}

TEST(WaiverList, AHostileReplyStaysInItsComment) {
  std::ostringstream out;
  write_waiver_list(golden::raw_record(), {{Verdict::fail, Verdict::warn, Verdict::inconclusive}, ""}, out);
  std::istringstream in(out.str());
  for (std::string line; std::getline(in, line);)
    EXPECT_TRUE(line.empty() || line.starts_with("# ") || line == "[[waiver]]" || line.starts_with("scenario = \"") ||
                line.starts_with("verdict = \"") || line.starts_with("reason = \"") || line.starts_with("section = \""))
        << line;
}

}  // namespace
}  // namespace smtpspec::reports
