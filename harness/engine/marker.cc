#include "harness/engine/marker.h"

#include <cassert>

#include "harness/scenario/load.h"
#include "harness/scenario/walk.h"

namespace smtpspec::engine {
namespace {

constexpr std::string_view kText =
    "scenario marker \"A marker is delivered\"\n"
    "  connect\n"
    "  S: 220\n"
    "  C: {ehlo} {client}\n"
    "  S: 250\n"
    "  when demanded TLS\n"
    "    C: STARTTLS\n"
    "    S: 220\n"
    "    starttls\n"
    "    C: {ehlo} {client}\n"
    "    S: 250\n"
    "  when demanded AUTH\n"
    "    when advertised AUTH PLAIN\n"
    "      auth PLAIN as user\n"
    "    when not advertised AUTH PLAIN\n"
    "      auth LOGIN as user\n"
    "  C: MAIL FROM:<{sender}>\n"
    "  S: 250\n"
    "  C: RCPT TO:<{recipient}>\n"
    "  S: 250|251\n"
    "  C: DATA\n"
    "  S: 354\n"
    "  C.\n"
    "    From: <{sender}>\n"
    "    To: <{recipient}>\n"
    "    Subject: {token}\n"
    "    Date: Thu, 01 Jan 2026 12:00:00 +0000\n"
    "\n"
    "    This message shows by its arrival that mail is delivered, and what came before it has been.\n"
    "  S: 250\n"
    "  C: QUIT\n"
    "  S: 221|closed\n";

void rename_token(scenario::Template& text) {
  for (auto& piece : text)
    if (piece.kind == scenario::Piece::Kind::variable && piece.text == "token") piece.text = kMarkerVariable;
}

void adapt(scenario::Steps& steps) {
  for (auto& step : steps) {
    step.connection = kMarkerConnection;
    step.is_setup = true;
    step.position = {};  // it stands in no file
    if (auto* message = std::get_if<scenario::Message>(&step.body))
      for (auto& line : message->lines) rename_token(line);
    if (scenario::Steps* inner = scenario::inner_steps(step)) adapt(*inner);
  }
}

scenario::Steps loaded() {
  scenario::Loaded result = scenario::load_text(kText, "marker", "", scenario::NoFiles());
  assert(result.scenarios.size() == 1 && result.diagnostics.empty());
  scenario::Steps steps = std::move(result.scenarios.front().steps);
  adapt(steps);
  return steps;
}

}  // namespace

const scenario::Steps& marker_steps() {
  static const scenario::Steps steps = loaded();
  return steps;
}

std::string marker_token(std::string_view token) { return token.empty() ? "m" : "m" + std::string(token.substr(1)); }

}  // namespace smtpspec::engine
