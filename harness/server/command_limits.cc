#include "harness/server/command_limits.h"

#include "harness/server/command_line_reader.h"
#include "harness/wire/limits.h"

namespace smtpspec::server {
namespace {

constexpr std::size_t kSizeOctets = 26;        // RFC 1870 §3
constexpr std::size_t kBodyOctets = 17;        // RFC 6152 §2
constexpr std::size_t kBinaryMimeOctets = 16;  // RFC 3030 §3
constexpr std::size_t kAuthOctets = 500;       // RFC 4954 §3
constexpr std::size_t kSmtpUtf8Octets = 10;    // RFC 6531 §3.1
constexpr std::size_t kDsnMailOctets = 524;    // RFC 3461 §5.4: 1036 in all, ENVID and RET fit
constexpr std::size_t kDsnRcptOctets = 560;    // ORCPT of 500, NOTIFY of 28 octets and their keywords

}  // namespace

std::size_t max_line_octets(Verb verb, const Config& config) {
  const Extensions& on = config.extensions;
  if (config.defects.has(Defect::command_line_limited_to_300_octets)) return 300;
  std::size_t limit = wire::kMaxCommandLineOctets;
  if (config.defects.has(Defect::extensions_do_not_raise_line_limit)) return limit;
  if (verb == Verb::auth) return kMaxLineOctets;
  if (verb == Verb::mail) {
    if (on.size) limit += kSizeOctets;
    if (on.eight_bit_mime) limit += kBodyOctets;
    if (on.binary_mime) limit += kBinaryMimeOctets;
    if (on.auth) limit += kAuthOctets;
    if (on.smtp_utf8) limit += kSmtpUtf8Octets;
    if (on.dsn) limit += kDsnMailOctets;
  }
  if (verb == Verb::rcpt && on.dsn) limit += kDsnRcptOctets;
  return limit;
}

}  // namespace smtpspec::server
