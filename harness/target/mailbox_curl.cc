// POP3 and IMAP mailboxes; libcurl is behind this file and nowhere else. It blocks, so it has a thread of its own, and
// what it brings is posted to the loop.
#include <algorithm>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "harness/base/octets.h"
#include "harness/target/curl_library.h"
#include "harness/target/message_source.h"
#include "harness/target/stored_form.h"

namespace smtpspec::target {

namespace {

using namespace std::chrono_literals;

// Every look is a session, for a POP3 session shows only what was there when it began.
constexpr std::chrono::milliseconds kPauseBetweenSessions = 250ms;
constexpr long kConnectSeconds = 10;
constexpr long kReplySeconds = 10;
constexpr long kStallSeconds = 20;      // without an octet
constexpr long kTransferSeconds = 120;  // for one message or one list
constexpr int kWaitMilliseconds = 1000;
constexpr std::size_t kMaxListOctets = 16 * 1024 * 1024;
// What one session fetches at most, the newest first; the next follows at once.
constexpr std::size_t kMessagesOfSession = 500;
constexpr std::size_t kOctetsOfSession = 64 * 1024 * 1024;

struct Fetched {
  std::string octets;
  bool is_too_large = false;
};

struct Session {
  std::vector<Fetched> messages;
  bool has_more = false;
  std::string error;
  bool is_passing_error = true;
};

// One of the messages that a server lists: how it is asked for, and the name that it keeps.
struct Listed {
  std::string number;
  std::string name;
};

struct Received {
  std::string octets;
  std::size_t limit = 0;
  bool is_too_much = false;
};

std::size_t receive(char* octets, std::size_t size, std::size_t count, void* place) {
  auto& received = *static_cast<Received*>(place);
  const std::size_t length = size * count;
  if (received.octets.size() + length > received.limit) {
    received.is_too_much = true;
    received.octets.append(octets, received.limit - received.octets.size());
    return 0;  // ends the transfer
  }
  received.octets.append(octets, length);
  return length;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (;;) {
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) return words;
    line.remove_prefix(begin);
    const std::size_t end = std::min(line.find_first_of(" \t\r"), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

template <class Call>
void for_each_line(std::string_view text, const Call& call) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    call(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

bool is_number(std::string_view word) {
  return !word.empty() && word.size() <= 10 && std::all_of(word.begin(), word.end(), base::is_digit);
}

// RFC 1939 §7, UIDL: "1 whqtswO00WBw418f9t5JxYwZ".
std::vector<Listed> read_pop3_list(std::string_view text) {
  std::vector<Listed> listed;
  for_each_line(text, [&](std::string_view line) {
    const auto words = words_of(line);
    if (words.size() < 2 || !is_number(words[0])) return;
    listed.push_back({std::string(words[0]), std::string(words[1])});
  });
  return listed;
}

// RFC 3501 §7.2.5: "* SEARCH 2 3 6".
std::vector<Listed> read_imap_list(std::string_view text) {
  std::vector<Listed> listed;
  for_each_line(text, [&](std::string_view line) {
    const auto words = words_of(line);
    if (words.size() < 2 || words[0] != "*" || !base::equals_ignoring_case(words[1], "SEARCH")) return;
    for (std::size_t i = 2; i < words.size(); ++i)
      if (is_number(words[i])) listed.push_back({std::string(words[i]), std::string(words[i])});
  });
  return listed;
}

class Multi {
 public:
  explicit Multi(const CurlLibrary& curl) : curl_(curl), handle_(curl.multi_init()) {}
  ~Multi() { curl_.multi_cleanup(handle_); }
  Multi(const Multi&) = delete;
  Multi& operator=(const Multi&) = delete;
  CURLM* handle() const { return handle_; }

 private:
  const CurlLibrary& curl_;
  CURLM* handle_;
};

// One session: log in, list, fetch what is new, log out. On the worker's thread.
class Client {
 public:
  Client(const CurlLibrary& curl, MailboxKind kind, const MailboxUrl& url, const MailboxOptions& options, CURLM* multi,
         const std::atomic<bool>& is_ending)
      : curl_(curl), kind_(kind), url_(url), multi_(multi), is_ending_(is_ending), easy_(curl.easy_init()) {
    set(CURLOPT_PROTOCOLS_STR, url.server.substr(0, url.server.find(':')).c_str());
    set(CURLOPT_USERNAME, url.user.c_str());
    set(CURLOPT_PASSWORD, options.password.c_str());
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);
    set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_TRY));
    set(CURLOPT_SSL_VERIFYPEER, options.verify_tls ? 1L : 0L);
    set(CURLOPT_SSL_VERIFYHOST, options.verify_tls ? 2L : 0L);
    if (!options.ca_file.empty()) set(CURLOPT_CAINFO, options.ca_file.c_str());
    set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    set(CURLOPT_SERVER_RESPONSE_TIMEOUT, kReplySeconds);
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, kStallSeconds);
    set(CURLOPT_TIMEOUT, kTransferSeconds);
    set(CURLOPT_ERRORBUFFER, error_text_);
    set(CURLOPT_WRITEFUNCTION, receive);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFODATA, const_cast<std::atomic<bool>*>(&is_ending_));
    set(
        CURLOPT_XFERINFOFUNCTION, +[](void* ending, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
          return static_cast<const std::atomic<bool>*>(ending)->load() ? 1 : 0;
        });
  }
  ~Client() { curl_.easy_cleanup(easy_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  Session fetch_new(std::set<std::string>& seen) {
    Session session;
    auto listed = list();
    if (!listed) return failed(std::move(session));
    std::reverse(listed->begin(), listed->end());
    std::size_t octets = 0;
    for (const Listed& one : *listed) {
      if (seen.contains(one.name)) continue;
      if (session.messages.size() >= kMessagesOfSession || octets >= kOctetsOfSession) {
        session.has_more = true;
        break;
      }
      Received received{{}, kMaxMessageOctets};
      const bool is_whole = transfer(message_path(one), nullptr, received);
      if (!is_whole && !received.is_too_much) return failed(std::move(session));
      seen.insert(one.name);
      octets += received.octets.size();
      if (received.is_too_much) received.octets.resize(kProbedOctets);
      session.messages.push_back({std::move(received.octets), received.is_too_much});
    }
    // In the order in which they came.
    std::reverse(session.messages.begin(), session.messages.end());
    log_out();
    return session;
  }

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    curl_.easy_setopt(easy_, option, value);
  }

  std::string message_path(const Listed& one) const {
    return kind_ == MailboxKind::imap ? "/" + url_.folder + "/;UID=" + one.number : "/" + one.number;
  }

  std::optional<std::vector<Listed>> list() {
    Received received{{}, kMaxListOctets};
    if (kind_ == MailboxKind::imap) {
      if (!transfer("/" + url_.folder, "UID SEARCH ALL", received)) return std::nullopt;
      return read_imap_list(received.octets);
    }
    if (!transfer("/", "UIDL", received)) {
      // UIDL is optional. Numbers will do as names for as long as nobody deletes.
      if (code_ != CURLE_WEIRD_SERVER_REPLY) return std::nullopt;
      received = {{}, kMaxListOctets};
      if (!transfer("/", nullptr, received)) return std::nullopt;
      auto listed = read_pop3_list(received.octets);
      for (Listed& one : listed) one.name = one.number;
      return listed;
    }
    return read_pop3_list(received.octets);
  }

  // The last transfer closes the connection: left to libcurl's end, the farewell would wait for an answer at leisure.
  void log_out() {
    Received received{{}, kMaxListOctets};
    set(CURLOPT_FORBID_REUSE, 1L);
    set(CURLOPT_NOBODY, 1L);
    transfer("/", "NOOP", received);
  }

  bool transfer(const std::string& path, const char* command, Received& received) {
    error_text_[0] = '\0';
    set(CURLOPT_URL, (url_.server + path).c_str());
    set(CURLOPT_CUSTOMREQUEST, command);
    set(CURLOPT_WRITEDATA, &received);
    code_ = CURLE_OK;
    if (curl_.multi_add_handle(multi_, easy_) != CURLM_OK) {
      code_ = CURLE_FAILED_INIT;
      return false;
    }
    int running = 1;
    while (running > 0 && !is_ending_) {
      if (curl_.multi_perform(multi_, &running) != CURLM_OK) break;
      if (running > 0) curl_.multi_poll(multi_, nullptr, 0, kWaitMilliseconds, nullptr);
    }
    code_ = CURLE_ABORTED_BY_CALLBACK;
    int left = 0;
    while (const CURLMsg* message = curl_.multi_info_read(multi_, &left))
      if (message->msg == CURLMSG_DONE) code_ = message->data.result;
    curl_.multi_remove_handle(multi_, easy_);
    return code_ == CURLE_OK;
  }

  Session failed(Session session) const {
    const std::string text = error_text_[0] != '\0' ? error_text_ : curl_.easy_strerror(code_);
    session.error = url_.server + ": " + base::escape(text);
    session.is_passing_error = code_ != CURLE_LOGIN_DENIED && code_ != CURLE_PEER_FAILED_VERIFICATION;
    return session;
  }

  const CurlLibrary& curl_;
  MailboxKind kind_;
  const MailboxUrl& url_;
  CURLM* multi_;
  const std::atomic<bool>& is_ending_;
  CURL* easy_;
  CURLcode code_ = CURLE_OK;
  char error_text_[CURL_ERROR_SIZE] = {};
};

class CurlSource final : public MessageSource {
 public:
  CurlSource(const CurlLibrary& curl, transport::EventLoop& loop, MailboxKind kind, MailboxUrl url,
             MailboxOptions options)
      : curl_(curl),
        loop_(loop),
        kind_(kind),
        url_(std::move(url)),
        options_(std::move(options)),
        multi_(curl),
        worker_([this] { work(); }) {}

