// The defects of address and parameter grammar: valid forms that a defective server refuses, and invalid ones that it
// takes. Both tables are empty of effect for a server without defects.
#pragma once

#include <string_view>

#include "harness/server/defect.h"
#include "harness/wire/path.h"
#include "harness/wire/syntax.h"

namespace smtpspec::server {

enum class PathRole { reverse, forward };

// True if a defect makes the server refuse the well-formed `path`; `text` is the whole argument as sent.
bool refuses_valid_path(const wire::Path& path, std::string_view text, PathRole role, const DefectSet& defects);

// True if a defect makes the server take the malformed argument `text`, which failed for `error`.
bool accepts_invalid_argument(std::string_view text, const wire::SyntaxError& error, PathRole role,
                              const DefectSet& defects);

// True if a defect makes the server take the malformed argument `text` of MAIL for the null reverse-path.
bool accepts_null_reverse_path(std::string_view text, const DefectSet& defects);

}  // namespace smtpspec::server
