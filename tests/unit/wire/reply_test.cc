// What the parser notes about the form of one reply: each deviation, alone, with its place.
#include "harness/wire/reply.h"

#include <string_view>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smtpspec::wire {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::IsEmpty;

Reply parse(std::string_view octets) {
  ReplyParser parser;
  parser.feed(octets);
  auto reply = parser.next();
  EXPECT_TRUE(reply.has_value()) << "no whole reply";
  EXPECT_EQ(parser.next(), std::nullopt);
  EXPECT_EQ(parser.pending(), "");
  return reply.value_or(Reply());
}

using LineParts = std::tuple<int, char, std::string_view>;  // code, separator, text

std::vector<LineParts> lines_of(const Reply& reply) {
  std::vector<LineParts> lines;
  for (const ReplyLine& line : reply.lines) lines.emplace_back(line.code, line.separator, reply.text_of(line));
  return lines;
}

TEST(Reply, OfOneLineHasCodeSeparatorAndText) {
  const Reply reply = parse("250 2.1.0 Sender ok\r\n");
  EXPECT_EQ(reply.raw, "250 2.1.0 Sender ok\r\n");
  EXPECT_EQ(reply.code, 250);
  EXPECT_EQ(reply.first_digit(), 2);
  EXPECT_THAT(lines_of(reply), ElementsAre(LineParts{250, ' ', "2.1.0 Sender ok"}));
  EXPECT_THAT(reply.deviations, IsEmpty());
  EXPECT_FALSE(reply.is_multiline());
  EXPECT_EQ(reply.enhanced(), (EnhancedStatus{2, 1, 0}));
}

TEST(Reply, OfManyLinesEndsAtTheFirstWithoutAHyphen) {
  const Reply reply =
      parse("250-First line\r\n250-Second line\r\n250-234 Text beginning with numbers\r\n250 The last line\r\n");
  EXPECT_THAT(lines_of(reply), ElementsAre(LineParts{250, '-', "First line"}, LineParts{250, '-', "Second line"},
                                           LineParts{250, '-', "234 Text beginning with numbers"},
                                           LineParts{250, ' ', "The last line"}));
  EXPECT_EQ(reply.text(), "First line\nSecond line\n234 Text beginning with numbers\nThe last line");
  EXPECT_TRUE(reply.is_multiline());
  EXPECT_THAT(reply.deviations, IsEmpty());
  EXPECT_EQ(reply.enhanced(), std::nullopt);
}

struct FormCase {
  const char* name;
  std::string octets;
  int code;
  std::vector<Deviation> deviations;
};
void PrintTo(const FormCase& form, std::ostream* out) { *out << form.name; }

class ReplyForm : public testing::TestWithParam<FormCase> {};
TEST_P(ReplyForm, IsNotedWithItsPlace) {
  const Reply reply = parse(GetParam().octets);
  EXPECT_EQ(reply.code, GetParam().code);
  EXPECT_EQ(reply.raw, GetParam().octets);
  EXPECT_EQ(reply.deviations, GetParam().deviations);
}

using D = ReplyDeviation;
INSTANTIATE_TEST_SUITE_P(
    Clean, ReplyForm,
    testing::Values(FormCase{"TextWithTab", "250 a\tb\r\n", 250, {}},
                    FormCase{"NoTextBehindSpace", "250 \r\n", 250, {}},
                    FormCase{"NoTextBehindHyphen", "250-\r\n250 \r\n", 250, {}},
                    FormCase{"LowestCode", "200 \r\n", 200, {}}, FormCase{"HighestCode", "559 x\r\n", 559, {}},
                    FormCase{"EveryPrintableOctet", "250 !\"#$%&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~ \r\n", 250, {}},
                    FormCase{"LineOf512Octets", "250 " + std::string(506, 'x') + "\r\n", 250, {}},
                    FormCase{"EnhancedClassAgrees", "452-4.3.1 a\r\n452 4.3.1 b\r\n", 452, {}},
                    FormCase{"VersionNumber", "220 5.0.0.1 is no enhanced code\r\n", 220, {}}),
    [](const auto& it) { return it.param.name; });