  ~CurlSource() override {
    {
      const std::lock_guard lock(mutex_);
      is_ending_ = true;
    }
    wake_.notify_one();
    curl_.multi_wakeup(multi_.handle());
    worker_.join();
  }

  void look(MessageIndex& index, std::function<void(const Look&)> done) override {
    index_ = &index;
    done_ = std::move(done);
    {
      const std::lock_guard lock(mutex_);
      is_wanted_ = true;
    }
    wake_.notify_one();
  }

  std::chrono::milliseconds pause() const override { return kPauseBetweenSessions; }
  bool is_on_loop() const override { return false; }

 private:
  void work() {
    std::set<std::string> seen;
    for (;;) {
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return is_ending_ || is_wanted_; });
        if (is_ending_) return;
        is_wanted_ = false;
      }
      auto session =
          std::make_shared<Session>(Client(curl_, kind_, url_, options_, multi_.handle(), is_ending_).fetch_new(seen));
      if (is_ending_) return;
      loop_.post([this, session, alive = std::weak_ptr<bool>(is_alive_)] {
        if (alive.lock()) take(*session);
      });
    }
  }

  verdict::StoredMessage stored(std::string octets) const {
    auto message = from_mail_server(std::move(octets));
    message.artefacts.may_replace_nul = kind_ == MailboxKind::imap;
    return message;
  }

  void take(Session& session) {
    for (Fetched& one : session.messages) {
      if (one.is_too_large) index_->add_too_large(one.octets);
      else index_->add(stored(std::move(one.octets)));
    }
    const auto done = std::move(done_);
    done({session.error, session.is_passing_error, session.has_more});
  }

  const CurlLibrary& curl_;
  transport::EventLoop& loop_;
  MailboxKind kind_;
  MailboxUrl url_;
  MailboxOptions options_;
  // For the loop's thread.
  MessageIndex* index_ = nullptr;
  std::function<void(const Look&)> done_;
  std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);
  // For both.
  std::mutex mutex_;
  std::condition_variable wake_;
  bool is_wanted_ = false;
  std::atomic<bool> is_ending_ = false;
  Multi multi_;
  std::thread worker_;  // last: it begins when all the rest is there
};

}  // namespace

base::Result<std::unique_ptr<MessageSource>, std::string> make_curl_source(transport::EventLoop& loop, MailboxKind kind,
                                                                           MailboxUrl url,
                                                                           const MailboxOptions& options) {
  const auto curl = CurlLibrary::get();
  if (!curl) return base::make_unexpected(curl.error());
  return std::make_unique<CurlSource>(**curl, loop, kind, std::move(url), options);
}

}  // namespace smtpspec::target
