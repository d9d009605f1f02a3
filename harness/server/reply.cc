#include "harness/server/reply.h"

#include <algorithm>
#include <utility>

#include "harness/wire/limits.h"

namespace smtpspec::server {

namespace {

void append_octets(const Reply& reply, bool has_enhanced, std::string& octets) {
  if (octets.empty()) {
    constexpr std::size_t kCodeAndLineEnd = 6;
    std::size_t room = 0;
    for (const std::string& line : reply.lines)
      room += kCodeAndLineEnd + (has_enhanced ? reply.enhanced.size() + 1 : 0) + line.size();
    octets.reserve(room);
  }
  const std::string code = std::to_string(reply.code);
  for (std::size_t i = 0; i < reply.lines.size(); ++i) {
    const std::size_t begin = octets.size();
    octets += code;
    octets += i + 1 < reply.lines.size() ? '-' : ' ';
    if (has_enhanced) (octets += reply.enhanced) += ' ';
    octets += reply.lines[i];
    octets.resize(std::min(octets.size(), begin + wire::kMaxReplyLineOctets - 2));
    octets += "\r\n";
  }
}

}  // namespace

Reply one_line(int code, std::string_view enhanced, std::string line) {
  Reply reply{code, std::string(enhanced), {}};
  reply.lines.push_back(std::move(line));
  return reply;
}

void ReplyWriter::write(const Reply& meant, Verb verb, const DefectSet& defects, std::string& to) const {
  const auto has_enhanced = [&](const Reply& reply) { return enhanced_status_codes_ && !reply.enhanced.empty(); };
  if (defects.empty()) return append_octets(meant, has_enhanced(meant), to);
  const Reply reply = with_reply_defects(with_wrong_code(meant, verb, defects), verb, defects);
  std::string octets;
  append_octets(reply, has_enhanced(reply), octets);
  to += with_octet_defects(std::move(octets), verb, defects);
}

}  // namespace smtpspec::server
