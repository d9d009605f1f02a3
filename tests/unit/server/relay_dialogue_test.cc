#include "harness/server/relay_dialogue.h"

#include <gtest/gtest.h>

namespace smtpspec::server {
namespace {

// What the two recipients fare: whom to try again, whom to return, and what is said in the end.
struct Fare {
  std::vector<std::string> unserved{};
  std::vector<std::string> refused{};
  std::string said{};
  bool operator==(const Fare&) const = default;
};

std::vector<std::string> mailboxes_of(const std::vector<Recipient>& recipients) {
  std::vector<std::string> mailboxes;
  for (const Recipient& one : recipients) mailboxes.push_back(one.mailbox);
  return mailboxes;
}

Fare fare(const std::vector<std::string>& replies, const DefectSet& defects = {}) {
  Envelope envelope;
  envelope.reverse_path = "a@example.com";
  envelope.recipients.resize(2);
  envelope.recipients[0].mailbox = "one@relay.example";
  envelope.recipients[1].mailbox = "two@relay.example";
  RelayDialogue dialogue("mail.example.org", envelope, "Subject: x\r\n\r\n", defects);
  wire::ReplyParser parser;
  Fare fare;
  for (const std::string& reply : replies) {
    parser.feed(reply + " text\r\n");
    fare.said = dialogue.next(*parser.next());
  }
  fare.unserved = mailboxes_of(dialogue.unserved());
  fare.refused = mailboxes_of(dialogue.refused());
  return fare;
}

const std::string kOne = "one@relay.example";
const std::string kTwo = "two@relay.example";

TEST(RelayDialogue, WhoIsDeferredIsTriedAgainAndWhoIsRefusedIsNot) {
  EXPECT_EQ(fare({"220", "250", "250", "451", "250", "354", "250"}), (Fare{{kOne}, {}, "QUIT\r\n"}));
  EXPECT_EQ(fare({"220", "250", "250", "550", "451"}), (Fare{{kTwo}, {kOne}, "QUIT\r\n"}));
  EXPECT_EQ(fare({"220", "250", "250", "250", "250", "354", "452"}), (Fare{{kOne, kTwo}, {}, "QUIT\r\n"}));
  EXPECT_EQ(fare({"220", "250", "250", "250", "250", "354", "554"}), (Fare{{}, {kOne, kTwo}, "QUIT\r\n"}));
  EXPECT_EQ(fare({"421"}), (Fare{{kOne, kTwo}, {}, "QUIT\r\n"}));
  EXPECT_EQ(fare({"220", "250", "250", "250", "250", "354", "250"}), (Fare{{}, {}, "QUIT\r\n"}));
}

// All that probes.h leaves to this test.
TEST(RelayDialogue, EachDefectOfTheQueueDoesWhatItsSentenceSays) {
  const std::vector<std::string> deferred{"220", "250", "250", "451", "250", "354", "250"};
  EXPECT_EQ(fare(deferred, {Defect::relay_returns_deferred_mail}), (Fare{{}, {kOne}, "QUIT\r\n"}));
  EXPECT_EQ(fare(deferred, {Defect::relay_forgets_deferred_mail}), (Fare{{}, {}, "QUIT\r\n"}));
  EXPECT_EQ(fare({"220", "250", "450"}, {Defect::relay_returns_deferred_mail}), (Fare{{}, {kOne, kTwo}, "QUIT\r\n"}));
  EXPECT_EQ(fare({"220", "250", "450"}, {Defect::relay_forgets_deferred_mail}), (Fare{{}, {}, "QUIT\r\n"}));
  EXPECT_EQ(fare({"220", "250", "250", "451", "250", "354", "451"}, {Defect::relay_ignores_reply_to_text}),
            (Fare{{kOne}, {}, "QUIT\r\n"}));
}

}  // namespace
}  // namespace smtpspec::server
