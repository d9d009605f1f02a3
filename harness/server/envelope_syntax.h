// From the octets of a command argument to an address of this server, by the grammar of harness/wire (RFC 5321 §4.1.2,
// RFC 6531 §3.3). What a conforming server refuses here comes back as the reply to send.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/server/config.h"
#include "harness/server/directory.h"
#include "harness/server/reply.h"
#include "harness/wire/path.h"

namespace smtpspec::server {

struct PathArgument {
  bool is_null = false;  // "<>", MAIL only
  Address address;       // source route dropped; domain "" only for <Postmaster>, RCPT only
  std::vector<wire::Parameter> parameters;
};

// "FROM:<...> parameters" and "TO:<...> parameters".
base::Result<PathArgument, Reply> read_mail_argument(std::string_view argument, const Config& config);
base::Result<PathArgument, Reply> read_rcpt_argument(std::string_view argument, const Config& config);

// The argument of VRFY or EXPN: a mailbox, with or without brackets, or a local name (domain "" then).
std::optional<Address> read_user_name(std::string_view argument, const Config& config);

// The argument of EHLO, LHLO (domain or address literal, text behind the literal being tolerated) and HELO (domain).
// Gives the name without that text, or nothing if it is neither.
std::optional<std::string> read_client_name(std::string_view argument, bool allow_literal);

// A fully qualified domain: at least two labels.
bool is_qualified_domain(std::string_view text);

// The decoded value of AUTH= on MAIL: a mailbox or "<>". `xtext` must be xtext.
bool is_submitter(std::string_view xtext);

bool has_non_ascii(std::string_view octets);

}  // namespace smtpspec::server
