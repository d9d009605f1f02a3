// server/session.h: the oracles of the campaign tell nothing of the plain server, whatever is said; what it says does
// not depend on how the octets came; every message that it took has its 250.
#include <string>

#include "fuzz/targets/session_player.h"
#include "fuzz/targets/session_settings.h"
#include "fuzz/targets/target.h"

namespace smtpspec::fuzz {

void fuzz_server_session(std::string_view octets) {
  Input input = decode(octets);
  const SessionSettings& settings = take_settings(input);
  const server::Config& config = settings.config;
  const PlayOptions options{config.role == server::Role::lmtp, settings.is_tls, settings.last};
  StillEnvironment environment;
  environment.result = settings.storage;
  const Played played = play(input, config, environment, options);
  for (const Finding& finding : judge(played.talk))
    violated(std::string(to_string(finding.oracle)) + ": " + finding.evidence);
  for (const ConnectionTalk& one : played.talk.connections) {
    promise(one.partial_reply.empty(), "the server says whole replies");
    promise(one.has_tls_trouble || one.has_half_closed || !one.dialogue.is_sure() || one.dialogue.unanswered() == 0,
            "every command has its reply");
  }
  promise(environment.messages <= played.messages_granted, "a message that is taken is answered 250");

  // Dear: of every four inputs one, by its octets, so that it is always the same one.
  if (octets.size() % 4 != 0) return;
  StillEnvironment other;
  other.result = settings.storage;
  promise(play_in_pieces(played.told, config, other, options) == played.octets,
          "what is said does not depend on the split");
  promise(other.messages == environment.messages && other.octets == environment.octets, "nor does what is delivered");
}

}  // namespace smtpspec::fuzz
