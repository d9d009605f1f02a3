// The defects of an AUTH exchange: how its lines are written and read, and what passes for a name and a password.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/server/defect.h"

namespace smtpspec::server {

// The text of a 334 reply: base64 without defects.
std::string challenge_text(std::string_view challenge, const DefectSet& defects);

// The octets that `line` stands for, or nothing if it is not base64.
std::optional<std::string> decode_response(std::string_view line, const DefectSet& defects);

// The initial response as the server sees it.
std::optional<std::string_view> seen_initial_response(std::optional<std::string_view> given, const DefectSet& defects);

// The message of PLAIN as the server sees it.
std::string seen_plain_message(std::string_view message, const DefectSet& defects);

// The name that is looked up.
std::string seen_user_name(std::string_view name, const DefectSet& defects);

bool is_password(std::string_view given, std::string_view right, const DefectSet& defects);

}  // namespace smtpspec::server
