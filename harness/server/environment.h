// The world as one server's sessions see it: the only way by which time, identity and storage enter the pure room.
// One Environment serves all sessions of a server; only one of these may be running at any moment.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/clock.h"
#include "harness/base/keyed_digests.h"

namespace smtpspec::server {

struct LocalTime {
  base::WallTime time;
  std::chrono::minutes utc_offset{0};  // east of UTC is positive
};

struct Recipient {
  std::string mailbox;        // canonical local-part@domain: no brackets, no source route, quotes only where needed
  std::string mailbox_key;    // the store it belongs to: "alice" for alice+tag@example.org; "" for a foreign recipient
  std::string notify;         // NOTIFY= value as sent, or ""
  std::string orcpt;          // ORCPT= value as sent, or ""
  std::string valid_since{};  // RRVS= value as sent, or ""
  std::string as_sent{};      // what stood behind RCPT TO:, parameters included
  bool is_relayed = false;    // foreign, and its mail goes on to the next hop
  bool operator==(const Recipient&) const = default;
};

struct Envelope {
  std::string reverse_path;  // canonical mailbox without brackets; "" is the null reverse-path
  std::vector<Recipient> recipients;
  std::string ret;          // RET= value as sent, or ""
  std::string envelope_id;  // ENVID= value as sent, or ""
  std::string body;         // BODY= value in upper case, or ""
  bool smtp_utf8 = false;
  bool require_tls = false;
  std::optional<int> priority;    // MT-PRIORITY= as it was granted
  std::string solicitation;       // SOLICIT= value as sent, or ""
  bool had_source_route = false;  // before the reverse-path
  std::string as_sent{};          // what stood behind MAIL FROM:, parameters included
  bool operator==(const Envelope&) const = default;
};

// One way on for a message. The text to store or pass on is `trace_fields` followed by the message's content.
struct Delivery {
  Envelope envelope;
  std::string trace_fields;  // complete header lines with CRLF: Received, and Return-Path on top if final
  bool final = true;         // false: for foreign recipients, to be relayed
};

enum class DeliveryResult { accepted, temporary_failure, permanent_failure };

// What a server remembers between sessions.
struct ServerMemory {
  std::map<std::string, base::WallTime> greylist;  // client, sender and recipient: when they tried first
  std::set<std::string> deferred{};                // mailboxes that were answered 451 once, in lower case
  Envelope abandoned;                              // only the session-isolation defects write and read this
  bool refuses_next_session = false;  // these three: only the defects of lost connections write and read them
  bool resets_next_session = false;
  bool refuses_next_mail = false;
  int sessions_started = 0;
  bool was_last_session_unnamed =
      false;  // it ended without EHLO or HELO, and no such one was before it: only dormant defects read this
  // These: only the defects that let transactions meet write and read them.
  std::map<std::string, std::vector<Recipient>> unfinished;  // of transactions that broke off, by reverse-path
  // The same of open transactions, by reverse-path and then by session.
  std::map<std::string, std::map<int, std::vector<Recipient>>> open_recipients;
  std::map<std::string, std::string> lost_content;  // of messages that broke off, by reverse-path
  std::string last_sender;                          // of all sessions, as the next four
  std::string last_content;
  std::size_t messages = 0;
  std::size_t resets = 0;
  std::size_t ends = 0;
};

class Environment {
 public:
  virtual ~Environment() = default;
  virtual LocalTime now() = 0;
  // An atom, unique on this host for ever (the id clause of Received, the queue id of the final 250).
  virtual std::string unique_id() = 0;
  // All deliveries are stored safely, or none is. `content` is the message as the client meant it: unstuffed.
  virtual DeliveryResult deliver(const std::vector<Delivery>& deliveries, std::string_view content) = 0;

  // Without them there is no AUTH but PLAIN and LOGIN.
  virtual const base::KeyedDigests* digests() { return nullptr; }

  ServerMemory memory;
};

}  // namespace smtpspec::server
