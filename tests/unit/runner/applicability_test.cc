#include "harness/runner/applicability.h"

#include <gtest/gtest.h>

#include "harness/wire/reply.h"

namespace smtpspec::runner {
namespace {

using verdict::Verdict;

wire::Capabilities advertisement(const std::string& lines) {
  wire::ReplyParser parser;
  parser.feed("250-mail.example.org\r\n" + lines);
  return wire::parse_ehlo(*parser.next());
}

scenario::Scenario needing(scenario::Need::Kind kind, std::string keyword = {}) {
  scenario::Scenario scenario;
  scenario::Need need;
  need.kind = kind;
  need.keyword = std::move(keyword);
  scenario.needs.push_back(std::move(need));
  return scenario;
}

Applicability decided(const scenario::Scenario& scenario, const Offer& offer, const std::string& mechanism = "PLAIN") {
  return decide({"a.scenario", &scenario, {{"mechanism", mechanism}}}, offer);
}

TEST(Applicability, AMechanismMayBeOfferedInClearOrWithinTls) {
  Offer offer;
  const auto any = needing(scenario::Need::Kind::sasl);
  const auto plain = needing(scenario::Need::Kind::sasl, "PLAIN");
  EXPECT_EQ(decided(any, offer).reason, "AUTH is not advertised");
  EXPECT_EQ(decided(plain, offer).verdict, Verdict::not_applicable);
  offer.advertised = advertisement("250 AUTH LOGIN\r\n");
  EXPECT_EQ(decided(any, offer).verdict, Verdict::none);
  EXPECT_EQ(decided(plain, offer).reason, "AUTH is not advertised with PLAIN");
  offer.advertised_in_tls = advertisement("250 AUTH LOGIN plain\r\n");
  EXPECT_EQ(decided(plain, offer).verdict, Verdict::none);
}

TEST(Applicability, AMechanismMayBeAValueOfEach) {
  Offer offer;
  offer.advertised = advertisement("250 AUTH LOGIN\r\n");
  const auto named = needing(scenario::Need::Kind::sasl, "{mechanism}");
  EXPECT_EQ(decided(named, offer, "LOGIN").verdict, Verdict::none);
  EXPECT_EQ(decided(named, offer, "CRAM-MD5").reason, "AUTH is not advertised with CRAM-MD5");
}

TEST(Applicability, WhatIsDeclaredAndNotOfferedIsPlayedAndTold) {
  Offer offer;
  offer.declared = {"SIZE", "DSN", "AUTH"};
  offer.advertised = advertisement("250-SIZE 1000\r\n250 STARTTLS\r\n");
  offer.advertised_in_tls = advertisement("250 AUTH PLAIN\r\n");
  EXPECT_EQ(decided(needing(scenario::Need::Kind::extension, "DSN"), offer).verdict, Verdict::none);
  EXPECT_EQ(declared_in_vain(offer), std::vector<std::string>{"DSN"});
}

TEST(Applicability, WhatIsOfferedWithinTlsAloneIsNotForAScenarioInClear) {
  Offer offer;
  offer.declared = {"AUTH"};
  offer.advertised = advertisement("250 STARTTLS\r\n");
  offer.advertised_in_tls = advertisement("250 AUTH PLAIN\r\n");
  const auto auth = needing(scenario::Need::Kind::extension, "AUTH");
  EXPECT_EQ(decided(auth, offer).reason, "AUTH is advertised within TLS alone");
  // Where every session begins by STARTTLS, so does that of the scenario.
  offer.is_in_clear = false;
  EXPECT_EQ(decided(auth, offer).verdict, Verdict::none);
}

TEST(Applicability, AnExtensionMayBeNeededWithAParameterOrWithANumberThatIsNotTooLarge) {
  Offer offer;
  offer.advertised = advertisement("250-SIZE 36700160\r\n250 AUTH LOGIN\r\n");
  auto plain = needing(scenario::Need::Kind::extension, "AUTH");
  plain.needs.front().parameter = "PLAIN";
  EXPECT_EQ(decided(plain, offer).reason, "AUTH is not advertised with PLAIN");
  plain.needs.front().parameter = "LOGIN";
  EXPECT_EQ(decided(plain, offer).verdict, Verdict::none);
  auto size = needing(scenario::Need::Kind::extension, "SIZE");
  size.needs.front().maximum = 36700160;
  EXPECT_EQ(decided(size, offer).verdict, Verdict::none);
  size.needs.front().maximum = 36700159;
  EXPECT_EQ(decided(size, offer).reason, "SIZE is not advertised with a number up to 36700159");
  for (const auto* line : {"250 SIZE 0\r\n", "250 SIZE\r\n", "250 SIZE 1x\r\n"}) {
    offer.advertised = advertisement(line);
    EXPECT_EQ(decided(size, offer).verdict, Verdict::not_applicable) << line;
  }
}

TEST(Applicability, AnExtensionMayBeNeededWithAParameterThatIsANumberNotTooSmall) {
  auto limits = needing(scenario::Need::Kind::extension, "LIMITS");
  limits.needs.front().parameter = "MAILMAX";
  limits.needs.front().minimum = 30;
  Offer offer;
  for (const auto* line : {"250 LIMITS MAILMAX=30\r\n", "250 LIMITS RCPTMAX=5 mailmax=999999\r\n"}) {
    offer.advertised = advertisement(line);
    EXPECT_EQ(decided(limits, offer).verdict, Verdict::none) << line;
  }
  for (const auto* line : {"250 LIMITS MAILMAX=29\r\n", "250 LIMITS MAILMAX\r\n", "250 LIMITS MAILMAX=x30\r\n",
                           "250 LIMITS RCPTMAX=30\r\n", "250 LIMITS\r\n"}) {
    offer.advertised = advertisement(line);
    EXPECT_EQ(decided(limits, offer).reason, "LIMITS is not advertised with MAILMAX=30 or more") << line;
  }
}

TEST(Applicability, TlsFromTheStartIsMoreThanStarttls) {
  Offer offer;
  offer.advertised = advertisement("250 STARTTLS\r\n");
  const auto tls = needing(scenario::Need::Kind::tls);
  EXPECT_EQ(decided(tls, offer).verdict, Verdict::not_applicable);
  offer.has_implicit_tls = true;
  EXPECT_EQ(decided(tls, offer).verdict, Verdict::none);
}

}  // namespace
}  // namespace smtpspec::runner
