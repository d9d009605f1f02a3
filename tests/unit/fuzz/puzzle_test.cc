#include "fuzz/puzzles/puzzle.h"

#include <gtest/gtest.h>

#include <string>

#include "fuzz/targets/session_player.h"

namespace smtpspec::fuzz {
namespace {

// A server with one bug planted, connection by connection.
class Server {
 public:
  explicit Server(Plant plant) : plant_(plant), config_(puzzle_config(plant)) {}

  // What it says to these octets on a connection of their own, which then ends by QUIT, or without it.
  std::string hear(std::string_view octets, bool says_quit) {
    StillEnvironment environment;
    PuzzleSession session(plant_, config_, environment, kept_);
    session.start();
    const std::string replies = session.feed(octets).octets;
    fate = session.fate();
    if (says_quit) session.feed("QUIT\r\n"), session.ended();
    else session.connection_lost();
    return replies;
  }

  Fate fate = Fate::goes_on;

 private:
  Plant plant_;
  server::Config config_;
  Kept kept_;
};

constexpr std::string_view kOpen = "EHLO x.example\r\nMAIL FROM:<a@example.org>\r\n";
constexpr std::string_view kRecipient = "EHLO x.example\r\nRCPT TO:<alice@example.org>\r\n";

TEST(FuzzPuzzle, InheritsMailFromAConnectionBefore) {
  Server server(Plant::inherited_mail);
  EXPECT_NE(server.hear(kRecipient, true).find("\n503 "), std::string::npos) << "no session shows it alone";
  server.hear(kOpen, true);
  server.hear("", false);
  EXPECT_NE(server.hear(kRecipient, true).find("\n250 2.1.5"), std::string::npos);
  EXPECT_NE(server.hear("EHLO x.example\r\nNOOP\r\n", true).find("\n250 2.0.0"), std::string::npos);
  EXPECT_NE(server.hear(kRecipient, true).find("\n503 "), std::string::npos) << "once";
  Server sound(Plant::none);
  sound.hear(kOpen, false);
  EXPECT_NE(sound.hear(kRecipient, true).find("\n503 "), std::string::npos);
}

TEST(FuzzPuzzle, CrashesBehindAConnectionThatWasCutOff) {
  Server server(Plant::crash_behind_cut);
  server.hear(kOpen, true);
  server.hear("EHLO x.example\r\nRSET\r\n", true);
  EXPECT_EQ(server.fate, Fate::goes_on) << "QUIT cuts nothing off";
  server.hear(kOpen, false);
  server.hear("NOOP\r\n", true);
  EXPECT_EQ(server.fate, Fate::goes_on);
  server.hear("RSET\r\n", true);
  EXPECT_EQ(server.fate, Fate::crashes);
}

}  // namespace
}  // namespace smtpspec::fuzz
