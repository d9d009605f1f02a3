#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/base64.h"
#include "harness/base/quick_digests.h"
#include "harness/base/scram.h"
#include "tests/unit/engine/fake_world.h"

namespace smtpspec::engine {
namespace {

using testing::HasSubstr;
using verdict::Verdict;

constexpr const char* kExchange = R"(scenario t "…"
  checks RFC1-1-01
  connect
  S: 220
  C: EHLO {client}
  S: 250
  C| "AUTH SCRAM-SHA-1 " b64("n,,n={user},r=a") "\r\n"
  S: 334 base64 /^(?<challenge>r=(?<nonce>[^,]+),.+)$/
  scram "SCRAM-SHA-1" first "n={user},r=a" challenge "{challenge}" last "c=biws,r={nonce}"
  C| b64("c=biws,r={nonce},p={proof}") "\r\n"
  S: 334 base64 "v={signature}" [RFC1-1-01]
)";

struct Sums {
  std::string proof;
  std::string signature;
};

Sums sums_for(const std::string& challenge) {
  const auto& digests = base::quick_digests();
  constexpr auto kKind = base::DigestKind::sha1;
  const auto keys = base::scram_keys(digests, kKind, "secret", "salt", 4096);
  const std::string message = base::scram_auth_message("n=alice,r=a", challenge, "c=biws,r=ab");
  return {base::base64(base::scram_proof(digests, kKind, keys, message)),
          base::base64(base::scram_signature(digests, kKind, keys, message))};
}

FakeServer server_with(const std::string& challenge, const std::string& signature) {
  FakeServer server;
  server.answer = [challenge, signature](const std::string& line) {
    if (line.starts_with("AUTH ")) return "334 " + base::base64(challenge) + "\r\n";
    if (line.starts_with("EHLO") || line == "QUIT") return plain_answer(line);
    return "334 " + base::base64("v=" + signature) + "\r\n";
  };
  return server;
}

TEST(Scram, GivesTheProofAndKnowsTheSignature) {
  const std::string challenge = "r=ab,s=" + base::base64("salt") + ",i=4096";
  const Sums sums = sums_for(challenge);
  const Played played = play(kExchange, server_with(challenge, sums.signature));
  EXPECT_EQ(played.result.verdict, Verdict::pass) << played.result.reason;
  EXPECT_THAT(played.sent, HasSubstr(base::base64("c=biws,r=ab,p=" + sums.proof) + "\r\n"));
  EXPECT_EQ(play(kExchange, server_with(challenge, sums.proof)).result.verdict, Verdict::fail);
}

TEST(Scram, IsInconclusiveWhereTheChallengeCannotBeComputedWith) {
  for (const char* attributes : {"s=c2FsdA==", "i=4096", "s=c2FsdA==,i=0", "s=c2FsdA==,i=many", "s=,i=4096", "s=*,i=1",
                                 "s=c2FsdA==,i=4294967296", "s=c2FsdA==,i=100001"}) {
    const Played played = play(kExchange, server_with("r=ab," + std::string(attributes), ""));
    EXPECT_EQ(played.result.verdict, Verdict::inconclusive) << attributes << ": " << played.result.reason;
  }
}

TEST(Scram, TheProofIsNotShown) {
  const std::string challenge = "r=ab,s=" + base::base64("salt") + ",i=4096";
  const Sums sums = sums_for(challenge);
  const Played played = play(kExchange, server_with(challenge, sums.signature));
  for (const auto& entry : played.result.wire) {
    EXPECT_EQ(entry.octets.find(base::base64("c=biws,r=ab,p=" + sums.proof)), std::string::npos);
  }
}

}  // namespace
}  // namespace smtpspec::engine
