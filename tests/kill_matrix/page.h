// The kill matrix as a page of the documentation.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "tests/kill_matrix/matrix.h"

namespace smtpspec::kill_matrix {

// What is open, "survivor SCENARIO REQUIREMENT", "uncaught DEFECT", "broad DEFECT", and why.
using Reasons = std::map<std::string, std::string>;

std::string name_of(const Check& check);

// Defects that were played; one with two forms is one.
std::size_t defects_of(const Matrix& matrix);

std::string page(const Matrix& matrix, const Reasons& reasons);

}  // namespace smtpspec::kill_matrix
