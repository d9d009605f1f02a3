// What is fuzzed in-process: a function over any octets that holds a promise of ours against them. The same functions
// run under libFuzzer (fuzz_NAME, preset fuzz) and, over corpus and regressions, in every build's tests.
#pragma once

#include <span>
#include <string_view>

namespace smtpspec::fuzz {

struct Target {
  std::string_view name;  // "reply_parser"
  // Throws std::logic_error where a promise is broken.
  void (*run)(std::string_view octets);
};

std::span<const Target> targets();

// Throws: the promise `what` is broken.
[[noreturn]] void violated(std::string_view what);
inline void promise(bool is_kept, std::string_view what) {
  if (!is_kept) violated(what);
}

void fuzz_reply_parser(std::string_view octets);
void fuzz_command_parser(std::string_view octets);
void fuzz_data_parser(std::string_view octets);
void fuzz_scenario_parser(std::string_view octets);
void fuzz_server_session(std::string_view octets);
void fuzz_run_record(std::string_view octets);
void fuzz_profile(std::string_view octets);
void fuzz_waivers(std::string_view octets);
void fuzz_mailbox(std::string_view octets);
void fuzz_attestation(std::string_view octets);

}  // namespace smtpspec::fuzz
