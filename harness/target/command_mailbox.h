// What a shell command of the user prints. For this room's sources.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "harness/target/mailbox.h"

namespace smtpspec::target {

inline constexpr std::size_t kMaxCommandOctets = 64 * 1024 * 1024;   // on stdout; more is an error
inline constexpr int kMaxCommandProcesses = 8;                       // at one time; the others wait their turn
inline constexpr std::chrono::milliseconds kMaxCommandTime{30'000};  // of one process
inline constexpr std::chrono::milliseconds kPauseBetweenCommands{
    200};  // from the end of one to the next, for one query

// The command runs under /bin/sh in a process group of its own, again and again until it prints what was asked for, and
// is killed with its group when its time is up. With a deadline that has come it runs once, and to its end. An exit
// code other than 0 is an error, told at the deadline; so is a text that is no mbox where several messages are asked
// for.
std::unique_ptr<Mailbox> make_command_mailbox(transport::EventLoop& loop, std::string command);

}  // namespace smtpspec::target
