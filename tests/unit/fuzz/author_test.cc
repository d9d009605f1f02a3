// What authors link: a server in a few lines of C, and its mistakes.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "fuzz/author/fuzzed_server.h"

namespace smtpspec::fuzz {
namespace {

enum class Mistake { none, forgets_reply, hangs_up, splits, garbles, keeps_tls_input };

struct Session {
  smtpspec_client* client;
  std::string line;
};

Mistake mistake = Mistake::none;
int sessions_open = 0;
std::vector<std::string> lines_seen;

void say(smtpspec_client* client, const std::string& octets) { smtpspec_reply(client, octets.data(), octets.size()); }

void* open_session(smtpspec_client* client) {
  ++sessions_open;
  say(client, "220 x ready\r\n");
  return new Session{client, {}};
}

void feed(void* opaque, const char* octets, size_t count) {
  auto& session = *static_cast<Session*>(opaque);
  if (mistake == Mistake::splits) session.line.clear();
  session.line.append(octets, count);
  for (std::size_t end = session.line.find("\r\n"); end != std::string::npos; end = session.line.find("\r\n")) {
    const std::string line = session.line.substr(0, end);
    session.line.erase(0, end + 2);
    if (line == "QUIT") {
      say(session.client, "221 bye\r\n");
      return smtpspec_hang_up(session.client);
    }
    if (line == "STARTTLS") {
      say(session.client, "220 go\r\n");
      smtpspec_start_tls(session.client);
      if (mistake != Mistake::keeps_tls_input) session.line.clear();
      return;
    }
    if (line == "HELP" && mistake == Mistake::forgets_reply) continue;
    if (line == "HELP" && mistake == Mistake::hangs_up) return smtpspec_hang_up(session.client);
    say(session.client, line == "HELP" && mistake == Mistake::garbles ? "OK\r\n" : "250 ok\r\n");
  }
}

void tls(void* opaque) { feed(opaque, "", 0); }

void close_session(void* opaque) {
  --sessions_open;
  delete static_cast<Session*>(opaque);
}

void see(const char* line, size_t count) { lines_seen.emplace_back(line, count); }

smtpspec_server server() {
  smtpspec_server all{};
  all.open = open_session;
  all.feed = feed;
  all.tls = tls;
  all.close = close_session;
  return all;
}

std::string complaint(Mistake one, std::string_view input) {
  mistake = one;
  const std::string text = complaint_about(decode(input), server(), [](std::size_t) {});
  EXPECT_EQ(sessions_open, 0);
  return text;
}

constexpr std::string_view kInput = "F1\nC:EHLO x\nC:HELP\n2\nC:EHLO y\n1\nC:NOOP\nT:NOOP\\r\\n\nC:EHLO z\n";

TEST(FuzzAuthor, SaysNothingOfASoundServer) { EXPECT_EQ(complaint(Mistake::none, kInput), ""); }

TEST(FuzzAuthor, TellsWhatIsWrongWithTheConversation) {
  const std::string text = complaint(Mistake::forgets_reply, "F1\nC:EHLO x\nC:HELP\n2\nC:EHLO y\n1\nC:NOOP\n");
  EXPECT_TRUE(text.starts_with("lost-reply: ")) << text;
  EXPECT_NE(text.find("\nC: HELP\\r\\n\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\nC2: EHLO y\\r\\n\n"), std::string::npos) << text;
}

TEST(FuzzAuthor, TellsOfAnEndWithoutAWord) {
  EXPECT_TRUE(complaint(Mistake::hangs_up, kInput).starts_with("child-died: "));
}

TEST(FuzzAuthor, TellsOfOctetsThatAreNoReply) {
  EXPECT_TRUE(complaint(Mistake::garbles, kInput).starts_with("malformed-reply: "));
}

TEST(FuzzAuthor, TellsOfWhatWasSaidInClearAndIsAnsweredInTls) {
  const std::string text = complaint(Mistake::keeps_tls_input, kInput);
  EXPECT_TRUE(text.starts_with("answered-in-tls: ")) << text << say(decode(kInput), server(), false).transcript;
}

TEST(FuzzAuthor, TellsOfCodesThatDependOnTheCut) {
  EXPECT_TRUE(complaint(Mistake::splits, "F1\nC:NOOP\nC:RSET\nC:VRFY someone\nC:EXPN list\nC:NOOP again\n")
                  .starts_with("depends-on-cut: "));
}

TEST(FuzzAuthor, HandsLinesAndMessagesToParsers) {
  lines_seen.clear();
  smtpspec_server parsers{};
  parsers.command = see;
  parsers.data = see;
  parse(decode("F1\nC:NO\\0OP\nR:A\\r\\nB\nD:..x\nL:chunk\nA:PLAIN x\nT:C\\r\\n\nH\n"), parsers);
  EXPECT_EQ(lines_seen, (std::vector<std::string>{std::string("NO\0OP", 5), "A", "B", "..x\r\n.\r\n", "BDAT 5 LAST",
                                                  "AUTH PLAIN x", "STARTTLS", "C"}));
  EXPECT_EQ(complaint_about(decode("F1\nC:NOOP\n"), parsers, [](std::size_t) {}), "");
}

TEST(FuzzAuthor, TakesTheNamesThatAreGiven) {
  smtpspec_server names{};
  names.sender = "me@here.example";
  names.is_lmtp = 1;
  const Vocabulary words = vocabulary_of(names);
  EXPECT_EQ(words.sender, "me@here.example");
  EXPECT_EQ(words.recipient, Vocabulary().recipient);
  EXPECT_TRUE(words.is_lmtp);
}

TEST(FuzzAuthor, CountsTheFeaturesOfTheTalk) {
  mistake = Mistake::none;
  std::set<std::size_t> few;
  std::set<std::size_t> more;
  complaint_about(decode("F1\nC:NOOP\n"), server(), [&](std::size_t feature) { few.insert(feature); });
  complaint_about(decode("F1\nC:NOOP\nC:EHLO x\n"), server(), [&](std::size_t feature) { more.insert(feature); });
  EXPECT_GT(few.size(), 0U);
  EXPECT_GT(more.size(), few.size());
}

}  // namespace
}  // namespace smtpspec::fuzz
