// The language reference cannot rot: every example in scenarios/README.md is loaded, and linted where it is whole.
#include <fstream>
#include <sstream>

#include "harness/scenario/lint.h"
#include "tests/unit/scenario/loading.h"

namespace smtpspec::scenario {
namespace {

std::string contents(const std::string& path) {
  std::ifstream file(SMTPSPEC_SOURCE_DIR "/scenarios/" + path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Example {
  int line = 0;
  bool is_whole = false;  // "```smtp": a file; "```smtp steps": the steps of a scenario
  std::string text;
};

std::vector<Example> examples() {
  std::vector<Example> found;
  std::istringstream page(contents("README.md"));
  std::string line;
  bool is_inside = false;
  for (int number = 1; std::getline(page, line); ++number) {
    if (line == "```") is_inside = false;
    else if (is_inside) found.back().text += line + "\n";
    if (line != "```smtp" && line != "```smtp steps") continue;
    is_inside = true;
    found.push_back({number, line == "```smtp", ""});
  }
  return found;
}

TEST(Reference, EveryExampleLoads) {
  const std::string common = contents("blocks.smtp");
  ASSERT_FALSE(common.empty());
  const auto all = examples();
  ASSERT_GE(all.size(), 20U);
  for (const Example& example : all) {
    const auto loaded = load(example.is_whole ? example.text : "scenario x \"t\"\n" + example.text, common);
    EXPECT_EQ(complaints(loaded), "") << "example at README.md:" << example.line;
    EXPECT_FALSE(loaded.scenarios.empty()) << "example at README.md:" << example.line;
    if (!example.is_whole) continue;
    for (const Scenario& scenario : loaded.scenarios) {
      for (const auto& diagnostic : lint(scenario, built_in_catalogue()))
        ADD_FAILURE() << "example at README.md:" << example.line << "\n" << base::render(diagnostic);
    }
  }
}

TEST(Reference, NamesOnlyRequirementsThatStand) {
  const std::string page = contents("README.md");
  std::size_t count = 0;
  for (auto at = page.find("[RFC"); at != std::string::npos; at = page.find("[RFC", at + 1)) {
    const auto id = page.substr(at + 1, page.find(']', at) - at - 1);
    EXPECT_NE(built_in_catalogue().find(id), nullptr) << id;
    ++count;
  }
  EXPECT_GT(count, 10U);
}

}  // namespace
}  // namespace smtpspec::scenario
