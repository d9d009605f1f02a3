// The defects of command recognition: verbs that a defective server does not know, and words that it takes for verbs.
#pragma once

#include <string>
#include <string_view>

#include "harness/server/defect.h"
#include "harness/server/verb.h"

namespace smtpspec::server {

// What the defects make of `word`, which spells `verb`.
Verb with_verb_defects(Verb verb, std::string_view word, const DefectSet& defects);

// `line`, with the space that Defect::verb_without_space_accepted lets the client leave out.
std::string with_missing_space(std::string_view line);

}  // namespace smtpspec::server
