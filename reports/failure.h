// A failed check as its server's author needs to see it: what was sent and what came, what was expected, the rule with
// its section, why it matters, how to see it again, and how to waive it. Shared by the console and by JUnit.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/verdict/run_record.h"
#include "reports/transcript.h"

namespace smtpspec::reports {

// The entry of `id` in the record, or null: an older record may bind what it does not list.
const verdict::RequirementResult* find_requirement(const verdict::RunRecord& record, std::string_view id);

// The rule behind a finding on the form of replies, section and text, whether or not a scenario is bound to it.
std::string rule_of(const verdict::RunRecord& record, const verdict::WireFinding& finding);

// "RFC 5321 section 4.1.1.2, MUST [RFC5321-4.1.1.2-01]". ASCII whatever the record's sign for a section.
std::string citation(const verdict::RequirementResult& requirement);

// The record's command line for one scenario, quoted for a shell; empty if the record has none.
std::string reproduce_command(const verdict::RunRecord& record, std::string_view scenario_id);

// Whether the server died while the scenario ran alone: its crash is then what there is to tell.
bool has_ended_server(const verdict::RunRecord& record, const verdict::ScenarioResult& scenario);

// An entry for a --waivers file, one "key = value" a line under [[waiver]]; the reason is left to the user.
std::string waiver_entry(const verdict::ScenarioResult& scenario);

// A server's text as it is quoted outside a transcript: cut after 300 octets, with a remark of how many more there are.
std::string quoted(std::string_view text);

// Why a scenario could not be judged and what can be done about it: two sentences for each cause.
std::string_view explanation(verdict::Cause cause);

struct BlockOptions {
  std::size_t width = 100;  // of prose
  std::size_t indent = 6;   // of every line
  bool emphasizes = false;  // terminal colours
  TranscriptOptions transcript;
};

// The transcript, and everything below it; each line ends in a newline.
std::string evidence_block(const verdict::RunRecord& record, const verdict::ScenarioResult& scenario,
                           const BlockOptions& options);

}  // namespace smtpspec::reports
