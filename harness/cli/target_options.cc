#include "harness/cli/target_options.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string_view>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "harness/base/diagnostic.h"
#include "harness/base/octets.h"
#include "harness/cli/built_in_target.h"
#include "harness/cli/disk_files.h"
#include "harness/cli/shell.h"
#include "harness/scenario/named_address.h"
#include "harness/target/mailbox_location.h"
#include "harness/target/pipe_target.h"
#include "harness/target/remote_target.h"
#include "harness/target/spawned_target.h"
#include "harness/transport/digest.h"

namespace smtpspec::cli {
namespace {

namespace fs = std::filesystem;
using base::make_unexpected;
using base::Result;

constexpr std::size_t kMaxProfileOctets = 1024 * 1024;
constexpr std::size_t kMaxPasswordOctets = 4096;
constexpr int kPatternRecipients = 200;

Result<target::Profile, std::string> load_profile(const std::string& file, std::string& digest) {
  if (file.empty()) return target::Profile{};
  auto text = read_file(file, kMaxProfileOctets);
  if (!text) return make_unexpected("--profile: " + text.error());
  digest = transport::sha256_hex(*text);
  auto profile = target::parse_profile(*text, file);
  if (profile) {
    if (profile->name.empty()) profile->name = file;
    return *profile;
  }
  std::string all;
  for (const auto& diagnostic : profile.error()) all += base::render(diagnostic);
  return make_unexpected(all);
}

// Paths in a profile are relative to its folder.
std::string beside(const std::string& profile_file, const std::string& path) {
  if (path.empty()) return path;
  return fs::path(path).is_absolute() ? path : (fs::path(profile_file).parent_path() / path).string();
}

Result<std::string, std::string> first_line_of(const std::string& file) {
  auto text = read_file(file, kMaxPasswordOctets);
  if (!text) return make_unexpected(text.error());
  return text->substr(0, text->find_first_of("\r\n"));
}

// `file` is relative to the profile's folder; "" if neither is given. `section` is for the error's text.
Result<std::string, std::string> password_of(const std::string& file, const std::string& environment,
                                             const std::string& profile_file, std::string_view section) {
  if (!file.empty()) return first_line_of(beside(profile_file, file));
  if (environment.empty()) return std::string();
  const char* value = std::getenv(environment.c_str());
  if (!value)
    return make_unexpected(fmt::format("the environment has no {} (profile: {}.password_env)", environment, section));
  return std::string(value);
}

// Of the command line, of the profile, or of the target itself. Null: there is none.
Result<std::unique_ptr<target::Mailbox>, std::string> open_mailbox(transport::EventLoop& loop, const Site& site,
                                                                   const TargetOptions& options) {
  const auto& declared = site.profile.mailbox;
  const std::string maildir = site.target->maildir();
  target::MailboxOptions mailbox;
  mailbox.place = options.mailbox;
  if (mailbox.place.empty() && !declared.type.empty())
    mailbox.place = fmt::format("{}:{}{}{}", declared.type, declared.path, declared.command, declared.url);
  if (mailbox.place.empty() && !maildir.empty()) mailbox.place = "maildir:" + maildir;
  if (mailbox.place.empty()) return nullptr;
  if (const auto at = mailbox.place.find("{maildir}"); at != std::string::npos) {
    if (maildir.empty())
      return make_unexpected(std::string(
          "the mailbox is said to be in {maildir}, but no --spawn or --pipe command has {maildir}: the server "
          "is not told of it"));
    mailbox.place.replace(at, 9, maildir);
  }
  mailbox.verify_tls = site.profile.tls.verify;
  mailbox.ca_file = site.profile.tls.ca_file;
  if (target::needs_password(mailbox.place)) {
    if (declared.password_file.empty() && declared.password_env.empty())
      return make_unexpected(
          std::string("--mailbox: POP3 and IMAP need password_file or password_env of [mailbox] in a --profile"));
    auto password = password_of(declared.password_file, declared.password_env, options.profile_file, "mailbox");
    if (!password) return make_unexpected(password.error());
    mailbox.password = std::move(*password);
  }
  auto made = target::make_mailbox(loop, mailbox);
  if (!made) return make_unexpected("--mailbox: " + made.error());
  return std::move(*made);
}

Result<void, std::string> apply_command_line(const TargetOptions& options, target::Profile& profile,
                                             std::string& password) {
  const auto set = [](const std::string& value, std::string& place) {
    if (!value.empty()) place = value;
  };
  set(options.recipient, profile.addresses.recipient);
  set(options.unknown_recipient, profile.addresses.unknown_recipient);
  set(options.relay_recipient, profile.addresses.relay_recipient);
  set(options.sender, profile.addresses.sender);
  set(options.next_hop, profile.next_hop.listen);
  set(options.next_hop_recipient, profile.next_hop.recipient);
  if (!options.target.empty() || !options.spawn.empty() || !options.pipe.empty()) {
    profile.address = options.target;
    profile.spawn = options.spawn;
    profile.pipe = options.pipe;
  }
  if (!options.role.empty()) profile.role = *target::parse_role(options.role);
  if (!options.tls.empty()) profile.tls.mode = *target::parse_tls_mode(options.tls);
  if (options.auth.empty()) return {};
  const auto colon = options.auth.find(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == options.auth.size())
    return make_unexpected(std::string("--auth takes USER:FILE, where the first line of FILE is the password"));
  auto read = first_line_of(options.auth.substr(colon + 1));
  if (!read) return make_unexpected("--auth: " + read.error());
  profile.auth.user = options.auth.substr(0, colon);
  password = *read;
  return {};
}

bool is_loopback(const target::Profile& profile) {
  if (profile.address.empty()) return true;
  const auto endpoint = transport::parse_endpoint(profile.address);
  if (!endpoint) return false;
  return endpoint->is_unix() || endpoint->host == "localhost" || endpoint->host == "::1" ||
         endpoint->host.starts_with("127.");
}

Result<std::unique_ptr<target::Target>, std::string> make_target(transport::EventLoop& loop,
                                                                 const target::Profile& profile,
                                                                 const TargetOptions& options,
                                                                 const std::string& password, const NextHop* next_hop) {
  if (!profile.spawn.empty()) {
    target::SpawnOptions spawn;
    spawn.command = profile.spawn;
    spawn.is_implicit_tls = profile.tls.mode == target::TlsMode::implicit;
    if (profile.spawn.find("{port}") == std::string::npos)
      return make_unexpected(
          std::string("--spawn needs {port} in its command: the port that the server is to listen on"));
    return std::make_unique<target::SpawnedTarget>(loop, std::move(spawn));
  }
  if (!profile.pipe.empty()) return std::make_unique<target::PipeTarget>(loop, target::PipeOptions{profile.pipe});
  if (!profile.address.empty()) {
    auto endpoint = transport::parse_endpoint(profile.address);
    if (!endpoint) return make_unexpected("--target: " + endpoint.error());
    return std::make_unique<target::RemoteTarget>(loop, std::move(*endpoint));
  }
  server::Config config;
  config.undeliverable.emplace_back("Ghost");  // a report gives a recipient in the letters that it had
  config.users[profile.auth.user] = password;
  if (profile.role == target::Role::lmtp) config.role = server::Role::lmtp;
  if (profile.role == target::Role::submission) config.role = server::Role::submission;
  for (const auto& name : options.defects) {
    const auto defect = server::find_defect(name);
    if (!defect) {
      const std::string nearest = base::nearest_spelling(name, server::defect_names());
      return make_unexpected(fmt::format("no defect '{}'{}; smtpspec serve --list-defects shows them",
                                         base::escape(name),
                                         nearest.empty() ? "" : fmt::format(", did you mean '{}'?", nearest)));
    }
    config.defects.add(*defect);
  }
  config.has_dormant_defects = options.has_dormant_defects;
  if (next_hop) config.relay_domains = {next_hop->domain()};
  return std::make_unique<BuiltInTarget>(loop, std::move(config), profile.tls.mode == target::TlsMode::implicit,
                                         next_hop ? std::optional(next_hop->endpoint()) : std::nullopt);
}

std::string domain_of(const std::string& mailbox) { return mailbox.substr(mailbox.rfind('@') + 1); }

constexpr std::string_view kNextHopPlace = "{next_hop}";

// Where the profile or the command line names one, the command that starts the server asks for it, or the server is the
// built-in one. The command is told where it listens.
Result<std::unique_ptr<NextHop>, std::string> open_next_hop(transport::EventLoop& loop, target::Profile& profile,
                                                            bool is_built_in) {
  const bool is_asked_for = profile.spawn.find(kNextHopPlace) != std::string::npos;
  std::string address = profile.next_hop.listen;
  if (address.empty() && (is_built_in || is_asked_for)) address = "127.0.0.1:0";
  if (address.empty()) return nullptr;
  const std::string& recipient = profile.next_hop.recipient;
  if (recipient.find('@') == std::string::npos)
    return make_unexpected("--next-hop-recipient takes a mailbox, not '" + base::escape(recipient) + "'");
  if (base::equals_ignoring_case(domain_of(recipient), domain_of(profile.addresses.recipient)))
    return make_unexpected("--next-hop-recipient: mail for " + base::escape(domain_of(recipient)) +
                           " is for the mailbox, as --recipient tells, and not for the next hop");
  auto next_hop = NextHop::listen(loop, address, recipient);
  if (!next_hop) return make_unexpected("--next-hop: " + next_hop.error());
  const std::string endpoint = transport::to_string((*next_hop)->endpoint());
  for (std::size_t at = 0; (at = profile.spawn.find(kNextHopPlace, at)) != std::string::npos; at += endpoint.size())
    profile.spawn.replace(at, kNextHopPlace.size(), endpoint);
  return next_hop;
}

// It tries again after a quarter of a second (server/net/forwarder.h); the rest is for a busy machine.
constexpr std::chrono::seconds kBuiltInRetry{2};

// The built-in server's own ways, so that a run without options tests all of it.
void declare_built_in(target::Profile& profile, std::string& password) {
  profile.name = "built-in reference server";
  profile.auth.user = "alice";
  password = "correct horse";
  // Mail from users, and passwords, are taken within TLS alone.
  profile.policy.tls_required = profile.policy.auth_required = profile.role == target::Role::submission;
  profile.addresses.recipient_pattern = "alice+{n}@example.org";
  profile.addresses.postmaster_domains = {"example.org"};
  profile.addresses.alias = "alias@example.org";
  profile.addresses.list = "team@example.org";
  profile.addresses.dead_list = "ghosts@example.org";
  profile.addresses.undeliverable = {"Ghost@example.org", "wraith@example.org"};
  profile.next_hop.retry_within = kBuiltInRetry;
}

void apply_named_addresses(const target::Profile& profile, const NextHop* next_hop, runner::Plan& plan) {
  const auto& addresses = profile.addresses;
  const bool has_undeliverable = addresses.undeliverable.size() == 2;
  const std::map<std::string_view, std::string> known{
      {"unknown", addresses.unknown_recipient},
      {"relay", addresses.relay_recipient},
      {"relayed", next_hop ? next_hop->recipient() : ""},
      {"relayed_domain", next_hop ? next_hop->domain() : ""},
      {"relayed_later", next_hop && profile.next_hop.retry_within ? next_hop->deferred_recipient() : ""},
      {"alias", addresses.alias},
      {"list", addresses.list},
      {"dead_list", addresses.dead_list},
      {"undeliverable", has_undeliverable ? addresses.undeliverable[0] : ""},
      {"undeliverable2", has_undeliverable ? addresses.undeliverable[1] : ""}};
  for (const auto& address : scenario::kNamedAddresses) {
    const std::string& value = known.at(address.variable);
    plan.variables.set(std::string(address.variable), value);
    if (!value.empty()) plan.offer.addresses.insert(address.kind);
  }
  if (profile.policy.catch_all) plan.offer.addresses.erase(scenario::Need::Kind::unknown_recipient);
}

std::string reproduce_options(const TargetOptions& options) {
  std::string line;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) line += fmt::format(" {} {}", name, shell_quoted(value));
  };
  add("--target", options.target);
  add("--spawn", options.spawn);
  add("--pipe", options.pipe);
  add("--profile", options.profile_file);
  add("--role", options.role);
  add("--tls", options.tls);
  add("--recipient", options.recipient);
  add("--unknown-recipient", options.unknown_recipient);
  add("--relay-recipient", options.relay_recipient);
  add("--sender", options.sender);
  add("--auth", options.auth);        // names a file, never the password
  add("--mailbox", options.mailbox);  // its URL holds no password
  add("--next-hop", options.next_hop);
  add("--next-hop-recipient", options.next_hop_recipient);
  for (const auto& defect : options.defects) add("--defect", defect);
  if (options.has_dormant_defects) line += " --dormant";
  return line;
}

}  // namespace

