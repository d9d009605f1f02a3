#include "fuzz/author/fuzzed_server.h"

#include <memory>
#include <utility>

#include "fuzz/oracles/features.h"
#include "fuzz/targets/splits.h"
#include "harness/base/octets.h"

using smtpspec::fuzz::ConnectionTalk;
using smtpspec::fuzz::Dialogue;
using smtpspec::fuzz::End;

struct smtpspec_client {
  smtpspec_client(const smtpspec_server& the_server, std::string name, std::string& transcript)
      : server(the_server), mark(std::move(name)), log(transcript) {
    talk.dialogue = Dialogue(server.is_lmtp != 0);
    session = server.open(this);
    settle();
  }
  smtpspec_client(const smtpspec_client&) = delete;
  smtpspec_client& operator=(const smtpspec_client&) = delete;

  void say(const std::string& octets, std::size_t step, bool is_cut) {
    if (!is_open || octets.empty()) return;
    note('C', octets);
    talk.dialogue.sent(octets, step);
    const auto pieces = is_cut ? smtpspec::fuzz::pieces_of(octets) : std::vector<std::string_view>{octets};
    for (const std::string_view piece : pieces) {
      // A copy of its own: a sanitizer then sees who reads beyond it.
      const std::vector<char> copy(piece.begin(), piece.end());
      server.feed(session, copy.data(), copy.size());
      const bool was_handshake = wants_tls;
      settle();
      if (!is_open || was_handshake) return;
    }
  }

  // We say no more, and the server has the last word.
  void end() {
    if (!std::exchange(is_open, false)) return;
    // In this process nothing can come later: what is owed now was forgotten.
    if (talk.dialogue.owes_reply() && talk.dialogue.is_sure()) talk.end = End::silent;
    else talk.has_half_closed = true;
  }

  ConnectionTalk finish() {
    end();
    server.close(session);
    talk.partial_reply = parser.take_pending();
    if (!talk.partial_reply.empty()) note('S', talk.partial_reply);
    return std::move(talk);
  }

  void take(std::string_view octets) {
    if (!is_open) return;
    parser.feed(octets);
    while (auto reply = parser.next()) {
      note('S', reply->raw);
      talk.dialogue.received(*reply);
      talk.replies.push_back(std::move(*reply));
    }
  }

  void note(char who, std::string_view octets) {
    constexpr std::size_t kShownOctets = 400;
    log += who + mark + ": " + smtpspec::base::escape(octets.substr(0, kShownOctets));
    log += octets.size() > kShownOctets ? "…\n" : "\n";
  }

  const smtpspec_server& server;
  std::string mark;
  std::string& log;
  smtpspec::wire::ReplyParser parser{};
  ConnectionTalk talk;
  void* session = nullptr;
  bool is_open = true;
  bool hangs_up = false;
  bool wants_tls = false;

 private:
  // What the server asked for while it was called.
  void settle() {
    if (hangs_up) {
      is_open = false;
      return;
    }
    if (!std::exchange(wants_tls, false)) return;
    if (talk.dialogue.expects_handshake()) talk.dialogue.tls_established();
    else talk.has_tls_trouble = true;
    log += "   TLS\n";
    if (server.tls != nullptr) server.tls(session);
    if (hangs_up) is_open = false;
  }
};

extern "C" {
void smtpspec_reply(smtpspec_client* client, const char* octets, size_t count) {
  client->take(std::string_view(octets, count));
}
void smtpspec_start_tls(smtpspec_client* client) { client->wants_tls = true; }
void smtpspec_hang_up(smtpspec_client* client) { client->hangs_up = true; }
}

namespace smtpspec::fuzz {

namespace {

std::vector<std::vector<int>> codes_of(const Talk& talk) {
  std::vector<std::vector<int>> codes;
  for (const ConnectionTalk& one : talk.connections) {
    std::vector<int>& of_one = codes.emplace_back();
    for (const wire::Reply& reply : one.replies) of_one.push_back(reply.code);
  }
  return codes;
}

}  // namespace

Vocabulary vocabulary_of(const smtpspec_server& server) {
  Vocabulary words;
  const auto set = [](std::string& word, const char* value) {
    if (value != nullptr) word = value;
  };
  set(words.sender, server.sender);
  set(words.recipient, server.recipient);
  set(words.unknown, server.unknown);
  set(words.domain, server.domain);
  set(words.user, server.user);
  set(words.password, server.password);
  words.is_lmtp = server.is_lmtp != 0;
  return words;
}

Said say(const Input& input, const smtpspec_server& server, bool is_cut) {
  if (server.reset != nullptr) server.reset();
  Said said;
  std::vector<std::unique_ptr<smtpspec_client>> clients;
  clients.push_back(std::make_unique<smtpspec_client>(server, "", said.transcript));
  std::size_t current = 0;
  for (std::size_t at = 0; at < input.steps.size(); ++at) {
    const Step& step = input.steps[at];
    if (step.kind == StepKind::connection) {
      current = step.number == 2 ? 1 : 0;
      if (current == 1 && clients.size() == 1)
        clients.push_back(std::make_unique<smtpspec_client>(server, "2", said.transcript));
    } else if (step.kind == StepKind::half_close) {
      clients[current]->end();
    } else if (step.kind == StepKind::data && !clients[current]->talk.dialogue.expects_body()) {
      continue;  // a client that was refused sends no message
    } else {
      clients[current]->say(wire_form(step), at, is_cut);
    }
  }
  for (const auto& client : clients) {
    if (client->talk.dialogue.reads_commands()) client->say("QUIT\r\n", input.steps.size(), is_cut);
    said.talk.connections.push_back(client->finish());
  }
  said.talk.is_lock_step = true;
  return said;
}

void parse(const Input& input, const smtpspec_server& server) {
  const auto hand = [](void (*to)(const char*, size_t), std::string_view octets) {
    const std::vector<char> copy(octets.begin(), octets.end());
    if (to != nullptr) to(copy.data(), copy.size());
  };
  for (const Step& step : input.steps) {
    const std::string octets = wire_form(step);
    if (step.kind == StepKind::data) {
      hand(server.data, octets);
    } else if (step.kind == StepKind::chunk) {
      hand(server.command, std::string_view(octets).substr(0, octets.find("\r\n")));
    } else {
      std::string_view rest = octets;
      while (!rest.empty()) {
        const std::size_t end = rest.find("\r\n");
        hand(server.command, rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 2);
      }
    }
  }
}

std::string complaint_about(const Input& input, const smtpspec_server& server,
                            const std::function<void(std::size_t feature)>& note) {
  if (server.open == nullptr) return {};
  const Said whole = say(input, server, false);
  for_each_feature(whole.talk, note);
  std::string complaints;
  for (const Finding& finding : judge(whole.talk))
    complaints += std::string(to_string(finding.oracle)) + ": " + finding.evidence + "\n";
  for (const ConnectionTalk& one : whole.talk.connections)
    if (!one.partial_reply.empty() && one.end != End::silent)
      complaints += "unfinished-reply: the session ends within '" + base::escape(one.partial_reply) + "'\n";
  if (!complaints.empty()) return complaints + whole.transcript;
  const Said cut = say(input, server, true);
  if (codes_of(whole.talk) == codes_of(cut.talk)) return {};
  return "depends-on-cut: the codes differ when the same octets come in pieces\n" + whole.transcript + "in pieces:\n" +
         cut.transcript;
}

}  // namespace smtpspec::fuzz
