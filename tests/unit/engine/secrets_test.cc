#include "harness/engine/secrets.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "harness/base/base64.h"
#include "harness/engine/evidence.h"

namespace smtpspec::engine {
namespace {

TEST(Secrets, AreFoundInEveryPlaceOfABase64Text) {
  Secrets secrets;
  secrets.add_password("Tr0ub4dor&3");
  for (const std::string before : {"", "a", "ab", "abc", "0alice0"}) {
    for (const std::string behind : {"", "x", "xy"}) {
      const std::string text = "334 " + base::base64(before + "Tr0ub4dor&3" + behind) + "\r\n";
      const std::string left = secrets.removed_from(text);
      EXPECT_EQ(left.size(), text.size());
      EXPECT_GE(std::count(left.begin(), left.end(), '*'), 13) << left;
    }
  }
}

TEST(Secrets, OfThreeOctetsAreLeftAlone) {
  Secrets secrets;
  secrets.add_password("250");
  EXPECT_EQ(secrets.removed_from("250 ok"), "250 ok");
}

TEST(Evidence, FindsASecretThatCameInPieces) {
  Secrets secrets;
  secrets.add_password("Tr0ub4dor&3");
  Evidence evidence;
  evidence.set_secrets(secrets);
  evidence.record(Event{Received{"235 hello Tr0u"}, 1}, 7);
  evidence.record(Event{Received{"b4dor&3\r\n"}, 1}, 7);
  const verdict::WireLog log = evidence.take();
  ASSERT_EQ(log.size(), 2U);
  EXPECT_EQ(log[0].octets, "235 hello ****");
  EXPECT_EQ(log[1].octets, "*******\r\n");
}

}  // namespace
}  // namespace smtpspec::engine
