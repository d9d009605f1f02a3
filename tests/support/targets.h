// Starting, stopping and questioning a Target from a test.
#pragma once

#include <string>

#include "harness/target/target.h"
#include "tests/support/loop.h"

namespace smtpspec::testing {

target::StartResult start(transport::EventLoop& loop, target::Target& target, std::chrono::milliseconds time = 5000ms);
target::StartResult restart(transport::EventLoop& loop, target::Target& target);
// False: it did not stop in time.
bool stop(transport::EventLoop& loop, target::Target& target);
target::TargetState settle(transport::EventLoop& loop, target::Target& target, std::chrono::milliseconds time = 5000ms);

// A connection to the target whose greeting has been read, if it is open.
std::unique_ptr<transport::Connection> open_session(transport::EventLoop& loop, target::Target& target);
// One line there, whatever comes back within `time`.
std::string say(transport::EventLoop& loop, transport::Connection& connection, const std::string& line);

// The command that runs tests/support/crashing_smtp_server.pl with these arguments.
std::string crashing_server(const std::string& arguments);

}  // namespace smtpspec::testing