INSTANTIATE_TEST_SUITE_P(
    LineEnd, ReplyForm,
    testing::Values(FormCase{"BareLf", "250 ok\n", 250, {{D::bare_lf, 0, 6}}},
                    FormCase{"BareLfOnTheSecondLine", "250-a\r\n250 b\n", 250, {{D::bare_lf, 1, 12}}},
                    FormCase{"BareCr", "250 a\rb\r\n", 250, {{D::bare_cr, 0, 5}}},
                    FormCase{"BareCrNotedOnceALine", "250 a\rb\rc\r\n", 250, {{D::bare_cr, 0, 5}}},
                    FormCase{"CrCrLf", "250 a\r\r\n", 250, {{D::bare_cr, 0, 5}}},
                    FormCase{
                        "CrBehindTheCode", "250\r ok\r\n", 250, {{D::missing_separator, 0, 3}, {D::bare_cr, 0, 3}}},
                    FormCase{"LoneLf", "\n", -1, {{D::non_digit_code, 0, 0}, {D::bare_lf, 0, 0}}},
                    FormCase{"LoneCrLf", "\r\n", -1, {{D::non_digit_code, 0, 0}}}),
    [](const auto& it) { return it.param.name; });
INSTANTIATE_TEST_SUITE_P(
    Code, ReplyForm,
    testing::Values(FormCase{"ChangesAtTheEnd", "250-a\r\n251 b\r\n", 251, {{D::code_changes, 1, 7}}},
                    FormCase{"ChangesOnEachOfTwoLines",
                             "250-a\r\n550-b\r\n550 c\r\n",
                             550,
                             {{D::code_changes, 1, 7}, {D::code_changes, 2, 14}}},
                    FormCase{"ComparedWithTheFirstLine", "250-a\r\n550-b\r\n250 c\r\n", 250, {{D::code_changes, 1, 7}}},
                    FormCase{"NotDigits", "OK welcome\r\n", -1, {{D::non_digit_code, 0, 0}}},
                    FormCase{"TwoDigits", "25 ok\r\n", -1, {{D::non_digit_code, 0, 0}}},
                    FormCase{"TwoDigitsOnly", "25\r\n", -1, {{D::non_digit_code, 0, 0}}},
                    FormCase{"NotDigitsButAHyphen", "abc-def\r\n", -1, {{D::non_digit_code, 0, 0}}},
                    FormCase{"LeadingSpace", " 250 ok\r\n", -1, {{D::non_digit_code, 0, 0}}},
                    FormCase{"FirstDigitOne", "150 x\r\n", 150, {{D::code_out_of_range, 0, 0}}},
                    FormCase{"FirstDigitSix", "650 x\r\n", 650, {{D::code_out_of_range, 0, 0}}},
                    FormCase{"SecondDigitSix", "260 x\r\n", 260, {{D::code_out_of_range, 0, 0}}},
                    FormCase{"SecondDigitNine", "599 x\r\n", 599, {{D::code_out_of_range, 0, 0}}},
                    FormCase{"Zero", "000 x\r\n", 0, {{D::code_out_of_range, 0, 0}}},
                    FormCase{"FourDigits", "2500 x\r\n", 250, {{D::missing_separator, 0, 3}}},
                    FormCase{"NoneOnAMiddleLine", "250-a\r\ngarbage\r\n250 b\r\n", 250, {{D::non_digit_code, 1, 7}}}),
    [](const auto& it) { return it.param.name; });
INSTANTIATE_TEST_SUITE_P(
    Separator, ReplyForm,
    testing::Values(FormCase{"Missing", "250ok\r\n", 250, {{D::missing_separator, 0, 3}}},
                    FormCase{"IsATab", "250\tok\r\n", 250, {{D::missing_separator, 0, 3}}},
                    FormCase{"IsAnotherSign", "250_ok\r\n", 250, {{D::missing_separator, 0, 3}}},
                    FormCase{"BareCode", "250\r\n", 250, {{D::missing_text_space, 0, 3}}},
                    FormCase{"BareCodeEndsAMultilineReply", "250-a\r\n250\r\n", 250, {{D::missing_text_space, 1, 10}}},
                    FormCase{"MissingEndsAMultilineReply", "250-a\r\n250b\r\n", 250, {{D::missing_separator, 1, 10}}}),
    [](const auto& it) { return it.param.name; });
