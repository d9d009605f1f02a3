#include "harness/server/reply.h"

#include "harness/wire/limits.h"

namespace smtpspec::server {

std::string ReplyWriter::write(const Reply& meant, Verb verb) const {
  const Reply reply =
      defects_.empty() ? meant : with_reply_defects(with_wrong_code(meant, verb, defects_), verb, defects_);
  std::string octets;
  for (std::size_t i = 0; i < reply.lines.size(); ++i) {
    std::string line = std::to_string(reply.code);
    line += i + 1 < reply.lines.size() ? '-' : ' ';
    if (enhanced_status_codes_ && !reply.enhanced.empty()) line += reply.enhanced + ' ';
    line += reply.lines[i];
    if (line.size() > wire::kMaxReplyLineOctets - 2) line.resize(wire::kMaxReplyLineOctets - 2);
    octets += line + "\r\n";
  }
  return defects_.empty() ? octets : with_octet_defects(std::move(octets), verb, defects_);
}

}  // namespace smtpspec::server
