#include "harness/wire/data_scan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "harness/wire/data_scan_kernel.h"

namespace smtpspec::wire {

namespace {

using namespace std::string_literals;

// The definition, octet by octet.
DataScan scan_naively(std::string_view data) {
  DataScan out;
  out.octets = data.size();
  std::size_t line_begin = 0;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const bool is_at_line_start = i == line_begin;
    const bool is_after_cr = i > 0 && data[i - 1] == '\r';
    const bool is_before_lf = i + 1 < data.size() && data[i + 1] == '\n';
    if (data[i] == '.' && is_at_line_start) ++out.dot_lines;
    if (data[i] == '\r' && !is_before_lf) ++out.bare_crs;
    if (data[i] == '\n' && !is_after_cr) ++out.bare_lfs;
    if (data[i] == '\n' && is_after_cr) {
      ++out.lines;
      out.longest_line_octets = std::max<std::uint64_t>(out.longest_line_octets, i + 1 - line_begin);
      line_begin = i + 1;
    }
    out.has_eight_bit |= static_cast<unsigned char>(data[i]) >= 0x80;
    out.has_nul |= data[i] == '\0';
  }
  out.longest_line_octets = std::max<std::uint64_t>(out.longest_line_octets, data.size() - line_begin);
  return out;
}

DataScan scan_with(data_scan::Kernel kernel, std::string_view data) {
  data_scan::State state;
  data_scan::add(state, data.data(), data.size(), kernel);
  DataScan out = state.found;
  out.bare_crs += state.after_cr;
  out.longest_line_octets = std::max(out.longest_line_octets, out.octets - state.line_begin);
  return out;
}

// Texts in which the interesting octets are frequent enough to meet, and rare enough to leave long stretches.
std::vector<std::string> random_texts(unsigned seed, std::size_t count, std::size_t max_octets) {
  std::mt19937 random(seed);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned rarity = 1u << (random() % 8);
    std::string text;
    const std::size_t size = random() % (max_octets + 1);
    while (text.size() < size) {
      if (random() % rarity != 0) {
        text += static_cast<char>('a' + random() % 26);
        continue;
      }
      switch (random() % 12) {
        case 0:
          text += '\r';
          break;
        case 1:
          text += '\n';
          break;
        case 2:
          text += '.';
          break;
        case 3:
          text += random() % 8 == 0 ? '\0' : ' ';
          break;
        case 4:
          text += random() % 8 == 0 ? '\xe4' : '-';
          break;
        case 5:
          text += "\r\n.";
          break;
        default:
          text += "\r\n";
          break;
      }
    }
    texts.push_back(std::move(text));
  }
  return texts;
}

TEST(ScanData, CountsLinesDotsAndBareLineEnds) {
  DataScan expected;
  expected.octets = 26;
  expected.longest_line_octets = 13;
  expected.lines = 3;
  expected.dot_lines = 1;
  expected.bare_crs = 1;
  expected.bare_lfs = 1;
  EXPECT_EQ(scan_data("Subject: ab\r\n.x\ry\r\nd\n.12\r\n"), expected);
}

TEST(ScanData, FindsEightBitAndNul) {
  EXPECT_TRUE(scan_data("a\xc3\xa4").has_eight_bit);
  EXPECT_FALSE(scan_data("a\x7f").has_eight_bit);
  EXPECT_TRUE(scan_data("a\0b"s).has_nul);
  EXPECT_FALSE(scan_data("a0b").has_nul);
}

TEST(ScanData, OfNothingIsEmpty) { EXPECT_EQ(scan_data(""), DataScan()); }

TEST(ScanData, CountsACrAtTheEndAsBare) {
  EXPECT_EQ(scan_data("a\r").bare_crs, 1u);
  EXPECT_EQ(scan_data("a\r\n").bare_crs, 0u);
  EXPECT_EQ(scan_data("\r\r\n").bare_crs, 1u);
}

TEST(ScanData, MeasuresTheLongestLineWithItsCrlf) {
  EXPECT_EQ(scan_data(std::string(998, 'x') + "\r\n").longest_line_octets, 1000u);
  EXPECT_EQ(scan_data("a\r\n" + std::string(70, 'x')).longest_line_octets, 70u);
  EXPECT_EQ(scan_data("abc\nde\r\n").longest_line_octets, 8u);
}

TEST(ScanData, EveryKernelAgreesWithTheDefinition) {
  for (const std::string& text : random_texts(1, 3000, 700)) {
    const DataScan expected = scan_naively(text);
    ASSERT_EQ(scan_data(text), expected) << testing::PrintToString(text);
    ASSERT_EQ(scan_with(data_scan::add_blocks_portable, text), expected) << testing::PrintToString(text);
#if defined(__x86_64__)
    if (data_scan::has_avx2()) {
      ASSERT_EQ(scan_with(data_scan::add_blocks_avx2, text), expected) << testing::PrintToString(text);
    }
#endif
  }
}

TEST(ScanData, EveryOctetIsClassifiedAtEveryPlaceOfABlock) {
  for (int value = 0; value < 256; ++value) {
    for (std::size_t at = 0; at < 64; at += 7) {
      std::string text(64, 'x');
      text[at] = static_cast<char>(value);
      const DataScan expected = scan_naively(text);
      ASSERT_EQ(scan_data(text), expected) << value;
      ASSERT_EQ(scan_with(data_scan::add_blocks_portable, text), expected) << value;
    }
  }
}

TEST(DataScanner, GivesTheSameForEverySplitInTwo) {
  for (const std::string& text : random_texts(2, 60, 300)) {
    const DataScan expected = scan_naively(text);
    for (std::size_t at = 0; at <= text.size(); ++at) {
      DataScanner scanner;
      scanner.feed(std::string_view(text).substr(0, at));
      scanner.feed(std::string_view(text).substr(at));
      ASSERT_EQ(scanner.result(), expected) << testing::PrintToString(text) << " at " << at;
    }
  }
}

TEST(DataScanner, GivesTheSameOctetByOctet) {
  for (const std::string& text : random_texts(3, 200, 300)) {
    DataScanner scanner;
    for (const char& octet : text) scanner.feed(std::string_view(&octet, 1));
    ASSERT_EQ(scanner.result(), scan_naively(text)) << testing::PrintToString(text);
  }
}

}  // namespace
}  // namespace smtpspec::wire
