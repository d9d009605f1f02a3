#include "harness/target/profile.h"

#include <algorithm>
#include <utility>

#include "harness/target/mailbox_location.h"
#include "harness/target/toml_section.h"
#include "harness/transport/endpoint.h"

namespace smtpspec::target {

namespace {

constexpr Role kRoles[] = {Role::mx, Role::submission, Role::lmtp};
constexpr TlsMode kTlsModes[] = {TlsMode::none, TlsMode::starttls, TlsMode::implicit};

class ProfileReader {
 public:
  ProfileReader(TomlComplaints& complaints, const toml::table& document)
      : complaints_(complaints), document_(document) {}

  Profile read() {
    Profile profile;
    read_top(profile);
    read_target(profile);
    read_addresses(profile.addresses);
    read_auth(profile.auth);
    read_mailbox(profile.mailbox);
    read_next_hop(profile.next_hop);
    read_tls(profile.tls);
    read_limits(profile.limits);
    read_declares(profile.declares);
    read_policy(profile.policy);
    TomlSection expected(complaints_, document_, "expected");
    expected.read("file", profile.expected_file);
    expected.complain_about_others();
    return profile;
  }

 private:
  void read_top(Profile& profile) {
    TomlSection top(complaints_, document_, "");
    top.read("name", profile.name);
    top.read("server_version", profile.server_version);
    std::string role;
    if (top.read("role", role)) {
      if (const auto parsed = parse_role(role)) profile.role = *parsed;
      else complaints_.add(top.node("role")->source(), "unknown role '" + role + "'", "known are mx, submission, lmtp");
    }
    for (const char* table :
         {"target", "addresses", "auth", "mailbox", "next_hop", "tls", "limits", "declares", "policy", "expected"})
      top.has_table(table);
    top.complain_about_others();
  }

  void read_target(Profile& profile) {
    TomlSection target(complaints_, document_, "target");
    if (target.read("address", profile.address)) {
      if (const auto endpoint = transport::parse_endpoint(profile.address); !endpoint)
        complaints_.add(target.node("address")->source(), "not an address: " + endpoint.error());
    }
    refuse_empty(target, "spawn", target.read("spawn", profile.spawn) && profile.spawn.empty());
    refuse_empty(target, "pipe", target.read("pipe", profile.pipe) && profile.pipe.empty());
    target.read("start_timeout_ms", profile.start_timeout);
    const int ways = !profile.address.empty() + !profile.spawn.empty() + !profile.pipe.empty();
    if (ways > 1)
      complaints_.add(document_.get("target")->source(), "only one of address, spawn and pipe can be the target");
    target.complain_about_others();
  }

  void read_addresses(Profile::Addresses& addresses) {
    TomlSection section(complaints_, document_, "addresses");
    section.read("sender", addresses.sender);
    complain_brackets(section, "sender", addresses.sender, true);
    for (auto [key, value] : {std::pair{"recipient", &addresses.recipient},
                              {"recipient_pattern", &addresses.recipient_pattern},
                              {"unknown_recipient", &addresses.unknown_recipient},
                              {"relay_recipient", &addresses.relay_recipient},
                              {"alias", &addresses.alias},
                              {"list", &addresses.list},
                              {"dead_list", &addresses.dead_list}}) {
      if (section.read(key, *value)) complain_brackets(section, key, *value, false);
    }
    if (!addresses.recipient_pattern.empty() && addresses.recipient_pattern.find("{n}") == std::string::npos)
      complaints_.add(section.node("recipient_pattern")->source(), "'recipient_pattern' needs {n} in it");
    if (section.read("recipients", addresses.recipients)) {
      for (const std::string& one : addresses.recipients) complain_brackets(section, "recipients", one, false);
    }
    if (section.read("undeliverable", addresses.undeliverable)) {
      for (const std::string& one : addresses.undeliverable) complain_brackets(section, "undeliverable", one, false);
      if (addresses.undeliverable.size() != 2)
        complaints_.add(section.node("undeliverable")->source(), "'undeliverable' takes two mailboxes");
    }
    refuse_empty(section, "domain", section.read("domain", addresses.domain) && addresses.domain.empty());
    if (!section.read("postmaster_domains", addresses.postmaster_domains))
      addresses.postmaster_domains = {addresses.domain};
    refuse_empty(section, "client_name",
                 section.read("client_name", addresses.client_name) && addresses.client_name.empty());
    section.complain_about_others();
  }

