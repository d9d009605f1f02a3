#include "harness/server/grammar_defects.h"

#include "harness/base/octets.h"
#include "harness/server/utf8_defects.h"
#include "harness/wire/limits.h"

namespace smtpspec::server {
namespace {

using wire::Path;
using wire::SyntaxReason;

bool is_quoted(const Path& path) { return path.mailbox.local_part.starts_with('"'); }
bool is_v6(const Path& path) { return base::starts_with_ignoring_case(path.mailbox.domain, "[IPv6:"); }
bool is_v4(const Path& path) { return path.mailbox.is_literal && base::is_digit(path.mailbox.domain[1]); }
bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }
std::size_t path_octets(const Path& path) { return wire::to_string(path).size(); }

struct RefusedForm {
  Defect defect;
  bool (*is_form)(const Path& path);
};

bool has_bare_comma(std::string_view local_part) {
  for (std::size_t i = 1; i < local_part.size(); ++i) {
    if (local_part[i] == ',' && local_part[i - 1] != '\\') return true;
  }
  return false;
}

constexpr RefusedForm kRefusedForms[] = {
    {Defect::quoted_at_sign_refused, [](const Path& p) { return is_quoted(p) && contains(p.mailbox.local_part, "@"); }},
    {Defect::quoted_comma_refused, [](const Path& p) { return is_quoted(p) && has_bare_comma(p.mailbox.local_part); }},
    {Defect::dot_string_of_three_atoms_refused,
     [](const Path& p) {
       const std::string& local = p.mailbox.local_part;
       return !is_quoted(p) && local.find('.') != local.rfind('.');
     }},
    {Defect::quoted_local_part_refused, is_quoted},
    {Defect::quoted_pair_refused, [](const Path& p) { return contains(p.mailbox.local_part, "\\"); }},
    {Defect::quoted_space_refused, [](const Path& p) { return contains(p.mailbox.local_part, " "); }},
    {Defect::ipv4_literal_refused, is_v4},
    {Defect::ipv6_literal_refused, is_v6},
    {Defect::ipv6_compressed_refused, [](const Path& p) { return is_v6(p) && contains(p.mailbox.domain, "::"); }},
    {Defect::ipv6_with_ipv4_refused, [](const Path& p) { return is_v6(p) && contains(p.mailbox.domain, "."); }},
    {Defect::source_route_refused, [](const Path& p) { return !p.source_route.empty(); }},
    {Defect::source_route_of_two_hosts_refused, [](const Path& p) { return p.source_route.size() > 1; }},
    {Defect::plus_in_local_part_refused,
     [](const Path& p) { return !is_quoted(p) && contains(p.mailbox.local_part, "+"); }},
    {Defect::atext_specials_refused,
     [](const Path& p) {
       return !is_quoted(p) && p.mailbox.local_part.find_first_of("!#$%&'*/=?^`{|}~") != std::string::npos;
     }},
    {Defect::dot_in_local_part_refused,
     [](const Path& p) { return !is_quoted(p) && contains(p.mailbox.local_part, "."); }},
    {Defect::digit_first_local_part_refused, [](const Path& p) { return base::is_digit(p.mailbox.local_part[0]); }},
    {Defect::local_part_of_64_octets_refused, [](const Path& p) { return p.mailbox.local_part.size() > 60; }},
    {Defect::long_domain_refused, [](const Path& p) { return p.mailbox.domain.size() > 128; }},
    {Defect::long_path_refused, [](const Path& p) { return path_octets(p) > 200; }},
    {Defect::long_label_refused,
     [](const Path& p) {
       return !p.mailbox.is_literal && p.mailbox.domain.find('.') != std::string::npos &&
              p.mailbox.domain.find('.') > 40;
     }},
    {Defect::domain_beginning_with_digit_refused,
     [](const Path& p) { return !p.mailbox.domain.empty() && base::is_digit(p.mailbox.domain[0]); }},
    {Defect::hyphen_in_domain_refused,
     [](const Path& p) { return !p.mailbox.is_literal && contains(p.mailbox.domain, "-"); }},
    {Defect::single_label_domain_refused,
     [](const Path& p) {
       return !p.mailbox.domain.empty() && !p.mailbox.is_literal && !contains(p.mailbox.domain, ".");
     }},
    {Defect::postmaster_without_domain_refused, [](const Path& p) { return p.mailbox.domain.empty(); }},
    {Defect::postmaster_refused,
     [](const Path& p) {
       return !p.mailbox.domain.empty() && base::equals_ignoring_case(p.mailbox.canonical, "postmaster");
     }},
    {Defect::non_ascii_mailbox_refused,
     [](const Path& p) {
       return wire::to_string(p).find_first_of("\xc2\xc3\xc4\xc5\xce\xcf\xd0\xe2\xe3\xe4\xe5\xe6\xf0") !=
              std::string::npos;
     }},
};

// The domain as far as it can be made out in a malformed path.
std::string_view domain_of(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos) return {};
  const std::string_view rest = text.substr(at + 1);
  return rest.substr(0, rest.find_first_of("> "));
}

