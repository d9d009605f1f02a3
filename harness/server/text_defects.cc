#include "harness/server/text_defects.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include "harness/base/octets.h"
#include "harness/server/envelope_syntax.h"
#include "harness/server/trace.h"

namespace smtpspec::server {
namespace {

constexpr std::size_t kLongestLine = 998;  // with its CRLF it has the 1000 octets of RFC 5321 §4.5.3.1.6
constexpr std::size_t kBreakOctets = 990;
constexpr std::size_t kMostOctets = 60'000;
constexpr std::size_t kMostLines = 1000;
constexpr std::size_t kLongHeaderLine = 900;
constexpr std::size_t kMostReceivedFields = 5;
constexpr std::size_t kMostReturnPathOctets = 64;

// A message in lines, without their CRLF. Each line of a message that DATA brings has one.
struct Text {
  std::vector<std::string> lines;
  std::size_t header_lines = 0;  // the empty line behind them is not among them
};

using Line = std::vector<std::string>::iterator;

Text text_of(const std::string& content) {
  Text text;
  std::string_view rest = content;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find("\r\n"), rest.size());
    text.lines.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  const auto empty = std::find(text.lines.begin(), text.lines.end(), "");
  text.header_lines = static_cast<std::size_t>(empty - text.lines.begin());
  return text;
}

std::string joined(const Text& text) {
  std::string content;
  for (const std::string& line : text.lines) (content += line) += "\r\n";
  return content;
}

Line header_end(Text& text) { return text.lines.begin() + static_cast<std::ptrdiff_t>(text.header_lines); }
bool is_blank(char c) { return c == ' ' || c == '\t'; }
void trim_end(std::string& line) { line.erase(line.find_last_not_of(" \t") + 1); }
void stuff(std::string& line) {
  if (line.starts_with('.')) line.insert(0, 1, '.');
}
void clear_eighth_bits(std::string& line) {
  for (char& c : line) c = static_cast<char>(static_cast<unsigned char>(c) & 0x7FU);
}

void erase_repeated_empty_lines(Text& text) {
  text.lines.erase(std::unique(text.lines.begin(), text.lines.end(),
                               [](const std::string& a, const std::string& b) { return a.empty() && b.empty(); }),
                   text.lines.end());
}

// Lines of the header that `is_unwanted` holds for, given the first line of their field.
template <class Predicate>
void erase_fields(Text& text, Predicate is_unwanted) {
  bool drops = false;
  const auto kept = std::remove_if(text.lines.begin(), header_end(text), [&](const std::string& line) {
    if (!is_blank(line.front())) drops = is_unwanted(line);
    return drops;
  });
  text.lines.erase(kept, header_end(text));
}

void erase_repeated_fields(Text& text) {
  std::set<std::string> seen;
  erase_fields(text, [&](const std::string& line) {
    const std::string name = base::to_lower(line.substr(0, line.find(':')));
    return name != "received" && !name.starts_with("resent-") && !seen.insert(name).second;
  });
}

void erase_oldest_received(Text& text) {
  std::size_t received = 0;
  erase_fields(text, [&](const std::string& line) {
    return base::starts_with_ignoring_case(line, "Received:") && ++received > kMostReceivedFields;
  });
}

void unfold_received(Text& text) {
  bool is_received = false;
  for (std::size_t i = 0; i < text.header_lines; ++i) {
    if (!is_blank(text.lines[i].front())) {
      is_received = base::starts_with_ignoring_case(text.lines[i], "Received:");
    } else if (is_received && i > 0) {
      text.lines[i - 1] += " " + text.lines[i].substr(text.lines[i].find_first_not_of(" \t"));
      text.lines.erase(text.lines.begin() + static_cast<std::ptrdiff_t>(i--));
      --text.header_lines;
    }
  }
}

void break_longest_lines(Text& text) {
  for (std::size_t i = 0; i < text.lines.size(); ++i) {
    if (text.lines[i].size() != kLongestLine) continue;
    text.lines.insert(text.lines.begin() + static_cast<std::ptrdiff_t>(i + 1), text.lines[i].substr(kBreakOctets));
    text.lines[i].resize(kBreakOctets);
  }
}

void join_soft_line_breaks(Text& text) {
  for (std::size_t i = text.header_lines; i + 1 < text.lines.size(); ++i) {
    while (text.lines[i].ends_with('=') && i + 1 < text.lines.size()) {
      text.lines[i].pop_back();
      text.lines[i] += text.lines[i + 1];
      text.lines.erase(text.lines.begin() + static_cast<std::ptrdiff_t>(i + 1));
    }
  }
}

struct LineChange {
  Defect defect;
  void (*change)(std::string& line);
};

constexpr LineChange kHeaderLineChanges[] = {
    {Defect::tab_in_header_becomes_blank, [](std::string& line) { std::replace(line.begin(), line.end(), '\t', ' '); }},
    {Defect::trailing_blanks_of_header_removed, trim_end},
    {Defect::long_header_line_folded,
     [](std::string& line) {
       const std::size_t blank = line.rfind(' ');
       if (line.size() > kLongHeaderLine && blank != std::string::npos && blank > 0) line.insert(blank, "\r\n");
     }},
};

constexpr LineChange kBodyLineChanges[] = {
    {Defect::tab_at_line_start_becomes_blanks,
     [](std::string& line) {
       if (line.starts_with('\t')) line.replace(0, 1, "        ");
     }},
    {Defect::tab_at_line_end_lost,
     [](std::string& line) {
       if (line.ends_with('\t')) line.pop_back();
     }},
    {Defect::line_of_blanks_emptied,
     [](std::string& line) {
       if (line.find_first_not_of(' ') == std::string::npos) line.clear();
     }},
    {Defect::blanks_merged,
     [](std::string& line) {
       line.erase(std::unique(line.begin(), line.end(), [](char a, char b) { return a == ' ' && b == ' '; }),
                  line.end());
     }},
    {Defect::delete_character_removed, [](std::string& line) { std::erase(line, '\x7f'); }},
    {Defect::line_of_998_octets_cut,
     [](std::string& line) {
       if (line.size() == kLongestLine) line.pop_back();
     }},
    {Defect::stuffed_line_of_998_octets_cut,
     [](std::string& line) {
       if (line.size() == kLongestLine && line.starts_with('.')) line.pop_back();
     }},
};

struct TextChange {
  Defect defect;
  void (*change)(Text& text);  // that is not empty
};

constexpr TextChange kTextChanges[] = {
    {Defect::first_line_keeps_stuffed_dot, [](Text& text) { stuff(text.lines.front()); }},
    {Defect::last_line_keeps_stuffed_dot, [](Text& text) { stuff(text.lines.back()); }},
    {Defect::stuffed_dot_behind_empty_line_kept,
     [](Text& text) {
       for (std::size_t i = 1; i < text.lines.size(); ++i) {
         if (text.lines[i - 1].empty()) stuff(text.lines[i]);
       }
     }},
    {Defect::line_of_one_dot_lost, [](Text& text) { std::erase(text.lines, "."); }},
    {Defect::empty_first_line_lost,
     [](Text& text) {
       if (text.lines.front().empty()) text.lines.erase(text.lines.begin());
     }},
    {Defect::empty_last_line_lost,
     [](Text& text) {
       if (text.lines.size() > text.header_lines + 1 && text.lines.back().empty()) text.lines.pop_back();
     }},
    {Defect::empty_lines_merged, erase_repeated_empty_lines},
    {Defect::header_only_message_gets_body,
     [](Text& text) {
       if (text.lines.size() == text.header_lines) text.lines.insert(text.lines.end(), {"", "(no text)"});
     }},
    {Defect::from_line_at_the_beginning_lost,
     [](Text& text) {
       if (text.lines.front().starts_with("From ")) text.lines.erase(text.lines.begin());
     }},
    {Defect::from_line_behind_empty_line_escaped,
     [](Text& text) {
       for (std::size_t i = 1; i < text.lines.size(); ++i) {
         if (text.lines[i - 1].empty() && text.lines[i].starts_with("From ")) text.lines[i].insert(0, 1, '>');
       }
     }},
    {Defect::trailing_blanks_of_last_line_removed, [](Text& text) { trim_end(text.lines.back()); }},
    {Defect::line_of_998_octets_broken, break_longest_lines},
    {Defect::lines_beyond_thousand_lost,
     [](Text& text) { text.lines.resize(std::min(text.lines.size(), kMostLines)); }},
    {Defect::soft_line_break_joined, join_soft_line_breaks},
    {Defect::field_without_value_lost,
     [](Text& text) {
       erase_fields(text, [](std::string line) {
         trim_end(line);
         return line.ends_with(':');
       });
     }},
    {Defect::repeated_field_lost, erase_repeated_fields},
    {Defect::oldest_received_fields_lost, erase_oldest_received},
    {Defect::older_received_field_unfolded, unfold_received},
};

// Most defects are not of this file, and need not wait until a long message has been taken apart.
bool change_lines(const DefectSet& defects) {
  const auto is_on = [&](const auto& one) { return defects.has(one.defect); };
  return std::any_of(std::begin(kHeaderLineChanges), std::end(kHeaderLineChanges), is_on) ||
         std::any_of(std::begin(kBodyLineChanges), std::end(kBodyLineChanges), is_on) ||
         std::any_of(std::begin(kTextChanges), std::end(kTextChanges), is_on) ||
         defects.has(Defect::first_line_of_second_message_keeps_stuffed_dot) ||
         defects.has(Defect::eighth_bit_of_last_line_removed) ||
         defects.has(Defect::eighth_bit_of_second_message_removed);
}

// Where the local-part of `mailbox` ends.
std::size_t local_part_octets(const std::string& mailbox) { return std::min(mailbox.rfind('@'), mailbox.size()); }

}  // namespace

