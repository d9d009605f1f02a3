#include "harness/server/trace.h"

#include <gtest/gtest.h>

namespace smtpspec::server {
namespace {

LocalTime at(long long seconds, int minutes) {
  return {base::WallTime(std::chrono::seconds{seconds}), std::chrono::minutes{minutes}};
}

TEST(Trace, DatesHaveFourDigitYearsAndNumericZones) {
  EXPECT_EQ(to_date_time(at(0, 0)), "Thu, 1 Jan 1970 00:00:00 +0000");
  EXPECT_EQ(to_date_time(at(1'795'489'987, 60)), "Tue, 24 Nov 2026 04:13:07 +0100");
  EXPECT_EQ(to_date_time(at(1'795'489'987, -210)), "Mon, 23 Nov 2026 23:43:07 -0330");
}

TEST(Trace, NamesTheProtocolTruthfully) {
  EXPECT_EQ(protocol_keyword(false, false, false, false, false), "SMTP");
  EXPECT_EQ(protocol_keyword(false, true, false, false, false), "ESMTP");
  EXPECT_EQ(protocol_keyword(false, true, false, true, true), "ESMTPSA");
  EXPECT_EQ(protocol_keyword(true, true, false, true, false), "LMTPS");
  EXPECT_EQ(protocol_keyword(false, true, true, false, true), "UTF8SMTPA");
}

TEST(Trace, ReceivedSaysWhoHowAndWhen) {
  EXPECT_EQ(received_field({"[192.0.2.1]", "2001:db8::1", "mail.example.org", "ESMTPS", "id7", "",
                            "TLS_AES_256_GCM_SHA384", at(0, 0)},
                           {}),
            "Received: from [192.0.2.1] ([IPv6:2001:db8::1])\r\n\tby mail.example.org with ESMTPS id id7\r\n"
            "\ttls TLS_AES_256_GCM_SHA384;\r\n\tThu, 1 Jan 1970 00:00:00 +0000\r\n");
}

TEST(Trace, ReturnPathKeepsTheNullPath) { EXPECT_EQ(return_path_field(""), "Return-Path: <>\r\n"); }

TEST(Trace, CountsAndRemovesHeaderFieldsOnly) {
  const std::string content = "Received: a\r\n\tb\r\nX: Received: c\r\nRECEIVED: d\r\n\r\nReceived: body\r\n";
  EXPECT_EQ(count_header_fields(content, "received:"), 2U);
  EXPECT_EQ(without_header_field(content, "received:"), "X: Received: c\r\n\r\nReceived: body\r\n");
  EXPECT_EQ(without_header_field("no end", "received:"), "no end");
}

}  // namespace
}  // namespace smtpspec::server
