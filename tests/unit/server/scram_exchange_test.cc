#include <gtest/gtest.h>

#include "harness/base/quick_digests.h"
#include "tests/unit/server/fake_environment.h"
#include "tests/unit/server/scram_client.h"

namespace smtpspec::server {
namespace {

const std::string kWelcome = "235 2.7.0 Authentication successful\r\n";
const std::string kGoAway = "535 5.7.8 Authentication credentials invalid\r\n";
const std::string kWhat = "501 5.5.2 Cannot decode the response\r\n";

Config with_scram() {
  Config config = with_users();
  config.extensions.sasl_challenges = true;
  return config;
}

std::string challenge(const std::string& octets) { return "334 " + to_base64(octets) + "\r\n"; }

// What the server says to the messages of an exchange, each in base64 on a line of its own.
std::string say(const std::vector<std::string>& messages, const std::string& mechanism = "SCRAM-SHA-256") {
  std::string octets = "AUTH " + mechanism + " " + to_base64(messages.at(0)) + "\r\n";
  for (std::size_t i = 1; i < messages.size(); ++i) octets += to_base64(messages[i]) + "\r\n";
  return after_ehlo(octets, with_scram());
}

TEST(ScramExchange, IsOfferedWithAuth) {
  EXPECT_NE(converse(with_scram(), {"EHLO c.example\r\n"})
                .octets.find("AUTH PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256\r\n"),
            std::string::npos);
  EXPECT_EQ(after_ehlo("AUTH SCRAM-SHA-1\r\n", with_users()), "504 5.5.4 Unrecognized authentication type\r\n");
}

TEST(ScramExchange, ProvesThePasswordAndTheServer) {
  const ScramClient client;
  const std::string told = challenge(client.challenge()) + challenge("v=" + client.signature()) + kWelcome;
  EXPECT_EQ(say({"n,," + client.first, client.last(), ""}), told);
  EXPECT_EQ(after_ehlo("AUTH SCRAM-SHA-256\r\n" + to_base64("n,," + client.first) + "\r\n" + to_base64(client.last()) +
                           "\r\n\r\n",
                       with_scram()),
            "334 \r\n" + told);
  ScramClient sha_1;
  sha_1.kind = base::DigestKind::sha1;
  EXPECT_EQ(say({"n,," + sha_1.first, sha_1.last(), ""}, "scram-sha-1"),
            challenge(sha_1.challenge()) + challenge("v=" + sha_1.signature()) + kWelcome);
}

TEST(ScramExchange, RefusesAnotherPasswordNonceAndChannelBinding) {
  const ScramClient client;
  const std::string told = challenge(client.challenge());
  ScramClient stranger;
  stranger.password = "tanstaaf";
  EXPECT_EQ(say({"n,," + client.first, stranger.last()}), told + kGoAway);
  EXPECT_EQ(say({"n,," + client.first, client.last("c=biws,r=clientid2")}), told + kGoAway);
  EXPECT_EQ(say({"n,," + client.first, client.last("c=eSws,r=clientid1")}), told + kGoAway);
  EXPECT_EQ(say({"n,," + client.first, "c=biws,r=clientid1"}), told + kWhat);
}

TEST(ScramExchange, RefusesWhatItMustNotGoOnWith) {
  EXPECT_EQ(say({"p=tls-unique,,n=tim,r=client"}), kGoAway);
  EXPECT_EQ(say({"n,,m=x,n=tim,r=client"}), kGoAway);
  EXPECT_EQ(say({"n,a=bob,n=tim,r=client"}), kGoAway);
  for (const char* message : {"n,,", "x,,n=tim,r=client", "n,,n=t=41,r=client", "n,,n=tim,r=", "n,,r=client,n=tim",
                              "n,b=tim,n=tim,r=client", "n,,n=tim,r=cli ent"}) {
    EXPECT_EQ(say({message}), kWhat) << message;
  }
}

TEST(ScramExchange, PassesOverUnknownAttributes) {
  ScramClient client;
  client.first = "n=tim,r=client,x=1";
  const std::string last = client.last("c=biws,r=clientid1,y=2");
  EXPECT_TRUE(say({"y,," + client.first, last}).ends_with(kGoAway)) << "the flag was n in c=";
  EXPECT_TRUE(say({"n,," + client.first, last, ""}).ends_with(kWelcome));
}

TEST(ScramExchange, AnswersAnUnknownUserLikeAKnownOne) {
  const std::string first = say({"n,,n=nobody,r=a"});
  EXPECT_TRUE(first.starts_with("334 ")) << first;
  EXPECT_EQ(first, say({"n,,n=nobody,r=a"}));
}

TEST(CramMd5Exchange, TakesTheDigestOfItsChallenge) {
  const std::string id = "<id1@mail.example.org>";
  const auto with_digest = [&](const std::string& name, const std::string& digits) {
    return after_ehlo("AUTH CRAM-MD5\r\n" + to_base64(name + " " + digits) + "\r\n", with_scram());
  };
  std::string digits;
  for (const char c : base::quick_digests().hmac(base::DigestKind::md5, "tanstaaftanstaaf", id)) {
    constexpr const char* kDigits = "0123456789abcdef";
    digits += kDigits[static_cast<unsigned char>(c) >> 4U];
    digits += kDigits[static_cast<unsigned char>(c) & 0x0fU];
  }
  EXPECT_EQ(with_digest("tim", digits), challenge(id) + kWelcome);
  EXPECT_EQ(with_digest("tom", digits), challenge(id) + kGoAway);
  EXPECT_EQ(with_digest("tim", std::string(32, '0')), challenge(id) + kGoAway);
  EXPECT_EQ(with_digest("tim", digits.substr(2)), challenge(id) + kWhat);
  EXPECT_EQ(after_ehlo("AUTH CRAM-MD5 dGVzdA==\r\n", with_scram()), kWhat);
}

TEST(OauthBearerExchange, TellsTheRefusalAndRefusesThen) {
  SessionInfo inside;
  inside.is_tls = true;
  const auto said = [&](const std::string& message, const std::string& then) {
    return converse(with_scram(), {"EHLO c.example\r\n", "AUTH OAUTHBEARER " + to_base64(message) + "\r\n" + then},
                    inside)
        .octets;
  };
  const std::string good =
      "n,a=tim,\x01"
      "host=mail.example.org\x01"
      "auth=Bearer x\x01\x01";
  const std::string told = challenge(R"({"status":"invalid_token","scope":"mail"})");
  EXPECT_TRUE(said(good, "AQ==\r\n").ends_with(told + kGoAway));
  EXPECT_TRUE(said(good, "*\r\n").ends_with(told + "501 5.7.0 Authentication cancelled\r\n"));
  for (const char* message : {"n,,", "n,,\x01\x01", "auth=Bearer x\x01\x01",
                              "n,,\x01"
                              "auth=Bearer x"}) {
    EXPECT_TRUE(said(message, "").ends_with(kWhat)) << message;
  }
  EXPECT_EQ(after_ehlo("AUTH OAUTHBEARER\r\n", with_scram()), "504 5.5.4 Unrecognized authentication type\r\n");
}

}  // namespace
}  // namespace smtpspec::server
