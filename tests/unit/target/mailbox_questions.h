// Asking a mailbox from a test.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/target/command_line.h"
#include "harness/target/mailbox.h"
#include "tests/support/loop.h"

namespace smtpspec::target {

using namespace std::chrono_literals;

inline std::unique_ptr<Mailbox> open_mailbox(transport::EventLoop& loop, const MailboxOptions& options) {
  auto made = make_mailbox(loop, options);
  if (made) return std::move(*made);
  ADD_FAILURE() << made.error();
  return nullptr;
}

inline MailboxAnswer fetch(transport::EventLoop& loop, Mailbox& mailbox, const std::string& token, int at_least,
                           std::chrono::milliseconds time = 8000ms) {
  std::optional<MailboxAnswer> result;
  mailbox.fetch({"alice@example.org", token, at_least, loop.now() + time},
                [&](const MailboxAnswer& answer) { result = answer; });
  testing::run_until(loop, [&] { return result.has_value(); });
  return result.value_or(base::make_unexpected(std::string("no callback")));
}

inline std::vector<std::string> octets_of(const MailboxAnswer& answer) {
  if (!answer) return {"error: " + answer.error()};
  std::vector<std::string> all;
  for (const auto& message : *answer) all.push_back(message.octets);
  return all;
}

inline void write(const std::string& folder, const std::string& name, const std::string& text) {
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/" + name, std::ios::binary) << text;
}

inline void append(const std::string& file, const std::string& text) {
  std::ofstream(file, std::ios::binary | std::ios::app) << text;
}

}  // namespace smtpspec::target
