#include <csignal>
#include <iostream>
#include <memory>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "harness/base/diagnostic.h"
#include "harness/base/octets.h"
#include "harness/cli/command.h"
#include "harness/cli/disk_files.h"
#include "harness/server/defect.h"
#include "harness/server/dormant_defects.h"
#include "harness/server/net/server.h"
#include "harness/verdict/gate.h"

namespace smtpspec::cli {
namespace {

constexpr std::size_t kMaxPasswordOctets = 4096;

struct ServeOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::string maildir;
  std::string protocol = "smtp";
  std::string imitate;
  std::string auth;
  std::string certificate;
  std::string key;
  std::vector<std::string> defects;
  std::vector<std::string> relay_domains;
  std::string relay_to;
  bool has_dormant_defects = false;
  bool lists_defects = false;
  bool implicit_tls = false;
  bool no_tls = false;
  bool greylisting = false;
  bool require_auth = false;
};

void list_defects() {
  for (const auto& defect : server::all_defects()) {
    std::cout << fmt::format("{:<44} {}\n{:<44} {}\n", defect.name, defect.breaks, "",
                             fmt::join(defect.requirements, " "));
    if (const auto when = server::dormant_circumstance(defect.defect); !when.empty())
      std::cout << fmt::format("{:<44} --dormant: only {}\n", "", when);
  }
}

base::Result<server::Config, std::string> config_of(const ServeOptions& options) {
  server::Config config;
  if (options.imitate == "2008") config = server::imitate_2008_server();
  if (options.protocol == "lmtp") config.role = server::Role::lmtp;
  if (options.protocol == "submission") config.role = server::Role::submission;
  if (options.no_tls) config.extensions.starttls = false;
  config.greylisting = options.greylisting;
  config.require_auth = options.require_auth;
  config.has_dormant_defects = options.has_dormant_defects;
  config.relay_domains = options.relay_domains;
  for (const auto& name : options.defects) {
    const auto defect = server::find_defect(name);
    if (defect) {
      config.defects.add(*defect);
      continue;
    }
    const std::string nearest = base::nearest_spelling(name, server::defect_names());
    return base::make_unexpected(fmt::format("no defect '{}'{}; --list-defects shows them", base::escape(name),
                                             nearest.empty() ? "" : fmt::format(", did you mean '{}'?", nearest)));
  }
  if (options.auth.empty()) return config;
  const auto colon = options.auth.find(':');
  if (colon == std::string::npos)
    return base::make_unexpected(std::string("--auth takes USER:FILE, where the first line of FILE is the password"));
  const auto password = read_file(options.auth.substr(colon + 1), kMaxPasswordOctets);
  if (!password) return base::make_unexpected(password.error());
  config.users[options.auth.substr(0, colon)] = password->substr(0, password->find_first_of("\r\n"));
  return config;
}

int serve(const ServeOptions& options) {
  if (options.lists_defects) {
    list_defects();
    return verdict::kExitGateMet;
  }
  auto config = config_of(options);
  if (!config) {
    std::cerr << "smtpspec: " << config.error() << '\n';
    return verdict::kExitUsage;
  }
  transport::EventLoop loop;
  server::ServerOptions server_options;
  server_options.address = options.address;
  server_options.port = options.port;
  server_options.config = std::move(*config);
  server_options.maildir = options.maildir;
  server_options.is_implicit_tls = options.implicit_tls;
  if (!options.certificate.empty()) {
    auto tls = transport::ServerTls::load(options.certificate, options.key);
    if (!tls) {
      std::cerr << "smtpspec: " << tls.error() << '\n';
      return verdict::kExitUsage;
    }
    server_options.tls = std::move(*tls);
  }
  if (!options.relay_to.empty()) {
    auto next_hop = transport::parse_endpoint(options.relay_to);
    if (!next_hop) {
      std::cerr << "smtpspec: --relay-to: " << next_hop.error() << '\n';
      return verdict::kExitUsage;
    }
    server_options.next_hop = std::move(*next_hop);
  }
  auto server = server::Server::start(loop, std::move(server_options));
  if (!server) {
    std::cerr << "smtpspec: " << server.error() << '\n';
    return verdict::kExitUnavailable;
  }
  std::cout << fmt::format("listening on {}\n", transport::to_string((*server)->endpoint())) << std::flush;
  const transport::SignalWatch watch =
      loop.on_signals({SIGINT, SIGTERM}, [&](int) { (*server)->shutdown([&] { loop.stop(); }); });
  loop.run();
  return verdict::kExitGateMet;
}

}  // namespace

void add_serve_command(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* command = program.add_subcommand("serve",
                                             "The reference server, plain or with named defects.\n\n"
                                             "  smtpspec serve --port 2525 --maildir /tmp/mail\n"
                                             "  smtpspec serve --port 2525 --defect rset-keeps-recipients");
  command->add_option("--address", options->address, "Address to listen on")->capture_default_str();
  command->add_option("--port", options->port, "Port; 0: any free one")->capture_default_str();
  command->add_option("--maildir", options->maildir,
                      "Store messages here, a Maildir for each mailbox; default: nowhere");
  command->add_option("--protocol", options->protocol, "smtp, submission or lmtp")
      ->check(CLI::IsMember({"smtp", "submission", "lmtp"}))
      ->capture_default_str();
  command->add_option("--defect", options->defects, "A named defect, repeatable");
  command->add_flag("--dormant", options->has_dormant_defects,
                    "Defects of the plainest exchanges show in rare circumstances, which --list-defects tells");
  command->add_flag("--list-defects", options->lists_defects, "Print the defects there are");
  command->add_option("--imitate", options->imitate, "2008: advertise what the article's server did")
      ->check(CLI::IsMember({"2008"}));
  command->add_option("--auth", options->auth,
                      "USER:FILE that may authenticate; the first line of FILE is the password");
  command->add_flag("--require-auth", options->require_auth, "Refuse MAIL without authentication");
  command->add_flag("--greylisting", options->greylisting, "Refuse each recipient with 450 for its first minute");
  command->add_flag("--implicit-tls", options->implicit_tls, "TLS from the first octet");
  command->add_flag("--no-tls", options->no_tls, "Do not offer STARTTLS");
  auto* domains = command->add_option("--relay-domain", options->relay_domains,
                                      "A foreign domain that anybody may send to, repeatable");
  auto* next_hop = command->add_option("--relay-to", options->relay_to, "HOST:PORT to which its mail goes on");
  domains->needs(next_hop);
  next_hop->needs(domains);
  auto* certificate =
      command->add_option("--certificate", options->certificate, "PEM file; default: self-signed, made at start");
  auto* key = command->add_option("--key", options->key, "PEM file");
  certificate->needs(key);
  key->needs(certificate);
  command->callback([options, &chosen] { chosen = [options] { return serve(*options); }; });
}

}  // namespace smtpspec::cli
