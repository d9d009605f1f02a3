#include "harness/target/profile.h"

#include <gtest/gtest.h>

namespace smtpspec::target {
namespace {

using namespace std::chrono_literals;

// Every diagnostic as "line:column message (suggestion)".
std::vector<std::string> complaints(std::string_view text) {
  const auto result = parse_profile(text, "p.toml");
  std::vector<std::string> all;
  if (result) return all;
  for (const auto& one : result.error())
    all.push_back(std::to_string(one.position.line) + ":" + std::to_string(one.position.column) + " " + one.message +
                  (one.suggestion.empty() ? "" : " (" + one.suggestion + ")"));
  return all;
}

TEST(Profile, NothingGivenIsEveryDefault) {
  const auto profile = parse_profile("", "p.toml");
  ASSERT_TRUE(profile);
  Profile expected;
  expected.addresses.postmaster_domains = {"example.org"};
  EXPECT_EQ(*profile, expected);
  EXPECT_EQ(profile->role, Role::mx);
  EXPECT_EQ(profile->tls.mode, TlsMode::starttls);
}

TEST(Profile, ReadsEveryKey) {
  const auto result = parse_profile(R"(
name = "n"
role = "lmtp"
server_version = "1.2"
[target]
spawn = "exec s {port}"
start_timeout_ms = 1
[addresses]
sender = ""
recipient = "a@b.test"
recipients = ["a@b.test", "c@b.test"]
recipient_pattern = "a+{n}@b.test"
unknown_recipient = "u@b.test"
relay_recipient = "r@x.test"
alias = "l@b.test"
list = "m@b.test"
dead_list = "n@b.test"
undeliverable = ["g@b.test", "h@b.test"]
domain = "b.test"
postmaster_domains = ["b.test", "d.test"]
client_name = "c.test"
[auth]
user = "u"
password_env = "P"
mechanisms = ["PLAIN"]
[mailbox]
type = "maildir"
path = "/m"
delay_ms = 2
[next_hop]
listen = "127.0.0.1:2526"
recipient = "r@relay.test"
retry_within_ms = 9
[tls]
mode = "implicit"
verify = true
ca_file = "ca.pem"
server_name = "s.test"
[limits]
max_connections = 3
max_errors = 4
error_delay_ms = 5
reply_timeout_ms = 6
minimum_judged = 7
maximum_not_applicable_percent = 8
[declares]
extensions = ["SIZE"]
[policy]
catch_all = true
auth_required = true
tls_required = true
discards_messages = true
[expected]
file = "e.toml"
)",
                                    "p.toml");
  ASSERT_TRUE(result) << base::render(result.error().front());
  Profile expected;
  expected.name = "n";
  expected.role = Role::lmtp;
  expected.server_version = "1.2";
  expected.spawn = "exec s {port}";
  expected.start_timeout = 1ms;
  expected.addresses = {
      "",         "a@b.test", {"a@b.test", "c@b.test"}, "a+{n}@b.test", "u@b.test",           "r@x.test", "l@b.test",
      "m@b.test", "n@b.test", {"g@b.test", "h@b.test"}, "b.test",       {"b.test", "d.test"}, "c.test"};
  expected.auth = {"u", "", "P", {"PLAIN"}};
  expected.mailbox = {"maildir", "/m", 2ms};
  expected.next_hop = {"127.0.0.1:2526", "r@relay.test", 9ms};
  expected.tls = {TlsMode::implicit, true, "ca.pem", "s.test"};
  expected.limits = {3, 4, 5ms, 6ms, 7, 8};
  expected.declares = {{"SIZE"}};
  expected.policy = {true, true, true, true};
  expected.expected_file = "e.toml";
  EXPECT_EQ(*result, expected);
}

TEST(Profile, TellsAllMistakesOfAFileInTheirOrder) {
  EXPECT_EQ(complaints(R"(rol = "mx"
[adresses]
[addresses]
recipient = "<a@b.test>"
recipients = ["a@b.test", 1]
[limits]
max_conections = 3
max_errors = -1
minimum_judged = "many"
maximum_not_applicable_percent = 101
[tls]
mode = "always"
[policy]
catch_all = 1
)"),
            (std::vector<std::string>{
                "1:1 unknown key 'rol' (did you mean 'role'?)",
                "2:2 unknown table 'adresses' (did you mean 'addresses'?)",
                "4:13 'recipient' takes a mailbox without angle brackets, as user@example.org",
                "5:27 'recipients' takes an array of strings",
                "7:1 unknown key 'max_conections' in [limits] (did you mean 'max_connections'?)",
                "8:14 'max_errors' takes a whole number, 0 or above",
                "9:18 'minimum_judged' takes a whole number, 0 or above",
                "10:34 'maximum_not_applicable_percent' takes 0 to 100",
                "12:8 unknown mode 'always' (known are none, starttls, implicit)",
                "14:13 'catch_all' takes true or false",
            }));
}

TEST(Profile, MailboxHasTheKeyThatItsTypeNeeds) {
  const auto imap =
      parse_profile("[mailbox]\ntype = \"imap\"\nurl = \"imaps://a@b/In\"\npassword_env = \"P\"\n", "p.toml");
  ASSERT_TRUE(imap);
  EXPECT_EQ(imap->mailbox, (Profile::MailboxPlace{"imap", "", std::nullopt, "", "imaps://a@b/In", "", "P"}));
  const auto command = parse_profile("[mailbox]\ntype = \"command\"\ncommand = \"cat x\"\n", "p.toml");
  ASSERT_TRUE(command);
  EXPECT_EQ(command->mailbox.command, "cat x");
  EXPECT_EQ(
      complaints("[mailbox]\ntype = \"mbx\"\n"),
      (std::vector<std::string>{"2:8 unknown mailbox type 'mbx' (known are maildir, mbox, dir, command, pop3, imap; "
                                "did you mean 'mbox'?)"}));
  EXPECT_EQ(complaints("[mailbox]\ntype = \"dir\"\nurl = \"x\"\n"),
            (std::vector<std::string>{"2:8 a mailbox of the type 'dir' needs 'path'",
                                      "3:7 a mailbox of the type 'dir' has no 'url', but 'path'"}));
  EXPECT_EQ(complaints("[mailbox]\ntype = \"pop3\"\nurl = \"pop3://a:secret@b\"\npassword = \"secret\"\n"),
            (std::vector<std::string>{
                "2:8 a mailbox of the type 'pop3' needs password_file or password_env",
                "3:7 a password does not stand in a URL; use password_file or password_env of [mailbox] in a profile",
                "4:12 a password does not stand in a profile (use password_file or password_env)"}));
}

TEST(Profile, TakesTwoUndeliverableMailboxesOrNone) {
  EXPECT_EQ(complaints("[addresses]\nundeliverable = [\"a@b.test\"]\n"),
            (std::vector<std::string>{"2:17 'undeliverable' takes two mailboxes"}));
}

TEST(Profile, NeverTakesAPasswordInline) {
  EXPECT_EQ(
      complaints("[auth]\nuser = \"u\"\npassword = \"secret\"\n"),
      (std::vector<std::string>{"3:12 a password does not stand in a profile (use password_file or password_env)"}));
  EXPECT_EQ(complaints("[auth]\nuser = \"u\"\n"),
            (std::vector<std::string>{"2:8 'user' needs password_file or password_env"}));
}

TEST(Profile, HasOneTarget) {
  EXPECT_EQ(complaints("[target]\nspawn = \"a\"\npipe = \"b\"\n").size(), 1u);
  EXPECT_EQ(complaints("[target]\naddress = \"here\"\n").size(), 1u);
  EXPECT_EQ(complaints("[target]\nspawn = \"\"\n").size(), 1u);
}

TEST(Profile, TomlThatCannotBeReadIsADiagnosticToo) {
  const auto result = parse_profile("name = \"a\"\nname = \"b\"\n", "p.toml");
  ASSERT_FALSE(result);
  ASSERT_EQ(result.error().size(), 1u);
  EXPECT_EQ(result.error()[0].position.line, 2);
  EXPECT_EQ(result.error()[0].source_line, "name = \"b\"");
  EXPECT_EQ(complaints("limits = 3\n"), (std::vector<std::string>{"1:10 'limits' must be a table: [limits]"}));
}

}  // namespace
}  // namespace smtpspec::target
