#include "harness/cli/next_hop.h"

#include <chrono>
#include <utility>

#include "harness/base/octets.h"
#include "harness/transport/endpoint.h"

namespace smtpspec::cli {
namespace {

constexpr int kMaxSessions = 32;
constexpr std::size_t kMaxMessageOctets = 4 * 1024 * 1024;
constexpr std::chrono::seconds kTimeout{60};

constexpr const char* kDeferredPrefix = "later-";
constexpr const char* kDeferredTextPrefix = "text-later-";

std::string domain_of(std::string_view mailbox) { return std::string(mailbox.substr(mailbox.rfind('@') + 1)); }

// Takes every recipient but those of its own host, and every text, in whatever form. It has the extensions whose
// parameters a relay passes on, and none that would make one do more than relay.
server::Config taking_everything() {
  server::Config config;
  config.host_name = "next-hop.smtpspec.example";
  config.local_domains = {config.host_name};
  config.greeting_text = "ESMTP next hop of a test";
  config.mailboxes = {};
  config.lists = {};
  config.aliases = {};
  config.undeliverable = {};
  config.moved = {};
  config.open_relay = true;
  config.takes_malformed_input = true;
  config.unwanted_solicitation = "";
  config.max_message_octets = kMaxMessageOctets;
  config.max_received_fields = 0;  // what has come round is for the scenario to judge
  config.deferred_prefix = kDeferredPrefix;
  config.deferred_text_prefix = kDeferredTextPrefix;
  config.command_timeout = config.data_timeout = kTimeout;
  server::Extensions& offered = config.extensions;
  offered.etrn = offered.starttls = offered.auth = offered.deliver_by = offered.mt_priority = false;
  offered.rrvs = offered.limits = offered.require_tls = offered.no_soliciting = false;
  offered.help = offered.vrfy = offered.expn = false;
  return config;
}

verdict::StoredMessage taken(const std::vector<server::Delivery>& deliveries, std::string_view content) {
  verdict::StoredMessage message;
  message.octets = content;
  message.envelope.emplace();
  for (const server::Delivery& delivery : deliveries) {
    message.envelope->mail = delivery.envelope.as_sent;
    for (const server::Recipient& recipient : delivery.envelope.recipients)
      message.envelope->rcpts.push_back(recipient.as_sent);
  }
  return message;
}

}  // namespace

base::Result<std::unique_ptr<NextHop>, std::string> NextHop::listen(transport::EventLoop& loop,
                                                                    const std::string& address, std::string recipient) {
  // parse_endpoint() knows no port 0: nobody can be asked to connect to it.
  const bool is_any_port = address.ends_with(":0");
  const auto endpoint = transport::parse_endpoint(is_any_port ? address.substr(0, address.size() - 1) + "1" : address);
  if (!endpoint) return base::make_unexpected(endpoint.error());
  if (endpoint->is_unix()) return base::make_unexpected(std::string("the next hop listens at HOST:PORT"));
  std::unique_ptr<NextHop> next_hop(new NextHop(loop, std::move(recipient)));
  server::ServerOptions options;
  options.address = endpoint->host == "localhost" ? "127.0.0.1" : endpoint->host;
  options.port = is_any_port ? 0 : endpoint->port;
  options.config = taking_everything();
  options.max_sessions = kMaxSessions;
  options.on_message = [inbox = &next_hop->inbox_](const std::vector<server::Delivery>& deliveries,
                                                   std::string_view content) {
    inbox->add(taken(deliveries, content));
  };
  auto server = server::Server::start(loop, std::move(options));
  if (!server) return base::make_unexpected(server.error());
  next_hop->server_ = std::move(*server);
  return next_hop;
}

std::string NextHop::domain() const { return domain_of(recipient_); }

std::string NextHop::deferred_recipient() const { return std::string(kDeferredPrefix) + "{token}@" + domain(); }

void MailboxOfBoth::fetch(target::MailQuery query, std::function<void(const target::MailboxAnswer&)> callback) {
  if (base::equals_ignoring_case(domain_of(query.recipient), next_hop_.domain())) {
    // The profile's address stands for all of the domain; any other is the one that it is.
    if (base::equals_ignoring_case(query.recipient, next_hop_.recipient())) query.recipient.clear();
    return next_hop_.inbox().fetch(std::move(query), std::move(callback));
  }
  if (mailbox_) return mailbox_->fetch(std::move(query), std::move(callback));
  loop_.post([callback = std::move(callback)] {
    callback(base::make_unexpected(std::string("this run has a next hop and no mailbox")));
  });
}

}  // namespace smtpspec::cli
