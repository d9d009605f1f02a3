#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>
#include <vector>

#include "harness/target/message_file.h"
#include "harness/target/message_source.h"

namespace smtpspec::target {

namespace {

namespace fs = std::filesystem;

// A message's name without the flags that a mail reader appends: the same in new/ and in cur/, for as long as it lives.
std::string unique_name(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.substr(0, name.find(':'));
}

class MaildirSource final : public MessageSource {
 public:
  explicit MaildirSource(std::string path) : path_(std::move(path)) {
    for (const File& file : unseen()) seen_.insert(file.key);
  }

  void look(MessageIndex& index, std::function<void(const Look&)> done) override {
    // The server makes it with its first message.
    if (!is_folder(path_)) return done({"there is no folder '" + path_ + "'", true});
    std::vector<File> files = unseen();
    if (is_beyond_bounds_)
      return done({"a folder below '" + path_ + "' holds more than " + std::to_string(kMaxFilesOfFolder) + " files"});
    std::int64_t octets = 0;
    for (const File& file : files) {
      if (octets > static_cast<std::int64_t>(kMaxOctetsOfLook)) return done({{}, false, true});
      const std::int64_t count = add_file(file.path, index);
      if (count < 0) continue;  // moved from new/ to cur/ meanwhile: the next look finds it
      octets += count;
      seen_.insert(file.key);
    }
    done({});
  }

 private:
  struct File {
    fs::path path;
    std::string key;
  };

  std::vector<File> unseen() {
    std::vector<File> files;
    collect(path_, 0, files);
    std::sort(files.begin(), files.end(),
              [](const File& a, const File& b) { return a.path.filename() < b.path.filename(); });
    return files;
  }

  // Every new/ and cur/ of the Maildirs at and below `folder`.
  void collect(const fs::path& folder, int depth, std::vector<File>& files) {
    for (const char* part : {"new", "cur"}) {
      is_beyond_bounds_ |= !for_each_entry(folder / part, [&](const fs::directory_entry& entry) {
        std::string key = (folder / unique_name(entry.path())).string();
        if (!seen_.contains(key)) files.push_back({entry.path(), std::move(key)});
      });
    }
    if (depth == kMaxFolderDepth) return;
    is_beyond_bounds_ |= !for_each_entry(folder, [&](const fs::directory_entry& entry) {
      const std::string name = entry.path().filename().string();
      if (name != "new" && name != "cur" && name != "tmp" && is_folder(entry.path()))
        collect(entry.path(), depth + 1, files);
    });
  }

  std::string path_;
  std::set<std::string> seen_;
  bool is_beyond_bounds_ = false;
};

}  // namespace

std::unique_ptr<MessageSource> make_maildir_source(std::string path) {
  return std::make_unique<MaildirSource>(std::move(path));
}

}  // namespace smtpspec::target