INSTANTIATE_TEST_SUITE_P(
    Text, ReplyForm,
    testing::Values(
        FormCase{"Nul", "250 a\0b\r\n"s, 250, {{D::nul_octet, 0, 5}}},
        FormCase{"Escape", "250 \x1b[1m\r\n", 250, {{D::control_octet, 0, 4}}},
        FormCase{"Delete", "250 a\x7f\r\n", 250, {{D::control_octet, 0, 5}}},
        FormCase{"EightBit", "250 gr\xc3\xbc\xc3\x9f\r\n", 250, {{D::eight_bit, 0, 6}}},
        FormCase{"AllAtOnce",
                 "250 \xff\x01\0\rx\r\n"s,
                 250,
                 {{D::bare_cr, 0, 7}, {D::nul_octet, 0, 6}, {D::control_octet, 0, 5}, {D::eight_bit, 0, 4}}},
        FormCase{"BehindALongPlainText", "250 " + std::string(100, 'x') + "\x80\r\n", 250, {{D::eight_bit, 0, 104}}},
        FormCase{"NulInPlaceOfTheCode", "\0\0\0 x\r\n"s, -1, {{D::non_digit_code, 0, 0}, {D::nul_octet, 0, 0}}}),
    [](const auto& it) { return it.param.name; });
INSTANTIATE_TEST_SUITE_P(
    Enhanced, ReplyForm,
    testing::Values(FormCase{"ClassDisagrees", "550 2.0.0 no\r\n", 550, {{D::enhanced_class_disagrees, 0, 4}}},
                    FormCase{"ClassDisagreesOnOneLine",
                             "250-2.1.0 a\r\n250 4.1.0 b\r\n",
                             250,
                             {{D::enhanced_class_disagrees, 1, 17}}},
                    FormCase{"OnIntermediate", "354 2.0.0 go ahead\r\n", 354, {{D::enhanced_on_intermediate, 0, 4}}}),
    [](const auto& it) { return it.param.name; });
INSTANTIATE_TEST_SUITE_P(
    Length, ReplyForm,
    testing::Values(
        FormCase{"LineOf513Octets", "250 " + std::string(507, 'x') + "\r\n", 250, {{D::line_too_long, 0, 512}}},
        FormCase{
            "SecondLineTooLong", "250-a\r\n250 " + std::string(507, 'x') + "\r\n", 250, {{D::line_too_long, 1, 519}}}),
    [](const auto& it) { return it.param.name; });

TEST(Reply, FindsASuspectOctetAtEveryPlaceOfALine) {
  for (std::size_t size = 1; size <= 40; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'x');
      text[at] = '\x80';
      const Reply reply = parse("250 " + text + "\r\n");
      EXPECT_THAT(reply.deviations, ElementsAre(Deviation{D::eight_bit, 0, at + 4})) << size << " " << at;
    }
  }
}

TEST(Reply, JudgesEveryOctetOfTheTextAsTextstringDoes) {
  for (int value = 0; value < 256; ++value) {
    const char octet = static_cast<char>(value);
    if (octet == '\n') continue;
    const Reply reply = parse("250 abc" + std::string(1, octet) + "defgh\r\n");
    const bool is_textstring = value == 9 || (value >= 32 && value <= 126);
    EXPECT_EQ(reply.deviations.empty(), is_textstring) << value;
  }
}

TEST(Reply, WithoutACodeKeepsTheWholeLineAsText) {
  const Reply reply = parse("abc-def\r\n");
  EXPECT_THAT(lines_of(reply), ElementsAre(LineParts{-1, '\0', "abc-def"}));
  EXPECT_EQ(reply.first_digit(), 0);
  EXPECT_TRUE(reply.has(D::non_digit_code));
  EXPECT_FALSE(reply.has(D::bare_lf));
}

TEST(Reply, NamesEveryDeviation) {
  for (int kind = 0; kind <= static_cast<int>(D::enhanced_on_intermediate); ++kind)
    EXPECT_NE(to_string(static_cast<D>(kind)), "?");
}

}  // namespace
}  // namespace smtpspec::wire
