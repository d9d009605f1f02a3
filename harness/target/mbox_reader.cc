#include "harness/target/mbox_reader.h"

#include <algorithm>
#include <utility>

#include "harness/target/stored_form.h"

namespace smtpspec::target {

namespace {

constexpr std::string_view kFrom = "From ";

// Without the empty line at its end.
std::string without_divider(std::string message) {
  std::size_t end = message.size();
  if (!message.ends_with('\n')) return message;
  if (--end > 0 && message[end - 1] == '\r') --end;
  if (end == 0 || message[end - 1] == '\n') message.resize(end);
  return message;
}

}  // namespace

bool is_mbox(std::string_view text) { return text.starts_with(kFrom); }

void MboxReader::feed(std::string_view octets, MessageIndex& index) {
  while (!octets.empty()) {
    if (is_in_line_) {
      const std::size_t end = octets.find('\n');
      const std::string_view piece = octets.substr(0, end == std::string_view::npos ? octets.size() : end + 1);
      octets.remove_prefix(piece.size());
      is_in_line_ = !piece.ends_with('\n');
      if (!is_divider_) keep(piece);
      continue;
    }
    while (!octets.empty() && line_begin_.size() < kFrom.size() && !line_begin_.ends_with('\n')) {
      line_begin_ += octets.front();
      octets.remove_prefix(1);
    }
    if (line_begin_.size() == kFrom.size() || line_begin_.ends_with('\n')) begin_line(index);
  }
}

void MboxReader::begin_line(MessageIndex& index) {
  const std::string begin = std::exchange(line_begin_, {});
  is_in_line_ = !begin.ends_with('\n');
  is_divider_ = is_behind_empty_line_ && begin == kFrom;
  is_behind_empty_line_ = begin == "\n" || begin == "\r\n";
  if (is_divider_) {
    finish_message(index);
    is_in_message_ = true;
  } else {
    keep(begin);
  }
}

void MboxReader::finish(MessageIndex& index) {
  keep(std::exchange(line_begin_, {}));
  finish_message(index);
  is_in_line_ = false;
  is_behind_empty_line_ = true;
}

void MboxReader::keep(std::string_view octets) {
  if (!is_in_message_) return;
  if (!is_too_large_ && message_.size() + octets.size() > kMaxMessageOctets) {
    is_too_large_ = true;
    message_.resize(std::min(message_.size(), kProbedOctets));
    message_.shrink_to_fit();
  }
  if (!is_too_large_) message_ += octets;
}

void MboxReader::finish_message(MessageIndex& index) {
  const std::string message = std::exchange(message_, {});
  const bool is_too_large = std::exchange(is_too_large_, false);
  if (!std::exchange(is_in_message_, false)) return;
  if (is_too_large) return index.add_too_large(message);
  verdict::StoredMessage stored = from_file(without_divider(message));
  stored.artefacts.may_quote_from = true;
  stored.artefacts.may_drop_last_empty_line = true;
  index.add(std::move(stored));
}

}  // namespace smtpspec::target
