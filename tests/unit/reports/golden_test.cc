// Byte for byte. After a wanted change: SMTPSPEC_REGENERATE_GOLDEN=1 ctest -R Golden, then read the diff.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "reports/registry.h"
#include "tests/golden/fixture.h"

namespace smtpspec::reports {
namespace {

std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void compare(const verdict::RunRecord& record, const char* format_name, const std::string& file) {
  const std::string path = std::string(SMTPSPEC_SOURCE_DIR) + "/tests/golden/" + file;
  const auto format = find_format(format_name);
  ASSERT_TRUE(format);
  std::ostringstream out;
  format->write(record, out);
  if (std::getenv("SMTPSPEC_REGENERATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << out.str();
  ASSERT_FALSE(out.str().empty());
  EXPECT_EQ(slurp(path), out.str());
}

TEST(GoldenReports, ConsoleIsAsItWas) { compare(golden::plain_record(), "console", "plain.console.txt"); }
TEST(GoldenReports, ConsoleOfAConformingServerIsAsItWas) {
  compare(golden::conforming_record(), "console", "conforming.console.txt");
}
TEST(GoldenReports, RunRecordIsAsItWas) { compare(golden::plain_record(), "json", "plain.run.json"); }
TEST(GoldenReports, JunitIsAsItWas) { compare(golden::plain_record(), "junit", "plain.junit.xml"); }
TEST(GoldenReports, HtmlIsAsItWas) { compare(golden::plain_record(), "html", "plain.html"); }

}  // namespace
}  // namespace smtpspec::reports
