#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/scenario/lint_rules.h"
#include "harness/scenario/named_address.h"
#include "harness/scenario/payload.h"
#include "harness/scenario/walk.h"
#include "harness/wire/command.h"

namespace smtpspec::scenario {
namespace {

using base::Severity;

constexpr std::size_t kMaxCheckedOctets = 1 << 16;  // longer sends are tests of length, not of grammar
constexpr std::size_t kMaxVariants = 256;           // of a line, by the values of `each`

struct Plausible {
  std::string_view name;
  std::string_view value;
};
// What the profile's variables may stand for. The grammar alone is asked, so any good value will do.
constexpr Plausible kPlausible[] = {
    {"sender", "alice@sender.example"},
    {"sender_domain", "sender.example"},
    {"recipient", "bob@example.org"},
    {"recipients", "bob@example.org"},
    {"domain", "example.org"},
    {"DOMAIN", "EXAMPLE.ORG"},
    {"ehlo", "EHLO"},
    {"client", "client.example"},
    {"host", "mail.example.org"},
    {"token", "t0ken"},
    {"user", "alice"},
    {"password", "secret"},
};

std::string base64_of_length(std::size_t octets) { return std::string((octets + 2) / 3 * 4, 'A'); }

class GrammarRules {
 public:
  GrammarRules(const Scenario& scenario, const Soundness& soundness, Findings& findings)
      : scenario_(scenario),
        findings_(findings),
        severity_(scenario.checks.empty() && !soundness.is_faulty("checks") ? Severity::warning : Severity::error) {}

  void run() { visit(scenario_.steps); }

 private:
  // Does the server read commands now? Not while it waits for a message's text, a SASL answer or a chunk; and nobody
  // can tell where an expectation leaves that open.
  void visit(const Steps& steps) {
    for (const Step& step : steps) {
      if (const auto* expect = std::get_if<Expect>(&step.body)) {
        reads_text_[step.connection] = goes_ahead(expect->expectation.pattern);
        begun_.erase(step.connection);
      } else if (const auto* send = std::get_if<Send>(&step.body)) {
        check(step, *send);
      } else if (std::holds_alternative<Message>(step.body) || std::holds_alternative<Connect>(step.body) ||
                 std::holds_alternative<Fence>(step.body) || std::holds_alternative<StartTls>(step.body)) {
        reads_text_[step.connection] = false;
      }
      const Steps* inner = inner_steps(step);
      if (inner == nullptr) continue;
      const auto outer = reads_text_;
      const auto* when = std::get_if<When>(&step.body);
      if (when != nullptr && when->kind == When::Kind::reply) reads_text_[step.connection] = goes_ahead(when->reply);
      const auto* repeat = std::get_if<Repeat>(&step.body);
      if (repeat != nullptr) counters_.insert(repeat->variable);
      visit(*inner);
      if (when != nullptr) reads_text_ = outer;
    }
  }

  static bool goes_ahead(const ReplyPattern& pattern) {
    return !pattern.any && !pattern.negated && (pattern.matches_code(354) || pattern.matches_code(334));
  }

  // Of a line that was begun by an earlier send: what stands there already.
  struct Begun {
    std::string octets;
    bool is_malformed = false;
  };

