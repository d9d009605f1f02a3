#include "harness/cli/built_in_target.h"

#include <filesystem>
#include <system_error>

#include <stdlib.h>

namespace smtpspec::cli {

BuiltInTarget::BuiltInTarget(transport::EventLoop& loop, server::Config config, bool is_implicit_tls,
                             std::optional<transport::Endpoint> next_hop)
    : loop_(loop), config_(std::move(config)), is_implicit_tls_(is_implicit_tls), next_hop_(std::move(next_hop)) {
  std::string pattern = (std::filesystem::temp_directory_path() / "smtpspec-maildir-XXXXXX").string();
  if (mkdtemp(pattern.data())) maildir_ = pattern;
}

BuiltInTarget::~BuiltInTarget() {
  server_.reset();
  std::error_code ignored;
  if (!maildir_.empty()) std::filesystem::remove_all(maildir_, ignored);
}

void BuiltInTarget::start(base::SteadyTime /*deadline*/, target::StartCallback callback) {
  server::ServerOptions options;
  options.config = config_;
  options.maildir = maildir_;
  options.is_implicit_tls = is_implicit_tls_;
  options.next_hop = next_hop_;
  auto server = server::Server::start(loop_, std::move(options));
  target::StartResult result;
  if (server) server_ = std::move(*server);
  else result.error = server.error();
  result.is_ready = server_ != nullptr;
  loop_.post([callback = std::move(callback), result = std::move(result)] { callback(result); });
}

void BuiltInTarget::stop(std::function<void()> callback) {
  server_.reset();
  loop_.post(std::move(callback));
}

transport::Endpoint BuiltInTarget::endpoint() const { return server_ ? server_->endpoint() : transport::Endpoint{}; }

void BuiltInTarget::settle(base::SteadyTime /*deadline*/, std::function<void(target::TargetState)> callback) {
  loop_.post([callback = std::move(callback)] { callback(target::TargetState::alive); });
}

}  // namespace smtpspec::cli
