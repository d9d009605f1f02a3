#include "harness/server/command_limits.h"

#include <algorithm>
#include <string>

#include "harness/base/octets.h"
#include "harness/server/command_line_reader.h"
#include "harness/wire/limits.h"

namespace smtpspec::server {
namespace {

constexpr std::size_t kSizeOctets = 26;        // RFC 1870 §3
constexpr std::size_t kBodyOctets = 17;        // RFC 6152 §2
constexpr std::size_t kBinaryMimeOctets = 16;  // RFC 3030 §3
constexpr std::size_t kAuthOctets = 500;       // RFC 4954 §3
constexpr std::size_t kSmtpUtf8Octets = 10;    // RFC 6531 §3.1
constexpr std::size_t kDeliverByOctets = 17;   // RFC 2852 §2
constexpr std::size_t kPriorityOctets = 15;    // RFC 6710 §3
constexpr std::size_t kRequireTlsOctets = 11;  // RFC 8689 §2
constexpr std::size_t kSolicitOctets = 1007;   // RFC 3865 §4.1
constexpr std::size_t kValidSinceOctets = 33;  // RFC 7293 §3.1
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
    if (on.deliver_by) limit += kDeliverByOctets;
    if (on.mt_priority) limit += kPriorityOctets;
    if (on.require_tls) limit += kRequireTlsOctets;
    if (on.no_soliciting) limit += kSolicitOctets;
  }
  if (verb == Verb::rcpt && on.dsn) limit += kDsnRcptOctets;
  if (verb == Verb::rcpt && on.rrvs) limit += kValidSinceOctets;
  return limit;
}

std::size_t defective_line_limit(std::string_view line, Verb verb, std::size_t limit, const DefectSet& defects) {
  constexpr std::size_t kMostOfMail = 700;
  if (defects.empty()) return limit;
  const std::string upper = base::to_upper(line);
  const auto is_short = [&](Defect defect, const char* parameter) {
    return verb == Verb::mail && defects.has(defect) && upper.find(parameter) != std::string::npos;
  };
  if (is_short(Defect::line_with_size_limited_to_512_octets, " SIZE=") ||
      is_short(Defect::line_with_auth_limited_to_512_octets, " AUTH=")) {
    return wire::kMaxCommandLineOctets;
  }
  if (verb == Verb::mail && defects.has(Defect::mail_line_limited_to_700_octets)) return std::min(limit, kMostOfMail);
  return limit;
}

}  // namespace smtpspec::server
