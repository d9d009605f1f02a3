#include "harness/server/reply.h"

#include <algorithm>
#include <array>
#include <utility>

#include "harness/wire/limits.h"

namespace smtpspec::server {

namespace {

constexpr std::string_view kLineEnd = "\r\n";

void append_line(std::string_view code, char separator, std::string_view enhanced, std::string_view text,
                 std::string& octets) {
  std::array<char, wire::kMaxReplyLineOctets> line;
  char* const end_of_room = line.data() + line.size() - kLineEnd.size();
  char* end = line.data();
  const auto put = [&](std::string_view part) {
    const std::size_t size = std::min(part.size(), static_cast<std::size_t>(end_of_room - end));
    end = std::copy_n(part.data(), size, end);
  };
  put(code);
  put({&separator, 1});
  if (!enhanced.empty()) {
    put(enhanced);
    put(" ");
  }
  put(text);
  end = std::copy(kLineEnd.begin(), kLineEnd.end(), end);
  octets.append(line.data(), end);
}

void append_octets(const Reply& reply, std::string_view enhanced, std::string& octets) {
  if (octets.empty()) {
    constexpr std::size_t kCodeAndLineEnd = 6;
    std::size_t room = 0;
    for (const std::string& line : reply.lines) room += kCodeAndLineEnd + enhanced.size() + 1 + line.size();
    octets.reserve(room);
  }
  const std::string code = std::to_string(reply.code);
  for (const std::string& line : reply.lines)
    append_line(code, &line == &reply.lines.back() ? ' ' : '-', enhanced, line, octets);
}

}  // namespace

Reply one_line(int code, std::string_view enhanced, std::string line) {
  Reply reply{code, std::string(enhanced), {}};
  reply.lines.push_back(std::move(line));
  return reply;
}

void ReplyWriter::write(const Reply& meant, Verb verb, const DefectSet& defects, std::string& to) const {
  const auto enhanced = [&](const Reply& reply) {
    return enhanced_status_codes_ ? std::string_view(reply.enhanced) : std::string_view();
  };
  if (defects.empty()) return append_octets(meant, enhanced(meant), to);
  const Reply reply = with_reply_defects(with_wrong_code(meant, verb, defects), verb, defects);
  std::string octets;
  append_octets(reply, enhanced(reply), octets);
  to += with_octet_defects(std::move(octets), verb, defects);
}

void ReplyWriter::write(int code, std::string_view enhanced, std::string_view line, std::string& to) const {
  append_line(std::to_string(code), ' ', enhanced_status_codes_ ? enhanced : std::string_view(), line, to);
}

}  // namespace smtpspec::server
