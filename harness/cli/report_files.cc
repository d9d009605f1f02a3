#include "harness/cli/report_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <fmt/format.h>
#include <unistd.h>

#include "harness/base/octets.h"

namespace smtpspec::cli {
namespace {

namespace fs = std::filesystem;
using base::make_unexpected;
using base::Result;

Result<ReportFile, std::string> parse_report(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == text.size())
    return make_unexpected(
        fmt::format("--report takes FORMAT:PATH, not '{}'; formats: {}", base::escape(text), reports::format_names()));
  auto format = reports::find_format(text.substr(0, colon));
  if (!format) return make_unexpected("--report: " + format.error());
  std::string path = text.substr(colon + 1);
  if (path == "-")
    return make_unexpected(std::string("--report: '-' is no file, and standard output is the console's; name a file"));
  if (auto writable = check_writable(path); !writable) return make_unexpected("--report: " + writable.error());
  return ReportFile{*format, std::move(path)};
}

}  // namespace

Result<std::vector<ReportFile>, std::string> parse_reports(const std::vector<std::string>& options) {
  std::vector<ReportFile> files;
  std::string errors;
  for (const auto& option : options) {
    auto file = parse_report(option);
    if (!file) {
      errors += (errors.empty() ? "" : "\nsmtpspec: ") + file.error();
    } else if (std::any_of(files.begin(), files.end(), [&](const ReportFile& f) { return f.path == file->path; })) {
      errors += (errors.empty() ? "" : "\nsmtpspec: ") +
                fmt::format("--report: two reports would be written to {}", base::escape(file->path));
    } else {
      files.push_back(std::move(*file));
    }
  }
  if (!errors.empty()) return make_unexpected(errors);
  return files;
}

Result<void, std::string> check_writable(const std::string& path) {
  const std::string shown = base::escape(path);
  std::error_code error;
  if (fs::is_directory(path, error)) return make_unexpected(shown + " is a directory");
  if (fs::exists(path, error)) {
    if (::access(path.c_str(), W_OK) != 0) return make_unexpected(shown + " cannot be written: permission denied");
    return {};
  }
  const fs::path parent = fs::path(path).has_parent_path() ? fs::path(path).parent_path() : fs::path(".");
  const std::string folder = base::escape(parent.string());
  if (!fs::exists(parent, error)) return make_unexpected(fmt::format("{}: there is no folder {}", shown, folder));
  if (!fs::is_directory(parent, error)) return make_unexpected(fmt::format("{}: {} is no folder", shown, folder));
  if (::access(parent.c_str(), W_OK | X_OK) != 0)
    return make_unexpected(fmt::format("{}: nothing can be written in {}: permission denied", shown, folder));
  return {};
}

bool write_reports(const verdict::RunRecord& record, const std::vector<ReportFile>& files) {
  bool all_written = true;
  for (const auto& file : files) {
    std::ofstream stream(file.path, std::ios::binary | std::ios::trunc);
    if (stream) file.format.write(record, stream);
    stream.close();
    if (stream) continue;
    std::cerr << "smtpspec: cannot write the report " << base::escape(file.path) << '\n';
    all_written = false;
  }
  return all_written;
}

}  // namespace smtpspec::cli
