// An Environment that keeps what is delivered, and a client that plays octets against one or more sessions.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/quick_digests.h"
#include "harness/server/session.h"

namespace smtpspec::server {

class FakeEnvironment final : public Environment {
 public:
  LocalTime now() override { return {time, std::chrono::minutes{60}}; }
  std::string unique_id() override { return "id" + std::to_string(++ids_); }
  DeliveryResult deliver(const std::vector<Delivery>& deliveries, std::string_view content) override {
    if (result != DeliveryResult::accepted) return result;
    for (const Delivery& delivery : deliveries) {
      delivered.push_back(delivery);
      messages.push_back(delivery.trace_fields + std::string(content));
      contents.emplace_back(content);
    }
    return result;
  }
  const base::KeyedDigests* digests() override { return &base::quick_digests(); }

  base::WallTime time{std::chrono::seconds{1'795'489'987}};  // Tue, 24 Nov 2026 04:13:07 +0100
  DeliveryResult result = DeliveryResult::accepted;
  std::vector<Delivery> delivered;
  std::vector<std::string> messages;  // complete text, one for each delivery
  std::vector<std::string> contents;  // without the trace fields

 private:
  int ids_ = 0;
};

// Everything that comes of a dialogue, as text; the way the connection ends is added in angle brackets.
struct Outcome {
  std::string octets;
  std::vector<std::string> messages;
  std::vector<std::string> contents;
  std::vector<Delivery> delivered;
};

// Plays `steps`. A step is octets to send, or one of: "<tls>" (handshake done), "<timeout>", "<lost>" (the client is
// gone), "<new>" (the next session of the same server, while another one is open), "<other>" (to a second session,
// which is opened the first time, and back). With `octet_by_octet` every step's octets are fed one at a time.
inline Outcome play(const Config& config, const std::vector<std::string>& steps, bool octet_by_octet,
                    FakeEnvironment& environment, SessionInfo info = {}) {
  Session session(config, environment, info);
  std::optional<Session> other;
  std::string octets;
  bool is_over = false;
  const auto take = [&](const Output& output) {
    octets += output.octets;
    is_over = output.then == Then::close || output.then == Then::reset;
    if (output.then == Then::close) octets += "<closed>";
    if (output.then == Then::reset) octets += "<reset>";
    if (output.then == Then::start_tls) octets += "<tls>";
  };
  const auto feed = [&](std::string_view text) {
    // Long steps in odd pieces: a test stays fast.
    const std::size_t piece = octet_by_octet ? (text.size() > 4096 ? 997 : 1) : text.size();
    for (std::size_t i = 0; i < text.size() && !is_over; i += piece) take(session.feed(text.substr(i, piece)));
  };
  take(session.start());
  for (const std::string& step : steps) {
    if (step == "<other>") {
      octets += "<other>";
      if (other) {
        std::swap(session, *other);
        continue;
      }
      info.other_sessions = 1;
      other = std::exchange(session, Session(config, environment, info));
      take(session.start());
      continue;
    }
    if (step == "<new>") {
      if (!is_over) session.connection_lost();
      info.other_sessions = 1;
      session = Session(config, environment, info);
      octets += "<new>";
      take(session.start());
      continue;
    }
    if (is_over) continue;
    if (step == "<tls>") {
      take(session.tls_established({"TLSv1.3", "TLS_AES_256_GCM_SHA384"}));
    } else if (step == "<timeout>") {
      octets += "<" + std::to_string(session.current_timeout().count()) + "s>";
      take(session.timed_out());
    } else if (step == "<lost>") {
      session.connection_lost();
      is_over = true;
    } else {
      feed(step);
    }
  }
  return {octets, environment.messages, environment.contents, environment.delivered};
}

// The outcome of `steps`, which must not depend on how the octets are cut into pieces.
inline Outcome converse(const Config& config, const std::vector<std::string>& steps, SessionInfo info = {}) {
  FakeEnvironment whole_environment;
  FakeEnvironment split_environment;
  Outcome whole = play(config, steps, false, whole_environment, info);
  const Outcome split = play(config, steps, true, split_environment, info);
  EXPECT_EQ(whole.octets, split.octets) << "depends on the split";
  EXPECT_EQ(whole.messages, split.messages) << "depends on the split";
  return whole;
}

inline constexpr const char* kGreeting = "220 mail.example.org ESMTP server ready\r\n";

// What the plain server answers to `octets` after greeting and HELO.
inline std::string after_helo(const std::string& octets, const Config& config = {}) {
  std::string answer = converse(config, {"HELO client.example\r\n" + octets}).octets;
  const std::string opening = std::string(kGreeting) + "250 mail.example.org\r\n";
  EXPECT_TRUE(answer.starts_with(opening)) << answer;
  return answer.size() < opening.size() ? answer : answer.substr(opening.size());
}

// What the server answers to `octets` after greeting and EHLO.
inline std::string after_ehlo(const std::string& octets, const Config& config = {}) {
  const std::string alone = converse(config, {"EHLO client.example\r\n"}).octets;
  std::string answer = converse(config, {"EHLO client.example\r\n" + octets}).octets;
  EXPECT_TRUE(answer.starts_with(alone)) << answer;
  return answer.size() < alone.size() ? answer : answer.substr(alone.size());
}

// With PLAIN and LOGIN alone: the other mechanisms have tests of their own.
inline Config with_users() {
  Config config;
  config.extensions.sasl_challenges = false;
  config.users = {{"tim", "tanstaaftanstaaf"}};
  return config;
}

}  // namespace smtpspec::server
