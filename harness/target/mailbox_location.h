// The text of --mailbox and of a profile's [mailbox]: KIND:PLACE. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"

namespace smtpspec::target {

enum class MailboxKind { maildir, mbox, dir, command, pop3, imap };
std::string_view to_string(MailboxKind kind);
std::optional<MailboxKind> parse_mailbox_kind(std::string_view text);
// "known are maildir, mbox, …; did you mean 'mbox'?"
std::string suggest_mailbox_kind(std::string_view misspelt);

struct MailboxLocation {
  MailboxKind kind = MailboxKind::maildir;
  std::string place;  // path, command or URL; not empty
  bool operator==(const MailboxLocation&) const = default;
};
base::Result<MailboxLocation, std::string> parse_mailbox_location(std::string_view text);
// Whether the text is of a kind that logs in somewhere, and well-formed.
bool needs_password(std::string_view text);

// Where a POP3 or IMAP server keeps a mailbox.
struct MailboxUrl {
  std::string server;  // "imaps://host:993", without user and folder
  std::string user;    // percent-decoded
  std::string folder;  // of IMAP, as in the URL; "INBOX" if none is given
  bool operator==(const MailboxUrl&) const = default;
};
// The scheme must fit the kind. A password in the URL is an error: reports repeat the command line.
base::Result<MailboxUrl, std::string> parse_mailbox_url(MailboxKind kind, std::string_view url);

}  // namespace smtpspec::target
