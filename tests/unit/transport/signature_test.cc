#include "harness/transport/signature.h"

#include <gtest/gtest.h>

namespace smtpspec::transport {
namespace {

// RFC 8410 §10.3 and §10.1: a private key and its public part.
constexpr std::string_view kPrivate =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
    "-----END PRIVATE KEY-----\n";
constexpr std::string_view kPublic =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
    "-----END PUBLIC KEY-----\n";

TEST(Signature, IsVerifiedByTheKeyAndOverTheOctets) {
  const std::string octets("a\0b", 3);
  const auto made = sign_ed25519(kPrivate, octets);
  ASSERT_TRUE(made) << made.error();
  EXPECT_EQ(made->octets.size(), 64U);
  EXPECT_TRUE(verify_ed25519(kPublic, octets, made->octets).value());
  EXPECT_FALSE(verify_ed25519(kPublic, std::string("a\0c", 3), made->octets).value());
  EXPECT_FALSE(verify_ed25519(kPublic, octets, "").value());
  std::string altered = made->octets;
  altered[63] = static_cast<char>(altered[63] ^ 1);
  EXPECT_FALSE(verify_ed25519(kPublic, octets, altered).value());
}

TEST(Signature, NamesTheKeyByItsPublicPart) {
  const auto id = key_id(kPublic);
  ASSERT_TRUE(id);
  EXPECT_EQ(sign_ed25519(kPrivate, "")->key_id, *id);
  EXPECT_EQ(id->size(), 64U);
}

TEST(Signature, WhatIsNoSuchKeyIsRefused) {
  EXPECT_EQ(sign_ed25519(kPublic, "").error(), "it is no unencrypted private key in PEM");
  EXPECT_EQ(verify_ed25519(kPrivate, "", "").error(), "it is no unencrypted public key in PEM");
  EXPECT_EQ(key_id("").error(), "it is no unencrypted public key in PEM");
}

}  // namespace
}  // namespace smtpspec::transport
