// Byte for byte. After a wanted change: SMTPSPEC_REGENERATE_GOLDEN=1 ctest -R Golden, then read the diff.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "reports/html/assets.h"
#include "reports/html/matrix.h"
#include "reports/registry.h"
#include "tests/golden/fixture.h"

namespace smtpspec::reports {
namespace {

std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// The style sheet and the script of a page are files of their own, and no part of what a writer makes of a record.
std::string without(std::string page, const html::Asset& asset, const std::string& name) {
  for (const auto part : {asset.text, asset.sha256})
    if (const auto at = page.find(part); at != std::string::npos) page.replace(at, part.size(), "(" + name + ")");
  return page;
}

std::string without_assets(std::string page) {
  for (const auto* assets : {&html::kReportAssets, &html::kMatrixAssets}) {
    page = without(std::move(page), assets->style, "style");
    page = without(std::move(page), assets->script, "script");
  }
  return page;
}

void compare_text(const std::string& file, std::string text) {
  const std::string path = std::string(SMTPSPEC_SOURCE_DIR) + "/tests/golden/" + file;
  text = without_assets(std::move(text));
  if (std::getenv("SMTPSPEC_REGENERATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << text;
  ASSERT_FALSE(text.empty());
  EXPECT_EQ(slurp(path), text);
}

void compare(const verdict::RunRecord& record, const char* format_name, const std::string& file) {
  const auto format = find_format(format_name);
  ASSERT_TRUE(format);
  std::ostringstream out;
  format->write(record, out);
  compare_text(file, out.str());
}

TEST(GoldenReports, ConsoleIsAsItWas) { compare(golden::plain_record(), "console", "plain.console.txt"); }
TEST(GoldenReports, ConsoleOfAConformingServerIsAsItWas) {
  compare(golden::conforming_record(), "console", "conforming.console.txt");
}
TEST(GoldenReports, RunRecordIsAsItWas) { compare(golden::plain_record(), "json", "plain.run.json"); }
TEST(GoldenReports, JunitIsAsItWas) { compare(golden::plain_record(), "junit", "plain.junit.xml"); }
TEST(GoldenReports, HtmlIsAsItWas) { compare(golden::plain_record(), "html", "plain.html"); }
TEST(GoldenReports, HtmlOfAHostileServerIsAsItWas) { compare(golden::hostile_record(), "html", "hostile.html"); }
TEST(GoldenReports, JunitExtendedIsAsItWas) {
  compare(golden::plain_record(), "junit-extended", "plain.junit-extended.xml");
}
TEST(GoldenReports, TapIsAsItWas) { compare(golden::plain_record(), "tap", "plain.tap"); }
TEST(GoldenReports, SarifIsAsItWas) { compare(golden::plain_record(), "sarif", "plain.sarif.json"); }
TEST(GoldenReports, CtrfIsAsItWas) { compare(golden::plain_record(), "ctrf", "plain.ctrf.json"); }
TEST(GoldenReports, MarkdownIsAsItWas) { compare(golden::plain_record(), "markdown", "plain.summary.md"); }
TEST(GoldenReports, BadgeIsAsItWas) { compare(golden::plain_record(), "badge", "plain.badge.json"); }
TEST(GoldenReports, BadgeOfAConformingServerIsAsItWas) {
  compare(golden::conforming_record(), "badge", "conforming.badge.json");
}
TEST(GoldenReports, GithubAnnotationsAreAsTheyWere) { compare(golden::plain_record(), "github", "plain.github.txt"); }
// Of the hostile records the shorter ones: the others are judged by other programs (tests/golden/CMakeLists.txt).
TEST(GoldenReports, HostileMarkdownIsAsItWas) { compare(golden::raw_record(), "markdown", "raw.summary.md"); }
TEST(GoldenReports, HostileGithubAnnotationsAreAsTheyWere) {
  compare(golden::raw_record(), "github", "raw.github.txt");
}
TEST(GoldenReports, HostileTapIsAsItWas) { compare(golden::raw_record(), "tap", "raw.tap"); }
TEST(GoldenReports, HostileSarifIsAsItWas) { compare(golden::raw_record(), "sarif", "raw.sarif.json"); }
TEST(GoldenReports, MatrixIsAsItWas) {
  std::ostringstream out;
  write_matrix({{"", golden::plain_record()}, {"a later one", golden::conforming_record()}}, out);
  compare_text("matrix.html", out.str());
}

}  // namespace
}  // namespace smtpspec::reports