void TargetOptions::add_to(CLI::App& command) {
  const std::string group = "Target (none given: the built-in reference server)";
  auto* where =
      command.add_option("--target", target, "HOST:PORT or unix:PATH of a server that runs already")->group(group);
  auto* start =
      command.add_option("--spawn", spawn, "Command that starts the server; {port} and {maildir} are filled in")
          ->group(group)
          ->excludes(where);
  command.add_option("--pipe", pipe, "Command that speaks SMTP on stdin and stdout, one process a connection")
      ->group(group)
      ->excludes(where)
      ->excludes(start);
  command.add_option("--profile", profile_file, "TOML file that declares the server and how to test it")->group(group);
  command.add_option("--role", role, "What the server is")
      ->check(CLI::IsMember({"mx", "submission", "lmtp"}))
      ->group(group);
  command.add_option("--tls", tls, "TLS: none, starttls (where a test wants it), implicit")
      ->check(CLI::IsMember({"none", "starttls", "implicit"}))
      ->group(group);
  command.add_option("--recipient", recipient, "A mailbox that the server accepts")->group(group);
  command.add_option("--unknown-recipient", unknown_recipient, "A local mailbox that does not exist")->group(group);
  command.add_option("--relay-recipient", relay_recipient, "A mailbox in a foreign domain")->group(group);
  command.add_option("--sender", sender, "A reverse-path that the server accepts")->group(group);
  command.add_option("--auth", auth, "USER:FILE; the first line of FILE is the password")->group(group);
  command
      .add_option("--mailbox", mailbox,
                  "Where delivered messages lie: maildir:PATH, mbox:PATH, dir:PATH, command:CMD, pop3:URL or imap:URL")
      ->group(group);
  command
      .add_option("--next-hop", next_hop,
                  "HOST:PORT at which to take what the server relays: what it does to envelope and content is judged")
      ->group(group);
  command
      .add_option("--next-hop-recipient", next_hop_recipient,
                  "A mailbox in the domain that the server relays there, for this client too")
      ->group(group);
  command.add_option("--defect", defects, "Built-in server only: a named defect, repeatable")->group(group);
  command
      .add_flag("--dormant", has_dormant_defects,
                "Built-in server only: defects of the plainest exchanges show in rare circumstances")
      ->group(group);
  command
      .add_flag("--i-am-authorized", is_authorized, "The owner of a server that is not on loopback has agreed to this")
      ->group(group);
}

