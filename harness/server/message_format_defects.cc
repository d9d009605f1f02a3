#include "harness/server/message_format_defects.h"

#include <algorithm>
#include <string>

#include "harness/base/octets.h"
#include "harness/server/content_defects.h"
#include "harness/server/trace.h"

namespace smtpspec::server {
namespace {

constexpr std::size_t kShortLineOctets = 500;
constexpr std::size_t kLongNameOctets = 40;

std::string_view header_of(std::string_view content) { return content.substr(0, content.find("\r\n\r\n")); }

// True if `is_odd` holds for a line of the header.
template <class Predicate>
bool any_line(std::string_view content, Predicate is_odd) {
  std::string_view rest = header_of(content);
  for (;;) {
    const std::size_t end = rest.find("\r\n");
    if (is_odd(rest.substr(0, end))) return true;
    if (end == std::string_view::npos) return false;
    rest.remove_prefix(end + 2);
  }
}

// True if `is_odd` holds for what stands before the colon of a field.
template <class Predicate>
bool any_name(std::string_view content, Predicate is_odd) {
  return any_line(content, [&](std::string_view line) {
    if (line.starts_with(' ') || line.starts_with('\t')) return false;
    return is_odd(line.substr(0, line.find(':')));
  });
}

// What stands behind the name and the colon of the first such field, on its first line; "" if there is none.
std::string_view field(std::string_view content, std::string_view name) {
  std::string_view found;
  any_line(content, [&](std::string_view line) {
    if (!base::starts_with_ignoring_case(line, name)) return false;
    found = line.substr(name.size());
    return true;
  });
  return found;
}

bool has_blank_at_end(std::string_view name) { return name.ends_with(' ') || name.ends_with('\t'); }

bool has_symbol(std::string_view name) {
  return !has_blank_at_end(name) &&
         std::any_of(name.begin(), name.end(), [](char c) { return !base::is_alnum(c) && c != '-'; });
}

bool has_year_of_four_digits(std::string_view date) {
  std::size_t digits = 0;
  for (const char c : date) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    if (digits == 4) return true;
    if (c == ':') return false;
  }
  return false;
}

struct Fault {
  Defect defect;
  bool (*is_in)(std::string_view content);
};

constexpr Fault kUnwelcome[] = {
    {Defect::delete_character_in_text_refused,
     [](std::string_view content) { return content.find('\x7f') != content.npos; }},
    {Defect::control_characters_in_text_refused, has_control_character},
    {Defect::long_header_line_refused,
     [](std::string_view content) {
       return any_line(content, [](std::string_view line) { return line.size() > kShortLineOctets; });
     }},
    {Defect::field_name_with_symbol_refused, [](std::string_view content) { return any_name(content, has_symbol); }},
    {Defect::field_name_of_one_letter_refused,
     [](std::string_view content) {
       return any_name(content, [](std::string_view name) { return name.size() == 1; });
     }},
    {Defect::long_field_name_refused,
     [](std::string_view content) {
       return any_name(content, [](std::string_view name) { return name.size() > kLongNameOctets; });
     }},
};

// What says "syntax error" to a field or a message that is well-formed: the server has not understood it. A refusal of
// content (554) could be a site's own choice.
constexpr Fault kNotUnderstood[] = {
    {Defect::message_without_recipient_or_subject_refused,
     [](std::string_view content) {
       return count_header_fields(content, "to") + count_header_fields(content, "cc") +
                  count_header_fields(content, "bcc") + count_header_fields(content, "subject") ==
              0;
     }},
    {Defect::message_with_several_authors_refused,
     [](std::string_view content) {
       return std::ranges::count(field(content, "from:"), '@') > 1 &&
              field(content, "from:").find("<@") == std::string_view::npos;
     }},
    {Defect::empty_bcc_field_refused,
     [](std::string_view content) {
       return count_header_fields(content, "bcc:") > 0 && field(content, "bcc:").find('@') == std::string_view::npos;
     }},
    {Defect::repeated_comments_refused,
     [](std::string_view content) { return count_header_fields(content, "comments:") > 1; }},
    {Defect::blank_before_header_colon_refused,
     [](std::string_view content) { return any_name(content, has_blank_at_end); }},
    {Defect::year_of_two_digits_refused,
     [](std::string_view content) {
       return count_header_fields(content, "date:") > 0 && !has_year_of_four_digits(field(content, "date:"));
     }},
    {Defect::named_zone_refused,
     [](std::string_view content) {
       const std::string_view date = field(content, "date:");
       return !date.empty() && base::is_alpha(date.back());
     }},
    {Defect::route_in_from_refused,
     [](std::string_view content) { return field(content, "from:").find("<@") != std::string_view::npos; }},
    {Defect::dot_in_phrase_refused,
     [](std::string_view content) {
       const std::string_view from = field(content, "from:");
       const std::size_t path = from.find('<');
       return path != std::string_view::npos && from.substr(0, path).find('.') != std::string_view::npos;
     }},
    {Defect::empty_member_of_address_list_refused,
     [](std::string_view content) { return field(content, "to:").find(",,") != std::string_view::npos; }},
    {Defect::blank_line_in_folding_refused,
     [](std::string_view content) {
       return any_line(content, [](std::string_view line) {
         return !line.empty() && line.find_first_not_of(" \t") == std::string_view::npos;
       });
     }},
    {Defect::second_to_field_refused, [](std::string_view content) { return count_header_fields(content, "to:") > 1; }},
};

}  // namespace

std::optional<Reply> message_format_refusal(std::string_view content, const DefectSet& defects) {
  const auto shows = [&](const Fault& fault) { return defects.has(fault.defect) && fault.is_in(content); };
  if (std::ranges::any_of(kUnwelcome, shows)) return Reply{554, "5.6.0", {"Malformed message"}};
  if (std::ranges::any_of(kNotUnderstood, shows)) return Reply{501, "5.6.0", {"Malformed message"}};
  return std::nullopt;
}

}  // namespace smtpspec::server
