// target/profile.h and target/waiver_file.h, the TOML that users write: any text gives a value, or complaints that
// point into it; the same every time; and whatever is taken is complete.
#include <algorithm>
#include <string>

#include "fuzz/targets/target.h"
#include "harness/base/diagnostic.h"
#include "harness/target/profile.h"
#include "harness/target/waiver_file.h"

namespace smtpspec::fuzz {

namespace {

constexpr std::size_t kMostOctets = 16 * 1024;

template <class Parsed>
void check(const Parsed& parsed, const Parsed& again, std::string_view text) {
  promise(parsed.has_value() == again.has_value(), "the same text gives the same");
  if (parsed) return;
  promise(parsed.error() == again.error(), "… and the same complaints");
  promise(!parsed.error().empty(), "what is refused is told why");
  const int lines = 1 + static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  for (const base::Diagnostic& diagnostic : parsed.error()) {
    promise(!diagnostic.message.empty(), "a complaint says what is wrong");
    promise(diagnostic.position.line >= 0 && diagnostic.position.line <= lines, "a complaint has a line that there is");
    promise(base::render(diagnostic).ends_with('\n'), "a complaint can be shown");
  }
}

}  // namespace

void fuzz_profile(std::string_view octets) {
  octets = octets.substr(0, kMostOctets);
  const auto profile = target::parse_profile(octets, "fuzz.toml");
  const auto again = target::parse_profile(octets, "fuzz.toml");
  check(profile, again, octets);
  if (profile) promise(*profile == *again, "… and the same profile");
}

void fuzz_waivers(std::string_view octets) {
  octets = octets.substr(0, kMostOctets);
  const auto waivers = target::parse_waivers(octets, "fuzz.toml");
  check(waivers, target::parse_waivers(octets, "fuzz.toml"), octets);
  if (!waivers) return;
  for (const verdict::Waiver& waiver : *waivers) {
    promise(!waiver.reason.empty(), "a waiver has a reason");
    promise(!waiver.scenario.empty() || !waiver.requirement.empty(), "a waiver says what it is for");
  }
}

}  // namespace smtpspec::fuzz
