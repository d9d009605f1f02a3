// The message that tells a sender what became of an accepted message: a delivery status notification (RFC 3461 §6,
// RFC 3464) for recipients to whom it could not be delivered (RFC 5321 §3.6.3, §6.1), or was, where NOTIFY asks for
// that.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/server/environment.h"

namespace smtpspec::server {

struct ReportedRecipient {
  std::string mailbox;     // canonical, without brackets
  std::string orcpt;       // ORCPT= value as sent ("rfc822;" and xtext), or ""
  std::string status;      // enhanced status code: "5.3.0"
  std::string diagnostic;  // in words, one line of printable ASCII
  bool operator==(const ReportedRecipient&) const = default;
};

struct ReportFacts {
  std::string host_name;                      // the reporting MTA
  std::string domain;                         // of the report's author, MAILER-DAEMON
  std::string addressee;                      // the reverse-path of the message
  std::string envelope_id;                    // ENVID= value as sent, or ""
  std::string id;                             // unique on this host; also makes the boundary
  LocalTime time;                             // of the report
  LocalTime arrival;                          // of the message
  bool returns_body = false;                  // RET=FULL; else the header section alone comes back
  bool is_failure = true;                     // else the message was delivered
  std::vector<ReportedRecipient> recipients;  // one report covers them all (RFC 5321 §4.4)
};

// The complete content, header section included, lines with CRLF. `original` is the message, trace fields
// included.
std::string delivery_report(const ReportFacts& facts, std::string_view original);

// The same in words alone: what a defective server sends.
std::string plain_notice(const ReportFacts& facts, std::string_view original);

}  // namespace smtpspec::server
