#include "harness/cli/bundle.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "harness/base/octets.h"
#include "harness/cli/disk_files.h"
#include "harness/transport/digest.h"
#include "reports/registry.h"

namespace smtpspec::cli {
namespace {

namespace fs = std::filesystem;
using base::make_unexpected;
using base::Result;

struct ReportName {
  const char* format;
  const char* file;
};
// Formats that a build does not have are left out.
constexpr std::array kReports{ReportName{"json", kRecordFile},     ReportName{"html", "report.html"},
                              ReportName{"console", "report.txt"}, ReportName{"markdown", "report.md"},
                              ReportName{"junit", "junit.xml"},    ReportName{"sarif", "results.sarif"},
                              ReportName{"badge", "badge.json"}};

}  // namespace

Result<Files, std::string> read_folder(const std::string& folder) {
  Files files;
  std::size_t left = kMaxBundleOctets;
  std::error_code error;
  fs::recursive_directory_iterator it(folder, error);
  if (error) return make_unexpected(base::escape(folder) + " is no folder that can be read");
  for (; it != fs::recursive_directory_iterator(); it.increment(error)) {
    const std::string name = it->path().lexically_relative(folder).generic_string();
    const auto status = it->symlink_status(error);
    if (!error && fs::is_directory(status)) continue;
    if (error || !fs::is_regular_file(status))
      return make_unexpected(base::escape(name) + " is neither a file nor a folder");
    auto octets = read_file(it->path().string(), left);
    if (!octets) return make_unexpected(octets.error());
    left -= octets->size();
    files.emplace(name, *std::move(octets));
  }
  if (error) return make_unexpected(base::escape(folder) + " cannot be read");
  return files;
}

Result<void, std::string> can_be_written(const std::string& folder) {
  const std::string shown = base::escape(folder);
  std::error_code error;
  if (fs::exists(folder, error)) {
    if (fs::is_directory(folder, error) && fs::is_empty(folder, error)) return {};
    return make_unexpected(shown + " is there already, and not empty");
  }
  fs::create_directories(folder, error);
  if (error) return make_unexpected("cannot make " + shown + ": " + error.message());
  fs::remove(folder, error);
  return {};
}

Result<void, std::string> write_folder(const std::string& folder, const Files& files) {
  if (auto can = can_be_written(folder); !can) return can;
  std::error_code error;
  for (const auto& [name, octets] : files) {
    const fs::path path = fs::path(folder) / name;
    fs::create_directories(path.parent_path(), error);
    std::ofstream stream(path, std::ios::binary);
    stream << octets;
    stream.close();
    if (!stream) return make_unexpected("cannot write " + base::escape(path.string()));
  }
  return {};
}

Files report_bundle(const verdict::RunRecord& record) {
  Files files;
  for (const auto& report : kReports) {
    const auto format = reports::find_format(report.format);
    if (!format) continue;
    std::ostringstream out;
    format->write(record, out);
    files.emplace(report.file, std::move(out).str());
  }
  return files;
}

std::vector<reports::Subject> subjects_of(const Files& files) {
  std::vector<reports::Subject> subjects;
  for (const auto& [name, octets] : files) subjects.push_back({name, transport::sha256_hex(octets)});
  return subjects;
}

std::string manifest_of(const Files& files) {
  std::string text;
  for (const auto& subject : subjects_of(files)) text += fmt::format("{}  {}\n", subject.sha256, subject.name);
  return text;
}

}  // namespace smtpspec::cli
