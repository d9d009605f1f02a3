// Text within a page of Markdown that a forge shows (GitHub Flavored Markdown): a record's own words can become no
// markup, no link, no mention of a person and no reference to an issue.
#pragma once

#include <string>
#include <string_view>

namespace smtpspec::reports {

// One line of running text, or a cell of a table.
std::string markdown_text(std::string_view text);

// One line in <code>, also within a table.
std::string markdown_code(std::string_view text);

// Several lines in a fence that none of them can close.
std::string markdown_block(std::string_view text);

}  // namespace smtpspec::reports
