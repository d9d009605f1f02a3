#include "tests/unit/engine/fake_world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "harness/base/quick_digests.h"
#include "harness/engine/playback.h"

namespace smtpspec::engine {
namespace {

scenario::Requirement requirement(std::string_view id, verdict::Level level) {
  scenario::Requirement entry{};
  entry.id = id;
  entry.document = "RFC 5321";
  entry.section = "1";
  entry.level = level;
  entry.role = "server";
  entry.summary = "A rule.";
  entry.observable = "wire";
  return entry;
}

// One fake connection: what the server has said and the client has not yet read.
struct Wire {
  FakeServer server;
  std::string unread;
  bool is_closed = false;
};

std::vector<verdict::StoredMessage> messages_with(const std::string& token,
                                                  const std::vector<verdict::StoredMessage>& mailbox) {
  std::vector<verdict::StoredMessage> found;
  for (const auto& message : mailbox)
    if (message.octets.find(token) != std::string::npos) found.push_back(message);
  return found;
}

}  // namespace

const scenario::Catalogue& test_catalogue() {
  static const std::array entries{
      requirement("RFC1-1-01", verdict::Level::must),    requirement("RFC1-1-02", verdict::Level::must),
      requirement("RFC1-2-01", verdict::Level::should),  requirement("RFC1-3-01", verdict::Level::may),
      requirement("RFC1-4-01", verdict::Level::grammar),
  };
  static const scenario::Catalogue catalogue(entries);
  return catalogue;
}

FakeServer::FakeServer() : answer(plain_answer) {}

std::string plain_answer(const std::string& line) {
  const std::string verb = line.substr(0, line.find(' '));
  if (verb == "EHLO") return "250-mail.example.org\r\n250-PIPELINING\r\n250 SIZE 1000\r\n";
  if (verb == "DATA") return "354 go on\r\n";
  if (verb == "QUIT") return "221 mail.example.org bye\r\n";
  if (verb == "MAIL" || verb == "RCPT" || verb == "RSET" || verb == "NOOP" || verb == "HELO") return "250 2.0.0 ok\r\n";
  return "500 what?\r\n";
}

std::string FakeServer::feed(std::string_view octets) {
  std::string out;
  for (const char c : octets) {
    line_ += c;
    if (!line_.ends_with("\r\n")) continue;
    const std::string line = line_.substr(0, line_.size() - 2);
    line_.clear();
    if (in_data_) {
      if (line != ".") continue;
      in_data_ = false;
      out += end_of_data;
      continue;
    }
    const std::string reply = answer(line);
    if (line == "DATA" && reply.starts_with("354")) in_data_ = true;
    if (line == "QUIT" && closes_after_quit) wants_close_ = true;
    out += reply;
  }
  return out;
}

namespace {

// Whatever befell a conversation, its wire log tells it again.
void expect_same_when_played_back(const Program& program, const Variables& variables, const Settings& settings,
                                  const verdict::ScenarioResult& result) {
  if (result.verdict == verdict::Verdict::error || result.wire.empty()) return;
  Conversation again(program, variables, settings);
  // What the mailbox answered with may be too much to keep, which is told.
  const bool is_whole = std::none_of(result.wire.begin(), result.wire.end(), [](const verdict::WireEntry& entry) {
    return entry.kind == verdict::WireKind::mailbox_answer && entry.left_out > 0;
  });
  if (!is_whole) {
    EXPECT_EQ(play_back(again, result.wire), "the messages of the mailbox are not kept whole");
    return;
  }
  EXPECT_EQ(play_back(again, result.wire), "") << result.reason;
  verdict::ScenarioResult judged;
  again.conclude(judged);
  EXPECT_EQ(judged.verdict, result.verdict) << result.reason << "; again: " << judged.reason;
  EXPECT_EQ(judged.cause, result.cause);
  EXPECT_EQ(judged.reason, result.reason);
  EXPECT_EQ(judged.checks, result.checks);
}

}  // namespace

Played play(std::string_view text, FakeServer server, Trouble trouble, int trouble_at) {
  Played played;
  const scenario::Loaded loaded = scenario::load_text(text, "test.smtp", "", scenario::NoFiles());
  for (const auto& diagnostic : loaded.diagnostics) ADD_FAILURE() << base::render(diagnostic);
  if (loaded.scenarios.size() != 1) {
    ADD_FAILURE() << "the text holds " << loaded.scenarios.size() << " scenarios";
    return played;
  }
  const auto instances = scenario::instances_of(loaded.scenarios.front());
  const Program program = compile(instances.front(), test_catalogue());
  Variables variables;
  for (const auto& [name, value] : instances.front().values) variables.set(name, value);
  if (!server.hello.empty()) variables.set("ehlo", server.hello);
  variables.set("client", "client.example.org");
  variables.set("sender", "sender@example.org");
  variables.set("recipient", "alice@example.org");
  variables.set("relayed", "dave@relay.example");
  variables.set("relayed_later", "later-{token}@relay.example");
  variables.set("user", "alice");
  variables.set("password", "secret");
  variables.set("token", "token1");
  Settings settings;
  settings.demands_auth = server.demands_auth;
  settings.retry_time = kRetryTime;
  settings.digests = &base::quick_digests();
  Conversation conversation(program, variables, settings);

  std::map<int, Wire> wires;
  base::Microseconds now{0};
  Event event{Started{}, 1, now};
  for (;;) {
    const Action action = conversation.next(event);
    if (std::holds_alternative<Done>(action.body)) break;
    if (played.actions > 5000) {
      ADD_FAILURE() << "the conversation does not end";
      break;
    }
    const bool is_struck = played.actions++ == trouble_at;
    now += base::Microseconds{100};
    auto [it, is_new] = wires.try_emplace(action.connection);
    Wire& wire = it->second;
    const auto answered = [&](EventBody body) { event = {std::move(body), action.connection, now}; };
    if (is_struck && trouble == Trouble::reset) {
      wire.is_closed = true;
      wire.unread.clear();
      if (std::holds_alternative<ConnectTo>(action.body)) answered(ConnectFailed{"refused"});
      else if (std::holds_alternative<UpgradeToTls>(action.body)) answered(TlsFailed{"reset"});
      else answered(PeerReset{});
      continue;
    }
    if (const auto* connect = std::get_if<ConnectTo>(&action.body)) {
      if (is_struck && trouble == Trouble::time_out) {
        answered(TimedOut{});
        continue;
      }
      wire = Wire{server, server.greeting, false};
      answered(Connected{});
      (void)connect;
      continue;
    }
    if (const auto* send = std::get_if<SendOctets>(&action.body)) {
      played.sent += send->octets;
      if (wire.is_closed) {
        answered(PeerReset{});
        continue;
      }
      wire.unread += wire.server.feed(send->octets);
      answered(Sent{});
      continue;
    }
    if (const auto* await = std::get_if<Await>(&action.body)) {
      if (is_struck && trouble == Trouble::time_out) {
        wire.unread.clear();
        now = await->deadline;
        answered(TimedOut{});
      } else if (is_struck && trouble == Trouble::close) {
        wire.is_closed = true;
        wire.unread.clear();
        answered(PeerClosed{});
      } else if (is_struck && trouble == Trouble::garbage) {
        wire.unread.clear();
        answered(Received{std::string("\0\xff garbage\r\n\x1b[2J999\n", 20)});
      } else if (!wire.unread.empty()) {
        std::string part = wire.unread;
        if (trouble == Trouble::split) part.resize(1);
        wire.unread.erase(0, part.size());
        answered(Received{part});
      } else if (wire.is_closed || wire.server.wants_close()) {
        wire.is_closed = true;
        answered(PeerClosed{server.is_end_notified});
      } else {
        now = await->deadline;
        answered(TimedOut{});
      }
      continue;
    }
    if (std::holds_alternative<UpgradeToTls>(action.body) && server.tls_failure) answered(*server.tls_failure);
    else if (const auto* upgrade = std::get_if<UpgradeToTls>(&action.body)) {
      TlsUp up = server.tls;
      if (upgrade->only_version != 0) up.version = upgrade->only_version;
      answered(up);
    } else if (const auto* question = std::get_if<AskMailbox>(&action.body)) {
      played.asked_for.push_back({question->recipient, question->deadline - now});
      if (server.mailbox.empty()) answered(MailboxFailed{"no mailbox in this test"});
      else answered(MailboxAnswered{messages_with(question->token, server.mailbox)});
    } else if (const auto* pause = std::get_if<Pause>(&action.body)) {
      now = std::max(now, pause->until);
      for (auto& late : server.late_mail) server.mailbox.push_back(std::move(late));
      server.late_mail.clear();
      answered(Waited{});
    } else {
      answered(Waited{});
    }
  }
  conversation.conclude(played.result);
  expect_same_when_played_back(program, variables, settings, played.result);
  played.reply_form = conversation.reply_form();
  return played;
}

}  // namespace smtpspec::engine
