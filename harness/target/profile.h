// What the owner of a server declares about it, and how it is to be tested: the PICS and PIXIT of ISO 9646 in one TOML
// file (--profile, ci/profiles/*.toml). Every key may be left out. All keys:
//
//   name = "exim-4.96"            # for reports; default: the name of the file
//   role = "mx"                   # "mx", "submission" or "lmtp"
//   server_version = "4.96"       # for reports
//
//   [target]                      # at most one of the three; the command line wins over all of them
//   address = "127.0.0.1:2525"    # or "unix:PATH"
//   spawn = "COMMAND with {port} and {maildir}"  # and {next_hop}, where it relays to
//   pipe = "COMMAND"
//   start_timeout_ms = 10000      # until the server must be ready
//
//   [addresses]                   # mailboxes without angle brackets
//   sender = "sender@example.org" # a reverse-path that the server accepts; "" means the null reverse-path
//   recipient = "alice@example.org"
//   recipients = ["alice@example.org", "bob@example.org"]  # more that are accepted, for tests with several
//   recipient_pattern = "alice+{n}@example.org"            # any number of accepted ones, {n} counts from 1
//   unknown_recipient = "nobody-here@example.org"          # in a local domain, must be refused
//   relay_recipient = "someone@relay-test.example"         # in a foreign domain
//   alias = "postmaster@example.org"                       # another name of `recipient`
//   list = "staff@example.org"                             # a mailing list with `recipient` among its members; what
//                                                          # the others get does not come into the mailbox that is read
//   dead_list = "ghosts@example.org"                       # one whose only member is undeliverable; mail for its owner
//                                                          # comes into the mailbox that [mailbox] names
//   undeliverable = ["ghost@example.org", "wraith@example.org"]  # two that RCPT accepts, and then delivery fails for
//                                                          # good: programs that fail, folders that cannot be written
//   domain = "example.org"                                 # a domain the server is responsible for
//   postmaster_domains = ["example.org"]                   # each must accept postmaster; default: [domain]
//   client_name = "client.example.org"                     # what we say in EHLO
//
//   [auth]
//   user = "alice"
//   password_file = "secret.txt"  # relative to the profile; its first line is the password
//   password_env = "SMTP_PASSWORD"
//   mechanisms = ["PLAIN"]        # allowed ones; default: any that the server offers
//
//   [mailbox]
//   type = "maildir"              # "maildir", "mbox", "dir", "command", "pop3" or "imap"; see mailbox.h
//   path = "/var/mail/alice"      # of maildir, mbox and dir; {maildir} is the folder made for spawn
//   command = "ssh mx cat /var/mail/alice"       # of command
//   url = "imaps://alice@mx.example.org/INBOX"   # of pop3 and imap
//   password_file = "secret.txt"  # of pop3 and imap, as in [auth]
//   password_env = "MAIL_PASSWORD"
//   delay_ms = 5000               # until a delivered message must be there, at most; default: as each scenario says
//
//   [next_hop]                    # what the server relays comes to the tester, which listens there during a run
//   listen = "127.0.0.1:2526"     # port 0: any free one, for {next_hop} in spawn
//   recipient = "someone@relay.example"          # in a domain that it relays there for everybody
//   retry_within_ms = 10000       # until it tries again what was answered 4yz there, at most; default: not known, so
//                                 # that retries are not judged
//
//   [tls]
//   mode = "starttls"             # "none", "starttls" (where a test wants it) or "implicit"
//   verify = false                # a certificate that does not verify ends the session; of pop3 and imap too
//   ca_file = "ca.pem"            # relative to the profile
//   server_name = "mail.example.org"
//
//   [limits]
//   max_connections = 20          # at one time, from one client; 0: unknown
//   max_errors = 4                # provoked errors in one session before the server reacts; 0: unknown
//   error_delay_ms = 1000         # by which the server holds back replies after errors
//   reply_timeout_ms = 20000
//   minimum_judged = 40           # requirements that a run must have judged, else it is red
//   maximum_not_applicable_percent = 20  # of the scenarios; a run with more of them is red
//
//   [declares]
//   extensions = ["SIZE", "PIPELINING"]  # scenarios that need one are played though it is not offered
//
//   [policy]                      # each true or false, default false
//   catch_all = true              # every local-part is accepted
//   auth_required = true          # MAIL without AUTH is refused
//   tls_required = true
//   discards_messages = true      # accepted messages are not stored where we can see them
//
//   [expected]
//   file = "exim.expected.toml"   # waiver file of known deviations, relative to the profile
//
// An unknown key, a wrong type and an impossible value are diagnostics; all of a file are returned at once. Relative
// paths are returned as they stand: whoever opens them joins them to the profile's folder.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/diagnostic.h"
#include "harness/base/result.h"

