#include "harness/target/output_tail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smtpspec::target {
namespace {

TEST(OutputTail, KeepsTheLastOctets) {
  OutputTail tail;
  tail.append("first");
  for (int count = 0; count < 30; ++count) tail.append(std::string(50'000, 'x'));
  tail.append("last");
  EXPECT_EQ(tail.text().size(), kMaxOutputOctets);
  EXPECT_TRUE(tail.text().ends_with("xlast"));
}

TEST(OutputTail, FindsAReportHoweverItIsCut) {
  const std::string output = "listening\n==1==ERROR: AddressSanitizer: stack-overflow\n  #0 main\n";
  for (std::size_t cut = 0; cut <= output.size(); ++cut) {
    OutputTail tail;
    tail.append(output.substr(0, cut));
    tail.append(output.substr(cut));
    EXPECT_EQ(tail.sanitizer_text(), output.substr(10)) << cut;
  }
}

TEST(OutputTail, KnowsEverySanitizer) {
  for (const char* line :
       {"==1==ERROR: LeakSanitizer: detected memory leaks", "WARNING: ThreadSanitizer: data race",
        "AddressSanitizer:DEADLYSIGNAL", "a.c:1:2: runtime error: shift", "==1==WARNING: MemorySanitizer: use-of-"}) {
    OutputTail tail;
    tail.append(line);
    EXPECT_EQ(tail.take_sanitizer_text(), line);
    EXPECT_EQ(tail.sanitizer_text(), "") << "it is told once";
  }
  OutputTail harmless;
  harmless.append("error: something else entirely, AddressSanitizer is not mentioned as an error\n");
  EXPECT_EQ(harmless.sanitizer_text(), "");
}

}  // namespace
}  // namespace smtpspec::target