std::string_view local_part_of(std::string_view text) {
  const std::size_t open = text.find('<');
  const std::size_t at = text.rfind('@');
  if (open == std::string_view::npos || at == std::string_view::npos || at < open) return {};
  return text.substr(open + 1, at - open - 1);
}

bool is_literal(std::string_view domain) { return domain.starts_with('['); }

struct AcceptedForm {
  Defect defect;
  bool (*is_form)(std::string_view text, SyntaxReason reason);
};

constexpr AcceptedForm kAcceptedForms[] = {
    {Defect::space_after_colon_accepted,
     [](std::string_view t, SyntaxReason) { return contains(t, ": <") || contains(t, ":  <"); }},
    {Defect::path_without_brackets_accepted,
     [](std::string_view t, SyntaxReason) { return !contains(t, "<") && !contains(t, ">") && contains(t, "@"); }},
    {Defect::unclosed_path_accepted,
     [](std::string_view t, SyntaxReason) { return contains(t, "<") != contains(t, ">"); }},
    {Defect::text_after_path_accepted,
     [](std::string_view t, SyntaxReason) {
       const std::size_t close = t.find('>');
       return close != std::string_view::npos && close + 1 < t.size() && t[close + 1] != ' ';
     }},
    {Defect::empty_atom_accepted,
     [](std::string_view t, SyntaxReason) {
       const std::string_view local = local_part_of(t);
       return contains(local, "..") || local.starts_with('.') || local.ends_with('.');
     }},
    {Defect::leading_dot_in_local_part_accepted,
     [](std::string_view t, SyntaxReason) { return local_part_of(t).starts_with('.'); }},
    {Defect::final_dot_in_local_part_accepted,
     [](std::string_view t, SyntaxReason) { return local_part_of(t).ends_with('.'); }},
    {Defect::unquoted_specials_accepted,
     [](std::string_view t, SyntaxReason) {
       const std::string_view local = local_part_of(t);
       return !local.starts_with('"') && local.find_first_of("(),;[] :") != std::string_view::npos;
     }},
    {Defect::broken_quoted_string_accepted,
     [](std::string_view t, SyntaxReason r) {
       return r == SyntaxReason::bad_quoted_string || contains(local_part_of(t), "\"");
     }},
    {Defect::two_at_signs_accepted,
     [](std::string_view t, SyntaxReason) { return contains(local_part_of(t), "@") && !contains(t, "\""); }},
    {Defect::empty_local_part_accepted,
     [](std::string_view t, SyntaxReason) {
       return contains(t, "<@") && !contains(t, ":@") && !contains(t, "<@,") && t.rfind('@') == t.find("<@") + 1;
     }},
    {Defect::mailbox_without_domain_accepted,
     [](std::string_view t, SyntaxReason) {
       return contains(t, "<") && contains(t, ">") && !contains(t, "@") && !contains(t, "<>");
     }},
    {Defect::empty_label_accepted,
     [](std::string_view t, SyntaxReason) {
       const std::string_view domain = domain_of(t);
       return !is_literal(domain) && (contains(domain, "..") || domain.starts_with('.') || domain.ends_with('.'));
     }},
    {Defect::hyphen_at_label_edge_accepted,
     [](std::string_view t, SyntaxReason) {
       const std::string_view domain = domain_of(t);
       return domain.starts_with('-') || domain.ends_with('-') || contains(domain, "-.") || contains(domain, ".-");
     }},
    {Defect::underscore_in_domain_accepted,
     [](std::string_view t, SyntaxReason) { return contains(domain_of(t), "_"); }},
    {Defect::bad_ipv4_literal_accepted,
     [](std::string_view t, SyntaxReason) {
       const auto d = domain_of(t);
       return is_literal(d) && !contains(d, ":");
     }},
    {Defect::bad_ipv6_literal_accepted,
     [](std::string_view t, SyntaxReason) { return base::starts_with_ignoring_case(domain_of(t), "[IPv6:"); }},
    {Defect::bad_source_route_accepted,
     [](std::string_view t, SyntaxReason r) { return r == SyntaxReason::bad_source_route || contains(t, "<@"); }},
    {Defect::malformed_parameter_ignored,
     [](std::string_view, SyntaxReason r) { return r == SyntaxReason::bad_parameter; }},
    {Defect::invalid_utf8_accepted, [](std::string_view, SyntaxReason r) { return r == SyntaxReason::not_ascii; }},
    {Defect::control_character_accepted,
     [](std::string_view, SyntaxReason r) { return r == SyntaxReason::control_octet; }},
};

