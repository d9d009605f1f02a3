#include "tests/unit/scenario/loading.h"

namespace smtpspec::scenario {
namespace {

TEST(Checks, AnAdvertisement) {
  const auto check = only<CheckAdvertises>("  check advertises size /^[0-9]*$/ [RFC1870-3-01]\n");
  EXPECT_EQ(check.keyword, "SIZE");
  EXPECT_EQ(check.regex, "^[0-9]*$");
  EXPECT_FALSE(check.negated);
  EXPECT_EQ(check.bindings.size(), 1U);
  EXPECT_TRUE(only<CheckAdvertises>("  check not advertises STARTTLS\n").negated);
  only<CheckSameAdvertisement>("  check same advertisement\n");
}

TEST(Checks, TheRelationOfTwoReplies) {
  const auto check = only<CheckRelation>("  check known/unknown in 252/252 250/550|551 [RFC5321-3.5.3-01]\n");
  EXPECT_EQ(check.left, "known");
  EXPECT_EQ(check.right, "unknown");
  ASSERT_EQ(check.allowed.size(), 2U);
  EXPECT_TRUE(check.allowed[1].second.matches_code(551));
}

TEST(Checks, TheVersionOfTls) { EXPECT_EQ(only<CheckTlsVersion>("  check tls version >= 1.2\n").minimum, 12); }

TEST(Checks, TheCertificate) {
  using What = CheckTlsCertificate::What;
  EXPECT_EQ(only<CheckTlsCertificate>("  check tls certificate current\n").what, What::current);
  const auto named = only<CheckTlsCertificate>("  check tls certificate named [RFC7817-5-01]\n");
  EXPECT_EQ(named.what, What::named);
  EXPECT_EQ(named.bindings.size(), 1U);
}

TEST(Checks, Delivery) {
  const auto check = only<CheckDelivered>("  check delivered {recipients[2]} within 5s as m [RFC5321-4.2-01]\n");
  EXPECT_EQ(check.recipient, (Template{variable("recipients[2]")}));
  EXPECT_EQ(check.within, milliseconds(5000));
  EXPECT_EQ(check.known_as, "m");
  EXPECT_EQ(check.bindings.size(), 1U);
  EXPECT_EQ(only<CheckDelivered>("  check delivered count == 1\n").count, 1);
  EXPECT_TRUE(only<CheckDelivered>("  check not delivered\n").negated);
  EXPECT_EQ(only<CheckDelivered>("  check delivered\n").within, milliseconds(30'000));
}

TEST(Checks, AMessage) {
  auto check = only<CheckMessage>("  check m header \"Received\" count >= 2\n");
  EXPECT_EQ(check.message, "m");
  EXPECT_EQ(check.header, "Received");
  EXPECT_EQ(check.relation, CheckMessage::Relation::at_least);
  EXPECT_EQ(check.count, 2);
  check = only<CheckMessage>("  check m header \"Return-Path\" == \"<{sender}>\"\n");
  EXPECT_EQ(check.what, CheckMessage::What::header_matches);
  EXPECT_EQ(check.relation, CheckMessage::Relation::equal);
  check = only<CheckMessage>("  check m header \"Received\" /with ESMTP/\n");
  EXPECT_EQ(check.what, CheckMessage::What::header_matches);
  check = only<CheckMessage>("  check m body == \"a\\r\\n{token}\" [RFC5321-4.5.2-02]\n");
  EXPECT_EQ(check.relation, CheckMessage::Relation::equal);
  EXPECT_EQ(check.value, (Template{octets("a\r\n"), variable("token")}));
  check = only<CheckMessage>("  check m bytes lacks \"\\n.\\n\"\n");
  EXPECT_EQ(check.what, CheckMessage::What::bytes);
  EXPECT_EQ(check.relation, CheckMessage::Relation::lacks);
  EXPECT_EQ(only<CheckMessage>("  check m mail == \"<{sender}>\"\n").what, CheckMessage::What::mail);
  check = only<CheckMessage>("  check m rcpt lacks \"<@\"\n");
  EXPECT_EQ(check.what, CheckMessage::What::rcpt);
  EXPECT_EQ(check.relation, CheckMessage::Relation::lacks);
  EXPECT_EQ(only<CheckMessage>("  check m body has \"x\"\n").relation, CheckMessage::Relation::has);
  EXPECT_EQ(only<CheckMessage>("  check m body /x/\n").relation, CheckMessage::Relation::matches);
}

}  // namespace
}  // namespace smtpspec::scenario
