// A message as a mailbox hands it over, and what its storage may have changed in it since the server took it. A
// storage's habits are no deviation of SMTP: checks compare up to these changes and no further
// (engine/storage_allowance.h). They are told for each message, because a storage may show its habit only in some.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace smtpspec::verdict {

enum class LineEnds {
  kept,     // as they were received
  lf,       // the storage has LF where CRLF was received; a bare LF looks the same there
  unknown,  // some were changed and some perhaps not, and a CR before a line end may be gone
};

struct StorageArtefacts {
  LineEnds line_ends = LineEnds::kept;
  // Before "From ", ">From ", ">>From "… at the beginning of a line one '>' more may stand than was received (mbox).
  bool may_quote_from = false;
  // The last line may have got a line end that it had not, or lost the one that it had.
  bool may_change_last_line_end = false;
  // The last line is gone if it was empty: it looks like the one that divides messages (mbox).
  bool may_drop_last_empty_line = false;
  // Fields that tell of the delivery stand on top (Return-Path, Delivered-To, X-Original-To and kin).
  bool may_add_delivery_fields = false;
  // Another octet may stand for NUL, which has no place in what IMAP hands over (RFC 3501 §9, CHAR8).
  bool may_replace_nul = false;

  bool operator==(const StorageArtefacts&) const = default;
};

// By which a message came to the next hop: what stood behind `MAIL FROM:` and behind each `RCPT TO:`, octet for octet,
// parameters included (RFC 5321 §4.1.1.2, §4.1.1.3).
struct ReceivedEnvelope {
  std::string mail;                // "<a@example.org> SIZE=100"
  std::vector<std::string> rcpts;  // "<b@example.net>", in order; those that were taken

  bool operator==(const ReceivedEnvelope&) const = default;
};

struct StoredMessage {
  std::string octets;  // line ends as CRLF, unless LineEnds::kept: then octet for octet
  StorageArtefacts artefacts;
  std::optional<ReceivedEnvelope> envelope{};  // of the next hop; a storage knows none

  bool operator==(const StoredMessage&) const = default;
};

}  // namespace smtpspec::verdict
