// write_seeds [--settings] SUITE FOLDER: every scenario of the suite as a fuzz input, one file each, named like it.
// With --settings the first line says which reference server it is meant for (session_settings.h).
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "fuzz/mutator/input.h"
#include "fuzz/mutator/scenario_form.h"
#include "fuzz/mutator/seeds.h"
#include "harness/scenario/load.h"

namespace {

namespace fs = std::filesystem;
using namespace smtpspec;

constexpr std::size_t kMostOctets = 8 * 1024;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class SuiteFiles final : public scenario::FileSource {
 public:
  explicit SuiteFiles(fs::path root) : root_(std::move(root)) {}
  base::Result<std::string, std::string> read(const std::string& path) const override {
    if (!fs::is_regular_file(root_ / path)) return base::make_unexpected("no file " + path);
    return text_of(root_ / path);
  }

 private:
  fs::path root_;
};

std::string role_of(const scenario::Scenario& scenario) {
  const auto& roles = scenario.roles;
  if (roles.empty() || std::find(roles.begin(), roles.end(), scenario::Role::mx) != roles.end()) return "";
  return roles.front() == scenario::Role::lmtp ? "lmtp" : "submission";
}

}  // namespace

int main(int argc, char** argv) {
  const bool has_settings = argc == 4 && std::string_view(argv[1]) == "--settings";
  if (argc != 3 && !has_settings) {
    std::cerr << "usage: write_seeds [--settings] SUITE FOLDER\n";
    return 3;
  }
  const fs::path root = argv[argc - 2];
  const fs::path folder = argv[argc - 1];
  std::vector<std::string> paths;
  for (const auto& entry : fs::recursive_directory_iterator(root))
    if (entry.path().extension() == ".smtp") paths.push_back(entry.path().lexically_relative(root).generic_string());
  std::sort(paths.begin(), paths.end());
  const SuiteFiles files(root);
  const scenario::Loaded loaded = scenario::load_files(paths, files);
  fs::create_directories(folder);
  std::size_t written = 0;
  const auto write = [&](const std::string& name, const std::string& text) {
    if (text.size() > kMostOctets) return;
    std::ofstream(folder / name, std::ios::binary) << text;
    ++written;
  };
  for (const auto& scenario : loaded.scenarios) {
    fuzz::Vocabulary words;
    const std::string role = role_of(scenario);
    words.is_lmtp = role == "lmtp";
    fuzz::Input input = from_scenario(scenario, words);
    if (input.steps.empty()) continue;
    if (has_settings && !role.empty())
      input.steps.insert(input.steps.begin(), {fuzz::StepKind::line, "XSERVE " + role});
    write(scenario.name, encode(input));
  }
  for (const fuzz::Input& input : fuzz::basic_seeds({})) write("basic-" + std::to_string(written), encode(input));
  std::cout << written << " seeds\n";
  return written > 100 ? 0 : 1;
}
