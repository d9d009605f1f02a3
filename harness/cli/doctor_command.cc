// One connection or two, one page: is a run worth while, and what would be inconclusive and why.
#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "harness/base/octets.h"
#include "harness/cli/command.h"
#include "harness/cli/target_options.h"
#include "harness/engine/policy.h"
#include "harness/runner/runner.h"
#include "harness/scenario/load.h"
#include "harness/verdict/gate.h"
#include "reports/failure.h"

namespace smtpspec::cli {
namespace {

using verdict::Cause;

// A transcript in which anything is right: what came is read from its checks. The tester lets itself in as a run does,
// by what the profile says that the server demands.
std::string question(std::string_view name, std::string_view recipient) {
  return fmt::format(
      "scenario doctor.{} \"What the server says to mail\"\n"
      "  S: any\n"
      "  C: {{ehlo}} {{client}}\n"
      "  S: any\n"
      "  when demanded TLS\n"
      "    C: STARTTLS\n"
      "    S: 220\n"
      "    starttls\n"
      "    C: {{ehlo}} {{client}}\n"
      "    S: 250\n"
      "  when demanded AUTH\n"
      "    when advertised AUTH PLAIN\n"
      "      auth PLAIN as user\n"
      "    when not advertised AUTH PLAIN\n"
      "      auth LOGIN as user\n"
      "  C: MAIL FROM:<{{sender}}>\n"
      "  S: any\n"
      "  C: RCPT TO:<{{{}}}>\n"
      "  S: any\n",
      name, recipient);
}

// Goes on behind an accepted recipient. The connection ends instead of a message, so that none is delivered.
constexpr std::string_view kData =
    "  C: DATA\n"
    "  S: any\n";

// Places of the checks: the first reply to EHLO from the beginning, the others from the end.
constexpr std::ptrdiff_t kHelloAnswer = 1;
constexpr std::ptrdiff_t kMailAnswer = -2;
constexpr std::ptrdiff_t kRcptAnswer = -1;
constexpr std::ptrdiff_t kDataAnswer = -1;

// A look at a mailbox over the network may take as long; one at a folder is done at once.
constexpr auto kMailboxPatience = std::chrono::seconds(5);

struct Answer {
  std::string text;  // as it came; empty: it was not asked
  int code = 0;
  Cause cause = Cause::none;  // of a refusal
};

Answer answer_of(const verdict::RunRecord& record, std::size_t scenario, std::ptrdiff_t place, wire::Verb verb) {
  Answer answer;
  if (scenario >= record.scenarios.size()) return answer;
  const auto& checks = record.scenarios[scenario].checks;
  const std::ptrdiff_t check = place < 0 ? place + std::ssize(checks) : place;
  if (check < 0 || check >= std::ssize(checks)) return answer;
  answer.text = checks[static_cast<std::size_t>(check)].got;
  wire::ReplyParser parser;
  parser.feed(answer.text + "\r\n");
  const auto reply = parser.next();
  if (!reply || reply->code < 0) return answer;
  answer.code = reply->code;
  if (reply->code >= 400) answer.cause = engine::classify(*reply, {engine::ReplyContext::Kind::command, verb, false});
  return answer;
}

bool is_positive(const Answer& answer) { return answer.code >= 200 && answer.code < 300; }

void print_advertisement(std::string_view title, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  std::cout << fmt::format("{:<22}", title);
  std::string separator;
  for (const auto& line : lines) std::cout << std::exchange(separator, ", ") << base::escape(line);
  std::cout << '\n';
}

bool is_offered(std::string_view keyword, const std::vector<std::string>& lines) {
  return std::any_of(lines.begin(), lines.end(), [keyword](std::string_view line) {
    return base::equals_ignoring_case(line.substr(0, line.find(' ')), keyword);
  });
}

// One line of the page; a refusal is followed by what it means for a run.
void print_answer(std::string_view title, const std::string& address, const Answer& answer) {
  std::cout << fmt::format("{:<22}{}: {}\n", title, base::escape(address),
                           answer.text.empty() ? "not asked" : answer.text);
}

// How the tester got as far as MAIL; "": nothing is demanded of it.
std::string ways_in(const engine::Settings& settings, const std::string& user) {
  std::string ways = settings.demands_tls ? "by STARTTLS" : "";
  if (settings.demands_auth) ways += fmt::format("{}as {}", ways.empty() ? "" : ", then ", user);
  return ways;
}

// Why the mailbox cannot be read; "" if it can. Nothing has been delivered, so that no message is asked for.
std::string fault_of(target::Mailbox& mailbox, const std::string& recipient, transport::EventLoop& loop) {
  std::string fault;
  loop.post([&] {
    mailbox.fetch({recipient, "smtpspec-doctor", 0, loop.now() + kMailboxPatience},
                  [&](const target::MailboxAnswer& answer) {
                    if (!answer) fault = answer.error();
                    loop.stop();
                  });
  });
  loop.run();
  return fault;
}

int examine(const TargetOptions& options) {
  transport::EventLoop loop;
  auto site = open_site(loop, options);
  if (!site) {
    std::cerr << "smtpspec: " << site.error() << (site.error().ends_with('\n') ? "" : "\n");
    return verdict::kExitUsage;
  }
  const scenario::Loaded loaded =
      scenario::load_text(fmt::format("{}{}{}{}{}", question("recipient", "recipient"), question("unknown", "unknown"),
                                      question("relay", "relay"), question("data", "recipient"), kData),
                          "doctor", "", scenario::NoFiles());
  runner::Plan plan;
  static const scenario::Catalogue no_catalogue{{}};
  plan.catalogue = &no_catalogue;
  apply_site(*site, plan);
  for (const auto& question : loaded.scenarios)
    for (auto& instance : scenario::instances_of(question)) plan.instances.push_back(std::move(instance));
  plan.jobs = 1;
  plan.retry = {0, 0, base::Microseconds{0}};
  const engine::Settings settings = plan.settings;
  runner::Observer observer;
  runner::Runner runner(loop, *site->target, nullptr, std::move(plan), observer);
  const verdict::RunRecord record = runner.run(base::SystemClock());

  const auto& target = record.target;
  std::cout << fmt::format("{:<22}{} (role {})\n", "server", base::escape(target.address), target.role);
  if (target.reachability != verdict::Reachability::answers) {
    std::cout << fmt::format("\nA run is not possible: {}.\n", target.reachability_reason);
    return target.reachability == verdict::Reachability::not_smtp ? verdict::kExitFail : verdict::kExitUnavailable;
  }
  std::cout << fmt::format("{:<22}{}\n", "greeting", target.banner);
  const std::string hello = site->profile.role == target::Role::lmtp ? "LHLO" : "EHLO";
  print_advertisement(hello, target.ehlo_plain);
  print_advertisement(hello + " within TLS", target.ehlo_tls);

  const auto& addresses = site->profile.addresses;
  const Answer mail = answer_of(record, 0, kMailAnswer, wire::Verb::mail);
  const Answer recipient = answer_of(record, 0, kRcptAnswer, wire::Verb::rcpt);
  const Answer unknown = answer_of(record, 1, kRcptAnswer, wire::Verb::rcpt);
  const Answer relay = answer_of(record, 2, kRcptAnswer, wire::Verb::rcpt);
  Answer data;
  if (is_positive(recipient)) data = answer_of(record, 3, kDataAnswer, wire::Verb::data);
  if (const std::string ways = ways_in(settings, site->profile.auth.user); !ways.empty() && !mail.text.empty())
    std::cout << fmt::format("{:<22}{}\n", "let in", base::escape(ways));
  print_answer("sender", addresses.sender, mail);
  print_answer("recipient", addresses.recipient, recipient);
  print_answer("unknown recipient", addresses.unknown_recipient, unknown);
  print_answer("foreign recipient", addresses.relay_recipient, relay);
  print_answer("data", "without a message", data);
  const std::string mailbox_fault = site->mailbox ? fault_of(*site->mailbox, addresses.recipient, loop) : "";
  if (site->next_hop)
    std::cout << fmt::format("{:<22}this program, for {}, at {} during a run\n", "next hop",
                             base::escape(site->next_hop->domain()), transport::to_string(site->next_hop->endpoint()));
  std::cout << fmt::format("{:<22}{}\n\n", "mailbox",
                           !site->mailbox          ? "none given: delivered messages are not looked at (--mailbox)"
                           : mailbox_fault.empty() ? "can be read"
                                                   : "cannot be read as yet: " + mailbox_fault);

  bool is_worth_while = true;
  const auto obstacle = [&](const std::string& what, Cause cause) {
    is_worth_while = false;
    std::cout << "! " << what;
    const bool has_unused_credentials =
        cause == Cause::auth_required && !site->profile.auth.user.empty() && !settings.demands_auth;
    if (cause != Cause::none)
      std::cout << fmt::format(" ({}). {}", verdict::to_string(cause),
                               has_unused_credentials
                                   ? "With policy.auth_required = true in a --profile scenarios log in."
                                   : reports::explanation(cause));
    std::cout << '\n';
  };
  const Answer greeted = answer_of(record, 0, kHelloAnswer, wire::Verb::ehlo);
  if (greeted.code >= 500) {
    is_worth_while = false;
    std::cout << fmt::format("! {} is refused: {}. {}\n", hello, greeted.text,
                             hello == "LHLO" ? "The role lmtp is for servers of LMTP."
                                             : "A server of LMTP needs the role lmtp (--role lmtp).");
  } else if (const auto& played = record.scenarios.front(); mail.text.empty() && recipient.text.empty())
    obstacle("MAIL is not reached: " + base::escape(played.reason), played.cause);
  if (mail.cause != Cause::none) obstacle("the sender is refused", mail.cause);
  else if (recipient.cause != Cause::none) obstacle("the recipient is refused", recipient.cause);
  else if (recipient.code == 0 && !mail.text.empty()) obstacle("no answer to the recipient", Cause::unknown);
  else if (data.cause != Cause::none) obstacle("the message is refused before it is sent", data.cause);
  else if (data.code == 0 && is_positive(recipient)) obstacle("no answer to DATA", Cause::unknown);
  for (const auto& keyword : site->profile.declares.extensions)
    if (!is_offered(keyword, target.ehlo_plain) && !is_offered(keyword, target.ehlo_tls))
      std::cout << fmt::format("- the profile declares {}, and {} does not offer it\n", base::escape(keyword), hello);
  if (!mailbox_fault.empty())
    std::cout << "- some servers make a mailbox with the first message; if it cannot be read after a delivery either, "
                 "whatever looks into it is inconclusive (mailbox)\n";
  else if (site->mailbox && !site->is_mailbox_known)
    std::cout << "- whether the mailbox is the recipient's shows when something is delivered: a run tries it\n";
  if (is_positive(unknown))
    std::cout << "- an unknown recipient is accepted at RCPT (catch-all, or checked later): what needs a refused "
                 "recipient is not applicable; say so with policy.catch_all in a profile\n";
  if (is_positive(relay) && site->profile.role == target::Role::mx)
    std::cout << "- a foreign recipient is accepted: an open relay, unless this client is trusted by address\n";
  if (is_worth_while)
    std::cout
        << "- nothing was delivered: whether a message itself is taken, its content and its size, shows in a run\n";
  std::cout << (is_worth_while ? "A run is worth while.\n"
                               : "A run would be inconclusive wherever a transaction is needed.\n");
  return is_worth_while ? verdict::kExitGateMet : verdict::kExitGateNotMet;
}

}  // namespace

void add_doctor_command(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<TargetOptions>();
  CLI::App* command =
      program.add_subcommand("doctor",
                             "Look at a server before a run: is it worth while, what stands in the way.\n\n"
                             "  smtpspec doctor --target 127.0.0.1:2525 --recipient me@example.org\n\n"
                             "Nothing is delivered. Exit codes: 0 worth while, 2 not, 4 not reachable.");
  options->add_to(*command);
  command->callback([options, &chosen] { chosen = [options] { return examine(*options); }; });
}

}  // namespace smtpspec::cli
