// Runs side by side, as the matrix's chapters see them.
#pragma once

#include <iosfwd>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "reports/html/matrix.h"
#include "reports/html/page.h"

namespace smtpspec::reports::html {

struct Column {
  Column(std::string shown, const verdict::RunRecord& run);
  std::string name;
  Index index;
  std::unordered_map<std::string_view, Tally> tallies;  // by document, by section, and by extension
};

class SideBySide {
 public:
  explicit SideBySide(const std::vector<MatrixRun>& runs);
  const std::vector<Column>& columns() const { return columns_; }
  // The requirements of all runs, each once; of what it says of their outcome, nothing counts.
  const Index& all() const { return *all_; }
  // The ids of all scenarios, each once, in the order of the suite.
  const std::vector<std::string_view>& scenarios() const { return scenarios_; }

 private:
  verdict::RunRecord rules_;
  std::unique_ptr<Index> all_;
  std::vector<Column> columns_;
  std::vector<std::string_view> scenarios_;
};

// Do the runs that judged it come to different ends?
bool differs(const SideBySide& runs, const verdict::RequirementResult& requirement);

// One cell a run: a sign, and the word for those who do not see it.
void add_cell(Element line, std::string_view who, std::string_view word);
void add_share_cell(Element line, const Column& column, std::string_view key, std::string_view remark = {});
// The first cell of a line of the head: the names of the runs.
void add_head(Element parent, const SideBySide& runs, std::string_view title);

// The chapters, in the order of the page.
void write_runs(std::ostream& out, const SideBySide& runs);
void write_trends(std::ostream& out, const SideBySide& runs);
void write_shares(std::ostream& out, const SideBySide& runs);
void write_rules(std::ostream& out, const SideBySide& runs);
void write_conversations(std::ostream& out, const SideBySide& runs);

}  // namespace smtpspec::reports::html
