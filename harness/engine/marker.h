// The marker: a good message that is sent after another one, to prove by its arrival that the other will not arrive
// any more. What is said of it leads only to the point: if it is refused or lost, nothing has been proven.
#pragma once

#include <string>
#include <string_view>

#include "harness/scenario/scenario.h"

namespace smtpspec::engine {

// The connection that markers are sent over, beyond those that a scenario can number.
inline constexpr int kMarkerConnection = 1000;
// The variable that holds the word by which a marker is found; no scenario can name it.
inline constexpr std::string_view kMarkerVariable = "marker token";

// The variable of the recipient that it goes to: in the mailbox, or where the server relays to.
std::string_view marker_recipient(bool is_relayed);
// From connecting to QUIT.
const scenario::Steps& marker_steps(bool is_relayed);
// The last of them, behind the reply that takes the message.
inline constexpr std::size_t kMarkerFarewellSteps = 2;

// A word that does not contain `token`, nor is contained in it.
std::string marker_token(std::string_view token);

}  // namespace smtpspec::engine
