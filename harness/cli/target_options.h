// The options that every command with a server shares, and the target, mailbox and profile that they come to.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/cli/next_hop.h"
#include "harness/runner/plan.h"
#include "harness/server/config.h"
#include "harness/target/mailbox.h"
#include "harness/target/profile.h"
#include "harness/target/target.h"
#include "harness/transport/event_loop.h"

namespace CLI {
class App;
}

namespace smtpspec::cli {

struct TargetOptions {
  std::string target;
  std::string spawn;
  std::string pipe;
  std::string profile_file;
  std::string role;
  std::string tls;
  std::string recipient;
  std::string unknown_recipient;
  std::string relay_recipient;
  std::string sender;
  std::string auth;      // USER:FILE
  std::string mailbox;   // TYPE:PLACE
  std::string next_hop;  // HOST:PORT to listen at
  std::string next_hop_recipient;
  std::vector<std::string> defects;  // of the built-in server
  bool has_dormant_defects = false;
  bool is_authorized = false;

  void add_to(CLI::App& command);
};

// The server under test and all that is known of it.
struct Site {
  target::Profile profile;
  std::string profile_digest;
  std::unique_ptr<target::Target> target;
  std::unique_ptr<target::Mailbox> mailbox;     // null: there is none
  std::unique_ptr<NextHop> next_hop;            // null: nothing is relayed to the tester
  std::unique_ptr<target::Mailbox> both_boxes;  // of the two, where there is a next hop
  std::string password;
  bool is_built_in = false;
  bool is_mailbox_known = false;  // the built-in server's own
  bool is_loopback = false;
  target::Mailbox* all_mail() const { return both_boxes ? both_boxes.get() : mailbox.get(); }
  std::string reproduce_options;  // the options that lead to this site again, quoted for a shell, without secrets
};

// Exit code 3 material comes back as text, diagnostics of the profile rendered.
base::Result<Site, std::string> open_site(transport::EventLoop& loop, const TargetOptions& options);

// What the site means for a plan: variables, offer, TLS, timeouts. Selection and the like stay untouched.
base::Result<void, std::string> apply_site(const Site& site, runner::Plan& plan);

}  // namespace smtpspec::cli
