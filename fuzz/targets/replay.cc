// replay_targets TARGET FILE|FOLDER...: what an in-process target makes of inputs, without libFuzzer: for coverage
// (ci/fuzz_coverage.sh) and for a look at a single one.
#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "fuzz/targets/target.h"
#include "harness/base/octets.h"

namespace {

namespace fs = std::filesystem;
using namespace smtpspec;

std::vector<fs::path> files_of(int argc, char** argv) {
  std::vector<fs::path> files;
  for (int i = 2; i < argc; ++i) {
    if (!fs::is_directory(argv[i])) {
      files.emplace_back(argv[i]);
      continue;
    }
    for (const auto& entry : fs::directory_iterator(argv[i])) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

int main(int argc, char** argv) {
  const auto targets = fuzz::targets();
  const std::string_view name = argc > 2 ? argv[1] : "";
  const auto target = std::find_if(targets.begin(), targets.end(), [&](const auto& one) { return one.name == name; });
  if (target == targets.end()) {
    std::cerr << "usage: replay_targets TARGET FILE|FOLDER...; there are:";
    for (const auto& one : targets) std::cerr << ' ' << one.name;
    std::cerr << '\n';
    return 3;
  }
  std::size_t played = 0;
  std::size_t broken = 0;
  for (const fs::path& path : files_of(argc, argv)) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream octets;
    octets << file.rdbuf();
    ++played;
    try {
      target->run(octets.str());
    } catch (const std::exception& error) {
      std::cerr << path.string() << ": " << base::escape(error.what()) << '\n';
      ++broken;
    }
  }
  std::cout << name << ": " << played << " inputs, " << broken << " broken promises\n";
  return broken == 0 && played > 0 ? 0 : 1;
}
