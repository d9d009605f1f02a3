#include "harness/transport/keyed_digests.h"

#include <gtest/gtest.h>

#include "harness/base/scram.h"

namespace smtpspec::transport {
namespace {

using base::DigestKind;

std::string hex(std::string_view octets) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : octets) {
    out += kDigits[static_cast<unsigned char>(c) >> 4U];
    out += kDigits[static_cast<unsigned char>(c) & 0x0fU];
  }
  return out;
}

TEST(KeyedDigests, AreThoseOfTheStandards) {
  // RFC 3174 §7.3, FIPS 180-2 B.1.
  EXPECT_EQ(hex(keyed_digests().digest(DigestKind::sha1, "abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(hex(keyed_digests().digest(DigestKind::sha256, "abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  // RFC 2202 §3, test 2; RFC 6070 §2, test 2.
  EXPECT_EQ(hex(keyed_digests().hmac(DigestKind::sha1, "Jefe", "what do ya want for nothing?")),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(hex(keyed_digests().pbkdf2(DigestKind::sha1, "password", "salt", 2)),
            "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957");
}

struct Example {
  DigestKind kind;
  std::string nonce;
  std::string full_nonce;
  std::string salt;
  std::string salt_text;
  std::string proof;
  std::string signature;
};

// The examples of RFC 5802 §5 and RFC 7677 §3: the user's name is "user", the password "pencil".
const Example kExamples[] = {
    {DigestKind::sha1, "fyko+d2lbbFgONRv9qkxdawL", "fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j",
     "\x41\x25\xc2\x47\xe4\x3a\xb1\xe9\x3c\x6d\xff\x76", "QSXCR+Q6sek8bf92", "bf45fcbf7073d93d022466c94321745fe1c8e13b",
     "ae617da6a57c4bbb2e0286568dae1d251905b0a4"},
    {DigestKind::sha256, "rOprNGfwEbeRWgbNEkqO", "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
     "\x5b\x6d\x99\x68\x9d\x12\x35\x8e\xec\xa0\x4b\x14\x12\x36\xfa\x81",
     "W22ZaJ0SNY7soEsUEjb6gQ==", "747cdb65aa56224e2352137e52d7bdcad6a0f738df30782caa69a2cfb0277554",
     "eabae24d1062db75a9451ff0b6ea7e98c8546549ff741e672d3251b2397de46e"},
};

TEST(Scram, GivesTheProofsAndSignaturesOfTheExamples) {
  for (const Example& example : kExamples) {
    const auto keys = base::scram_keys(keyed_digests(), example.kind, "pencil", example.salt, 4096);
    const std::string message = base::scram_auth_message(
        "n=user,r=" + example.nonce, "r=" + example.full_nonce + ",s=" + example.salt_text + ",i=4096",
        "c=biws,r=" + example.full_nonce);
    const std::string proof = base::scram_proof(keyed_digests(), example.kind, keys, message);
    EXPECT_EQ(hex(proof), example.proof);
    EXPECT_EQ(hex(base::scram_signature(keyed_digests(), example.kind, keys, message)), example.signature);
    EXPECT_TRUE(base::is_scram_proof(keyed_digests(), example.kind, keys, message, proof));
    EXPECT_FALSE(base::is_scram_proof(keyed_digests(), example.kind, keys, message + "x", proof));
    EXPECT_FALSE(base::is_scram_proof(keyed_digests(), example.kind, keys, message, proof.substr(1)));
  }
}

}  // namespace
}  // namespace smtpspec::transport
