// Domain and address-literal, production by production (RFC 5321 §4.1.2, §4.1.3).
#include <gtest/gtest.h>

#include "harness/wire/path.h"

namespace smtpspec::wire {
namespace {

using namespace std::string_literals;
using R = SyntaxReason;

struct Bad {
  std::string text;
  std::size_t offset;
  SyntaxReason reason;
};
void PrintTo(const Bad& bad, std::ostream* out) { *out << testing::PrintToString(bad.text); }

class ValidDomain : public testing::TestWithParam<std::string> {};
TEST_P(ValidDomain, IsTaken) { EXPECT_EQ(parse_domain(GetParam()).value(), GetParam()); }
INSTANTIATE_TEST_SUITE_P(All, ValidDomain,
                         testing::Values("a", "example.org", "EXAMPLE.Org", "a.b.c.d.e", "a-b.c--d.org", "1.2.3",
                                         "3com.com", "xn--bcher-kva.example", "localhost", std::string(300, 'a')));

class InvalidDomain : public testing::TestWithParam<Bad> {};
TEST_P(InvalidDomain, IsRefusedWithThePlace) {
  const auto parsed = parse_domain(GetParam().text);
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().offset, GetParam().offset);
  EXPECT_EQ(parsed.error().reason, GetParam().reason) << to_string(parsed.error().reason);
  EXPECT_FALSE(parsed.error().message.empty());
}
INSTANTIATE_TEST_SUITE_P(All, InvalidDomain,
                         testing::Values(Bad{"", 0, R::bad_domain}, Bad{".", 0, R::bad_domain},
                                         Bad{".a", 0, R::bad_domain}, Bad{"a.", 2, R::bad_domain},
                                         Bad{"a..b", 2, R::bad_domain}, Bad{"-a", 0, R::bad_domain},
                                         Bad{"a-", 1, R::bad_domain}, Bad{"a-.b", 1, R::bad_domain},
                                         Bad{"a.-b", 2, R::bad_domain}, Bad{"a_b", 1, R::bad_domain},
                                         Bad{"_a", 0, R::bad_domain}, Bad{"a b", 1, R::bad_domain},
                                         Bad{"a@b", 1, R::bad_domain}, Bad{"[127.0.0.1]", 0, R::bad_domain},
                                         Bad{"b\xc3\xbc.de", 1, R::not_ascii}, Bad{"a\tb", 1, R::control_octet},
                                         Bad{"a\0b"s, 1, R::control_octet}));

TEST(Domain, MayBeUtf8WhereAllowed) {
  const GrammarOptions utf8{.allow_utf8 = true};
  EXPECT_TRUE(
      parse_domain("b\xc3\xbc"
                   "cher.example",
                   utf8));
  EXPECT_EQ(parse_domain("b\xc3"
                         "cher.example",
                         utf8)
                .error()
                .reason,
            R::not_ascii);
  EXPECT_EQ(parse_domain("\xff", utf8).error().offset, 0u);
}

TEST(Domain, IsHeldToItsLimitsOnlyWhereAsked) {
  const GrammarOptions limits{.enforce_limits = true};
  const std::string label63(63, 'a');
  EXPECT_TRUE(parse_domain(label63, limits));
  EXPECT_EQ(parse_domain(label63 + "a", limits).error(),
            (SyntaxError{63, "a domain label is longer than 63 octets", R::too_long}));
  const std::string octets255 = label63 + "." + label63 + "." + label63 + "." + label63;
  ASSERT_EQ(octets255.size(), 255u);
  EXPECT_TRUE(parse_domain(octets255, limits));
  EXPECT_EQ(parse_domain(octets255 + ".a", limits).error().offset, 255u);
}

class ValidLiteral : public testing::TestWithParam<std::string> {};
TEST_P(ValidLiteral, IsTaken) { EXPECT_EQ(parse_address_literal(GetParam()).value(), GetParam()); }
INSTANTIATE_TEST_SUITE_P(All, ValidLiteral,
                         testing::Values("[123.255.37.2]", "[0.0.0.0]", "[255.255.255.255]", "[001.02.3.004]",
                                         "[IPv6:1:2:3:4:5:6:7:8]", "[ipv6:FFFF:ffff:0:0:0:0:0:0]", "[IPv6:::]",
                                         "[IPv6:::1]", "[IPv6:1::]", "[IPv6:1:2:3:4:5:6::]", "[IPv6:::1:2:3:4:5:6]",
                                         "[IPv6:1:2::5:6]", "[IPv6:fe80::1]", "[IPv6:1:2:3:4:5:6:192.0.2.1]",
                                         "[IPv6:::192.0.2.1]", "[IPv6:::ffff:192.0.2.1]", "[IPv6:1:2:3:4::192.0.2.1]",
                                         "[IPv6:1::192.0.2.1]", "[X:y]", "[x-400:C=de;O=\"a\"]", "[IPv7:@!]",
                                         "[9:a:b]"));

class InvalidLiteral : public testing::TestWithParam<Bad> {};
TEST_P(InvalidLiteral, IsRefusedWithThePlace) {
  const auto parsed = parse_address_literal(GetParam().text);
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().offset, GetParam().offset);
  EXPECT_EQ(parsed.error().reason, GetParam().reason) << to_string(parsed.error().reason);
}
constexpr R kBad = R::bad_address_literal;
INSTANTIATE_TEST_SUITE_P(
    All, InvalidLiteral,
    testing::Values(Bad{"", 0, kBad}, Bad{"127.0.0.1", 0, kBad}, Bad{"[", 1, kBad}, Bad{"[]", 1, kBad},
                    Bad{"[127.0.0.1", 10, kBad}, Bad{"[127.0.0]", 1, kBad}, Bad{"[127.0.0.1.1]", 1, kBad},
                    Bad{"[256.0.0.1]", 1, kBad}, Bad{"[1.2.3.]", 1, kBad}, Bad{"[1..2.3]", 1, kBad},
                    Bad{"[1.2.3.0004]", 1, kBad}, Bad{"[a.b.c.d]", 1, kBad}, Bad{"[127.0.0.1 ]", 10, kBad},
                    Bad{"[IPv6:]", 6, kBad}, Bad{"[IPv6:1:2:3:4:5:6:7]", 6, kBad},
                    Bad{"[IPv6:1:2:3:4:5:6:7:8:9]", 6, kBad}, Bad{"[IPv6:1:2:3:4:5:6:7::]", 6, kBad},
                    Bad{"[IPv6:::2:3:4:5:6:7:8]", 6, kBad}, Bad{"[IPv6:1::2::3]", 6, kBad}, Bad{"[IPv6::::]", 6, kBad},
                    Bad{"[IPv6::1]", 6, kBad}, Bad{"[IPv6:1:]", 6, kBad}, Bad{"[IPv6:12345::]", 6, kBad},
                    Bad{"[IPv6:g::]", 6, kBad}, Bad{"[IPv6:1:2:3:4:5::192.0.2.1]", 6, kBad},
                    Bad{"[IPv6:1:2:3:4:5:6:7:192.0.2.1]", 6, kBad}, Bad{"[IPv6:192.0.2.1::]", 6, kBad},
                    Bad{"[IPv6:::192.0.2.256]", 6, kBad}, Bad{"[IPv6:::192.0.2.1:1]", 6, kBad},
                    Bad{"[IPv6:fe80::1%eth0]", 6, kBad}, Bad{"[:x]", 1, kBad}, Bad{"[x-:y]", 1, kBad},
                    Bad{"[x_y:z]", 1, kBad}, Bad{"[x:]", 3, kBad}, Bad{"[x:a[b]", 4, kBad}, Bad{"[x:a\\b]", 4, kBad},
                    Bad{"[x:a b]", 4, kBad}, Bad{"[1.2.3.4]x", 9, R::trailing_text},
                    Bad{"[x:\x01]", 3, R::control_octet}, Bad{"[x:\xff]", 3, R::not_ascii}));

TEST(Ipv4, NeedsFourNumbersOfOneToThreeDigits) {
  EXPECT_TRUE(is_ipv4_address("1.2.3.4"));
  EXPECT_FALSE(is_ipv4_address(""));
  EXPECT_FALSE(is_ipv4_address("1.2.3.4 "));
  EXPECT_FALSE(is_ipv4_address("1.2.3.+4"));
}

}  // namespace
}  // namespace smtpspec::wire
