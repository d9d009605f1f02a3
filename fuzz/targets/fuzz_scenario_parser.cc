// scenario/load.h, lint.h and outline: any text gives a model or diagnostics that point into it, and the same every
// time.
#include <algorithm>
#include <string>

#include "fuzz/mutator/input.h"
#include "fuzz/mutator/scenario_form.h"
#include "fuzz/targets/target.h"
#include "harness/base/diagnostic.h"
#include "harness/scenario/catalogue.h"
#include "harness/scenario/lint.h"
#include "harness/scenario/load.h"

namespace smtpspec::fuzz {

namespace {

constexpr std::string_view kCommon =
    "block hello(client)\n  connect\n  S: 220\n  C: EHLO {client}\n  S: 250\n"
    "block greet(client)\n  use hello({client})\n"
    "block envelope(sender, recipient)\n  C: MAIL FROM:<{sender}>\n  S: 250\n  C: RCPT TO:<{recipient}>\n  S: 250\n";

}  // namespace

void fuzz_scenario_parser(std::string_view octets) {
  constexpr std::size_t kMostOctets = 16 * 1024;
  octets = octets.substr(0, kMostOctets);
  const scenario::NoFiles files;
  scenario::Loaded loaded = scenario::load_text(octets, "fuzz.smtp", kCommon, files);
  const scenario::Loaded again = scenario::load_text(octets, "fuzz.smtp", kCommon, files);
  promise(loaded.scenarios == again.scenarios, "the same text gives the same model");
  promise(loaded.diagnostics == again.diagnostics, "… and the same complaints");

  scenario::lint_all(loaded, scenario::built_in_catalogue());
  const int lines = 1 + static_cast<int>(std::count(octets.begin(), octets.end(), '\n'));
  for (const base::Diagnostic& diagnostic : loaded.diagnostics) {
    promise(!diagnostic.message.empty(), "a complaint says what is wrong");
    promise(diagnostic.position.line >= 0, "a complaint has a line");
    if (diagnostic.file == "fuzz.smtp") promise(diagnostic.position.line <= lines, "… that there is");
    promise(base::render(diagnostic).ends_with('\n'), "a complaint can be shown");
  }
  for (const scenario::Scenario& one : loaded.scenarios) {
    promise(!one.name.empty(), "a scenario has a name");
    const Input input = from_scenario(one, {});
    promise(decode(encode(input)) == input, "every scenario is a seed");
  }
}

}  // namespace smtpspec::fuzz
