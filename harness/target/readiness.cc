#include "harness/target/readiness.h"

#include <algorithm>
#include <utility>

#include "harness/base/octets.h"

namespace smtpspec::target {

namespace {

using namespace std::chrono_literals;

// From a start within a millisecond to one within seconds: the pause follows the time that has gone by already.
constexpr std::chrono::microseconds kFirstPause = 1ms;
constexpr std::chrono::microseconds kLongestPause = 50ms;
// The probe's own session must not count against a limit of connections when the first scenario comes.
constexpr std::chrono::milliseconds kGoodbyeTime = 100ms;
constexpr std::size_t kMaxGreetingOctets = 2000;

}  // namespace

ReadinessProbe::ReadinessProbe(transport::EventLoop& loop, Connector connector,
                               std::shared_ptr<transport::ClientTls> tls, transport::SteadyTime deadline,
                               std::function<void(const ReadinessResult&)> callback)
    : loop_(loop),
      connector_(std::move(connector)),
      tls_(std::move(tls)),
      deadline_(deadline),
      callback_(std::move(callback)),
      pause_(kFirstPause) {
  attempt();
}

void ReadinessProbe::attempt() {
  line_.clear();
  connection_ = std::make_unique<transport::Connection>(loop_);
  connector_(attempts_++, *connection_, deadline_, [this](const transport::ConnectResult& result) {
    if (!result.is_connected()) return retry(result.message);
    if (!tls_) return read_line();
    connection_->start_tls(tls_, "", deadline_, [this](const transport::TlsResult& tls) {
      if (!tls.is_ok) return retry(tls.error);
      read_line();
    });
  });
}

void ReadinessProbe::retry(std::string error) {
  connection_->close();
  if (loop_.now() + pause_ >= deadline_) return finish({false, {}, std::move(error)});
  timer_ = loop_.call_after(pause_, [this] { attempt(); });
  pause_ = std::min(pause_ + pause_ / 2, kLongestPause);
}

void ReadinessProbe::read_line() {
  connection_->receive(deadline_, [this](const transport::ReceiveResult& result) {
    switch (result.status) {
      case transport::ReceiveStatus::octets:
        break;
      case transport::ReceiveStatus::timed_out:
        return finish({false,
                       {},
                       line_.empty() ? "it accepts connections but says nothing"
                                     : "its greeting is not complete: " + base::escape(line_)});
      case transport::ReceiveStatus::peer_closed:
      case transport::ReceiveStatus::reset:
        return retry("it closes connections without a greeting");
      case transport::ReceiveStatus::failed:
        return retry(result.message);
    }
    line_ += result.octets;
    const std::size_t end = line_.find('\n');
    if (end == std::string::npos && line_.size() < kMaxGreetingOctets) return read_line();
    line_.resize(std::min(end, kMaxGreetingOctets));
    if (!line_.empty() && line_.back() == '\r') line_.pop_back();
    say_goodbye();
  });
}

void ReadinessProbe::say_goodbye() {
  const auto soon = loop_.now() + kGoodbyeTime;
  connection_->send("QUIT\r\n", soon, [this, soon](const transport::SendResult&) {
    connection_->half_close();
    await_close(soon);
  });
}

void ReadinessProbe::await_close(transport::SteadyTime deadline) {
  connection_->receive(deadline, [this, deadline](const transport::ReceiveResult& result) {
    if (result.status == transport::ReceiveStatus::octets) return await_close(deadline);
    finish({true, line_, {}});
  });
}

void ReadinessProbe::finish(ReadinessResult result) {
  connection_->close();
  std::exchange(callback_, nullptr)(result);
}

}  // namespace smtpspec::target
