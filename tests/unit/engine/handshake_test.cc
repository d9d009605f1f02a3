// What a conversation makes of TLS: handshakes that come about or fail, certificates, the end of the stream.
#include <gtest/gtest.h>

#include "tests/unit/engine/fake_world.h"

namespace smtpspec::engine {
namespace {

using verdict::Cause;
using verdict::Outcome;
using verdict::Verdict;

std::string upgrade_and(std::string_view steps) {
  return "scenario t.one \"A test\"\n"
         "  checks RFC1-1-01\n"
         "  S: 220\n"
         "  C: EHLO {client}\n"
         "  S: 250\n"
         "  C: STARTTLS\n"
         "  S: 220\n" +
         std::string(steps);
}

FakeServer server_with_tls() {
  FakeServer server;
  server.answer = [](const std::string& line) {
    return line == "STARTTLS" ? std::string("220 go\r\n") : plain_answer(line);
  };
  return server;
}

FakeServer server_without_handshake(bool is_own_refusal = false) {
  FakeServer server = server_with_tls();
  server.tls_failure = TlsFailed{"internal error", is_own_refusal};
  return server;
}

TEST(Handshake, IsSetUpUnlessItIsBound) {
  const Played played = play(upgrade_and("  starttls\n  C: NOOP\n  S: 250 [RFC1-1-01]\n"), server_without_handshake());
  EXPECT_EQ(played.result.verdict, Verdict::inconclusive);
  EXPECT_EQ(played.result.cause, Cause::tls_failed);
  EXPECT_EQ(played.result.reason, "internal error");
}

TEST(Handshake, IsJudgedWhereItIsBound) {
  const std::string text = upgrade_and("  starttls [RFC1-1-01]\n");
  EXPECT_EQ(play(text, server_with_tls()).result.verdict, Verdict::pass);
  const Played failed = play(text, server_without_handshake());
  EXPECT_EQ(failed.result.verdict, Verdict::fail);
  EXPECT_EQ(failed.result.reason, "the TLS handshake failed: internal error");
  // What the tester itself would not have says nothing of the server.
  EXPECT_EQ(play(text, server_without_handshake(true)).result.verdict, Verdict::inconclusive);
}

TEST(Handshake, MayBeOneThatHasToFail) {
  const std::string text = upgrade_and("  starttls version 1.0 refused [RFC1-1-01]\n");
  EXPECT_EQ(play(text, server_without_handshake()).result.verdict, Verdict::pass);
  EXPECT_EQ(play(text, server_without_handshake(true)).result.verdict, Verdict::inconclusive);
  const Played spoken = play(text, server_with_tls());
  EXPECT_EQ(spoken.result.verdict, Verdict::fail);
  ASSERT_EQ(spoken.result.checks.size(), 1U);
  EXPECT_EQ(spoken.result.checks[0].outcome, Outcome::violated);
}

TEST(Handshake, ThatFailsIsAnEndThatARefusableBlockMayAllow) {
  const std::string text = upgrade_and("  refusable closed [RFC1-1-01]\n    starttls\n    fence ehlo [RFC1-1-01]\n");
  EXPECT_EQ(play(text, server_without_handshake()).result.verdict, Verdict::pass);
  EXPECT_EQ(play(text, server_with_tls()).result.verdict, Verdict::pass);
}

TEST(Handshake, OffersTheVersionThatIsAskedFor) {
  const std::string text = upgrade_and("  starttls version 1.1\n  check tls version >= 1.2 [RFC1-1-01]\n");
  const Played played = play(text, server_with_tls());
  EXPECT_EQ(played.result.verdict, Verdict::fail);
  EXPECT_EQ(played.result.reason, "check tls version >= 1.2 [RFC1-1-01]: TLS 1.1");
}

TEST(Handshake, ShowsACertificate) {
  const std::string current = upgrade_and("  starttls\n  check tls certificate current [RFC1-1-01]\n");
  const std::string named = upgrade_and("  starttls\n  check tls certificate named [RFC1-1-01]\n");
  FakeServer server = server_with_tls();
  EXPECT_EQ(play(current, server).result.verdict, Verdict::pass);
  EXPECT_EQ(play(named, server).result.verdict, Verdict::pass);
  server.tls.is_certificate_current = false;
  EXPECT_EQ(play(current, server).result.verdict, Verdict::fail);
  EXPECT_EQ(play(named, server).result.verdict, Verdict::pass);
  server.tls.is_certificate_named = false;
  EXPECT_EQ(play(named, server).result.verdict, Verdict::fail);
}

TEST(Handshake, WithoutOneThereIsNoCertificate) {
  const std::string text =
      "scenario t.one \"A test\"\n  checks RFC1-1-01\n  S: 220\n  check tls certificate current [RFC1-1-01]\n";
  EXPECT_EQ(play(text, server_with_tls()).result.verdict, Verdict::fail);
}

TEST(Handshake, AnAlertInPlaceOfOneIsNoReply) {
  FakeServer server = server_with_tls();
  server.answer = [](const std::string& line) {
    if (line == "STARTTLS") return std::string("220 go\r\n");
    return line == "NOOP" ? std::string("\x15\x03\x03\0\x02\x02\n", 7) : plain_answer(line);
  };
  const Played played = play(upgrade_and("  C: NOOP\n  S: closed [RFC1-1-01]\n"), server, Trouble::close, 7);
  EXPECT_EQ(played.result.verdict, Verdict::pass) << played.result.reason;
  EXPECT_TRUE(played.reply_form.findings.empty());
}

TEST(Handshake, TextInPlaceOfOneIsNotJudgedAsAReply) {
  FakeServer server = server_with_tls();
  server.answer = [](const std::string& line) {
    if (line == "STARTTLS") return std::string("220 go\r\n");
    return line == "NOOP" ? std::string("no TLS here\n") : plain_answer(line);
  };
  const Played played = play(upgrade_and("  C: NOOP\n  S: not 2xx [RFC1-1-01]\n"), server);
  EXPECT_EQ(played.result.verdict, Verdict::pass) << played.result.reason;
  EXPECT_TRUE(played.reply_form.findings.empty());
}

TEST(Handshake, TheEndMayBeTold) {
  const std::string text = upgrade_and("  starttls\n  C: QUIT\n  S: 221\n  S: closed notified [RFC1-1-01]\n");
  FakeServer server = server_with_tls();
  EXPECT_EQ(play(text, server).result.verdict, Verdict::fail);
  server.is_end_notified = true;
  EXPECT_EQ(play(text, server).result.verdict, Verdict::pass);
}

}  // namespace
}  // namespace smtpspec::engine