std::string_view behind_colon(std::string_view text) {
  const std::size_t colon = text.find(':');
  return colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
}

std::string_view behind_path(std::string_view text) {
  const std::size_t close = text.find('>');
  return close == std::string_view::npos ? std::string_view() : text.substr(close + 1);
}

std::string_view clause_of(PathRole role) { return role == PathRole::reverse ? "FROM" : "TO"; }
std::string_view other_clause(PathRole role) { return role == PathRole::reverse ? "TO" : "FROM"; }

bool begins_with(std::string_view text, std::string_view word) { return base::starts_with_ignoring_case(text, word); }

bool is_clause_without_colon(std::string_view text, PathRole role) {
  const std::string_view word = clause_of(role);
  if (!begins_with(text, word)) return false;
  const std::string_view rest = text.substr(word.size());
  return rest.starts_with(" <") || rest.starts_with('<');
}

bool is_clause_without_path(std::string_view text, PathRole role) {
  return begins_with(text, clause_of(role)) && text.size() == clause_of(role).size() + 1 && text.ends_with(':');
}

struct AcceptedClause {
  Defect reverse;
  Defect forward;  // the same defect where it does not tell MAIL and RCPT apart
  bool (*is_form)(std::string_view text, PathRole role);
};

constexpr AcceptedClause kAcceptedClauses[] = {
    {Defect::mail_without_argument_accepted, Defect::rcpt_without_argument_accepted,
     [](std::string_view t, PathRole) { return t.empty(); }},
    {Defect::mail_without_colon_accepted, Defect::rcpt_without_colon_accepted, is_clause_without_colon},
    {Defect::mail_without_from_accepted, Defect::rcpt_without_to_accepted,
     [](std::string_view t, PathRole) { return t.starts_with('<'); }},
    {Defect::mail_to_accepted, Defect::rcpt_from_accepted,
     [](std::string_view t, PathRole role) {
       return begins_with(t, other_clause(role)) && behind_colon(t).starts_with('<');
     }},
    {Defect::mail_without_path_accepted, Defect::rcpt_without_path_accepted, is_clause_without_path},
    {Defect::space_before_colon_accepted, Defect::space_before_colon_accepted,
     [](std::string_view t, PathRole) { return contains(t, " :<"); }},
    {Defect::two_spaces_before_clause_accepted, Defect::two_spaces_before_clause_accepted,
     [](std::string_view t, PathRole) { return t.starts_with(' '); }},
    {Defect::other_word_before_path_accepted, Defect::other_word_before_path_accepted,
     [](std::string_view t, PathRole) {
       return !t.starts_with(' ') && !begins_with(t, "FROM") && !begins_with(t, "TO") &&
              behind_colon(t).starts_with('<');
     }},
    {Defect::path_without_open_bracket_accepted, Defect::path_without_open_bracket_accepted,
     [](std::string_view t, PathRole) { return !contains(t, "<") && contains(t, ">"); }},
    {Defect::path_without_close_bracket_accepted, Defect::path_without_close_bracket_accepted,
     [](std::string_view t, PathRole) { return contains(t, "<") && !contains(t, ">"); }},
    {Defect::path_in_double_brackets_accepted, Defect::path_in_double_brackets_accepted,
     [](std::string_view t, PathRole) { return contains(t, ":<<") && contains(t, ">>") && contains(t, "@"); }},
    {Defect::path_in_square_brackets_accepted, Defect::path_in_square_brackets_accepted,
     [](std::string_view t, PathRole) {
       const std::string_view path = behind_colon(t);
       return path.starts_with('[') || path.starts_with('(') || path.starts_with('{');
     }},
    {Defect::name_before_path_accepted, Defect::name_before_path_accepted,
     [](std::string_view t, PathRole) {
       const std::string_view path = behind_colon(t);
       return !path.empty() && !path.starts_with('<') && contains(path, " <") &&
              path.find_first_not_of(' ') < path.find('<');
     }},
    {Defect::parameter_glued_to_path_accepted, Defect::parameter_glued_to_path_accepted,
     [](std::string_view t, PathRole) { return !behind_path(t).empty() && base::is_alnum(behind_path(t)[0]); }},
    {Defect::parameters_separated_by_commas_accepted, Defect::parameters_separated_by_commas_accepted,
     [](std::string_view t, PathRole) { return contains(behind_path(t), ","); }},
    {Defect::parameters_separated_by_semicolons_accepted, Defect::parameters_separated_by_semicolons_accepted,
     [](std::string_view t, PathRole) { return contains(behind_path(t), ";"); }},
    {Defect::parameter_without_keyword_accepted, Defect::parameter_without_keyword_accepted,
     [](std::string_view t, PathRole) { return contains(behind_path(t), " ="); }},
};

