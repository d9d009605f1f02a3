#include "harness/wire/reply.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include "harness/base/octets.h"
#include "harness/base/printable.h"

namespace smtpspec::wire {
namespace {

constexpr std::size_t kCodeOctets = 3;
constexpr std::size_t kLinesOfEhlo = 24;           // which is what a reply of many lines mostly answers
constexpr std::size_t kCompactOctets = 16 * 1024;  // used-up octets that the buffer may carry along

bool has_code(std::string_view line) {
  return line.size() >= kCodeOctets && base::is_digit(line[0]) && base::is_digit(line[1]) && base::is_digit(line[2]);
}

}  // namespace

std::string_view to_string(ReplyDeviation deviation) {
  switch (deviation) {
    case ReplyDeviation::bare_lf:
      return "bare LF";
    case ReplyDeviation::bare_cr:
      return "bare CR";
    case ReplyDeviation::code_changes:
      return "code changes within the reply";
    case ReplyDeviation::missing_separator:
      return "no space or hyphen after the code";
    case ReplyDeviation::missing_text_space:
      return "bare code without a space";
    case ReplyDeviation::non_digit_code:
      return "no three-digit code";
    case ReplyDeviation::code_out_of_range:
      return "code out of range";
    case ReplyDeviation::line_too_long:
      return "line too long";
    case ReplyDeviation::reply_too_long:
      return "reply too long";
    case ReplyDeviation::nul_octet:
      return "NUL in the text";
    case ReplyDeviation::control_octet:
      return "control octet in the text";
    case ReplyDeviation::eight_bit:
      return "octet above 127 in the text";
    case ReplyDeviation::enhanced_class_disagrees:
      return "enhanced status class disagrees with the code";
    case ReplyDeviation::enhanced_on_intermediate:
      return "enhanced status on a 3yz reply";
  }
  return "?";
}

std::string Reply::text() const {
  std::string out;
  for (const auto& line : lines) {
    if (&line != &lines.front()) out += '\n';
    out += text_of(line);
  }
  return out;
}

std::optional<EnhancedStatus> Reply::enhanced() const {
  return lines.empty() ? std::nullopt : parse_enhanced_status(text_of(lines.front()));
}

bool Reply::has(ReplyDeviation kind) const {
  return std::any_of(deviations.begin(), deviations.end(), [&](const auto& it) { return it.kind == kind; });
}

std::optional<Reply> ReplyParser::next() {
  Reply reply;
  if (!next(reply)) return std::nullopt;
  return reply;
}

bool ReplyParser::next(Reply& reply) {
  if (!skip()) return false;
  while (true) {
    // The next line ends in an LF inside the window, or is cut at the window's end.
    const std::size_t window = std::min(kMaxBufferedLineOctets, kMaxReplyOctets - (line_ - begin_));
    const std::size_t available = buffer_.size() - line_;
    const std::size_t limit = line_ + std::min(window, available);
    const void* lf = limit == scanned_ ? nullptr : std::memchr(buffer_.data() + scanned_, '\n', limit - scanned_);
    if (!lf && available < window) {
      scanned_ = limit;
      return false;
    }
    const std::size_t line_end =
        lf ? static_cast<std::size_t>(static_cast<const char*>(lf) - buffer_.data()) + 1 : limit;
    take_line(line_end, !lf);
    line_ = scanned_ = line_end;
    if (!lf) {
      skip_ = is_continued() ? Skip::line_and_reply : Skip::line;
      break;
    }
    if (!is_continued()) break;
    if (reply_.lines.size() == kMaxReplyLines || line_ - begin_ == kMaxReplyOctets) {
      note(ReplyDeviation::reply_too_long, line_end);
      skip_ = Skip::reply;
      break;
    }
  }
  finish(reply);
  return true;
}

// Drops what belongs to a reply that was cut. True when there is nothing (more) to drop.
bool ReplyParser::skip() {
  while (skip_ != Skip::nothing) {
    const std::size_t lf = buffer_.find('\n', begin_);
    const std::size_t end = std::min(lf, buffer_.size());
    const std::size_t wanted = kCodeOctets + 1 - skipped_head_.size();
    skipped_head_.append(buffer_, begin_, std::min(wanted, end - begin_));
    begin_ = lf == std::string::npos ? end : end + 1;
    line_ = scanned_ = begin_;
    if (lf == std::string::npos) {
      forget_before_begin();
      return false;
    }
    const bool is_last = has_code(skipped_head_) && !skipped_head_.ends_with('-');
    skip_ = skip_ == Skip::line || (skip_ == Skip::reply && is_last) ? Skip::nothing : Skip::reply;
    skipped_head_.clear();
  }
  return true;
}

// Adds the line from line_ to line_end, its LF included unless it is cut.
void ReplyParser::take_line(std::size_t line_end, bool is_cut) {
  const bool has_cr = !is_cut && line_end - line_ >= 2 && buffer_[line_end - 2] == '\r';
  // A CR where a line was cut is no bare CR: its LF may have been dropped.
  const bool is_cut_at_cr = is_cut && buffer_[line_end - 1] == '\r';
  const std::size_t text_end = line_end - (is_cut ? is_cut_at_cr : has_cr ? 2 : 1);
  const std::string_view whole = std::string_view(buffer_).substr(line_, text_end - line_);
  if (reply_.lines.size() == 1) reply_.lines.reserve(kLinesOfEhlo);
  ReplyLine& line = reply_.lines.emplace_back();
  std::size_t text_begin = line_;
  if (has_code(whole)) {
    line.code = (whole[0] - '0') * 100 + (whole[1] - '0') * 10 + (whole[2] - '0');
    reply_.code = line.code;
    text_begin += kCodeOctets;
    if (text_begin < text_end && (buffer_[text_begin] == ' ' || buffer_[text_begin] == '-'))
      line.separator = buffer_[text_begin++];
  }
  line.text_begin = text_begin - begin_;
  line.text_octets = text_end - text_begin;
  lint_line(std::string_view(buffer_).substr(text_begin, line.text_octets), text_begin);
  if (!is_cut && !has_cr) note(ReplyDeviation::bare_lf, line_end - 1);
  if (line_end - line_ > kMaxReplyLineOctets) note(ReplyDeviation::line_too_long, line_ + kMaxReplyLineOctets);
  if (is_cut) note(ReplyDeviation::reply_too_long, line_end);
}

void ReplyParser::lint_line(std::string_view text, std::size_t text_begin) {
  const ReplyLine& line = reply_.lines.back();
  if (line.code < 0) {
    note(ReplyDeviation::non_digit_code, line_);
  } else {
    if (line.code < 200 || line.code > 559 || line.code / 10 % 10 > 5) note(ReplyDeviation::code_out_of_range, line_);
    if (line.code != reply_.lines.front().code) note(ReplyDeviation::code_changes, line_);
    if (line.separator == '\0')
      note(text.empty() ? ReplyDeviation::missing_text_space : ReplyDeviation::missing_separator, text_begin);
  }
  if (text.empty()) return;
  // HT is allowed but rare: it too leads to the slow look.
  if (!base::is_printable(text)) lint_text(text_begin, text_begin + text.size());
  if (line.code < 200 || !base::is_digit(text.front())) return;
  const auto enhanced = parse_enhanced_status(text);
  if (!enhanced || enhanced->status_class == line.code / 100) return;
  note(line.code / 100 == 3 ? ReplyDeviation::enhanced_on_intermediate : ReplyDeviation::enhanced_class_disagrees,
       text_begin);
}

// The text has an octet that is no printable ASCII: which, and where first?
void ReplyParser::lint_text(std::size_t begin, std::size_t end) {
  std::size_t cr = end, nul = end, control = end, high = end;
  for (std::size_t i = end; i-- > begin;) {
    const auto octet = static_cast<std::uint8_t>(buffer_[i]);
    if (octet == '\r') cr = i;
    else if (octet == 0) nul = i;
    else if (octet >= 0x80) high = i;
    else if ((octet < 0x20 && octet != '\t') || octet == 0x7f) control = i;
  }
  if (cr != end) note(ReplyDeviation::bare_cr, cr);
  if (nul != end) note(ReplyDeviation::nul_octet, nul);
  if (control != end) note(ReplyDeviation::control_octet, control);
  if (high != end) note(ReplyDeviation::eight_bit, high);
}

// Does the line that was read last promise another?
bool ReplyParser::is_continued() const {
  const ReplyLine& line = reply_.lines.back();
  return line.code >= 0 ? line.separator == '-' : reply_.lines.size() > 1;
}

void ReplyParser::note(ReplyDeviation kind, std::size_t at) {
  reply_.deviations.push_back({kind, reply_.lines.size() - 1, at - begin_});
}

void ReplyParser::finish(Reply& reply) {
  reply.raw.assign(buffer_, begin_, line_ - begin_);
  reply.code = std::exchange(reply_.code, -1);
  reply.lines.swap(reply_.lines);
  reply.deviations.swap(reply_.deviations);
  reply_.lines.clear();
  reply_.deviations.clear();
  begin_ = line_;
  forget_before_begin();
}

void ReplyParser::forget_before_begin() {
  if (begin_ < buffer_.size() && (begin_ < kCompactOctets || begin_ < buffer_.size() / 2)) return;
  buffer_.erase(0, begin_);
  line_ -= begin_;
  scanned_ -= begin_;
  begin_ = 0;
}

std::string ReplyParser::take_pending() {
  std::string rest(pending());
  reset();
  return rest;
}

void ReplyParser::reset() { *this = ReplyParser(); }

}  // namespace smtpspec::wire
