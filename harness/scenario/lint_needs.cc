#include <algorithm>
#include <set>
#include <string>

#include "harness/scenario/lint_rules.h"
#include "harness/scenario/named_address.h"
#include "harness/scenario/walk.h"

namespace smtpspec::scenario {
namespace {

using base::Severity;

constexpr milliseconds kLongestQuickWait = std::chrono::seconds(30);

class NeedRules {
 public:
  NeedRules(const Scenario& scenario, const Soundness& soundness, Findings& findings)
      : scenario_(scenario), soundness_(soundness), findings_(findings) {}

  void run() {
    visit(scenario_.steps);
    if (!soundness_.are_steps_whole) return;
    for (const Need& need : scenario_.needs) {
      // What an extension offers is used in too many ways to tell.
      if (need.kind != Need::Kind::extension && need.kind != Need::Kind::sasl && !used_.contains(need.kind))
        findings_.at_head(Severity::error, need.position, "no step uses what is needed here");
    }
  }

 private:
  void visit(const Steps& steps) {
    for (const Step& step : steps) {
      for_each_template(step, [&](const Template& pieces) { check_template(step, pieces); });
      check_step(step);
      const Steps* inner = inner_steps(step);
      if (inner == nullptr) continue;
      const auto* when = std::get_if<When>(&step.body);
      // Whoever says in a profile that something is demanded says there how it is given, too.
      if (when != nullptr && when->kind == When::Kind::demanded) continue;
      const std::string outer = advertised_;
      if (when != nullptr && when->kind == When::Kind::advertised) advertised_ = when->keyword;
      visit(*inner);
      advertised_ = outer;
    }
  }

  void check_step(const Step& step) {
    if (const auto* pipeline = std::get_if<Pipeline>(&step.body)) {
      if (!pipeline->is_forced) ask_for_keyword(step, "PIPELINING", "a `pipeline` that is not forced");
    } else if (std::holds_alternative<StartTls>(step.body)) {
      ask_for_keyword(step, "STARTTLS", "`starttls`");
    } else if (std::holds_alternative<Auth>(step.body)) {
      ask_for(step, Need::Kind::auth, "auth", "`auth`");
    } else if (std::holds_alternative<Tls>(step.body)) {
      ask_for(step, Need::Kind::tls, "tls", "`tls`");
    } else if (const auto* delivered = std::get_if<CheckDelivered>(&step.body)) {
      check_delivered(step, *delivered);
    } else if (const auto* message = std::get_if<CheckMessage>(&step.body)) {
      check_part(step, message->what);
    } else if (const auto* capture = std::get_if<Capture>(&step.body)) {
      check_part(step, capture->part);
    } else if (std::holds_alternative<Message>(step.body)) {
      if (scenario_.impact == Impact::probe && !soundness_.is_faulty("impact"))
        findings_.at_step(Severity::error, step, "a message may leave the server, but `impact` says probe",
                          "write 'impact deliver'");
    } else if (const auto* wait = std::get_if<Wait>(&step.body)) {
      ask_for_slow(step, wait->duration, milliseconds(0));
    } else if (const auto* expect = std::get_if<Expect>(&step.body)) {
      ask_for_slow(step, expect->expectation.after.value_or(milliseconds(0)), kLongestQuickWait);
    }
  }

  // What comes to the next hop is asked for by an address there, and needs no mailbox.
  void check_delivered(const Step& step, const CheckDelivered& check) {
    if (!check.is_for_next_hop()) ask_for(step, Need::Kind::mailbox, "mailbox", "`check delivered`");
  }

  void check_part(const Step& step, CheckMessage::What part) {
    if (part == CheckMessage::What::mail || part == CheckMessage::What::rcpt)
      ask_for(step, Need::Kind::next_hop, "next_hop", "what the next hop was told");
  }

  void ask_for_slow(const Step& step, milliseconds duration, milliseconds free_up_to) {
    if (duration <= free_up_to || scenario_.has_tag("slow") || soundness_.is_faulty("tags")) return;
    findings_.at_step(Severity::error, step, "waiting is for scenarios with the tag slow", "write 'tags slow'");
  }

  void check_template(const Step& step, const Template& pieces) {
    for (const Piece& piece : pieces) {
      if (piece.kind == Piece::Kind::base64) check_template(step, piece.inner);
      if (piece.kind != Piece::Kind::variable) continue;
      const std::string used = "{" + piece.text + "}";
      for (const auto& address : kNamedAddresses) {
        if (piece.text == address.variable) ask_for(step, address.kind, std::string(address.need), used);
      }
      if (piece.text == "user" || piece.text == "password") ask_for(step, Need::Kind::auth, "auth", used);
      else if (piece.text.starts_with("recipients[")) ask_for(step, Need::Kind::recipients, "recipients >= N", used);
    }
  }

  bool has(Need::Kind kind) const {
    return std::any_of(scenario_.needs.begin(), scenario_.needs.end(), [&](const Need& n) { return n.kind == kind; });
  }

  void ask_for(const Step& step, Need::Kind kind, const std::string& word, const std::string& used) {
    used_.insert(kind);
    if (has(kind) || soundness_.is_faulty("needs")) return;
    findings_.at_step(Severity::error, step, used + " asks for '" + word + "' among the scenario's needs");
  }

  void ask_for_keyword(const Step& step, const std::string& keyword, const std::string& used) {
    const bool is_needed = std::any_of(scenario_.needs.begin(), scenario_.needs.end(), [&](const Need& n) {
      return n.kind == Need::Kind::extension && n.keyword == keyword;
    });
    if (is_needed || advertised_ == keyword || soundness_.is_faulty("needs")) return;
    findings_.at_step(Severity::error, step, used + " asks for '" + keyword + "' among the scenario's needs");
  }

  const Scenario& scenario_;
  const Soundness& soundness_;
  Findings& findings_;
  std::set<Need::Kind> used_;
  std::string advertised_;  // by the `when advertised` around the step
};

}  // namespace

void lint_needs(const Scenario& scenario, const Soundness& soundness, Findings& findings) {
  // A pasted transcript says nothing of the kind: what it needs shows when it is played.
  if (!scenario.checks.empty() || soundness.is_faulty("checks")) NeedRules(scenario, soundness, findings).run();
}

}  // namespace smtpspec::scenario
