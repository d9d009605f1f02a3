#include "harness/wire/capabilities.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smtpspec::wire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using P = CapabilityProblem;

// `text` holds the texts of the reply's lines, one a line.
Reply reply_of(std::string_view text) {
  std::string octets;
  while (true) {
    const std::size_t end = text.find('\n');
    const bool is_last = end == std::string_view::npos;
    octets += (is_last ? "250 " : "250-") + std::string(text.substr(0, end)) + "\r\n";
    if (is_last) break;
    text.remove_prefix(end + 1);
  }
  ReplyParser parser;
  parser.feed(octets);
  auto reply = parser.next();
  EXPECT_TRUE(reply.has_value());
  return std::move(reply).value_or(Reply());
}

Capabilities parse(std::string_view text) { return parse_ehlo(reply_of(text)); }

TEST(Capabilities, AreReadFromEveryLineButTheFirst) {
  const auto found = parse("mx.example.org greets you, friend\nSIZE 1000\nPIPELINING\nAUTH PLAIN LOGIN");
  EXPECT_EQ(found.greeting_domain, "mx.example.org");
  EXPECT_EQ(found.greeting_text, "greets you, friend");
  EXPECT_THAT(found.items,
              ElementsAre(Capability{"SIZE", {"1000"}, "SIZE 1000", 1}, Capability{"PIPELINING", {}, "PIPELINING", 2},
                          Capability{"AUTH", {"PLAIN", "LOGIN"}, "AUTH PLAIN LOGIN", 3}));
  EXPECT_THAT(found.deviations, IsEmpty());
}

TEST(Capabilities, OfAReplyOfOneLineAreNone) {
  const auto found = parse("mx.example.org");
  EXPECT_THAT(found.items, IsEmpty());
  EXPECT_EQ(found.greeting_domain, "mx.example.org");
  EXPECT_EQ(found.greeting_text, "");
  EXPECT_THAT(parse_ehlo(Reply()).items, IsEmpty());
}

TEST(Capabilities, AreFoundInAnyLetterCase) {
  const auto found = parse("a.example\n8bitMIME\nSize 0");
  EXPECT_TRUE(found.advertises("8BITMIME"));
  EXPECT_EQ(found.find("SIZE")->keyword, "Size");
  EXPECT_FALSE(found.advertises("SIZ"));
  EXPECT_FALSE(found.advertises(""));
}

TEST(Capabilities, AreFoundOneByOneInTheReplyItself) {
  const Reply reply = reply_of("SIZE.example\nPIPELINING\n  size  1000  \nSize 2\nAUTH PLAIN LOGIN");
  EXPECT_EQ(find_advertised(reply, "SIZE"), "1000");
  EXPECT_EQ(find_advertised(reply, "PIPELINING"), "");
  EXPECT_EQ(find_advertised(reply, "AUTH"), "PLAIN LOGIN");
  EXPECT_EQ(find_advertised(reply, "PIPE"), std::nullopt);
  EXPECT_EQ(find_advertised(Reply(), "SIZE"), std::nullopt);
}

TEST(Capabilities, TakeAnAddressLiteralForTheServersName) {
  EXPECT_THAT(parse("[127.0.0.1] hello\nSIZE").deviations, IsEmpty());
}

struct DeviationCase {
  const char* name;
  std::string text;
  std::vector<CapabilityDeviation> deviations;
};
void PrintTo(const DeviationCase& it, std::ostream* out) { *out << it.name; }
class CapabilityForm : public testing::TestWithParam<DeviationCase> {};
TEST_P(CapabilityForm, IsNotedWithItsPlace) { EXPECT_EQ(parse(GetParam().text).deviations, GetParam().deviations); }
INSTANTIATE_TEST_SUITE_P(
    All, CapabilityForm,
    testing::Values(DeviationCase{"BadDomain", "mail_host hi\nSIZE", {{P::bad_domain, 0, 0}}},
                    DeviationCase{"NoDomain", "\nSIZE", {{P::bad_domain, 0, 0}}},
                    DeviationCase{"SpaceBeforeTheDomain", " mx.example.org\nSIZE", {{P::bad_domain, 0, 0}}},
                    DeviationCase{"KeywordBeginsWithHyphen", "a.example\n-SIZE", {{P::bad_keyword, 1, 0}}},
                    DeviationCase{"KeywordWithUnderscore", "a.example\nX_FOO 1", {{P::bad_keyword, 1, 0}}},
                    DeviationCase{"KeywordWithEquals", "a.example\nSIZE=1000", {{P::equals_in_keyword, 1, 4}}},
                    DeviationCase{"LegacyAuth", "a.example\nAUTH=PLAIN LOGIN", {{P::legacy_auth, 1, 4}}},
                    DeviationCase{
                        "LegacyAuthBesideAuth", "a.example\nAUTH PLAIN\nAUTH=PLAIN", {{P::legacy_auth, 2, 4}}},
                    DeviationCase{"ControlOctetInParameter", "a.example\nSIZE 1\t0", {{P::bad_parameter, 1, 6}}},
                    DeviationCase{"EightBitParameter", "a.example\nX \xc3\xa4", {{P::bad_parameter, 1, 2}}},
                    DeviationCase{"Duplicate", "a.example\nSIZE 1\nsize 2", {{P::duplicate_keyword, 2, 0}}},
                    DeviationCase{"EmptyLine", "a.example\n", {{P::empty_line, 1, 0}}},
                    DeviationCase{"EmptyLineAmongOthers", "a.example\n\nSIZE", {{P::empty_line, 1, 0}}},
                    DeviationCase{"TrailingSpace", "a.example\nSIZE ", {{P::extra_space, 1, 4}}},
                    DeviationCase{"LeadingSpace", "a.example\n SIZE", {{P::extra_space, 1, 0}}},
                    DeviationCase{"DoubleSpaceNotedOnce", "a.example\nAUTH  PLAIN  LOGIN", {{P::extra_space, 1, 4}}},
                    DeviationCase{"OnlySpace", "a.example\n ", {{P::extra_space, 1, 0}, {P::empty_line, 1, 0}}}),
    [](const auto& it) { return it.param.name; });

