#include <gtest/gtest.h>

#include "tests/unit/server/fake_environment.h"

namespace smtpspec::server {
namespace {

constexpr const char* kAlice = "250 2.1.5 Alice Example <alice@example.org>\r\n";

TEST(SessionVrfy, ConfirmsWhomItKnows) {
  for (const char* name :
       {"alice", "alice@example.org", "<alice@example.org>", "\"alice\"", "alice@EXAMPLE.org", "alias"}) {
    const std::string reply = after_helo("VRFY " + std::string(name) + "\r\n");
    EXPECT_TRUE(reply.starts_with("250 2.1.5 Alice Example <alice@")) << name << reply;
  }
  EXPECT_EQ(after_helo("VRFY POSTMASTER\r\n"), "250 2.1.5 <POSTMASTER@example.org>\r\n");
}

TEST(SessionVrfy, DoesNotConfirmAnybodyElse) {
  EXPECT_EQ(after_helo("VRFY nobody\r\n"), "550 5.1.1 No such user here\r\n");
  EXPECT_EQ(after_helo("VRFY x@elsewhere.example\r\n"), "550 5.7.1 Not an address of this host\r\n");
  EXPECT_EQ(after_helo("VRFY carol\r\n"), "551 5.1.6 User not local; please try <carol@example.net>\r\n");
  EXPECT_EQ(after_helo("VRFY staff\r\n"), "252 2.0.0 Unable to verify members of a mailing list\r\n");
  EXPECT_EQ(after_helo("VRFY\r\n"), "501 5.5.4 Syntax error, argument required\r\n");
  EXPECT_TRUE(after_helo("VRFY a b\r\n").starts_with("501 "));
  Config config;
  config.catch_all = true;
  EXPECT_TRUE(after_helo("VRFY nobody\r\n", config).starts_with("252 "));
  config.vrfy_policy = VrfyPolicy::noncommittal;
  EXPECT_TRUE(after_helo("VRFY alice\r\n", config).starts_with("252 "));
}

TEST(SessionExpn, ShowsOneMailboxOnEachLine) {
  EXPECT_EQ(after_helo("EXPN staff\r\nEXPN staff@example.org\r\nEXPN alice\r\nEXPN nolist\r\n"),
            "250-2.1.5 Alice Example <alice@example.org>\r\n250 2.1.5 Bob Example <bob@example.org>\r\n"
            "250-2.1.5 Alice Example <alice@example.org>\r\n250 2.1.5 Bob Example <bob@example.org>\r\n" +
                std::string(kAlice) + "550 5.1.1 No such mailing list here\r\n");
  Config config;
  config.extensions.expn = false;
  EXPECT_EQ(after_helo("EXPN staff\r\n", config), "502 5.5.1 Command not implemented\r\n");
}

TEST(SessionHelp, KnowsTopics) {
  EXPECT_EQ(after_helo("HELP mail\r\nHELP nonsense\r\n"),
            "214 2.0.0 See the specification of MAIL\r\n504 5.5.4 No help on that topic\r\n");
}

TEST(SessionInformation, LeavesTheTransactionAlone) {
  EXPECT_TRUE(
      after_ehlo("MAIL FROM:<>\r\nRCPT TO:<alice@example.org>\r\nNOOP\r\nVRFY alice\r\nEXPN staff\r\nHELP\r\nDATA\r\n")
          .ends_with("354 Start mail input; end with <CRLF>.<CRLF>\r\n"));
}

// RFC 1985 §5
TEST(SessionEtrn, AnswersByNode) {
  EXPECT_EQ(
      after_ehlo(
          "ETRN example.org\r\nETRN @example.org\r\nETRN #queue\r\nETRN elsewhere.example\r\nETRN node\r\nETRN\r\n"),
      "251 2.0.0 Ok, no messages waiting\r\n251 2.0.0 Ok, no messages waiting\r\n251 2.0.0 Ok, no messages waiting\r\n"
      "459 4.7.1 Node elsewhere.example not allowed\r\n"
      "501 5.5.4 Syntax error, a fully qualified node name is required\r\n"
      "501 5.5.4 Syntax error, argument required\r\n");
  EXPECT_TRUE(after_ehlo("MAIL FROM:<>\r\nETRN example.org\r\n")
                  .ends_with("503 5.5.1 Bad sequence of commands, a transaction is open\r\n"));
}

}  // namespace
}  // namespace smtpspec::server
