#include "harness/engine/evidence.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "harness/base/octets.h"

namespace smtpspec::engine {
namespace {

using verdict::WireEntry;
using verdict::WireKind;

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

constexpr std::size_t kMaxNotedEnvelopeOctets = 400;

// As many '*' as there were octets; line ends stay, and so does the verb and the mechanism of an AUTH command.
std::string redacted(std::string octets) {
  std::size_t from = 0;
  if (base::starts_with_ignoring_case(octets, "AUTH ")) {
    const auto mechanism_end = octets.find(' ', 5);
    from = mechanism_end == std::string::npos ? octets.size() : mechanism_end + 1;
  }
  for (std::size_t i = from; i < octets.size(); ++i)
    if (octets[i] != '\r' && octets[i] != '\n') octets[i] = '*';
  return octets;
}

// ", MAIL FROM:<a@example.org> RCPT TO:<b@example.net>", printable and not too long.
std::string note_of(const verdict::ReceivedEnvelope& envelope) {
  std::string commands = "MAIL FROM:" + envelope.mail;
  for (const auto& rcpt : envelope.rcpts) {
    if (commands.size() > kMaxNotedEnvelopeOctets) break;
    commands += " RCPT TO:" + rcpt;
  }
  const bool is_long = commands.size() > kMaxNotedEnvelopeOctets;
  return ", " + base::escape(commands.substr(0, kMaxNotedEnvelopeOctets)) + (is_long ? " ..." : "");
}

std::optional<WireEntry> entry_of(const ActionBody& body) {
  WireEntry entry;
  bool is_evidence = true;
  std::visit(Overloaded{
                 [&](const ConnectTo& a) {
                   entry.kind = WireKind::connect;
                   if (a.implicit_tls) entry.note = "implicit TLS";
                 },
                 [&](const SendOctets& a) {
                   entry.kind = WireKind::client;
                   if (a.split_octets) entry.note = fmt::format("in pieces of {}", a.split_octets);
                   entry.octets = a.octets.substr(0, kMaxLoggedSendOctets);
                   if (a.octets.size() > kMaxLoggedSendOctets)
                     verdict::note_left_out(entry, a.octets.size() - kMaxLoggedSendOctets);
                 },
                 [&](const Await&) { is_evidence = false; },  // what came of it is
                 [&](const UpgradeToTls& a) {
                   entry.kind = WireKind::start_tls;
                   if (a.only_version)
                     entry.note = fmt::format("TLS {}.{} only", a.only_version / 10, a.only_version % 10);
                 },
                 [&](const AskMailbox& a) {
                   entry.kind = WireKind::ask_mailbox;
                   entry.note = a.recipient + " " + a.token;
                 },
                 [&](const Pause&) { entry.kind = WireKind::pause; },
                 [&](const HalfCloseConnection&) { entry.kind = WireKind::half_close; },
                 [&](const CloseConnection&) { entry.kind = WireKind::close; },
                 [&](const AbortConnection&) {
                   entry.kind = WireKind::close;
                   entry.note = "by reset";
                 },
                 [&](const Done&) { is_evidence = false; },
             },
             body);
  if (!is_evidence) return std::nullopt;
  return entry;
}

std::optional<WireEntry> entry_of(const EventBody& body) {
  WireEntry entry;
  bool is_evidence = true;
  std::visit(Overloaded{
                 [&](const Started&) { is_evidence = false; },
                 [&](const Connected&) { entry.kind = WireKind::connected; },
                 [&](const ConnectFailed& e) {
                   entry.kind = WireKind::connect_failed;
                   entry.note = e.reason;
                 },
                 [&](const Sent&) { is_evidence = false; },
                 [&](const Received& e) {
                   entry.kind = WireKind::server;
                   entry.octets = e.octets;
                 },
                 [&](const TimedOut&) { entry.kind = WireKind::timed_out; },
                 [&](const PeerClosed& e) {
                   entry.kind = WireKind::peer_closed;
                   if (e.is_notified) entry.note = "behind close_notify";
                 },
                 [&](const PeerReset&) { entry.kind = WireKind::reset; },
                 [&](const TlsUp& e) {
                   entry.kind = WireKind::tls_up;
                   entry.note = e.description;
                   entry.octets = e.plaintext_left;
                   entry.tls = {e.version, e.is_resumed, e.is_certificate_current, e.is_certificate_named};
                 },
                 [&](const TlsFailed& e) {
                   entry.kind = WireKind::tls_failed;
                   entry.note = e.reason;
                   entry.is_own_refusal = e.is_own_refusal;
                 },
                 [&](const MailboxAnswered& e) {
                   entry.kind = WireKind::mailbox_answer;
                   entry.note = fmt::format("{} message{}", e.messages.size(), e.messages.size() == 1 ? "" : "s");
                   for (const auto& message : e.messages) {
                     entry.octets += message.octets;
                     entry.messages.push_back({message.octets.size(), message.artefacts, message.envelope});
                     if (message.envelope) entry.note += note_of(*message.envelope);
                   }
                 },
                 [&](const MailboxFailed& e) {
                   entry.kind = WireKind::mailbox_answer;
                   entry.note = "failed: " + e.reason;
                 },
                 [&](const Waited&) { is_evidence = false; },
                 [&](const TesterFault& e) {
                   entry.kind = WireKind::connect_failed;
                   entry.note = "tester: " + e.reason;
                 },
             },
             body);
  if (!is_evidence) return std::nullopt;
  return entry;
}

}  // namespace

// A secret may have come in two pieces, so that it shows only where they are put together again.
verdict::WireLog Evidence::take() {
  std::map<int, std::string> heard;  // by connection
  for (const auto& entry : log_)
    if (entry.kind == WireKind::server) heard[entry.connection] += entry.octets;
  for (auto& [connection, octets] : heard) octets = secrets_.removed_from(std::move(octets));
  std::map<int, std::size_t> begins;
  for (auto& entry : log_) {
    if (entry.kind != WireKind::server) continue;
    std::size_t& begin = begins[entry.connection];
    entry.octets = heard[entry.connection].substr(begin, entry.octets.size());
    begin += entry.octets.size();
  }
  return std::move(log_);
}

void Evidence::record(const Action& action, base::Microseconds now, int line, bool is_secret) {
  auto entry = entry_of(action.body);
  if (!entry) return;
  entry->at = now;
  entry->connection = action.connection;
  entry->line = line;
  if (is_secret) {
    entry->octets = redacted(std::move(entry->octets));
    entry->redacted = true;
  }
  log_.push_back(std::move(*entry));
}

void Evidence::record(const Event& event, int line) {
  if (std::holds_alternative<Sent>(event.body) && !log_.empty() && log_.back().kind == WireKind::client)
    log_.back().written = event.at;
  auto entry = entry_of(event.body);
  if (!entry) return;
  entry->at = event.at;
  entry->connection = event.connection;
  entry->line = line;
  if (entry->kind == WireKind::server) server_octets_ += entry->octets.size();
  if (entry->kind == WireKind::mailbox_answer) {
    entry->octets = secrets_.removed_from(std::move(entry->octets));
    entry->note = secrets_.removed_from(std::move(entry->note));
    for (auto& message : entry->messages) {
      if (!message.envelope) continue;
      message.envelope->mail = secrets_.removed_from(std::move(message.envelope->mail));
      for (auto& rcpt : message.envelope->rcpts) rcpt = secrets_.removed_from(std::move(rcpt));
    }
    verdict::shorten(*entry, kMaxLoggedMailboxOctets);
  }
  log_.push_back(std::move(*entry));
}

}  // namespace smtpspec::engine