TEST(Capabilities, KeepTheWordsOfALineWithExtraSpaces) {
  const auto found = parse("a.example\nAUTH  PLAIN LOGIN ");
  EXPECT_THAT(found.find("AUTH")->parameters, ElementsAre("PLAIN", "LOGIN"));
  EXPECT_EQ(found.find("AUTH")->raw, "AUTH  PLAIN LOGIN ");
}

TEST(LegacyAuth, IsFoundByItsOwnKeywordOrByAMechanism) {
  const auto found = parse("a.example\nAUTH=PLAIN LOGIN");
  EXPECT_EQ(found.find("AUTH"), nullptr);
  EXPECT_EQ(found.find("AUTH=")->raw, "AUTH=PLAIN LOGIN");
  EXPECT_EQ(found.find("AUTH=PLAIN"), found.find("AUTH="));
  EXPECT_EQ(found.find("auth=login"), found.find("AUTH="));
  EXPECT_EQ(found.find("AUTH=CRAM-MD5"), nullptr);
  EXPECT_THAT(found.find("AUTH=")->parameters, ElementsAre("PLAIN", "LOGIN"));
}

TEST(LegacyAuth, WithoutMechanismsIsFound) {
  const auto found = parse("a.example\nAUTH=");
  EXPECT_TRUE(found.advertises("AUTH="));
  EXPECT_FALSE(found.advertises("AUTH=PLAIN"));
}

TEST(Arguments, AreComparedExactlyAndInOrder) {
  EXPECT_TRUE(arguments_match("SIZE", {"1000"}, {"1000"}));
  EXPECT_FALSE(arguments_match("SIZE", {}, {"1000"}));
  EXPECT_FALSE(arguments_match("SIZE", {"1000"}, {}));
  EXPECT_FALSE(arguments_match("X", {"a", "b"}, {"b", "a"}));
  EXPECT_FALSE(arguments_match("X", {"a"}, {"A"}));
}

TEST(Arguments, OfAuthAreASet) {
  EXPECT_TRUE(arguments_match("auth", {"PLAIN", "LOGIN"}, {"login", "PLAIN"}));
  EXPECT_TRUE(arguments_match("AUTH", {"PLAIN", "PLAIN"}, {"PLAIN"}));
  EXPECT_FALSE(arguments_match("AUTH", {"PLAIN"}, {"PLAIN", "LOGIN"}));
  EXPECT_FALSE(arguments_match("AUTH", {"PLAIN", "LOGIN"}, {"PLAIN"}));
}

TEST(Arguments, OfLegacyAuthCountTheMechanismInTheKeyword) {
  EXPECT_TRUE(arguments_match("AUTH=PLAIN", {"LOGIN"}, {"LOGIN", "PLAIN"}));
  EXPECT_TRUE(arguments_match("AUTH=", {"PLAIN"}, {"PLAIN"}));
  EXPECT_FALSE(arguments_match("AUTH=PLAIN", {}, {"LOGIN", "PLAIN"}));
}

TEST(SameAdvertisement, HoldsWhateverTheOrder) {
  const auto before = parse("a.example\nSIZE 1\nAUTH PLAIN LOGIN\nPIPELINING");
  EXPECT_TRUE(same_advertisement(before, parse("b.example hi\npipelining\nAUTH LOGIN PLAIN\nSIZE 1")));
  EXPECT_TRUE(same_advertisement(Capabilities(), Capabilities()));
}

TEST(SameAdvertisement, FailsWhereALineIsMissingAddedOrOther) {
  const auto before = parse("a.example\nSIZE 1\nAUTH PLAIN");
  EXPECT_FALSE(same_advertisement(before, parse("a.example\nSIZE 1")));
  EXPECT_FALSE(same_advertisement(parse("a.example\nSIZE 1"), before));
  EXPECT_FALSE(same_advertisement(before, parse("a.example\nSIZE 2\nAUTH PLAIN")));
  EXPECT_FALSE(same_advertisement(before, parse("a.example\nSIZE 1\nAUTH PLAIN LOGIN")));
}

TEST(Capabilities, NameEveryProblem) {
  for (int kind = 0; kind <= static_cast<int>(P::extra_space); ++kind) EXPECT_NE(to_string(static_cast<P>(kind)), "?");
}

}  // namespace
}  // namespace smtpspec::wire
