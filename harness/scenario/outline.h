// A file's lines as a tree, by indentation alone: what is indented deeper than a line belongs to it.
#pragma once

#include <cstddef>
#include <vector>

#include "harness/scenario/source_text.h"

namespace smtpspec::scenario {

struct Node {
  Line line;
  std::vector<Node> children;
  std::vector<Line> verbatim;  // the block below `C.` and `C.raw`, blank lines included
};

// Top-level nodes in order. Blank lines and lines that begin with '#' are left out, except in the text below `C.`.
// Wrong indentation is complained of. Never nested deeper than kMaxNesting.
// In a bare transcript a log's own arrows stand wherever they like, and its remarks are left out.
std::vector<Node> outline(const std::vector<Line>& lines, bool is_transcript, Complaints& complaints);

}  // namespace smtpspec::scenario
