#include "harness/server/envelope_syntax.h"

#include <algorithm>

#include "harness/base/octets.h"
#include "harness/server/grammar_defects.h"
#include "harness/server/xtext.h"
#include "harness/wire/command.h"

namespace smtpspec::server {
namespace {

wire::GrammarOptions grammar_of(const Config& config) {
  wire::GrammarOptions options;
  options.allow_utf8 = offers_smtp_utf8(config);
  return options;
}

Reply syntax_refusal(const wire::SyntaxError& error, PathRole role, const DefectSet& defects) {
  if (role == PathRole::reverse && defects.has(Defect::mail_syntax_error_answered_550)) {
    return {550, "5.1.7", {"Sender refused"}};
  }
  if (error.reason == wire::SyntaxReason::bad_parameter) return {501, "5.5.4", {"Syntax error in parameters"}};
  return {501, role == PathRole::reverse ? "5.1.7" : "5.1.3", {"Syntax error, " + error.message}};
}

Address to_address(const wire::Mailbox& mailbox, const DefectSet& defects) {
  // A quoted spelling and its plain form are one mailbox (RFC 5321 §4.1.2).
  const bool keeps_quotes = defects.has(Defect::quoted_spelling_is_another_mailbox);
  std::string local_part = keeps_quotes ? mailbox.local_part : mailbox.canonical;
  if (defects.has(Defect::quoted_pair_is_another_mailbox) && mailbox.local_part.starts_with('"')) {
    local_part = mailbox.local_part.substr(1, mailbox.local_part.size() - 2);
  }
  if (defects.has(Defect::long_local_part_cut)) local_part = local_part.substr(0, wire::kMaxLocalPartOctets);
  return {std::move(local_part), mailbox.domain};
}

// Stands for an address that only a defective server takes: one that the rest of the session can work with.
Address substitute(PathRole role, const Config& config) {
  if (role == PathRole::reverse || config.mailboxes.empty()) return {"sender", "example.com"};
  return {config.mailboxes.front().local_part, config.local_domains.front()};
}

// What stands between the brackets of a path that breaks the grammar, divided at its last at-sign; its parameters are
// lost.
std::optional<PathArgument> malformed_path(std::string_view argument, const Config& config) {
  const auto open = argument.find('<');
  const auto close = argument.rfind('>');
  if (!config.takes_malformed_input || open == argument.npos || close == argument.npos || close < open)
    return std::nullopt;
  const std::string_view mailbox = argument.substr(open + 1, close - open - 1);
  const auto at = mailbox.rfind('@');
  if (at == mailbox.npos) return std::nullopt;
  return PathArgument{false, {std::string(mailbox.substr(0, at)), std::string(mailbox.substr(at + 1))}, {}};
}

}  // namespace

base::Result<PathArgument, Reply> read_mail_argument(std::string_view argument, const Config& config) {
  auto command = wire::parse_mail(argument, grammar_of(config));
  if (!command) {
    if (auto taken = malformed_path(argument, config)) return std::move(*taken);
    if (accepts_null_reverse_path(argument, config.defects)) return PathArgument{true, {}, {}};
    if (accepts_invalid_argument(argument, command.error(), PathRole::reverse, config.defects)) {
      return PathArgument{false, substitute(PathRole::reverse, config), {}};
    }
    return base::make_unexpected(syntax_refusal(command.error(), PathRole::reverse, config.defects));
  }
  if (!command->reverse_path) return PathArgument{true, {}, std::move(command->parameters)};
  const wire::Path& path = *command->reverse_path;
  if (refuses_valid_path(path, argument, PathRole::reverse, config.defects)) {
    return base::make_unexpected(Reply{501, "5.1.7", {"Syntax error in the sender's address"}});
  }
  return PathArgument{false, to_address(path.mailbox, config.defects), std::move(command->parameters)};
}

base::Result<PathArgument, Reply> read_rcpt_argument(std::string_view argument, const Config& config) {
  auto command = wire::parse_rcpt(argument, grammar_of(config));
  if (!command) {
    if (auto taken = malformed_path(argument, config)) return std::move(*taken);
    if (accepts_invalid_argument(argument, command.error(), PathRole::forward, config.defects)) {
      return PathArgument{false, substitute(PathRole::forward, config), {}};
    }
    return base::make_unexpected(syntax_refusal(command.error(), PathRole::forward, config.defects));
  }
  const wire::Path& path = command->forward_path;
  if (refuses_valid_path(path, argument, PathRole::forward, config.defects)) {
    return base::make_unexpected(Reply{501, "5.1.3", {"Syntax error in the recipient's address"}});
  }
  return PathArgument{false, to_address(path.mailbox, config.defects), std::move(command->parameters)};
}

std::optional<Address> read_user_name(std::string_view argument, const Config& config) {
  const wire::GrammarOptions options = grammar_of(config);
  auto name = wire::parse_vrfy(argument, options);
  std::string text = name ? *name : std::string(argument);
  if (text.size() > 2 && text.front() == '<' && text.back() == '>') text = text.substr(1, text.size() - 2);
  if (auto mailbox = wire::parse_mailbox(text, options)) return Address{mailbox->canonical, mailbox->domain};
  if (auto local_part = wire::parse_local_part(text, options)) return Address{*local_part, ""};
  return std::nullopt;
}

std::optional<std::string> read_client_name(std::string_view argument, bool allow_literal) {
  if (!allow_literal) {
    auto domain = wire::parse_helo_argument(argument);
    return domain ? std::optional<std::string>(*domain) : std::nullopt;
  }
  // RFC 5321 §4.1.1.1: it is wise to be prepared for text behind an address literal.
  if (argument.starts_with('[')) argument = argument.substr(0, argument.find(' '));
  auto name = wire::parse_ehlo_argument(argument);
  return name ? std::optional<std::string>(*name) : std::nullopt;
}

bool is_qualified_domain(std::string_view text) {
  return text.find('.') != std::string_view::npos && wire::parse_domain(text).has_value();
}

bool is_submitter(std::string_view xtext) {
  if (xtext == "<>") return true;
  return wire::parse_mailbox(decode_xtext(xtext)).has_value();
}

bool has_non_ascii(std::string_view octets) {
  return std::any_of(octets.begin(), octets.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

}  // namespace smtpspec::server
