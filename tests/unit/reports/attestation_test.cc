#include "reports/attestation.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/golden/fixture.h"

namespace smtpspec::reports {
namespace {

TEST(Attestation, EncodesForSigningAsDsseSays) {
  EXPECT_EQ(pre_authentication_encoding("hello world"), "DSSEv1 28 application/vnd.in-toto+json 11 hello world");
}

TEST(Attestation, StatementNamesSubjectsAndTests) {
  const std::vector<Subject> subjects{{"run.json", std::string(64, 'a')}, {"suite/a.smtp", std::string(64, 'b')}};
  const std::string statement = make_statement(golden::conforming_record(), subjects);
  const auto document = nlohmann::json::parse(statement);
  EXPECT_EQ(document["_type"], "https://in-toto.io/Statement/v1");
  EXPECT_EQ(document["predicate"]["result"], "PASSED");
  EXPECT_EQ(document["predicate"]["passedTests"].size(), 2U);
  EXPECT_EQ(document["subject"][0]["digest"]["sha256"], std::string(64, 'a'));
  EXPECT_EQ(read_subjects(statement), subjects);
}

TEST(Attestation, EnvelopeComesBackAsItWasAndInNoOtherForm) {
  const Envelope envelope{"{\"a\": 1}", "key", std::string("\0\xff sig", 6)};
  const std::string text = write_envelope(envelope);
  EXPECT_EQ(read_envelope(text), envelope);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string altered = text;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    const auto read = read_envelope(altered);
    EXPECT_FALSE(read && *read == envelope) << "octet " << i << " can be changed unseen: " << altered;
  }
  EXPECT_FALSE(read_envelope(text + " "));
  EXPECT_FALSE(read_envelope(text.substr(0, text.size() - 1)));
}

TEST(Attestation, WhatIsNoStatementIsRefused) {
  for (const char* text : {"", "[]", "{}", "{\"_type\": 1}",
                           "{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicateType\":"
                           "\"https://in-toto.io/attestation/test-result/v0.1\",\"subject\":[1]}"})
    EXPECT_FALSE(read_subjects(text)) << text;
}

}  // namespace
}  // namespace smtpspec::reports
