// The kill matrix: the whole suite against the reference server, once plain and once with each named defect; twice with
// those that have a dormant form (harness/server/dormant_defects.h). A scenario
// is played on a server of the first role that it is for: mx, submission, lmtp. Shows for
// every bound check that it can fail, and for every defect that it is caught by a check of the rule it breaks.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/server/defect.h"
#include "harness/verdict/run_record.h"

namespace smtpspec::kill_matrix {

// The share of the other checks that a defect has to leave passing.
inline constexpr double kMostOfTheOthers = 0.9;
// And the share that is clear of that limit: a defect beside it needs no other word with every scenario that is added.
inline constexpr double kClearlyMost = 0.95;

// A requirement that a scenario judges: all its lines bound to it, in all instances. Lines are not told apart: several
// of one scenario lead to one verdict on the rule, and their numbers would change the page with every edit.
struct Check {
  std::string scenario;     // name without [instance]; or the id of a wire finding
  std::string requirement;  // primary id
  auto operator<=>(const Check&) const = default;
};

// The plain form of a defect is always awake, as a real server would have it.
enum class Form { plain, dormant };

struct DefectRun {
  const server::DefectInfo* defect = nullptr;
  Form form = Form::plain;
  std::set<Check> missed;        // violated or warned, whatever their requirement
  std::set<Check> killed;        // of those: bound to a requirement that the defect breaks
  int other_checks = 0;          // checks played, bound to other requirements, that pass on the plain server …
  int other_checks_passing = 0;  // … those of them that pass here, too, in all instances
  int other_checks_missed = 0;   // … and those that are missed; what is left was not reached
  bool has_checks = false;       // the suite has a check bound to one of its rules: else nothing can catch it yet
  bool is_given_up = false;      // the runner found no server that it could judge, and says so
  std::string trouble;           // the run itself did not work; empty: it did

  // Of the other checks, from 0 to 1.
  double share_passing() const;
  // It leaves so little of a conversation that nearly any check misses: what it kills shows nothing.
  bool is_broad() const;
  // The plain form of a defect that has a dormant one: it is expected to be broad.
  bool has_dormant_twin() const;
};

struct Matrix {
  std::vector<std::string> plain_misses;  // of the plain server: must be empty
  std::set<Check> checks;                 // above MAY, reached on the plain server
  std::set<Check> steady;                 // above MAY, passing in all instances on the plain server, not heavy
  std::vector<DefectRun> runs;            // in the order of the defect table
};

// Plays everything on `threads` threads. `only`: names of defects, each with all the other checks; empty means all
// defects, each with a quarter of the other checks, or with all where a quarter leaves it in doubt that they go on
// passing.
Matrix play(const std::string& suite_root, int threads, const std::set<std::string>& only);

// Checks that no defect keyed to their requirement kills; what a broad one kills does not count.
std::set<Check> survivors(const Matrix& matrix);

// Checks that dormant forms alone kill, broad ones not counted.
std::set<Check> resting_on_dormant_forms(const Matrix& matrix);

}  // namespace smtpspec::kill_matrix
