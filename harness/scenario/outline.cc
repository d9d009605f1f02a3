#include "harness/scenario/outline.h"

#include <utility>

#include "harness/scenario/mark.h"

namespace smtpspec::scenario {
namespace {

// Width of the leading blanks; a TAB goes to the next multiple of eight.
std::size_t width_of(const Line& line) {
  std::size_t width = 0;
  for (const char c : line.raw.substr(0, line.indent)) width = c == '\t' ? (width / 8 + 1) * 8 : width + 1;
  return width;
}

class Outliner {
 public:
  Outliner(bool is_transcript, Complaints& complaints) : is_transcript_(is_transcript), complaints_(complaints) {}

  std::vector<Node> run(const std::vector<Line>& lines) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const Line& line = lines[i];
      if (line.is_blank() || line.text()[0] == '#' || (is_transcript_ && is_log_remark(line))) continue;
      Node& node = place(line);
      const auto mark = read_mark(line, is_transcript_);
      if (mark && mark->is_message()) i = take_text(lines, i, node);
    }
    return std::move(top_);
  }

 private:
  struct Level {
    std::size_t width;
    std::vector<Node>* nodes;
  };

  // Appends a node for `line` where its indentation puts it.
  Node& place(const Line& line) {
    const auto mark = read_mark(line, is_transcript_);
    const std::size_t width = mark && mark->is_arrow ? first_width() : width_of(line);
    if (levels_.empty()) levels_.push_back({width, &top_});
    bool left_a_block = false;
    while (levels_.size() > 1 && width < levels_.back().width) {
      levels_.pop_back();
      left_a_block = true;
    }
    if (width > levels_.back().width) {
      // `  a`, `      b`, `    c`
      if (left_a_block) complaints_.error(line, line.indent, 1, "this indentation matches no open block");
      if (levels_.size() < kMaxNesting) levels_.push_back({width, &levels_.back().nodes->back().children});
      else complaints_.error(line, line.indent, 1, "blocks are nested too deep");
    } else if (width < levels_.back().width) {
      complaints_.error(line, line.indent, 1, "this line is indented less than the first line of the file");
    }
    levels_.back().nodes->push_back(Node{line, {}, {}});
    return levels_.back().nodes->back();
  }

  std::size_t first_width() const { return levels_.empty() ? 0 : levels_.front().width; }

  std::size_t take_text(const std::vector<Line>& lines, std::size_t at, Node& node) {
    const std::size_t width = width_of(lines[at]);
    std::size_t last = at;
    for (std::size_t i = at + 1; i < lines.size(); ++i) {
      if (lines[i].is_blank()) continue;
      if (width_of(lines[i]) <= width) break;
      last = i;
    }
    for (std::size_t i = at + 1; i <= last; ++i) node.verbatim.push_back(lines[i]);
    return last;
  }

  bool is_transcript_;
  Complaints& complaints_;
  std::vector<Node> top_;
  std::vector<Level> levels_;
};

}  // namespace

std::vector<Node> outline(const std::vector<Line>& lines, bool is_transcript, Complaints& complaints) {
  return Outliner(is_transcript, complaints).run(lines);
}

}  // namespace smtpspec::scenario
