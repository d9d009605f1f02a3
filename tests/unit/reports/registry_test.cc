#include "reports/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/golden/fixture.h"

namespace smtpspec::reports {
namespace {

TEST(Registry, EveryFormatIsFoundByItsNameAndWrites) {
  ASSERT_GE(formats().size(), 4U);
  for (const auto& format : formats()) {
    const auto found = find_format(format.name);
    ASSERT_TRUE(found) << format.name;
    std::ostringstream out;
    found->write(golden::conforming_record(), out);
    EXPECT_FALSE(out.str().empty());
    EXPECT_FALSE(format.description.empty());
  }
}

TEST(Registry, UnknownNameIsAnsweredWithTheListAndTheNearestSpelling) {
  const auto found = find_format("juint");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error(), "unknown report format 'juint'; known are " + format_names() + "; did you mean 'junit'?");
  EXPECT_THAT(find_format("\x1b").error(), testing::HasSubstr("'\\x1b'"));
}

}  // namespace
}  // namespace smtpspec::reports
