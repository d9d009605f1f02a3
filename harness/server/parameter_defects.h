// The defects of the parameters of MAIL and RCPT: values that are taken or refused against the rules of their
// extension. Each is one row of a table.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/server/defect.h"
#include "harness/wire/command.h"

namespace smtpspec::server {

struct ParameterOccasion {
  std::string_view keyword;  // upper case
  std::string_view value;
  bool has_value = false;
  const std::vector<wire::Parameter>& all;  // of the command
  std::size_t size_limit = 0;               // of a message; 0: none
};

inline constexpr int kTaken = 0;

// The code that a defect of `defects` prescribes for the parameter, kTaken, or nothing if none concerns it.
std::optional<int> defective_parameter_code(const ParameterOccasion& occasion, const DefectSet& defects);

// The code of the refusal of a bad value, 501 without defects.
int bad_value_code(std::string_view keyword, const DefectSet& defects);

// True if a parameter of that keyword (upper case) may be given twice.
// True if `keyword` is taken, whatever its value, though no extension of the server has it.
bool accepts_unoffered(std::string_view keyword, const DefectSet& defects);

// True if `keyword` is not known, being of an extension that is not offered, while others of it are taken.
bool refuses_unoffered(std::string_view keyword, const DefectSet& defects);

bool may_be_repeated(std::string_view keyword, const DefectSet& defects);

}  // namespace smtpspec::server
