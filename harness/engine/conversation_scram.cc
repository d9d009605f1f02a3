// What a client computes in SCRAM (RFC 5802 §3); what it sends is the scenario's business.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "harness/base/base64.h"
#include "harness/base/octets.h"
#include "harness/base/scram.h"
#include "harness/engine/conversation.h"

namespace smtpspec::engine {

using verdict::Cause;
using verdict::Verdict;

namespace {

// More would hold up the other conversations.
constexpr std::uint32_t kMaxIterations = 100'000;

// What stands behind "s=" in "r=…,s=…,i=…"; "" if there is no such attribute.
std::string_view attribute(std::string_view message, char name) {
  while (!message.empty()) {
    const std::string_view part = message.substr(0, message.find(','));
    if (part.size() > 2 && part[0] == name && part[1] == '=') return part.substr(2);
    message.remove_prefix(std::min(part.size() + 1, message.size()));
  }
  return {};
}

std::optional<base::DigestKind> digest_of(std::string_view mechanism) {
  if (base::equals_ignoring_case(mechanism, "SCRAM-SHA-1")) return base::DigestKind::sha1;
  if (base::equals_ignoring_case(mechanism, "SCRAM-SHA-256")) return base::DigestKind::sha256;
  return std::nullopt;
}

}  // namespace

void Conversation::play_scram(const scenario::Scram& scram) {
  const std::string mechanism = variables_.expand(scram.mechanism);
  const auto kind = digest_of(mechanism);
  if (!kind || !settings_.digests) return end(Verdict::error, Cause::none, "no mechanism " + mechanism + " here");
  const std::string first = variables_.expand(scram.first);
  const std::string challenge = variables_.expand(scram.challenge);
  const std::string last = variables_.expand(scram.last);

  const auto salt = base::from_base64(attribute(challenge, 's'));
  const std::string_view digits = attribute(challenge, 'i');
  std::uint32_t iterations = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), iterations);
  const bool is_number = parsed.ec == std::errc() && parsed.ptr == digits.data() + digits.size() && iterations > 0;
  if (!salt || salt->empty() || !is_number) {
    return end(Verdict::inconclusive, Cause::unknown, "the challenge has no salt or no iteration count");
  }
  if (iterations > kMaxIterations) {
    return end(Verdict::inconclusive, Cause::unknown,
               fmt::format("{} iterations are more than the {} that are computed here", iterations, kMaxIterations));
  }
  const base::ScramKeys keys =
      base::scram_keys(*settings_.digests, *kind, variables_.find("password").value_or(""), *salt, iterations);
  const std::string message = base::scram_auth_message(first, challenge, last);
  variables_.set("proof", base::base64(base::scram_proof(*settings_.digests, *kind, keys, message)));
  variables_.set("signature", base::base64(base::scram_signature(*settings_.digests, *kind, keys, message)));
}

}  // namespace smtpspec::engine
