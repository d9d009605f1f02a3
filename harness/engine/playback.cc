#include "harness/engine/playback.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "harness/base/octets.h"

namespace smtpspec::engine {
namespace {

using verdict::WireEntry;
using verdict::WireKind;
using verdict::WireLog;

constexpr std::size_t kShownOctets = 60;
constexpr std::string_view kMailboxFailed = "failed: ";
constexpr std::string_view kTesterFault = "tester: ";

std::string shown(std::string_view octets) {
  const std::string text = base::escape(octets.substr(0, kShownOctets));
  return octets.size() > kShownOctets ? text + " ..." : text;
}

bool is_end(WireKind kind) {
  return kind == WireKind::peer_closed || kind == WireKind::reset || kind == WireKind::timed_out;
}

class Recording {
 public:
  explicit Recording(const WireLog& log) : log_(log) {}

  const std::string& problem() const { return problem_; }

  // The event that answers `action`, or nothing and a problem.
  std::optional<Event> answer(const Action& action) {
    connection_ = action.connection;
    return std::visit([this](const auto& body) { return answer_to(body); }, action.body);
  }

 private:
  std::optional<Event> answer_to(const ConnectTo&) {
    if (!take(WireKind::connect, "connects")) return std::nullopt;
    return outcome(
        {WireKind::connected, WireKind::connect_failed, WireKind::tls_up, WireKind::tls_failed, WireKind::timed_out});
  }
  std::optional<Event> answer_to(const SendOctets& send) {
    const WireEntry* entry = take(WireKind::client, "sends");
    if (!entry || !is_same(send, *entry)) return std::nullopt;
    // Not handed over, so that what came next answers the write.
    if (entry->written == base::Microseconds{0} && place_ < log_.size() && is_end(log_[place_].kind))
      return outcome({WireKind::peer_closed, WireKind::reset, WireKind::timed_out});
    return event(Sent{}, entry->written > entry->at ? entry->written : entry->at);
  }
  std::optional<Event> answer_to(const Await&) {
    return outcome({WireKind::server, WireKind::peer_closed, WireKind::reset, WireKind::timed_out});
  }
  std::optional<Event> answer_to(const UpgradeToTls&) {
    if (!take(WireKind::start_tls, "begins a handshake")) return std::nullopt;
    return outcome({WireKind::tls_up, WireKind::tls_failed, WireKind::timed_out});
  }
  std::optional<Event> answer_to(const AskMailbox&) {
    if (!take(WireKind::ask_mailbox, "asks the mailbox")) return std::nullopt;
    return outcome({WireKind::mailbox_answer});
  }
  std::optional<Event> answer_to(const Pause& pause) {
    if (!take(WireKind::pause, "waits")) return std::nullopt;
    return event(Waited{}, pause.until);
  }
  std::optional<Event> answer_to(const HalfCloseConnection&) { return waited(WireKind::half_close); }
  std::optional<Event> answer_to(const CloseConnection&) { return waited(WireKind::close); }
  std::optional<Event> answer_to(const AbortConnection&) { return waited(WireKind::close); }
  std::optional<Event> answer_to(const Done&) { return std::nullopt; }

  std::optional<Event> waited(WireKind kind) {
    const WireEntry* entry = take(kind, "ends the connection");
    if (!entry) return std::nullopt;
    return event(Waited{}, entry->at);
  }

  Event event(EventBody body, base::Microseconds at) const { return {std::move(body), connection_, at}; }

  std::nullopt_t fail(std::string problem) {
    problem_ = std::move(problem);
    return std::nullopt;
  }

  const WireEntry* next() {
    if (place_ < log_.size()) return &log_[place_++];
    problem_ = "the recording ends before the scenario does";
    return nullptr;
  }

  // The next entry, which has to be of this kind and connection.
  const WireEntry* take(WireKind kind, std::string_view does) {
    const WireEntry* entry = next();
    if (!entry) return nullptr;
    if (entry->kind == kind && entry->connection == connection_) return entry;
    problem_ = fmt::format("the scenario {} where the recording has '{}'", does, to_string(entry->kind));
    return nullptr;
  }