  void read_auth(Profile::Auth& auth) {
    TomlSection section(complaints_, document_, "auth");
    section.read("user", auth.user);
    section.read("mechanisms", auth.mechanisms);
    read_password(section, auth.password_file, auth.password_env);
    if (!auth.user.empty() && auth.password_file.empty() && auth.password_env.empty() && !section.node("password"))
      complaints_.add(section.node("user")->source(), "'user' needs password_file or password_env");
    section.complain_about_others();
  }

  void read_mailbox(Profile::MailboxPlace& mailbox) {
    TomlSection section(complaints_, document_, "mailbox");
    section.read("path", mailbox.path);
    section.read("command", mailbox.command);
    section.read("url", mailbox.url);
    if (std::chrono::milliseconds delay{0}; section.read("delay_ms", delay)) mailbox.delay = delay;
    read_password(section, mailbox.password_file, mailbox.password_env);
    if (section.read("type", mailbox.type)) {
      const auto kind = parse_mailbox_kind(mailbox.type);
      if (kind) check_mailbox(section, *kind, mailbox);
      else
        complaints_.add(section.node("type")->source(), "unknown mailbox type '" + mailbox.type + "'",
                        suggest_mailbox_kind(mailbox.type));
    }
    section.complain_about_others();
  }

  void read_next_hop(Profile::NextHop& next_hop) {
    TomlSection section(complaints_, document_, "next_hop");
    refuse_empty(section, "listen", section.read("listen", next_hop.listen) && next_hop.listen.empty());
    if (section.read("recipient", next_hop.recipient))
      complain_brackets(section, "recipient", next_hop.recipient, false);
    if (std::chrono::milliseconds within{0}; section.read("retry_within_ms", within)) next_hop.retry_within = within;
    section.complain_about_others();
  }

  // Each type has one key that tells where it is.
  void check_mailbox(const TomlSection& section, MailboxKind kind, const Profile::MailboxPlace& mailbox) {
    const bool is_on_server = kind == MailboxKind::pop3 || kind == MailboxKind::imap;
    const std::string_view key = is_on_server ? "url" : kind == MailboxKind::command ? "command" : "path";
    const std::string type = "a mailbox of the type '" + mailbox.type + "' ";
    for (const auto& [name, value] :
         {std::pair{"path", &mailbox.path}, {"command", &mailbox.command}, {"url", &mailbox.url}}) {
      if (name == key && value->empty()) complaints_.add(section.node("type")->source(), type + "needs '" + name + "'");
      else if (name != key && !value->empty())
        complaints_.add(section.node(name)->source(), type + "has no '" + name + "', but '" + std::string(key) + "'");
    }
    if (!is_on_server || mailbox.url.empty()) return;
    if (const auto url = parse_mailbox_url(kind, mailbox.url); !url)
      complaints_.add(section.node("url")->source(), url.error());
    if (mailbox.password_file.empty() && mailbox.password_env.empty())
      complaints_.add(section.node("type")->source(), type + "needs password_file or password_env");
  }

  void read_password(TomlSection& section, std::string& file, std::string& environment) {
    section.read("password_file", file);
    section.read("password_env", environment);
    if (const toml::node* password = section.node("password"))
      complaints_.add(password->source(), "a password does not stand in a profile",
                      "use password_file or password_env");
    else if (!file.empty() && !environment.empty())
      complaints_.add(section.node("password_env")->source(), "only one of password_file and password_env can be used");
    section.has_table("password");
  }

