#include "harness/server/net/served_client.h"

#include <utility>

namespace smtpspec::server {

namespace {

// A client that does not take our octets for so long is gone.
constexpr std::chrono::seconds kSendTimeout{60};
constexpr std::chrono::seconds kHandshakeTimeout{30};

}  // namespace

ServedClient::ServedClient(transport::EventLoop& loop, std::unique_ptr<transport::Connection> connection,
                           const ServerOptions& options, Environment& environment, TlsSource tls, int other_sessions,
                           Gone gone)
    : loop_(loop),
      connection_(std::move(connection)),
      options_(options),
      environment_(environment),
      tls_(std::move(tls)),
      other_sessions_(other_sessions),
      gone_(std::move(gone)) {}

void ServedClient::begin() {
  if (!options_.is_implicit_tls) return open({});
  take_handshake([this](TlsInfo tls) { open(std::move(tls)); });
}

void ServedClient::take_handshake(std::function<void(TlsInfo)> next) {
  const auto tls = tls_();
  if (!tls) return lose();
  connection_->accept_tls(tls, loop_.now() + kHandshakeTimeout,
                          [this, next = std::move(next)](const transport::TlsResult& result) {
                            if (!result.is_ok) return lose();
                            next({result.version_name, result.cipher});
                          });
}

void ServedClient::open(TlsInfo tls) {
  SessionInfo info;
  const std::string address = connection_->peer_address();
  if (!address.empty()) info.client_address = address;
  info.is_tls = options_.is_implicit_tls;
  info.tls = std::move(tls);
  info.other_sessions = other_sessions_;
  session_.emplace(options_.config, environment_, std::move(info));
  say(session_->start());
}

void ServedClient::say(Output output) {
  if (output.delay_before.count() > 0) {
    const auto delay = std::exchange(output.delay_before, std::chrono::milliseconds{0});
    timer_ = loop_.call_after(delay, [this, output = std::move(output)] { say(output); });
    return;
  }
  const Then then = output.then;
  if (output.octets.empty()) return go_on(then);
  connection_->send(std::move(output.octets), loop_.now() + kSendTimeout,
                    [this, then](const transport::SendResult& sent) {
                      if (sent.status != transport::SendStatus::sent) return lose();
                      go_on(then);
                    });
}

void ServedClient::go_on(Then then) {
  switch (then) {
    case Then::keep_open:
      return is_leaving_ ? say(session_->shutdown()) : listen();
    case Then::close:
      return end(true);
    case Then::reset:
      connection_->abort();
      return end(false);
    case Then::start_tls:
      return take_handshake([this](TlsInfo tls) { say(session_->tls_established(std::move(tls))); });
  }
}

void ServedClient::listen() {
  is_listening_ = true;
  connection_->receive(loop_.now() + session_->current_timeout(), [this](const transport::ReceiveResult& received) {
    is_listening_ = false;
    switch (received.status) {
      case transport::ReceiveStatus::octets:
        return say(session_->feed(received.octets));
      case transport::ReceiveStatus::timed_out:
        return say(session_->timed_out());
      case transport::ReceiveStatus::peer_closed:
      case transport::ReceiveStatus::reset:
      case transport::ReceiveStatus::failed:
        return lose();
    }
  });
}

void ServedClient::shut_down() {
  is_leaving_ = true;
  if (!std::exchange(is_listening_, false)) return;  // go_on() sees to it
  connection_->cancel();
  say(session_->shutdown());
}

// The client is gone without a QUIT.
void ServedClient::lose() {
  if (session_) session_->connection_lost();
  end(false);
}

void ServedClient::end(bool is_lingering) {
  if (!is_lingering) connection_->close();
  gone_(*this, is_lingering ? std::move(connection_) : nullptr);
}

}  // namespace smtpspec::server
