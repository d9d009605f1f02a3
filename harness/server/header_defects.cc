#include "harness/server/header_defects.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include "harness/base/octets.h"

namespace smtpspec::server {
namespace {

using Field = std::string;  // with its continuation lines and the CRLF of each
using Fields = std::vector<Field>;

constexpr std::size_t kLongFieldOctets = 500;

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_received(const Field& field) { return base::starts_with_ignoring_case(field, "Received:"); }
bool is_resent(const Field& field) { return base::starts_with_ignoring_case(field, "Resent-"); }
std::string name_of(const Field& field) { return base::to_lower(field.substr(0, field.find(':'))); }

// Takes the header section from the front of `content`.
Fields take_fields(std::string_view& content) {
  Fields fields;
  while (!content.empty() && !content.starts_with("\r\n")) {
    const std::size_t end = content.find("\r\n");
    if (end == std::string_view::npos) break;
    const std::string_view line = content.substr(0, end + 2);
    if (is_blank(line.front()) && !fields.empty()) {
      fields.back() += line;
    } else {
      fields.emplace_back(line);
    }
    content.remove_prefix(line.size());
  }
  return fields;
}

void unfold(Field& field) {
  for (std::size_t at = field.find("\r\n"); at + 2 < field.size(); at = field.find("\r\n", at)) {
    field.erase(at, field.find_first_not_of(" \t", at + 2) - at);
  }
}

bool is_long_and_folded(const Field& field) {
  return field.size() > kLongFieldOctets && field.find("\r\n") + 2 < field.size();
}

void reverse_received(Fields& fields) {
  std::vector<Fields::iterator> received;
  for (auto field = fields.begin(); field != fields.end(); ++field) {
    if (is_received(*field)) received.push_back(field);
  }
  for (std::size_t i = 0; i < received.size() / 2; ++i) std::iter_swap(received[i], received[received.size() - 1 - i]);
}

}  // namespace

std::string with_header_defects(std::string content, const DefectSet& defects) {
  std::string_view rest = content;
  Fields fields = take_fields(rest);
  const auto has = [&](Defect defect) { return defects.has(defect); };
  if (has(Defect::long_folded_field_lost)) std::erase_if(fields, is_long_and_folded);
  for (Field& field : fields) {
    if (has(Defect::long_header_line_cut) && field.find("\r\n") > kLongFieldOctets)
      field.erase(kLongFieldOctets, field.find("\r\n") - kLongFieldOctets);
    if (has(Defect::continuation_lines_lost)) field.resize(field.find("\r\n") + 2);
    if (has(Defect::header_unfolded_without_space)) unfold(field);
  }
  if (has(Defect::older_received_fields_reversed)) reverse_received(fields);
  if (has(Defect::header_sorted_by_name)) {
    std::stable_sort(fields.begin(), fields.end(),
                     [](const Field& a, const Field& b) { return name_of(a) < name_of(b); });
  }
  if (has(Defect::resent_fields_behind_others)) {
    std::stable_partition(fields.begin(), fields.end(), [](const Field& field) { return !is_resent(field); });
  }
  std::string changed;
  for (const Field& field : fields) changed += field;
  return changed + std::string(rest);
}

}  // namespace smtpspec::server
