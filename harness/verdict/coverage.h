// What a suite covers of the requirement catalogue, and why it leaves out the rest. Plain values: scenario/coverage
// makes them from the catalogue and the scenarios, a run record adds what each requirement came to, reports/coverage
// writes them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/verdict/run_record.h"
#include "harness/verdict/verdict.h"

namespace smtpspec::verdict {

// covered: a scenario is bound to it, or every run judges it by the form of all replies. observed: the same of a MAY,
// which is noted and not judged. untested: neither, and the catalogue says why. open: neither, and nobody says why.
enum class CoverageState { covered, observed, untested, open };
std::string_view to_string(CoverageState state);

struct RequirementCoverage {
  std::string id;
  std::string document;   // "RFC 5321"
  std::string section;    // "4.1.1.2"
  std::string extension;  // "SIZE"; empty for the base protocol
  Level level = Level::implied;
  std::string observable;  // "wire", "delivered-message", …
  std::string summary;     // the rule in our own words
  CoverageState state = CoverageState::open;
  std::vector<std::string> scenarios;         // names of those bound to it, in suite order
  std::string finding;                        // "wire.line-end", which judges it in every run; empty: none does
  std::string reason;                         // why it is untested; a covered one that has a reason is a contradiction
  std::optional<RequirementOutcome> outcome;  // in a run; empty: no run is looked at, or it does not hold it
  bool operator==(const RequirementCoverage&) const = default;
};

struct Coverage {
  std::vector<RequirementCoverage> requirements;  // by document, RFC 5321 first; then by section and id
  bool has_outcomes = false;                      // a run is looked at
  bool operator==(const Coverage&) const = default;
};

struct CoverageCount {
  int covered = 0;
  int observed = 0;
  int untested = 0;
  int open = 0;
  int all() const { return covered + observed + untested + open; }
  // Of all, rounded down to a tenth, so that 100 means every one; 100 where there is nothing to cover.
  double covered_percent() const;    // covered or observed
  double accounted_percent() const;  // … or untested with a reason
  bool operator==(const CoverageCount&) const = default;
};

struct CoverageGroup {
  std::string name;
  CoverageCount count;
  bool operator==(const CoverageGroup&) const = default;
};

CoverageCount count(const Coverage& coverage);
std::vector<CoverageGroup> by_document(const Coverage& coverage);                            // in the order of the list
std::vector<CoverageGroup> by_section(const Coverage& coverage, std::string_view document);  // … of one document
std::vector<CoverageGroup> by_observable(const Coverage& coverage);                          // largest first
std::map<RequirementOutcome, int> outcomes(const Coverage& coverage);

// What each requirement came to in a run, by its scenarios and by its finding, the graver of the two.
void add_outcomes(Coverage& coverage, const RunRecord& record);

}  // namespace smtpspec::verdict
