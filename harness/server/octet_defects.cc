#include "harness/server/octet_defects.h"

#include <algorithm>
#include <string_view>

#include "harness/wire/dot_stuffing.h"

namespace smtpspec::server {
namespace {

unsigned char octet_of(char c) { return static_cast<unsigned char>(c); }
bool is_continuation(char c) { return (octet_of(c) & 0xC0U) == 0x80U; }

// The octets of the UTF-8 sequence that `c` begins, or 1.
std::size_t sequence_octets(char c) {
  if (octet_of(c) >= 0xF0U) return 4;
  if (octet_of(c) >= 0xE0U) return 3;
  return octet_of(c) >= 0xC0U ? 2 : 1;
}

// The octets of a sequence at either end of `chunk` that is not whole become question marks.
std::string without_cut_characters(std::string chunk) {
  for (std::size_t i = 0; i < chunk.size() && is_continuation(chunk[i]); ++i) chunk[i] = '?';
  std::size_t last = chunk.size();
  while (last > 0 && is_continuation(chunk[last - 1])) --last;
  if (last == 0 || sequence_octets(chunk[last - 1]) <= chunk.size() - last + 1) return chunk;
  std::fill(chunk.begin() + static_cast<std::ptrdiff_t>(last - 1), chunk.end(), '?');
  return chunk;
}

std::string with_latin1_as_utf8(const std::string& content) {
  std::string text;
  for (char c : content) {
    if (octet_of(c) < 0x80U) {
      text += c;
      continue;
    }
    text += static_cast<char>(0xC0U | octet_of(c) >> 6U);
    text += static_cast<char>(0x80U | (octet_of(c) & 0x3FU));
  }
  return text;
}

}  // namespace

std::string with_eight_bit_defects(std::string content, const DefectSet& defects) {
  const auto has = [&](Defect defect) { return defects.has(defect); };
  if (has(Defect::eight_bit_octets_become_question_marks)) {
    std::replace_if(
        content.begin(), content.end(), [](char c) { return octet_of(c) > 127; }, '?');
  }
  if (has(Defect::eight_bit_octets_become_utf8)) content = with_latin1_as_utf8(content);
  if (has(Defect::octet_255_removed)) std::erase(content, '\xff');
  return content;
}

std::string with_binary_defects(std::string content, const DefectSet& defects) {
  const auto has = [&](Defect defect) { return defects.has(defect); };
  if (has(Defect::binary_message_cut_at_nul)) content = content.substr(0, content.find('\0'));
  if (has(Defect::binary_nul_removed)) std::erase(content, '\0');
  if (has(Defect::binary_eighth_bit_removed)) {
    for (char& c : content) c = static_cast<char>(octet_of(c) & 0x7FU);
  }
  for (std::size_t i = content.size(); i-- > 0;) {
    const bool is_bare_lf = content[i] == '\n' && (i == 0 || content[i - 1] != '\r');
    const bool is_bare_cr = content[i] == '\r' && (i + 1 == content.size() || content[i + 1] != '\n');
    if (is_bare_lf && has(Defect::binary_bare_lf_becomes_crlf)) content.insert(i, 1, '\r');
    if (is_bare_cr && has(Defect::binary_bare_cr_removed)) content.erase(i, 1);
  }
  return content;
}

std::string with_chunk_defects(std::string chunk, const DefectSet& defects) {
  const auto has = [&](Defect defect) { return defects.has(defect); };
  if (chunk.empty()) return chunk;
  if (chunk.size() == 1 && has(Defect::bdat_chunk_of_one_octet_lost)) return "";
  if (has(Defect::bdat_split_character_replaced)) chunk = without_cut_characters(std::move(chunk));
  if (chunk.ends_with('\r') && has(Defect::bdat_cr_at_end_of_chunk_lost)) chunk.pop_back();
  if (!chunk.ends_with("\r\n") && has(Defect::bdat_line_end_added_to_each_chunk)) chunk += "\r\n";
  return chunk;
}

std::string with_chunked_message_defects(std::string content, const DefectSet& defects) {
  const auto has = [&](Defect defect) { return defects.has(defect); };
  if (has(Defect::bdat_unfinished_last_line_lost)) {
    const std::size_t end = content.rfind("\r\n");
    content.resize(end == std::string::npos ? 0 : end + 2);
  }
  if (has(Defect::bdat_dot_line_ends_message)) {
    const std::size_t dot = content.find("\r\n.\r\n");
    if (dot != std::string::npos) content.resize(dot + 2);
  }
  return has(Defect::bdat_dots_stuffed) ? wire::stuff(content) : content;
}

}  // namespace smtpspec::server
