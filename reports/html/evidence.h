// What a scenario came to, as a row that opens to its evidence. The parts are those of reports/failure.h, set in type.
#pragma once

#include "harness/verdict/run_record.h"
#include "reports/html/element.h"
#include "reports/html/page.h"

namespace smtpspec::reports::html {

// One line an element, or all of it one text: what passed is seldom read, and there is much of it.
enum class TranscriptForm { lines, text };
void add_transcript(Element parent, const verdict::ScenarioResult& scenario, TranscriptForm form);

// Octets in escaped form; those that no server should send stand out.
void add_escaped(Element parent, std::string_view escaped);

// Below "rule": level, section with its link, id with a link to its row, text, ruling.
void add_rule(Element parent, const verdict::RequirementResult& requirement);

// Lines that a reader may copy.
void add_command(Element parent, std::string_view text);

// A scenario that was played: <details>, with id, verdict and title for its summary.
void add_played(Element parent, const Index& index, const verdict::ScenarioResult& scenario, bool is_open);

// A scenario that was not: a line.
void add_left_aside(Element parent, const verdict::ScenarioResult& scenario);

// Was there anything to see in it, or did it simply pass?
bool is_deviation(const verdict::ScenarioResult& scenario);

}  // namespace smtpspec::reports::html
