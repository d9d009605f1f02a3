#include "harness/server/reply.h"

#include <algorithm>

#include "harness/wire/limits.h"

namespace smtpspec::server {

namespace {

std::string octets_of(const Reply& reply, bool has_enhanced) {
  const std::string code = std::to_string(reply.code);
  std::string octets;
  for (std::size_t i = 0; i < reply.lines.size(); ++i) {
    const std::size_t begin = octets.size();
    octets += code;
    octets += i + 1 < reply.lines.size() ? '-' : ' ';
    if (has_enhanced) (octets += reply.enhanced) += ' ';
    octets += reply.lines[i];
    octets.resize(std::min(octets.size(), begin + wire::kMaxReplyLineOctets - 2));
    octets += "\r\n";
  }
  return octets;
}

}  // namespace

std::string ReplyWriter::write(const Reply& meant, Verb verb, const DefectSet& defects) const {
  const auto has_enhanced = [&](const Reply& reply) { return enhanced_status_codes_ && !reply.enhanced.empty(); };
  if (defects.empty()) return octets_of(meant, has_enhanced(meant));
  const Reply reply = with_reply_defects(with_wrong_code(meant, verb, defects), verb, defects);
  return with_octet_defects(octets_of(reply, has_enhanced(reply)), verb, defects);
}

}  // namespace smtpspec::server
