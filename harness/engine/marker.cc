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

void adapt(scenario::Template& text, std::string_view recipient) {
  for (auto& piece : text) {
    if (piece.kind != scenario::Piece::Kind::variable) continue;
    if (piece.text == "token") piece.text = kMarkerVariable;
    else if (piece.text == "recipient") piece.text = recipient;
  }
}

void adapt(scenario::Steps& steps, std::string_view recipient) {
  for (auto& step : steps) {
    step.connection = kMarkerConnection;
    step.is_setup = true;
    step.position = {};  // it stands in no file
    scenario::for_each_template(step, [&](scenario::Template& text) { adapt(text, recipient); });
    if (scenario::Steps* inner = scenario::inner_steps(step)) adapt(*inner, recipient);
  }
}

scenario::Steps loaded(std::string_view recipient) {
  scenario::Loaded result = scenario::load_text(kText, "marker", "", scenario::NoFiles());
  assert(result.scenarios.size() == 1 && result.diagnostics.empty());
  scenario::Steps steps = std::move(result.scenarios.front().steps);
  adapt(steps, recipient);
  return steps;
}

}  // namespace

std::string_view marker_recipient(bool is_relayed) { return is_relayed ? "relayed" : "recipient"; }

const scenario::Steps& marker_steps(bool is_relayed) {
  static const scenario::Steps to_mailbox = loaded(marker_recipient(false));
  static const scenario::Steps to_next_hop = loaded(marker_recipient(true));
  return is_relayed ? to_next_hop : to_mailbox;
}

std::string marker_token(std::string_view token) { return token.empty() ? "m" : "m" + std::string(token.substr(1)); }

}  // namespace smtpspec::engine
