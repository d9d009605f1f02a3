#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "harness/target/message_file.h"
#include "harness/target/message_source.h"

namespace smtpspec::target {

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

// A file that has not changed for so long is written: unlike a Maildir, a folder does not say so.
constexpr std::chrono::milliseconds kSettleTime = 100ms;

class FolderSource final : public MessageSource {
 public:
  FolderSource(transport::EventLoop& loop, std::string path) : loop_(loop), path_(std::move(path)) {
    for (const fs::path& file : unseen()) seen_.insert(file);
  }

  void look(MessageIndex& index, std::function<void(const Look&)> done) override {
    // The server makes it with its first message.
    if (!is_folder(path_)) return done({"there is no folder '" + path_ + "'", true});
    const std::vector<fs::path> files = unseen();
    if (is_beyond_bounds_)
      return done({"a folder below '" + path_ + "' holds more than " + std::to_string(kMaxFilesOfFolder) + " files"});
    std::int64_t octets = 0;
    for (const fs::path& file : files) {
      if (octets > static_cast<std::int64_t>(kMaxOctetsOfLook)) return done({{}, false, true});
      if (!is_written(file)) continue;
      octets += std::max<std::int64_t>(add_file(file, index), 0);
      growing_.erase(file);
      seen_.insert(file);
    }
    done({});
  }

 private:
  struct Growing {
    std::uintmax_t octets;
    fs::file_time_type changed;
    base::SteadyTime since;
  };

  bool is_written(const fs::path& file) {
    std::error_code error;
    const std::uintmax_t octets = fs::file_size(file, error);
    const fs::file_time_type changed = fs::last_write_time(file, error);
    if (error) return false;
    const auto [it, is_new] = growing_.try_emplace(file, Growing{octets, changed, loop_.now()});
    if (is_new) return false;
    if (it->second.octets == octets && it->second.changed == changed)
      return loop_.now() - it->second.since >= kSettleTime;
    it->second = {octets, changed, loop_.now()};
    return false;
  }

  std::vector<fs::path> unseen() {
    std::vector<fs::path> files;
    collect(path_, 0, files);
    std::sort(files.begin(), files.end(),
              [](const fs::path& a, const fs::path& b) { return a.filename() < b.filename(); });
    return files;
  }

  // Hidden files are those that somebody is working on.
  void collect(const fs::path& folder, int depth, std::vector<fs::path>& files) {
    is_beyond_bounds_ |= !for_each_entry(folder, [&](const fs::directory_entry& entry) {
      if (entry.path().filename().string().starts_with('.')) return;
      if (is_folder(entry.path())) {
        if (depth < kMaxFolderDepth) collect(entry.path(), depth + 1, files);
        return;
      }
      std::error_code ignored;
      if (entry.is_regular_file(ignored) && !seen_.contains(entry.path())) files.push_back(entry.path());
    });
  }

  transport::EventLoop& loop_;
  std::string path_;
  std::set<fs::path> seen_;
  std::map<fs::path, Growing> growing_;
  bool is_beyond_bounds_ = false;
};

}  // namespace

std::unique_ptr<MessageSource> make_folder_source(transport::EventLoop& loop, std::string path) {
  return std::make_unique<FolderSource>(loop, std::move(path));
}

}  // namespace smtpspec::target