Result<Site, std::string> open_site(transport::EventLoop& loop, const TargetOptions& options) {
  Site site;
  auto profile = load_profile(options.profile_file, site.profile_digest);
  if (!profile) return make_unexpected(profile.error());
  site.profile = std::move(*profile);
  site.profile.expected_file = beside(options.profile_file, site.profile.expected_file);
  site.profile.tls.ca_file = beside(options.profile_file, site.profile.tls.ca_file);
  if (site.profile.mailbox.path.find("{maildir}") == std::string::npos)
    site.profile.mailbox.path = beside(options.profile_file, site.profile.mailbox.path);
  const auto& auth = site.profile.auth;
  auto password = password_of(auth.password_file, auth.password_env, options.profile_file, "auth");
  if (!password) return make_unexpected(password.error());
  site.password = std::move(*password);
  if (auto applied = apply_command_line(options, site.profile, site.password); !applied)
    return make_unexpected(applied.error());
  site.is_built_in = site.profile.address.empty() && site.profile.spawn.empty() && site.profile.pipe.empty();
  if (!site.is_built_in && !options.defects.empty())
    return make_unexpected(std::string("--defect is for the built-in server; this run has another target"));
  if (site.is_built_in) declare_built_in(site.profile, site.password);
  site.is_loopback = is_loopback(site.profile);

  auto next_hop = open_next_hop(loop, site.profile, site.is_built_in);
  if (!next_hop) return make_unexpected(next_hop.error());
  site.next_hop = std::move(*next_hop);
  auto made = make_target(loop, site.profile, options, site.password, site.next_hop.get());
  if (!made) return make_unexpected(made.error());
  site.target = std::move(*made);

  auto mailbox = open_mailbox(loop, site, options);
  if (!mailbox) return make_unexpected(mailbox.error());
  site.mailbox = std::move(*mailbox);
  if (site.next_hop) site.both_boxes = std::make_unique<MailboxOfBoth>(loop, site.mailbox.get(), *site.next_hop);
  site.is_mailbox_known = site.is_built_in && options.mailbox.empty() && site.profile.mailbox.type.empty();
  site.reproduce_options = reproduce_options(options);
  return site;
}

