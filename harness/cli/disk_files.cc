#include "harness/cli/disk_files.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

namespace smtpspec::cli {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxScenarioFileOctets = 4 * 1024 * 1024;

bool is_within(const fs::path& path, const fs::path& root) {
  const auto [end_of_root, rest] = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
  return end_of_root == root.end();
}

}  // namespace

base::Result<std::string, std::string> read_file(const std::string& path, std::size_t limit) {
  std::error_code error;
  if (fs::is_directory(path, error)) return base::make_unexpected(path + " is a directory");
  std::ifstream stream(path, std::ios::binary);
  if (!stream)
    return base::make_unexpected(fmt::format("cannot open {}: {}", path, std::generic_category().message(errno)));
  std::string text;
  char buffer[65536];
  while (stream.read(buffer, sizeof buffer) || stream.gcount() > 0) {
    text.append(buffer, static_cast<std::size_t>(stream.gcount()));
    if (text.size() > limit) return base::make_unexpected(fmt::format("{} is larger than {} octets", path, limit));
  }
  if (stream.bad()) return base::make_unexpected("cannot read " + path);
  return text;
}

DiskFiles::DiskFiles(std::string root) {
  std::error_code error;
  const fs::path whole = fs::weakly_canonical(root, error);
  root_ = error ? std::move(root) : whole.string();
}

base::Result<std::string, std::string> DiskFiles::read(const std::string& path) const {
  std::error_code error;
  const fs::path whole = fs::weakly_canonical(fs::path(root_) / path, error);
  if (error || !is_within(whole, root_)) return base::make_unexpected(path + " lies outside " + root_);
  return read_file(whole.string(), kMaxScenarioFileOctets);
}

base::Result<std::string, std::string> DiskFiles::read_listed(const std::string& path) const {
  std::error_code error;
  const fs::path whole = fs::path(root_) / path;
  if (fs::is_symlink(whole, error) || error) return read(path);
  return read_file(whole.string(), kMaxScenarioFileOctets);
}

base::Result<std::vector<std::string>, std::string> DiskFiles::scenario_files() const {
  std::vector<std::string> files;
  std::error_code error;
  if (fs::is_regular_file(root_, error))
    return base::make_unexpected(root_ + " is a file, and a suite is a folder; 'smtpspec replay FILE' runs a file");
  for (auto it = fs::recursive_directory_iterator(root_, error); !error && it != fs::recursive_directory_iterator();
       it.increment(error)) {
    if (it->path().extension() != ".smtp" || it->path().filename() == scenario::kCommonBlocksFile) continue;
    files.push_back(it->path().lexically_relative(root_).generic_string());
  }
  if (error) return base::make_unexpected(fmt::format("cannot read the suite in {}: {}", root_, error.message()));
  std::sort(files.begin(), files.end());
  return files;
}

std::string default_suite_root() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  if (!error) {
    const fs::path installed = self.parent_path().parent_path() / "share" / "smtpspec" / "scenarios";
    if (fs::is_directory(installed, error)) return installed.string();
  }
  return SMTPSPEC_SUITE_DIR;
}

}  // namespace smtpspec::cli
