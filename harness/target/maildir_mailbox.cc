#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <list>
#include <set>
#include <system_error>
#include <utility>

#include "harness/target/mailbox.h"

namespace smtpspec::target {

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kPollTime = 20ms;
constexpr int kMaxDepth = 2;  // PATH, PATH/USER, PATH/DOMAIN/USER

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

// Every new/ and cur/ of the Maildirs at and below `path`.
void collect_message_folders(const fs::path& path, int depth, std::vector<fs::path>& folders) {
  if (is_folder(path / "new") || is_folder(path / "cur")) {
    folders.push_back(path / "new");
    folders.push_back(path / "cur");
  }
  if (depth == kMaxDepth) return;
  std::error_code error;
  for (fs::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name == "new" || name == "cur" || name == "tmp" || !is_folder(entry->path())) continue;
    collect_message_folders(entry->path(), depth + 1, folders);
  }
}

class MaildirMailbox final : public Mailbox {
 public:
  MaildirMailbox(transport::EventLoop& loop, std::string path) : loop_(loop), path_(std::move(path)) {}

  void fetch(std::string token, int at_least, base::SteadyTime deadline,
             std::function<void(const MailboxAnswer&)> callback) override {
    auto one =
        queries_.insert(queries_.end(), Query{std::move(token), at_least, deadline, std::move(callback), {}, {}});
    one->timer = loop_.call_after(0ms, [this, one] { poll(one); });
  }

 private:
  struct Query {
    std::string token;
    int at_least;
    base::SteadyTime deadline;
    std::function<void(const MailboxAnswer&)> callback;
    transport::Timer timer;
    std::set<std::string> foreign;  // names of files that were read and hold no token; a Maildir never changes a file
  };
  using Place = std::list<Query>::iterator;

  void poll(Place one) {
    MailboxAnswer answer = look(*one);
    if (answer && static_cast<int>(answer->size()) < one->at_least && loop_.now() < one->deadline) {
      one->timer = loop_.call_at(std::min(loop_.now() + kPollTime, one->deadline), [this, one] { poll(one); });
      return;
    }
    const auto callback = std::move(one->callback);
    queries_.erase(one);
    callback(answer);
  }

  MailboxAnswer look(Query& query) const {
    if (!is_folder(path_)) return base::make_unexpected("there is no folder '" + path_ + "'");
    std::vector<fs::path> folders;
    collect_message_folders(path_, 0, folders);
    std::vector<fs::path> files;
    for (const fs::path& folder : folders) {
      std::error_code error;
      for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
        if (!query.foreign.contains(entry->path().filename().string())) files.push_back(entry->path());
    }
    std::sort(files.begin(), files.end(),
              [](const fs::path& a, const fs::path& b) { return a.filename() < b.filename(); });
    std::vector<std::string> messages;
    for (const fs::path& path : files) {
      std::ifstream file(path, std::ios::binary);
      if (!file) continue;  // moved from new/ to cur/ meanwhile: the next look finds it
      std::string text((std::istreambuf_iterator<char>(file)), {});
      if (text.find(query.token) != std::string::npos) messages.push_back(std::move(text));
      else query.foreign.insert(path.filename().string());
    }
    return messages;
  }

  transport::EventLoop& loop_;
  std::string path_;
  std::list<Query> queries_;
};

}  // namespace

std::unique_ptr<Mailbox> make_maildir(transport::EventLoop& loop, std::string path) {
  return std::make_unique<MaildirMailbox>(loop, std::move(path));
}

base::Result<std::unique_ptr<Mailbox>, std::string> make_mailbox(transport::EventLoop& loop, std::string_view text) {
  constexpr std::string_view kMaildir = "maildir:";
  if (!text.starts_with(kMaildir) || text.size() == kMaildir.size())
    return base::make_unexpected("a mailbox is given as maildir:PATH, not '" + std::string(text) + "'");
  return make_maildir(loop, std::string(text.substr(kMaildir.size())));
}

}  // namespace smtpspec::target