Result<void, std::string> apply_site(const Site& site, runner::Plan& plan) {
  const target::Profile& profile = site.profile;
  const auto& addresses = profile.addresses;
  plan.variables.set("sender", addresses.sender);
  plan.variables.set("sender_domain", addresses.sender.substr(addresses.sender.rfind('@') + 1));
  plan.variables.set("recipient", addresses.recipient);
  apply_named_addresses(profile, site.next_hop.get(), plan);
  plan.variables.set("domain", addresses.domain);
  plan.variables.set("DOMAIN", base::to_upper(addresses.domain));
  plan.variables.set("ehlo", profile.role == target::Role::lmtp ? "LHLO" : "EHLO");  // RFC 2033 §4.1
  plan.variables.set("client", addresses.client_name);
  const transport::Endpoint endpoint = site.target->endpoint();
  plan.variables.set("host", endpoint.host.empty() ? "localhost" : endpoint.host);
  if (!profile.auth.user.empty()) {
    plan.variables.set("user", profile.auth.user);
    plan.variables.set("password", site.password);
  }
  std::vector<std::string> recipients = addresses.recipients;
  if (!addresses.recipient_pattern.empty()) {
    for (int n = 1; n <= kPatternRecipients; ++n) {
      std::string recipient = addresses.recipient_pattern;
      if (const auto at = recipient.find("{n}"); at != std::string::npos) recipient.replace(at, 3, std::to_string(n));
      recipients.push_back(std::move(recipient));
    }
  }
  if (recipients.empty()) recipients.push_back(addresses.recipient);

  plan.offer.role = *scenario::parse_role(target::to_string(profile.role));
  plan.is_mailbox_known = site.is_mailbox_known;
  plan.offer.has_mailbox = site.mailbox != nullptr && !profile.policy.discards_messages;
  plan.offer.has_credentials = !profile.auth.user.empty();
  plan.offer.recipients = recipients.size();
  for (const auto& extension : profile.declares.extensions) plan.offer.declared.push_back(base::to_upper(extension));
  plan.variables.set_recipients(std::move(recipients));

  plan.settings.reply_timeout = profile.limits.reply_timeout;
  if (profile.mailbox.delay) plan.settings.mailbox_timeout = *profile.mailbox.delay;
  if (profile.next_hop.retry_within) plan.settings.retry_time = *profile.next_hop.retry_within;
  plan.settings.demands_tls = profile.policy.tls_required;
  plan.offer.is_in_clear = !profile.policy.tls_required;
  plan.settings.demands_auth = profile.policy.auth_required && plan.offer.has_credentials;
  if (profile.limits.max_connections > 0) plan.jobs = std::min(plan.jobs, profile.limits.max_connections);
  plan.tls.must_verify = profile.tls.verify;
  plan.tls.ca_file = profile.tls.ca_file;
  plan.tls_server_name = profile.tls.server_name;
  plan.implicit_tls = profile.tls.mode == target::TlsMode::implicit;
  plan.looks_behind_starttls = profile.tls.mode != target::TlsMode::none;
  return {};
}

}  // namespace smtpspec::cli