  void check(const Step& step, const Send& send) {
    bool& reads_text = reads_text_[step.connection];
    if (reads_text) {
      // A SASL answer or a line of text; a lone dot ends the text.
      if (send.adds_crlf && fixed_octets(send.payload) == ".") reads_text = false;
      return;
    }
    const Begun before = std::exchange(begun_[step.connection], {});
    if (size_of(send.payload) > kMaxCheckedOctets || holds_captured(send.payload)) return;
    std::string fault;
    bool is_ever_good = false;
    bool is_ever_unknown = false;
    for (const auto& values : variants(send.payload)) {
      const std::string octets = before.octets + rendered(send.payload, values) + (send.adds_crlf ? "\r\n" : "");
      if (octets.size() > kMaxCheckedOctets) return;
      std::size_t at = 0;
      for (auto end = octets.find("\r\n"); end != std::string::npos && !reads_text; end = octets.find("\r\n", at)) {
        const auto line = std::string_view(octets).substr(at, end - at);
        at = end + 2;
        const auto command = wire::split_command(line);
        if (const auto error = wire::check_command_line(line)) fault = error->message;
        else is_ever_good = true;
        is_ever_unknown = is_ever_unknown || command.verb == wire::Verb::unknown;
        if (command.verb == wire::Verb::bdat) reads_text = true;  // the chunk comes next, in this send or another
      }
      // A word that stands behind a whole line is not for the next one.
      if (!reads_text && at < octets.size())
        begun_[step.connection] = {octets.substr(at), send.is_malformed || (at == 0 && before.is_malformed)};
    }
    report(step, send.is_malformed || before.is_malformed, fault, is_ever_good && !is_ever_unknown);
  }

  // A captured word may be anything.
  bool holds_captured(const Template& pieces) const {
    return std::any_of(pieces.begin(), pieces.end(), [this](const Piece& piece) {
      if (piece.kind != Piece::Kind::variable || is_built_in_variable(piece.text)) return false;
      return !counters_.contains(piece.text) &&
             std::none_of(scenario_.each.begin(), scenario_.each.end(),
                          [&](const Each& each) { return each.variable == piece.text; });
    });
  }

  void report(const Step& step, bool says_malformed, const std::string& fault, bool is_good) {
    if (!fault.empty() && !says_malformed)
      findings_.at_step(severity_, step, "this line breaks the grammar: " + fault,
                        "if that is the point, write 'malformed' behind it");
    if (fault.empty() && is_good && says_malformed)
      findings_.at_step(Severity::warning, step, "this line says 'malformed', but it is well-formed");
  }

  using Values = std::map<std::string, std::string, std::less<>>;

  // Every choice of the `each` values that the line names.
  std::vector<Values> variants(const Template& pieces) const {
    std::vector<Values> all{Values{}};
    for (const Each& each : scenario_.each) {
      const bool is_used = std::any_of(pieces.begin(), pieces.end(), [&](const Piece& piece) {
        return piece.kind == Piece::Kind::variable && piece.text == each.variable;
      });
      if (!is_used || all.size() * each.values.size() > kMaxVariants) continue;
      std::vector<Values> widened;
      for (const Values& values : all) {
        for (const EachValue& value : each.values) {
          widened.push_back(values);
          widened.back()[each.variable] = value.value;
        }
      }
      all = std::move(widened);
    }
    return all;
  }

  static std::string rendered(const Template& pieces, const Values& values) {
    std::string out;
    for (const Piece& piece : pieces) {
      std::string one = piece.text;
      if (piece.kind == Piece::Kind::base64) one = base64_of_length(rendered(piece.inner, values).size());
      if (piece.kind == Piece::Kind::variable) one = value_of(piece.text, values);
      for (std::size_t i = 0; i < piece.times && out.size() <= kMaxCheckedOctets; ++i) out += one;
    }
    return out;
  }

  static std::string value_of(const std::string& name, const Values& values) {
    if (const auto found = values.find(name); found != values.end()) return found->second;
    const std::string_view base_name = std::string_view(name).substr(0, name.find('['));
    for (const auto& [known, value] : kPlausible) {
      if (known == base_name) return std::string(value);
    }
    for (const auto& address : kNamedAddresses) {
      if (address.variable == base_name) return std::string(address.example);
    }
    return "1";  // a counter
  }

  const Scenario& scenario_;
  Findings& findings_;
  Severity severity_;
  std::map<int, bool> reads_text_;
  std::map<int, Begun> begun_;
  std::set<std::string, std::less<>> counters_;  // of every `repeat` so far
};

}  // namespace

void lint_grammar(const Scenario& scenario, const Soundness& soundness, Findings& findings) {
  GrammarRules(scenario, soundness, findings).run();
}

}  // namespace smtpspec::scenario
