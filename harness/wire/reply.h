// Replies as the server sent them (RFC 5321 §4.2). The parser rejects nothing: whatever octets come, it cuts them into
// replies of bounded size, each with its raw octets and a list of what is wrong with its form. Strictness is the
// judge's.
//
// Line ends: CRLF ends a line. So does a bare LF, as a deviation, that a server with wrong line ends can still be
// judged. A CR that no LF follows is a deviation and part of the text.
// End of a reply: the first line that has no '-' behind its code. Two rulings for broken replies: a line whose code is
// another one still continues or ends the reply (deviation code_changes), and inside a reply that has begun a line
// without a code continues it, for the server has promised a last line.
// Limits: see kMax... below. What is beyond them is dropped up to the end of the reply that was cut, so the next reply
// is read from its own first octet.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/wire/enhanced_status.h"
#include "harness/wire/limits.h"

namespace smtpspec::wire {

inline constexpr std::size_t kMaxBufferedLineOctets = 64 * 1024;  // a longer reply line is cut here
inline constexpr std::size_t kMaxReplyOctets = 256 * 1024;        // Reply::raw is never longer
inline constexpr std::size_t kMaxReplyLines = 1000;               // Reply::lines is never longer

enum class ReplyDeviation {
  bare_lf,             // a line ends in LF without CR (RFC 5321 §2.3.8)
  bare_cr,             // a CR that no LF follows: no octet of a text (RFC 5321 §4.2)
  code_changes,        // not the code of the first line (RFC 5321 §4.2.1)
  missing_separator,   // something other than SP, '-' or the line's end behind the code (RFC 5321 §4.2)
  missing_text_space,  // a bare code, "250" CRLF (RFC 5321 §4.2.1: SHOULD send the SP)
  non_digit_code,      // the line does not begin with three digits
  code_out_of_range,   // not 2-5, 0-5, 0-9 (RFC 5321 §4.2, Reply-code)
  line_too_long,       // over kMaxReplyLineOctets
  reply_too_long,      // over one of this parser's own limits, and cut there
  nul_octet,           // in the text (RFC 5321 §4.2, textstring), as are the next two
  control_octet,       // neither NUL, HT, CR nor LF
  eight_bit,
  enhanced_class_disagrees,  // "550 2.0.0 ..." (RFC 2034 §4)
  enhanced_on_intermediate,  // "354 2.0.0 ..." (RFC 2034 §4)
};
std::string_view to_string(ReplyDeviation deviation);

struct Deviation {
  ReplyDeviation kind{};
  std::size_t line = 0;    // into Reply::lines
  std::size_t offset = 0;  // into Reply::raw, of the octet that is wrong or where one is missing
  bool operator==(const Deviation&) const = default;
};

struct ReplyLine {
  int code = -1;          // 0 to 999; -1: the line does not begin with three digits
  char separator = '\0';  // ' ', '-', or '\0' for none
  // The text, in Reply::raw: behind the separator, without the line end; all of the line where there is no code.
  std::size_t text_begin = 0;
  std::size_t text_octets = 0;
  bool operator==(const ReplyLine&) const = default;
};

struct Reply {
  std::string raw;                    // every octet, line ends included
  int code = -1;                      // of the last line that has one: what a sender acts on. -1: none has
  std::vector<ReplyLine> lines;       // at least one
  std::vector<Deviation> deviations;  // by line; at most one of a kind for each line

  std::string_view text_of(const ReplyLine& line) const {
    return std::string_view(raw).substr(line.text_begin, line.text_octets);
  }
  // The texts of all lines, joined by "\n".
  std::string text() const;
  bool is_multiline() const { return lines.size() > 1; }
  // 2 for 250; 0 where there is no code (and for the codes below 100).
  int first_digit() const { return code < 0 ? 0 : code / 100; }
  // Of the first line.
  std::optional<EnhancedStatus> enhanced() const;
  bool has(ReplyDeviation kind) const;
  bool operator==(const Reply&) const = default;
};

// Call next() until it has nothing more after each feed(). The replies do not depend on how the octets were split.
class ReplyParser {
 public:
  void feed(std::string_view octets) { buffer_.append(octets); }
  // The next whole reply.
  std::optional<Reply> next();
  // The same into a reply whose memory is used again; false: there is none, and `reply` is as it was.
  bool next(Reply& reply);
  // Octets fed and not yet part of a reply that next() gave. Valid until the next call of a non-const member.
  std::string_view pending() const { return std::string_view(buffer_).substr(begin_); }
  // A reply has begun and not ended. Only meaningful after next() has had nothing more.
  bool has_partial_reply() const { return begin_ < buffer_.size() || skip_ != Skip::nothing; }
  // Gives pending() away and starts anew: for octets that belong to another layer, as those in clear before TLS.
  std::string take_pending();
  void reset();

 private:
  // What is dropped after a cut: the rest of the line, of the line and then of the reply, or of the reply.
  enum class Skip { nothing, line, line_and_reply, reply };

  bool skip();
  void take_line(std::size_t line_end, bool is_cut);
  void lint_line(std::string_view text, std::size_t text_begin);
  void lint_text(std::size_t begin, std::size_t end);
  bool is_continued() const;
  void note(ReplyDeviation kind, std::size_t at);
  void finish(Reply& reply);
  void forget_before_begin();

  std::string buffer_;
  std::size_t begin_ = 0;    // of the reply being read, into buffer_
  std::size_t line_ = 0;     // of the line being read
  std::size_t scanned_ = 0;  // no LF between line_ and here
  Reply reply_;              // its code, lines and deviations so far
  Skip skip_ = Skip::nothing;
  std::string skipped_head_;  // up to four octets of the line being dropped: enough to know if it ends the reply
};

}  // namespace smtpspec::wire
