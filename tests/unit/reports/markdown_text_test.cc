#include "reports/markdown_text.h"

#include <gtest/gtest.h>

namespace smtpspec::reports {
namespace {

// What a forge makes a link or a mention of when everything else is rendered: tests/golden/consume_markdown.py looks.
TEST(MarkdownText, AnAddressIsNoLink) {
  EXPECT_EQ(markdown_code("550 ghost@example.org"), "<code>550 ghost<span>&#64;</span>example&#46;org</code>");
  EXPECT_EQ(markdown_text("ghost@example.org"), "ghost<span>@</span>example\\.org");
}

}  // namespace
}  // namespace smtpspec::reports