bool accepts_clause(std::string_view text, PathRole role, const DefectSet& defects) {
  for (const AcceptedClause& clause : kAcceptedClauses) {
    if (defects.has(role == PathRole::reverse ? clause.reverse : clause.forward) && clause.is_form(text, role))
      return true;
  }
  return false;
}

// The usual form, which some servers want otherwise.
bool refuses_clause(std::string_view text, PathRole role, const DefectSet& defects) {
  return text.starts_with(role == PathRole::reverse ? "From" : "To") &&
         defects.has(Defect::mixed_case_from_and_to_refused);
}

}  // namespace

bool accepts_null_reverse_path(std::string_view text, const DefectSet& defects) {
  return (behind_colon(text).starts_with("< >") && defects.has(Defect::blank_reverse_path_accepted)) ||
         (behind_colon(text).starts_with("<<>>") && defects.has(Defect::double_null_reverse_path_accepted));
}

bool refuses_valid_path(const Path& path, std::string_view text, PathRole role, const DefectSet& defects) {
  if (defects.empty()) return false;
  for (const RefusedForm& form : kRefusedForms) {
    if (defects.has(form.defect) && form.is_form(path)) return true;
  }
  if (refuses_clause(text, role, defects) || refuses_utf8_mailbox(path.mailbox, defects)) return true;
  const bool lower_case_keyword = text.starts_with(role == PathRole::reverse ? "from" : "to");
  return lower_case_keyword && defects.has(Defect::from_and_to_case_sensitive);
}

bool accepts_invalid_argument(std::string_view text, const wire::SyntaxError& error, PathRole role,
                              const DefectSet& defects) {
  if (defects.empty()) return false;
  if (role == PathRole::forward && contains(text, "<>")) return defects.has(Defect::null_forward_path_accepted);
  for (const AcceptedForm& form : kAcceptedForms) {
    if (defects.has(form.defect) && form.is_form(text, error.reason)) return true;
  }
  return accepts_clause(text, role, defects) || accepts_bad_utf8(text, defects);
}

}  // namespace smtpspec::server