std::string with_text_defects(const std::string& content, std::size_t message, bool is_eight_bit,
                              const DefectSet& defects) {
  if (defects.has(Defect::message_cut_at_60000_octets)) return content.substr(0, kMostOctets);
  if (!change_lines(defects) || !content.ends_with("\r\n")) return content;
  Text text = text_of(content);
  for (const LineChange& one : kHeaderLineChanges) {
    if (defects.has(one.defect)) std::for_each(text.lines.begin(), header_end(text), one.change);
  }
  for (const LineChange& one : kBodyLineChanges) {
    if (defects.has(one.defect)) std::for_each(header_end(text), text.lines.end(), one.change);
  }
  if (message == 2 && defects.has(Defect::first_line_of_second_message_keeps_stuffed_dot)) stuff(text.lines.front());
  if (is_eight_bit && defects.has(Defect::eighth_bit_of_last_line_removed)) clear_eighth_bits(text.lines.back());
  if (is_eight_bit && message == 2 && defects.has(Defect::eighth_bit_of_second_message_removed))
    std::for_each(text.lines.begin(), text.lines.end(), clear_eighth_bits);
  for (const TextChange& one : kTextChanges) {
    if (defects.has(one.defect) && !text.lines.empty()) one.change(text);
  }
  return joined(text);
}

