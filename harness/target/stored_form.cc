#include "harness/target/stored_form.h"

#include <cstddef>
#include <string_view>

namespace smtpspec::target {

namespace {

using verdict::LineEnds;

struct LineEndCount {
  std::size_t crlf = 0;
  std::size_t lf = 0;  // bare
};

LineEndCount count_line_ends(std::string_view text) {
  LineEndCount count;
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
    ++(at > 0 && text[at - 1] == '\r' ? count.crlf : count.lf);
  return count;
}

// Where the empty line ends, or the text.
std::size_t end_of_header(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) break;
    if (end == at || (end == at + 1 && text[at] == '\r')) return end + 1;
    at = end + 1;
  }
  return text.size();
}

LineEnds line_ends_of(std::string_view text) {
  const std::size_t body = end_of_header(text);
  const LineEndCount in_header = count_line_ends(text.substr(0, body));
  const LineEndCount in_body = count_line_ends(text.substr(body));
  if (in_header.lf == 0 && (in_body.lf == 0 || in_body.crlf > 0)) return LineEnds::kept;
  if (in_header.crlf + in_body.crlf == 0) return LineEnds::lf;
  // A CR before LF in the body of a storage with LF was received before CRLF.
  return LineEnds::unknown;
}

std::string with_crlf(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 32);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n' && (at == 0 || text[at - 1] != '\r')) out += '\r';
    out += text[at];
  }
  return out;
}

}  // namespace

verdict::StoredMessage from_file(std::string octets) {
  verdict::StoredMessage message;
  message.artefacts.line_ends = line_ends_of(octets);
  message.artefacts.may_change_last_line_end = true;
  message.artefacts.may_add_delivery_fields = true;
  message.octets = message.artefacts.line_ends == LineEnds::kept ? std::move(octets) : with_crlf(octets);
  return message;
}

verdict::StoredMessage from_mail_server(std::string octets) {
  return {with_crlf(octets), {LineEnds::unknown, true, true, true, true}};
}

}  // namespace smtpspec::target
