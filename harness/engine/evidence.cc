#include "harness/engine/evidence.h"

#include <algorithm>
#include <optional>

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

// Too short a secret would blot out half the transcript.
constexpr std::size_t kShortestSecret = 4;

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
                     entry.messages.push_back({message.octets.size(), message.artefacts});
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

void Evidence::add_secret(std::string secret) {
  if (secret.size() >= kShortestSecret) secrets_.push_back(std::move(secret));
}

std::string Evidence::without_secrets(std::string octets) const {
  for (const auto& secret : secrets_)
    for (auto at = octets.find(secret); at != std::string::npos; at = octets.find(secret, at))
      octets.replace(at, secret.size(), secret.size(), '*');
  return octets;
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
  entry->octets = without_secrets(std::move(entry->octets));
  if (entry->kind == WireKind::mailbox_answer) verdict::shorten(*entry, kMaxLoggedMailboxOctets);
  log_.push_back(std::move(*entry));
}

}  // namespace smtpspec::engine
