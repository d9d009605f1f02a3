#include "fuzz/mutator/grammar.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "fuzz/mutator/dictionary.h"
#include "harness/base/base64.h"

namespace smtpspec::fuzz {
namespace {

TEST(FuzzGrammar, MakesEveryVerbWellFormedAndNot) {
  Random random(3);
  const Vocabulary words;
  Grammar grammar(random, words);
  for (const auto verb : {wire::Verb::helo, wire::Verb::ehlo, wire::Verb::lhlo, wire::Verb::mail, wire::Verb::rcpt,
                          wire::Verb::data, wire::Verb::rset, wire::Verb::vrfy, wire::Verb::expn, wire::Verb::noop,
                          wire::Verb::quit, wire::Verb::starttls, wire::Verb::bdat, wire::Verb::etrn}) {
    int good = 0;
    int bad = 0;
    for (int i = 0; i < 1000; ++i) ++(wire::check_command_line(grammar.command(verb)) ? bad : good);
    EXPECT_GT(good, 50) << wire::to_string(verb);
    const int least = verb == wire::Verb::noop ? 0 : 20;  // any text may stand behind NOOP
    EXPECT_GE(bad, least) << wire::to_string(verb);
  }
}

TEST(FuzzGrammar, ReachesEveryParameterAndMechanism) {
  Random random(4);
  const Vocabulary words;
  Grammar grammar(random, words);
  std::string all;
  for (int i = 0; i < 3000; ++i)
    all += grammar.mail_parameters() + grammar.rcpt_parameters() + " " + grammar.auth_exchange();
  for (const char* word : {" SIZE=", " BODY=BINARYMIME", " RET=", " ENVID=", " AUTH=<>", " SMTPUTF8", " REQUIRETLS",
                           " BY=", " MT-PRIORITY=", "HOLDFOR=", "SOLICIT=", " NOTIFY=NEVER",
                           " ORCPT=", " RRVS=", "PLAIN ", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "XOAUTH2"})
    EXPECT_NE(all.find(word), std::string::npos) << word;
}

TEST(FuzzGrammar, MakesBodiesWithEverythingThatParsersStumbleOver) {
  Random random(5);
  const Vocabulary words;
  Grammar grammar(random, words);
  std::string all;
  for (int i = 0; i < 3000; ++i) all += grammar.body();
  for (const std::string octets :
       {"\r\n..\r\n", "\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "a\rb", "--b--", "\xC3\xA9", "\xFF"})
    EXPECT_NE(all.find(octets), std::string::npos) << testing::PrintToString(octets);
  EXPECT_NE(all.find('\0'), std::string::npos);
  EXPECT_NE(all.find(std::string(990, 'y')), std::string::npos);
}

TEST(FuzzGrammar, MakesEveryKindOfStep) {
  Random random(6);
  const Vocabulary words;
  Grammar grammar(random, words);
  std::map<StepKind, int> seen;
  for (int i = 0; i < 1000; ++i) ++seen[grammar.step().kind];
  EXPECT_EQ(seen.size(), 8U);
}

TEST(FuzzGrammar, SaysTheSameForTheSameSeed) {
  const Vocabulary words;
  Random one(7);
  Random other(7);
  Random third(8);
  Grammar first(one, words);
  Grammar second(other, words);
  Grammar different(third, words);
  int differing = 0;
  for (int i = 0; i < 200; ++i) {
    const std::string command = first.command();
    ASSERT_EQ(command, second.command());
    differing += command != different.command();
  }
  EXPECT_GT(differing, 100);
}

TEST(FuzzBase64, AgreesWithRfc4648) {
  EXPECT_EQ(base::base64(""), "");
  EXPECT_EQ(base::base64("f"), "Zg==");
  EXPECT_EQ(base::base64("fo"), "Zm8=");
  EXPECT_EQ(base::base64("foo"), "Zm9v");
  EXPECT_EQ(base::base64("foobar"), "Zm9vYmFy");
  EXPECT_TRUE(wire::is_base64(base::base64(std::string("\0\xFF\x80", 3))));
}

TEST(FuzzDictionary, IsTheFileThatIsShipped) {
  std::ifstream file(SMTPSPEC_SOURCE_DIR "/fuzz/dictionaries/smtp.dict", std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), dictionary_file());
  EXPECT_GT(dictionary().size(), 100U);
  const std::set<std::string_view> distinct(dictionary().begin(), dictionary().end());
  EXPECT_EQ(distinct.size(), dictionary().size());
}

}  // namespace
}  // namespace smtpspec::fuzz