  void read_tls(Profile::Tls& tls) {
    TomlSection section(complaints_, document_, "tls");
    std::string mode;
    if (section.read("mode", mode)) {
      if (const auto parsed = parse_tls_mode(mode)) tls.mode = *parsed;
      else
        complaints_.add(section.node("mode")->source(), "unknown mode '" + mode + "'",
                        "known are none, starttls, implicit");
    }
    section.read("verify", tls.verify);
    section.read("ca_file", tls.ca_file);
    section.read("server_name", tls.server_name);
    section.complain_about_others();
  }

  void read_limits(Profile::Limits& limits) {
    TomlSection section(complaints_, document_, "limits");
    section.read("max_connections", limits.max_connections);
    section.read("max_errors", limits.max_errors);
    section.read("error_delay_ms", limits.error_delay);
    section.read("reply_timeout_ms", limits.reply_timeout);
    section.read("minimum_judged", limits.minimum_judged);
    int percent = 0;
    if (section.read("maximum_not_applicable_percent", percent)) {
      if (percent > 100)
        complaints_.add(section.node("maximum_not_applicable_percent")->source(),
                        "'maximum_not_applicable_percent' takes 0 to 100");
      limits.maximum_not_applicable_percent = percent;
    }
    section.complain_about_others();
  }

  void read_declares(Profile::Declares& declares) {
    TomlSection section(complaints_, document_, "declares");
    section.read("extensions", declares.extensions);
    section.complain_about_others();
  }

  void read_policy(Profile::Policy& policy) {
    TomlSection section(complaints_, document_, "policy");
    section.read("catch_all", policy.catch_all);
    section.read("auth_required", policy.auth_required);
    section.read("tls_required", policy.tls_required);
    section.read("discards_messages", policy.discards_messages);
    section.complain_about_others();
  }

  void refuse_empty(const TomlSection& section, const char* key, bool is_empty) {
    if (is_empty) complaints_.add(section.node(key)->source(), "'" + std::string(key) + "' is empty");
  }

  void complain_brackets(const TomlSection& section, const char* key, const std::string& address, bool may_be_empty) {
    if (address.empty() && may_be_empty) return;
    if (address.empty() || address.front() == '<' || address.back() == '>')
      complaints_.add(section.node(key)->source(),
                      "'" + std::string(key) + "' takes a mailbox without angle brackets, as user@example.org");
  }

  TomlComplaints& complaints_;
  const toml::table& document_;
};

}  // namespace

std::string_view to_string(Role role) {
  switch (role) {
    case Role::mx:
      return "mx";
    case Role::submission:
      return "submission";
    case Role::lmtp:
      return "lmtp";
  }
  return "";
}

std::string_view to_string(TlsMode mode) {
  switch (mode) {
    case TlsMode::none:
      return "none";
    case TlsMode::starttls:
      return "starttls";
    case TlsMode::implicit:
      return "implicit";
  }
  return "";
}

std::optional<Role> parse_role(std::string_view text) {
  const auto* found = std::find_if(std::begin(kRoles), std::end(kRoles), [&](Role r) { return to_string(r) == text; });
  return found == std::end(kRoles) ? std::nullopt : std::optional(*found);
}

std::optional<TlsMode> parse_tls_mode(std::string_view text) {
  const auto* found =
      std::find_if(std::begin(kTlsModes), std::end(kTlsModes), [&](TlsMode m) { return to_string(m) == text; });
  return found == std::end(kTlsModes) ? std::nullopt : std::optional(*found);
}

base::Result<Profile, std::vector<base::Diagnostic>> parse_profile(std::string_view text, std::string file) {
  TomlComplaints complaints(text, std::move(file));
  Profile profile;
  try {
    const toml::table document = toml::parse(text);
    profile = ProfileReader(complaints, document).read();
  } catch (const toml::parse_error& error) {
    complaints.add(error.source(), std::string(error.description()));
  }
  if (complaints.diagnostics.empty()) return profile;
  std::stable_sort(complaints.diagnostics.begin(), complaints.diagnostics.end(), [](const auto& a, const auto& b) {
    return std::pair(a.position.line, a.position.column) < std::pair(b.position.line, b.position.column);
  });
  return base::make_unexpected(std::move(complaints.diagnostics));
}

}  // namespace smtpspec::target
