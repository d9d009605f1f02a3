#include "harness/target/mailbox_location.h"

#include <gtest/gtest.h>

namespace smtpspec::target {
namespace {

TEST(MailboxLocation, IsAKindAndAPlace) {
  EXPECT_EQ(parse_mailbox_location("maildir:/var/mail"), (MailboxLocation{MailboxKind::maildir, "/var/mail"}));
  EXPECT_EQ(parse_mailbox_location("command:ssh mx cat /a:b"),
            (MailboxLocation{MailboxKind::command, "ssh mx cat /a:b"}));
  EXPECT_EQ(parse_mailbox_location("imap:imaps://a@b"), (MailboxLocation{MailboxKind::imap, "imaps://a@b"}));
}

TEST(MailboxLocation, MistakesAreToldWithTheKindsAndTheNearestSpelling) {
  EXPECT_EQ(parse_mailbox_location("mbx:/var/mail").error(),
            "there is no mailbox kind 'mbx'; known are maildir, mbox, dir, command, pop3, imap; did you mean 'mbox'?");
  EXPECT_EQ(parse_mailbox_location("telepathy:x").error(),
            "there is no mailbox kind 'telepathy'; known are maildir, mbox, dir, command, pop3, imap");
  EXPECT_EQ(parse_mailbox_location("/var/mail").error(),
            "a mailbox is given as KIND:PLACE, not '/var/mail'; the kinds are maildir, mbox, dir, command, pop3, imap");
  EXPECT_EQ(parse_mailbox_location("mbox:").error(), "mbox: what follows the colon is empty");
}

TEST(MailboxUrl, NamesServerUserAndFolder) {
  EXPECT_EQ(parse_mailbox_url(MailboxKind::pop3, "pop3://alice@host:110"),
            (MailboxUrl{"pop3://host:110", "alice", ""}));
  EXPECT_EQ(parse_mailbox_url(MailboxKind::pop3, "POP3S://alice%40example.org@host/"),
            (MailboxUrl{"pop3s://host", "alice@example.org", ""}));
  EXPECT_EQ(parse_mailbox_url(MailboxKind::imap, "imap://alice@[::1]:143"),
            (MailboxUrl{"imap://[::1]:143", "alice", "INBOX"}));
  EXPECT_EQ(parse_mailbox_url(MailboxKind::imap, "imaps://a@b/In/x"), (MailboxUrl{"imaps://b", "a", "In/x"}));
}

TEST(MailboxUrl, WithAPasswordIsRefusedAndNotRepeated) {
  const auto url = parse_mailbox_url(MailboxKind::imap, "imap://alice:hunter2@host");
  ASSERT_FALSE(url);
  EXPECT_EQ(url.error(),
            "a password does not stand in a URL; use password_file or password_env of [mailbox] in a profile");
}

TEST(MailboxUrl, ThatIsNoneOfItsKindIsRefused) {
  for (const char* bad : {"imap://a@b", "http://a@b", "pop3://host", "pop3://@host", "pop3://a@", "pop3://a@:110",
                          "pop3://a@b/folder", "pop3://a@b/?x", "pop3:a@b", "a@b", ""})
    EXPECT_FALSE(parse_mailbox_url(MailboxKind::pop3, bad)) << bad;
}

}  // namespace
}  // namespace smtpspec::target
