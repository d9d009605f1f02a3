#include "harness/server/trace.h"

#include <ctime>

#include "harness/base/octets.h"

namespace smtpspec::server {
namespace {

std::string address_literal(std::string_view address) {
  const bool v6 = address.find(':') != std::string_view::npos;
  return std::string(v6 ? "[IPv6:" : "[") + std::string(address) + "]";
}

std::string two_digits(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

// with, id and for.
std::string clauses_of(const TraceFacts& facts, const DefectSet& defects) {
  const std::string with =
      "with " + (defects.has(Defect::received_with_unregistered_protocol) ? "FASTMAIL-9" : facts.protocol);
  const std::string id = facts.id.empty() ? "" : "id " + facts.id;
  const std::string path = facts.for_path.empty() ? "" : "for <" + facts.for_path + ">";
  if (defects.has(Defect::received_for_before_with)) return path + " " + with + " " + id;
  if (defects.has(Defect::received_id_before_with)) return id + " " + with + "\r\n\t" + path;
  std::string clauses = with;
  if (!id.empty()) clauses += " " + id;
  if (!path.empty()) clauses += "\r\n\t" + path;
  if (defects.has(Defect::received_with_unregistered_clause)) clauses += " queue main";
  return clauses;
}

// Calls `take(line, is_field_start)` for each line of the header section, lines with their ends.
template <class Take>
std::size_t for_each_header_line(std::string_view content, Take take) {
  std::size_t position = 0;
  while (position < content.size()) {
    const std::size_t end = content.find("\r\n", position);
    if (end == std::string_view::npos || end == position) break;
    const std::string_view line = content.substr(position, end + 2 - position);
    take(line, line.front() != ' ' && line.front() != '\t');
    position = end + 2;
  }
  return position;
}

}  // namespace

std::string protocol_keyword(bool lmtp, bool extended, bool smtp_utf8, bool tls, bool authenticated) {
  if (!extended && !lmtp) return "SMTP";
  std::string keyword = smtp_utf8 ? (lmtp ? "UTF8LMTP" : "UTF8SMTP") : (lmtp ? "LMTP" : "ESMTP");
  if (tls) keyword += 'S';
  if (authenticated) keyword += 'A';
  return keyword;
}

std::string to_date_time(const LocalTime& time) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t local = std::chrono::system_clock::to_time_t(time.time + time.utc_offset);
  std::tm parts{};
  gmtime_r(&local, &parts);
  const int offset = static_cast<int>(time.utc_offset.count());
  const int minutes = offset < 0 ? -offset : offset;
  return std::string(kDays[parts.tm_wday]) + ", " + std::to_string(parts.tm_mday) + " " + kMonths[parts.tm_mon] + " " +
         std::to_string(parts.tm_year + 1900) + " " + two_digits(parts.tm_hour) + ":" + two_digits(parts.tm_min) + ":" +
         two_digits(parts.tm_sec) + " " + (offset < 0 ? "-" : "+") + two_digits(minutes / 60) +
         two_digits(minutes % 60);
}

std::string received_field(const TraceFacts& facts, const DefectSet& defects) {
  std::string field = "Received:";
  if (!defects.has(Defect::received_without_from)) {
    field += " from ";
    field += defects.has(Defect::received_from_comment_alone) ? "(" + facts.client_name + ")" : facts.client_name;
    if (!defects.has(Defect::received_without_client_address)) {
      field += " (" + address_literal(facts.client_address) + ")";
    }
    field += "\r\n\t";
  } else {
    field += ' ';
  }
  const std::string by = defects.has(Defect::received_by_comment_alone) ? "(" + facts.host_name + ")" : facts.host_name;
  if (!defects.has(Defect::received_without_by)) field += "by " + by + " ";
  if (defects.has(Defect::received_via_unregistered_link)) field += "via PIGEON ";
  field += clauses_of(facts, defects);
  if (!facts.tls_cipher.empty()) field += "\r\n\ttls " + facts.tls_cipher;
  if (!facts.priority.empty()) field += "\r\n\tPRIORITY " + facts.priority;
  const LocalTime unset{{}, facts.time.utc_offset};
  std::string date = to_date_time(defects.has(Defect::received_with_date_of_1970) ? unset : facts.time);
  if (defects.has(Defect::received_with_zone_name)) date.replace(date.size() - 5, 5, "GMT");
  if (defects.has(Defect::received_with_two_digit_year)) date.erase(date.find(':') - 7, 2);
  return field + (defects.has(Defect::received_without_semicolon) ? "\r\n\t" : ";\r\n\t") + date + "\r\n";
}

std::string return_path_field(std::string_view reverse_path) {
  return "Return-Path: <" + std::string(reverse_path) + ">\r\n";
}

std::size_t count_header_fields(std::string_view content, std::string_view name) {
  std::size_t count = 0;
  for_each_header_line(content, [&](std::string_view line, bool is_field_start) {
    if (is_field_start && base::starts_with_ignoring_case(line, name)) ++count;
  });
  return count;
}

std::string without_header_field(std::string_view content, std::string_view name) {
  std::string kept;
  bool dropping = false;
  const std::size_t end = for_each_header_line(content, [&](std::string_view line, bool is_field_start) {
    if (is_field_start) dropping = base::starts_with_ignoring_case(line, name);
    if (!dropping) kept += line;
  });
  return kept + std::string(content.substr(end));
}

}  // namespace smtpspec::server
