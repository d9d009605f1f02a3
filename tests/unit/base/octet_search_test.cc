// What looks at many octets at once says what a look at each of them says.
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "harness/base/line_end.h"
#include "harness/base/printable.h"
#include "harness/base/short_word.h"

namespace smtpspec::base {
namespace {

using namespace std::string_literals;

TEST(FindCrOrLf, FindsTheFirstOfEither) {
  EXPECT_EQ(find_cr_or_lf(""), std::string_view::npos);
  EXPECT_EQ(find_cr_or_lf("abc"), std::string_view::npos);
  EXPECT_EQ(find_cr_or_lf("a\nb\rc"), 1U);
  EXPECT_EQ(find_cr_or_lf("a\rb\nc"), 1U);
  EXPECT_EQ(find_cr_or_lf("ab\r\n"), 2U);
}

TEST(FindCrOrLf, FindsItWhereverItLies) {
  for (std::size_t place = 0; place < 600; ++place) {
    std::string octets(600, 'x');
    octets.back() = '\n';
    octets[place] = place % 2 == 0 ? '\r' : '\n';
    EXPECT_EQ(find_cr_or_lf(octets), place);
  }
}

TEST(IsPrintable, TakesEachOctetAtEachPlaceForWhatItIs) {
  for (std::size_t size = 1; size < 20; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      for (int value = 0; value < 256; ++value) {
        std::string text(size, ' ');
        text[place] = static_cast<char>(value);
        EXPECT_EQ(is_printable(text), value >= 32 && value <= 126) << value << " at " << place << " of " << size;
      }
    }
  }
  EXPECT_TRUE(is_printable(""));
}

TEST(ShortWord, IsTheSameInAnyLetterCaseAndForNothingElse) {
  EXPECT_EQ(short_word("starttls"), short_word("STARTTLS"));
  EXPECT_EQ(short_word("Mail"), short_word("mAIL"));
  EXPECT_NE(short_word("MAIL"), short_word("LIAM"));
  EXPECT_NE(short_word("MAIL"), short_word("MAILS"));
  EXPECT_NE(short_word("MAIL\xc9"), short_word("MAIL\xe9"));
}

TEST(ShortWord, IsNoneForWhatDoesNotFit) {
  EXPECT_EQ(short_word(""), 0U);
  EXPECT_EQ(short_word("STARTTLSX"), 0U);
  EXPECT_EQ(short_word("\0EHLO"s), 0U);
  EXPECT_EQ(short_word("EHLO\0"s), 0U);
}

}  // namespace
}  // namespace smtpspec::base
