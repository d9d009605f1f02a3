#include "harness/server/net/forwarder.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "harness/server/relay_dialogue.h"
#include "harness/transport/connection.h"

namespace smtpspec::server {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxUnderWay = 8;  // connections to the next hop
constexpr std::size_t kMaxItems = 2'000;
constexpr std::size_t kMaxHeldOctets = 128 * 1024 * 1024;
constexpr auto kStepTimeout = 30s;
// The first pause between two tries; each is twice as long as the one before.
constexpr auto kFirstPause = 250ms;
constexpr int kMaxTries = 8;

}  // namespace

// One connection to the next hop.
class Forwarder::Attempt {
 public:
  using Ended = std::function<void()>;

  Attempt(transport::EventLoop& loop, const std::string& host_name, const Mail& mail, const DefectSet& defects,
          Ended ended)
      : loop_(loop),
        connection_(loop),
        dialogue_(host_name, mail.envelope, mail.text, defects),
        ended_(std::move(ended)) {}

  void begin(const transport::Endpoint& next_hop) {
    connection_.connect(next_hop, loop_.now() + kStepTimeout, [this](const transport::ConnectResult& result) {
      if (result.is_connected()) listen();
      else ended_();
    });
  }

  const RelayDialogue& dialogue() const { return dialogue_; }

 private:
  void listen() {
    connection_.receive(loop_.now() + kStepTimeout, [this](const transport::ReceiveResult& received) {
      if (received.status != transport::ReceiveStatus::octets) return ended_();
      parser_.feed(received.octets);
      const auto reply = parser_.next();
      if (!reply) return listen();
      std::string octets = dialogue_.next(*reply);
      if (octets.empty()) return ended_();
      connection_.send(std::move(octets), loop_.now() + kStepTimeout, [this](const transport::SendResult& sent) {
        if (sent.status == transport::SendStatus::sent) listen();
        else ended_();
      });
    });
  }

  transport::EventLoop& loop_;
  transport::Connection connection_;
  wire::ReplyParser parser_;
  RelayDialogue dialogue_;
  Ended ended_;
};

struct Forwarder::Item {
  Mail mail;
  int tries = 0;
  bool is_due = true;  // else the timer is pending, or it is under way
  transport::Timer timer{};
  std::unique_ptr<Attempt> attempt{};
};

Forwarder::Forwarder(transport::EventLoop& loop, transport::Endpoint next_hop, std::string host_name, DefectSet defects,
                     Failed failed)
    : loop_(loop),
      next_hop_(std::move(next_hop)),
      host_name_(std::move(host_name)),
      defects_(defects),
      failed_(std::move(failed)) {}

Forwarder::~Forwarder() = default;

bool Forwarder::has_room(std::size_t octets) const {
  return items_.size() < kMaxItems && held_octets_ + octets <= kMaxHeldOctets;
}

void Forwarder::take(Mail message) {
  held_octets_ += message.text.size();
  items_.push_back({std::move(message)});
  begin_next();
}

void Forwarder::begin_next() {
  for (auto place = items_.begin(); place != items_.end() && under_way_ < kMaxUnderWay; ++place) {
    if (place->is_due) begin(place);
  }
}

void Forwarder::begin(Place place) {
  place->is_due = false;
  ++place->tries;
  ++under_way_;
  // Ended from inside one of the connection's callbacks: what follows takes a turn of its own.
  place->attempt = std::make_unique<Attempt>(loop_, host_name_, place->mail, defects_, [this, place] {
    place->timer = loop_.call_after(0ms, [this, place] { ended(place, *place->attempt); });
  });
  place->attempt->begin(next_hop_);
}

void Forwarder::ended(Place place, const Attempt& attempt) {
  --under_way_;
  Mail failing{place->mail.envelope, place->mail.text};
  failing.envelope.recipients = attempt.dialogue().refused();
  std::string diagnostic = attempt.dialogue().diagnostic();
  place->mail.envelope.recipients = attempt.dialogue().unserved();
  place->attempt.reset();
  if (place->mail.envelope.recipients.empty() || place->tries >= kMaxTries) {
    auto& left = place->mail.envelope.recipients;
    if (!left.empty()) diagnostic = "the next hop did not take it in time";
    std::move(left.begin(), left.end(), std::back_inserter(failing.envelope.recipients));
    held_octets_ -= place->mail.text.size();
    items_.erase(place);
  } else {
    place->timer = loop_.call_after(kFirstPause * (1 << (place->tries - 1)), [this, place] {
      place->is_due = true;
      begin_next();
    });
  }
  if (!failing.envelope.recipients.empty()) failed_(failing, diagnostic);
  begin_next();
}

}  // namespace smtpspec::server
