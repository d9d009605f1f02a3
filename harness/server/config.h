// How one reference server is set up: who it is, which mailboxes it has, what it offers, what is wrong with it.
// A default Config is a conforming mail exchanger for example.org with every extension of this tool switched on.
// Sizes end in _octets; times are std::chrono values.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/server/defect.h"

namespace smtpspec::server {

enum class Role { mx, submission, lmtp };

enum class VrfyPolicy {
  verify,        // 250 and the address, or 550
  noncommittal,  // 252 for everything (RFC 5321 §7.3)
};

// What the server offers. A switched-off extension is not advertised and behaves as if it had never been written:
// its verbs are unknown or unimplemented commands, its parameters unknown parameters.
struct Extensions {
  bool pipelining = true;             // RFC 2920
  bool size = true;                   // RFC 1870
  bool eight_bit_mime = true;         // RFC 6152
  bool enhanced_status_codes = true;  // RFC 2034
  bool dsn = true;                    // RFC 3461
  bool chunking = true;               // RFC 3030
  bool binary_mime = true;            // RFC 3030, only with chunking
  bool smtp_utf8 = true;              // RFC 6531, only with eight_bit_mime
  bool etrn = true;                   // RFC 1985
  bool starttls = true;               // RFC 3207, never advertised inside TLS
  bool auth = true;                   // RFC 4954, only when there are users
  bool sasl_challenges = true;        // CRAM-MD5, SCRAM, OAUTHBEARER: with auth, and where the environment has digests
  bool deliver_by = true;             // RFC 2852
  bool mt_priority = true;            // RFC 6710
  bool rrvs = true;                   // RFC 7293
  bool limits = true;                 // RFC 9422
  bool require_tls = true;            // RFC 8689, advertised inside TLS only
  bool no_soliciting = true;          // RFC 3865
  bool help = true;
  bool vrfy = true;
  bool expn = true;
  bool operator==(const Extensions&) const = default;
};

struct LocalMailbox {
  std::string local_part;  // as it is compared: exactly, "postmaster" in any case
  std::string full_name;   // shown by VRFY and EXPN; may be empty
  bool operator==(const LocalMailbox&) const = default;
};

struct MailingList {
  std::string owner;                 // local-part in the same domain: the reverse-path of what the list sends
  std::vector<std::string> members;  // local-parts in the same domain
  bool operator==(const MailingList&) const = default;
};

struct Config {
  std::string host_name = "mail.example.org";
  std::vector<std::string> local_domains = {"example.org", "[127.0.0.1]", "[IPv6:::1]"};  // VRFY shows the first
  // local-part+anything is delivered to local-part, so that one mailbox gives any number of recipients.
  std::vector<LocalMailbox> mailboxes = {{"alice", "Alice Example"}, {"bob", "Bob Example"}, {"postmaster", ""}};
  bool catch_all = false;  // every local-part exists
  std::map<std::string, MailingList> lists = {{"staff", {"postmaster", {"alice", "bob"}}},
                                              {"team", {"postmaster", {"alice"}}},
                                              {"ghosts", {"postmaster", {"ghost"}}}};
  std::map<std::string, std::string> aliases = {{"alias", "alice"}};  // local-part -> local-part
  // Local-parts that RCPT takes and that nobody can deliver to in the end, as a program that fails.
  std::vector<std::string> undeliverable = {"ghost", "wraith"};
  std::map<std::string, std::string> moved = {{"carol", "carol@example.net"}};  // local-part -> mailbox, answered 551

  Role role = Role::mx;
  bool open_relay = false;  // accept recipients in foreign domains from anybody; authenticated clients always may
  // Foreign domains that anybody may send to, as a secondary MX lets them: their mail goes on to the next hop.
  std::vector<std::string> relay_domains{};
  // A path that breaks the grammar is taken as it stands between its brackets, and a text whatever its lines are: who
  // watches what a relay sends sees it then.
  bool takes_malformed_input = false;
  VrfyPolicy vrfy_policy = VrfyPolicy::verify;
  bool refuses_service = false;  // 554 as greeting, then 503 to everything but QUIT (RFC 5321 §3.1)
  bool greylisting = false;      // RCPT is answered 450 until greylist_delay after the first try of (client, sender,
                                 // recipient)

  std::size_t max_message_octets = 10'485'760;  // 0: no limit (RFC 1870 §4)
  std::size_t max_recipients = 100;             // the least that may be (RFC 5321 §4.5.3.1.8)
  std::size_t max_transactions = 10'000;        // MAIL commands in a session (RFC 9422 §4.1); 0: no limit
  std::size_t max_received_fields = 100;        // with more a message is in a loop (RFC 5321 §6.3); 0: no limit
  std::size_t max_errors = 0;                   // 421 and close after that many 5yz replies; 0: never

  std::chrono::seconds minimum_deliver_by{60};                 // RFC 2852 §3; 0: none is advertised
  std::string unwanted_solicitation = "org.example:ADV:ADLT";  // a class (RFC 3865 §2.1); "": none

  std::map<std::string, std::string> users;  // name -> password
  bool require_tls_for_auth = false;
  bool require_auth = false;

  // RCPT for a local-part that begins so, in any letter case, is answered 451 the first time, and so is the text of a
  // message for one of the other kind: they are for clients that are to show that they try again. "": none.
  std::string deferred_prefix{};
  std::string deferred_text_prefix{};

  std::chrono::seconds greylist_delay = std::chrono::minutes{1};
  std::chrono::seconds command_timeout = std::chrono::minutes{5};  // RFC 5321 §4.5.3.2.7
  std::chrono::seconds data_timeout = std::chrono::minutes{5};

  Extensions extensions;
  std::string greeting_text = "ESMTP server ready";  // after the host name; may be empty
  // Replaces the extension lines of the EHLO reply, octet for octet; behaviour follows `extensions` all the same.
  std::optional<std::vector<std::string>> fixed_extension_lines;

  DefectSet defects;
  bool has_dormant_defects = false;  // those that have a dormant form show in it (dormant_defects.h)
};

// RFC 6531 §3.1: SMTPUTF8 comes with 8BITMIME or not at all.
inline bool offers_smtp_utf8(const Config& config) {
  return config.extensions.smtp_utf8 && config.extensions.eight_bit_mime;
}

// The server of the article of 2008: ETRN, AUTH PLAIN LOGIN (old and new form), PIPELINING, DSN, 8BITMIME and
// SIZE 15728640, and nothing else.
Config imitate_2008_server();

}  // namespace smtpspec::server