  bool is_same(const SendOctets& send, const WireEntry& entry) {
    if (entry.redacted) return true;
    const std::string_view kept = std::string_view(send.octets).substr(0, entry.octets.size());
    if (kept == entry.octets && send.octets.size() == entry.octets.size() + entry.left_out) return true;
    problem_ = fmt::format("the scenario sends '{}' where '{}' was sent", shown(send.octets), shown(entry.octets));
    return false;
  }

  // What came back: the next entry as the event that it was logged for, of a kind that may answer the action
  // (engine/action.h). A tester's fault, which may answer any, is told as connect_failed.
  std::optional<Event> outcome(std::initializer_list<WireKind> expected) {
    const WireEntry* entry = next();
    if (!entry) return std::nullopt;
    if (entry->kind == WireKind::connect_failed && entry->note.starts_with(kTesterFault))
      return fail("the tester was at fault: " + entry->note);
    if (std::find(expected.begin(), expected.end(), entry->kind) == expected.end())
      return fail(
          fmt::format("the scenario waits for the server where the recording has '{}'", to_string(entry->kind)));
    if (entry->connection != connection_)
      return fail(fmt::format("the scenario waits on connection {} where the recording has connection {}", connection_,
                              entry->connection));
    const auto at = entry->at;
    switch (entry->kind) {
      case WireKind::connected:
        return event(Connected{}, at);
      case WireKind::connect_failed:
        return event(ConnectFailed{entry->note}, at);
      case WireKind::server:
        if (entry->left_out > 0)
          return fail(fmt::format("{} octets of what the server sent are not kept", entry->left_out));
        return event(Received{entry->octets}, at);
      case WireKind::tls_up:
        if (entry->left_out > 0) return fail("what came in clear before the handshake is not kept");
        if (entry->tls.version == 0) return fail("an earlier version recorded the handshake, without what checks need");
        return event(TlsUp{entry->tls.version, entry->note, entry->octets, entry->tls.is_resumed,
                           entry->tls.is_certificate_current, entry->tls.is_certificate_named},
                     at);
      case WireKind::tls_failed:
        return event(TlsFailed{entry->note, entry->is_own_refusal}, at);
      case WireKind::timed_out:
        return event(TimedOut{}, at);
      case WireKind::peer_closed:
        return event(PeerClosed{!entry->note.empty()}, at);
      case WireKind::reset:
        return event(PeerReset{}, at);
      case WireKind::mailbox_answer:
        return mailbox(*entry);
      case WireKind::connect:
      case WireKind::client:
      case WireKind::start_tls:
      case WireKind::half_close:
      case WireKind::close:
      case WireKind::pause:
      case WireKind::ask_mailbox:
        break;
    }
    return fail(fmt::format("'{}' is no answer", to_string(entry->kind)));
  }

  std::optional<Event> mailbox(const WireEntry& entry) {
    if (entry.note.starts_with(kMailboxFailed))
      return event(MailboxFailed{entry.note.substr(kMailboxFailed.size())}, entry.at);
    if (entry.left_out > 0) return fail("the messages of the mailbox are not kept whole");
    MailboxAnswered answer;
    std::string_view left = entry.octets;
    for (const auto& message : entry.messages) {
      if (message.octets > left.size()) return fail("the messages of the mailbox are not kept whole");
      answer.messages.push_back({std::string(left.substr(0, message.octets)), message.artefacts, message.envelope});
      left.remove_prefix(message.octets);
    }
    if (!left.empty()) return fail("an earlier version recorded the mailbox, without where each message ends");
    return event(std::move(answer), entry.at);
  }

  const WireLog& log_;
  std::size_t place_ = 0;
  int connection_ = 1;
  std::string problem_;
};

}  // namespace

std::string play_back(Conversation& conversation, const WireLog& log) {
  if (log.empty()) return "nothing was recorded";
  Recording recording(log);
  Action action = conversation.next({Started{}, 1, base::Microseconds{0}});
  while (!std::holds_alternative<Done>(action.body)) {
    const auto event = recording.answer(action);
    if (!event) return recording.problem();
    action = conversation.next(*event);
  }
  return "";
}

}  // namespace smtpspec::engine
