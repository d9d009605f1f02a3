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

// True for an equals sign that is not at the end.
bool has_stray_padding(std::string_view line);

// What the server takes an authorization identity for.
std::string seen_identity(std::string_view identity, const DefectSet& defects);

// True for nothing but U+00AD, which preparation maps to nothing (RFC 4013 §2.1).
bool is_soft_hyphens(std::string_view name);

// The name that is looked up.
std::string seen_user_name(std::string_view name, const DefectSet& defects);

bool is_password(std::string_view given, std::string_view right, const DefectSet& defects);

}  // namespace smtpspec::server
