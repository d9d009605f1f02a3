// A record as the lists of test cases that test reports are made of (JUnit, TAP, CTRF): every scenario, every rule on
// the form of replies, every crash, and the gate, so that a run whose exit code is not 0 is never green. What is a
// failure, what an error and what is skipped stands in junit.h and is the same in all of them.
#pragma once

#include <string>
#include <vector>

#include "harness/verdict/run_record.h"

namespace smtpspec::reports {

struct TestCase {
  enum class Status { passed, failure, error, skipped };
  std::string name;  // unique within its suite, in a record in which ids are
  std::string classname;
  base::Microseconds duration{0};
  Status status = Status::passed;
  std::string type;        // "MUST", "inconclusive.greylist", "not_applicable", …; empty: passed
  std::string message;     // one line
  std::string text;        // of what did not pass: all that is known, several lines
  std::string system_out;  // of what passed or is waived; several lines
  const verdict::ScenarioResult* scenario = nullptr;  // of the record; null: the case is not one of a scenario
};

struct TestSuite {
  std::string name;
  std::vector<TestCase> cases;
};

// In the order of the scenarios, one suite a section, so that a section split over several files is still one; the gate
// goes first. `record` must outlive what is returned.
std::vector<TestSuite> test_suites(const verdict::RunRecord& record);

}  // namespace smtpspec::reports