namespace smtpspec::target {

enum class Role { mx, submission, lmtp };
enum class TlsMode { none, starttls, implicit };
std::string_view to_string(Role role);
std::string_view to_string(TlsMode mode);
std::optional<Role> parse_role(std::string_view text);
std::optional<TlsMode> parse_tls_mode(std::string_view text);

struct Profile {
  std::string name;  // "": nobody has named it
  Role role = Role::mx;
  std::string server_version;

  std::string address;
  std::string spawn;
  std::string pipe;
  std::chrono::milliseconds start_timeout{10'000};

  struct Addresses {
    std::string sender = "sender@example.org";
    std::string recipient = "alice@example.org";
    std::vector<std::string> recipients;
    std::string recipient_pattern;
    std::string unknown_recipient = "nobody-here@example.org";
    std::string relay_recipient = "someone@relay-test.example";
    std::string alias;
    std::string list;
    std::string dead_list;
    std::vector<std::string> undeliverable;  // none or two
    std::string domain = "example.org";
    std::vector<std::string> postmaster_domains;
    std::string client_name = "client.example.org";
    bool operator==(const Addresses&) const = default;
  } addresses;

  struct Auth {
    std::string user;  // "": no credentials
    std::string password_file;
    std::string password_env;
    std::vector<std::string> mechanisms;
    bool operator==(const Auth&) const = default;
  } auth;

  struct MailboxPlace {
    std::string type;  // "": the tester cannot see what was delivered
    std::string path;
    std::optional<std::chrono::milliseconds> delay{};  // none: as long as each scenario says
    std::string command{};
    std::string url{};
    std::string password_file{};
    std::string password_env{};
    bool operator==(const MailboxPlace&) const = default;
  } mailbox;

  struct NextHop {
    std::string listen;  // "": none
    std::string recipient = "someone@relay.example";
    std::optional<std::chrono::milliseconds> retry_within{};  // none: not known
    bool operator==(const NextHop&) const = default;
  } next_hop;

  struct Tls {
    TlsMode mode = TlsMode::starttls;
    bool verify = false;
    std::string ca_file;
    std::string server_name;
    bool operator==(const Tls&) const = default;
  } tls;

  struct Limits {
    int max_connections = 0;
    int max_errors = 0;
    std::chrono::milliseconds error_delay{0};
    std::chrono::milliseconds reply_timeout{20'000};
    int minimum_judged = 0;
    std::optional<int> maximum_not_applicable_percent{};
    bool operator==(const Limits&) const = default;
  } limits;

  struct Declares {
    std::vector<std::string> extensions;
    bool operator==(const Declares&) const = default;
  } declares;

  struct Policy {
    bool catch_all = false;
    bool auth_required = false;
    bool tls_required = false;
    bool discards_messages = false;
    bool operator==(const Policy&) const = default;
  } policy;

  std::string expected_file;

  bool operator==(const Profile&) const = default;
};

base::Result<Profile, std::vector<base::Diagnostic>> parse_profile(std::string_view text, std::string file);

}  // namespace smtpspec::target
