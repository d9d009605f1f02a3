// main() where there is no libFuzzer, which brings its own: plays files, and the files of folders.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

bool play(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream octets;
  octets << file.rdbuf();
  if (!file) return false;
  const std::string text = octets.str();
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<fs::path> files;
  for (int i = 1; i < argc; ++i) {
    if (argv[i][0] == '-') continue;  // what libFuzzer would be told
    std::error_code ignored;
    if (!fs::is_directory(argv[i], ignored)) {
      files.emplace_back(argv[i]);
      continue;
    }
    for (const auto& entry : fs::recursive_directory_iterator(argv[i]))
      if (entry.is_regular_file()) files.push_back(entry.path());
  }
  for (const fs::path& path : files) {
    if (play(path)) continue;
    std::cerr << "smtpspec: cannot read " << path << '\n';
    return 2;
  }
  std::cout << files.size() << " inputs, nothing found\n";
  return files.empty() ? 2 : 0;
}
