#include "harness/transport/endpoint.h"

#include <gtest/gtest.h>

namespace smtpspec::transport {
namespace {

TEST(Endpoint, ReadsWhatItWrites) {
  for (const char* text : {"mail.example.org:25", "127.0.0.1:2525", "[::1]:65535", "unix:/run/smtp sock"}) {
    const auto endpoint = parse_endpoint(text);
    ASSERT_TRUE(endpoint) << text;
    EXPECT_EQ(to_string(*endpoint), text);
  }
  EXPECT_EQ(parse_endpoint("[::1]:25")->host, "::1");
  EXPECT_EQ(parse_endpoint("unix:/a:b")->unix_path, "/a:b");
}

TEST(Endpoint, RefusesWhatNamesNoPlace) {
  for (const char* text : {"", "host", ":25", "host:", "host:0", "host:65536", "host:smtp", "host:25x", "::1:25",
                           "[::1]", "[::1:25", "unix:"})
    EXPECT_FALSE(parse_endpoint(text)) << text;
}

}  // namespace
}  // namespace smtpspec::transport
