#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "harness/target/mbox_reader.h"
#include "harness/target/message_file.h"
#include "harness/target/message_source.h"

namespace smtpspec::target {

namespace {

using namespace std::chrono_literals;

// The last message is whole when the file has not changed for so long and nobody holds a lock on it.
constexpr std::chrono::milliseconds kSettleTime = 100ms;
constexpr std::size_t kReadOctets = 256 * 1024;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

// Delivery agents lock by fcntl(), by flock() or by a file beside the mailbox.
bool is_locked(int file, const std::string& path) {
  struct flock lock {};
  lock.l_type = F_RDLCK;
  lock.l_whence = SEEK_SET;
  if (::fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK) return true;
  if (::flock(file, LOCK_SH | LOCK_NB) != 0) return errno == EWOULDBLOCK;
  ::flock(file, LOCK_UN);
  std::error_code ignored;
  return std::filesystem::exists(path + ".lock", ignored);
}

class MboxSource final : public MessageSource {
 public:
  MboxSource(transport::EventLoop& loop, std::string path) : loop_(loop), path_(std::move(path)) {
    struct stat status {};
    if (::stat(path_.c_str(), &status) != 0) return;
    inode_ = status.st_ino;
    read_ = size_ = status.st_size;
  }

  void look(MessageIndex& index, std::function<void(const Look&)> done) override {
    const Descriptor file(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status {};
    if (file.number() < 0 || ::fstat(file.number(), &status) != 0) {
      const int reason = errno;
      // A delivery agent makes the file with the first message.
      if (reason == ENOENT && is_folder(std::filesystem::absolute(path_).parent_path()))
        return done({"there is no file '" + path_ + "'", true});
      return done({"cannot read the mailbox '" + path_ + "': " + std::strerror(reason)});
    }
    if (!S_ISREG(status.st_mode)) return done({"'" + path_ + "' is no file; a Maildir is given as maildir:PATH"});
    if (status.st_ino != inode_ || status.st_size < read_) {
      // Another file, or somebody took messages out: what was read is in it or is not, so it is read anew.
      if (inode_ != 0) index.clear();
      inode_ = status.st_ino;
      reader_ = {};
      read_ = 0;
    }
    if (status.st_size != size_) {
      size_ = status.st_size;
      settled_since_ = loop_.now();
    }
    const bool has_more = read_on(file.number(), index);
    if (has_more) return done({{}, false, true});
    if (reader_.has_unfinished() && loop_.now() - settled_since_ >= kSettleTime && !is_locked(file.number(), path_))
      reader_.finish(index);
    done({});
  }

 private:
  // True: there is more than one look may read.
  bool read_on(int file, MessageIndex& index) {
    std::vector<char> octets(kReadOctets);
    for (std::size_t total = 0; read_ < size_; total += kReadOctets) {
      if (total >= kMaxOctetsOfLook) return true;
      const auto wanted = std::min<std::size_t>(octets.size(), static_cast<std::size_t>(size_ - read_));
      const ssize_t count = ::pread(file, octets.data(), wanted, read_);
      if (count <= 0) return false;
      reader_.feed({octets.data(), static_cast<std::size_t>(count)}, index);
      read_ += count;
    }
    return false;
  }

  transport::EventLoop& loop_;
  std::string path_;
  MboxReader reader_;
  ino_t inode_ = 0;  // 0: there was no file
  off_t read_ = 0;   // so much was fed to the reader
  off_t size_ = 0;
  base::SteadyTime settled_since_{};
};

}  // namespace

std::unique_ptr<MessageSource> make_mbox_source(transport::EventLoop& loop, std::string path) {
  return std::make_unique<MboxSource>(loop, std::move(path));
}

}  // namespace smtpspec::target