std::string with_return_path_defects(std::string reverse_path, const DefectSet& defects) {
  if (defects.has(Defect::return_path_without_quotes)) reverse_path = without_quotes(reverse_path);
  if (defects.has(Defect::return_path_without_backslash)) std::erase(reverse_path, '\\');
  if (defects.has(Defect::return_path_drops_subaddress)) {
    const std::size_t end = local_part_octets(reverse_path);
    const std::size_t plus = reverse_path.find('+');
    if (plus != 0 && plus < end) reverse_path.erase(plus, end - plus);
  }
  if (defects.has(Defect::return_path_cut_at_64_octets)) reverse_path = reverse_path.substr(0, kMostReturnPathOctets);
  return reverse_path;
}

std::string without_quotes(const std::string& mailbox) {
  const std::size_t end = local_part_octets(mailbox);
  if (!mailbox.starts_with('"') || end < 2) return mailbox;
  return mailbox.substr(1, end - 2) + mailbox.substr(end);
}

std::string with_received_below_older(const std::string& content, std::vector<Delivery>& deliveries) {
  if (deliveries.empty() || !base::starts_with_ignoring_case(content, "Received:")) return "";
  std::size_t end = content.find("\r\n");
  while (end != std::string::npos && end + 2 < content.size() && is_blank(content[end + 2]))
    end = content.find("\r\n", end + 2);
  if (end == std::string::npos) return "";
  const std::string& fields = deliveries.front().trace_fields;
  const std::size_t received = std::min(fields.find("Received:"), fields.size());
  const std::string changed = content.substr(0, end + 2) + fields.substr(received) + content.substr(end + 2);
  for (Delivery& delivery : deliveries)
    delivery.trace_fields.resize(std::min(delivery.trace_fields.find("Received:"), delivery.trace_fields.size()));
  return changed;
}

}  // namespace smtpspec::server
