#include "harness/engine/storage_allowance.h"

#include <algorithm>
#include <cstddef>

#include "harness/base/octets.h"

namespace smtpspec::engine {

using verdict::LineEnds;
using verdict::StorageArtefacts;

namespace {

constexpr std::string_view kCrlf = "\r\n";
constexpr std::string_view kFrom = "From ";

// Fields that a delivery agent puts on top. RFC 5321 §4.4 asks for the first; the others are custom.
constexpr std::string_view kDeliveryFields[] = {"Return-Path",   "Delivered-To",  "X-Original-To",  "Envelope-To",
                                                "Delivery-Date", "Envelope-From", "X-Delivered-To", "X-Envelope-To"};

// Every LF as CRLF; the CRs that stand before one as they are, or none of them but the one that belongs to it.
std::string with_crlf(std::string_view text, bool keeps_further_cr) {
  std::string out;
  out.reserve(text.size() + text.size() / 32);
  for (const char c : text) {
    if (c == '\n') {
      if (!keeps_further_cr)
        while (!out.empty() && out.back() == '\r') out.pop_back();
      if (out.empty() || out.back() != '\r') out += '\r';
    }
    out += c;
  }
  return out;
}

std::string as_storable(std::string_view text, LineEnds line_ends) {
  return line_ends == LineEnds::kept ? std::string(text) : with_crlf(text, line_ends == LineEnds::lf);
}

bool has_bare_lf(std::string_view text) {
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
    if (at == 0 || text[at - 1] != '\r') return true;
  return false;
}

// Up to and including its LF.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end == std::string_view::npos ? text.size() : end + 1);
  text.remove_prefix(line.size());
  return line;
}

bool is_quoted_from(std::string_view line) {
  const std::size_t name = line.find_first_not_of('>');
  return name != std::string_view::npos && name > 0 && line.substr(name).starts_with(kFrom);
}

bool may_stand_for(char stored, char sent) { return stored == sent || sent == '\0'; }

// Equal, octet for octet, up to those that stand for NUL.
bool is_same_text(std::string_view stored, std::string_view sent, const StorageArtefacts& artefacts) {
  if (!artefacts.may_replace_nul) return stored == sent;
  return std::equal(stored.begin(), stored.end(), sent.begin(), sent.end(), may_stand_for);
}

bool is_same_up_to_quotes(std::string_view stored, std::string_view sent, const StorageArtefacts& artefacts) {
  while (!stored.empty() && !sent.empty()) {
    const std::string_view stored_line = take_line(stored);
    const std::string_view sent_line = take_line(sent);
    if (is_same_text(stored_line, sent_line, artefacts)) continue;
    if (!is_quoted_from(stored_line) || !is_same_text(stored_line.substr(1), sent_line, artefacts)) return false;
  }
  return stored.empty() && sent.empty();
}

// One '>' less before every "From " that has one.
std::string unquoted(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    out += is_quoted_from(line) ? line.substr(1) : line;
  }
  return out;
}

// The text without its first field if that tells of the delivery, else "".
std::string_view without_delivery_field(std::string_view text) {
  const auto is_first = [&](std::string_view name) {
    return base::starts_with_ignoring_case(text, name) && text.substr(name.size()).starts_with(':');
  };
  if (std::none_of(std::begin(kDeliveryFields), std::end(kDeliveryFields), is_first)) return {};
  take_line(text);
  while (text.starts_with(' ') || text.starts_with('\t')) take_line(text);
  return text;
}

}  // namespace

bool may_be_same(std::string_view stored, std::string_view sent, const StorageArtefacts& artefacts) {
  const std::string wanted = as_storable(sent, artefacts.line_ends);
  const std::string text = as_storable(stored, artefacts.line_ends);
  const auto is_same = [&](std::string_view one) {
    return is_same_text(one, wanted, artefacts) ||
           (artefacts.may_quote_from && is_same_up_to_quotes(one, wanted, artefacts));
  };
  if (is_same(text)) return true;
  const bool is_line_ended = text.empty() || text.ends_with(kCrlf);
  if (artefacts.may_change_last_line_end) {
    if (!is_line_ended && is_same(text + "\r\n")) return true;
    // The program that wrote it may end lines with LF where those of the message are kept.
    const std::string_view line_end = text.ends_with(kCrlf) ? kCrlf : "\n";
    if (text.ends_with(line_end) && !wanted.ends_with(line_end) &&
        is_same(std::string_view(text).substr(0, text.size() - line_end.size())))
      return true;
  }
  return artefacts.may_drop_last_empty_line && is_line_ended && is_same(text + "\r\n");
}

bool may_be_same_message(std::string_view stored, std::string_view sent, const StorageArtefacts& artefacts) {
  if (may_be_same(stored, sent, artefacts)) return true;
  if (!artefacts.may_add_delivery_fields) return false;
  // One after the other: what was sent may begin with such a field itself.
  while (!(stored = without_delivery_field(stored)).empty())
    if (may_be_same(stored, sent, artefacts)) return true;
  return false;
}

std::vector<std::string> readings_of(std::string_view stored, const StorageArtefacts& artefacts) {
  std::vector<std::string> readings;
  if (artefacts.may_quote_from) readings.push_back(unquoted(stored));
  if (readings.empty() || readings.front() != stored) readings.emplace_back(stored);
  return readings;
}

Presence presence_of(std::string_view stored, std::string_view wanted, const StorageArtefacts& artefacts) {
  const bool is_line_end_in_doubt = artefacts.line_ends != LineEnds::kept && has_bare_lf(wanted);
  const bool is_nul_in_doubt = artefacts.may_replace_nul && wanted.find('\0') != std::string_view::npos;
  bool is_possible = false;
  bool is_certain = true;
  for (const std::string& reading : readings_of(stored, artefacts)) {
    const bool has_it = reading.find(wanted) != std::string::npos;
    is_certain = is_certain && has_it;
    is_possible =
        is_possible || has_it || (is_line_end_in_doubt && reading.find(with_crlf(wanted, true)) != std::string::npos) ||
        (is_nul_in_doubt &&
         std::search(reading.begin(), reading.end(), wanted.begin(), wanted.end(), may_stand_for) != reading.end());
  }
  if (is_certain) return Presence::certain;
  return is_possible ? Presence::possible : Presence::absent;
}

}  // namespace smtpspec::engine
