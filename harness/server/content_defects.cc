#include "harness/server/content_defects.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "harness/base/octets.h"
#include "harness/server/envelope_syntax.h"
#include "harness/server/header_defects.h"
#include "harness/server/message_format_defects.h"
#include "harness/server/trace.h"
#include "harness/wire/dot_stuffing.h"

namespace smtpspec::server {
namespace {

constexpr std::size_t kCutLineOctets = 900;
constexpr std::size_t kCutEightBitLineOctets = 500;
constexpr std::size_t kLowHopLimit = 20;

bool is_bare_lf(std::string_view text, std::size_t i) { return text[i] == '\n' && (i == 0 || text[i - 1] != '\r'); }
bool is_bare_cr(std::string_view text, std::size_t i) {
  return text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n');
}

std::string with_crlf_for(std::string_view content, bool (*is_bare)(std::string_view, std::size_t)) {
  std::string out;
  for (std::size_t i = 0; i < content.size(); ++i) {
    if (is_bare(content, i)) {
      out += "\r\n";
    } else {
      out += content[i];
    }
  }
  return out;
}

// Gives each line of `content`, without its CRLF, to `change`, and joins what comes back.
template <class Change>
std::string with_lines(std::string_view content, Change change) {
  std::string out;
  while (!content.empty()) {
    const std::size_t end = content.find("\r\n");
    out += change(std::string(content.substr(0, end)));
    if (end == std::string_view::npos) break;
    out += "\r\n";
    content.remove_prefix(end + 2);
  }
  return out;
}

std::string_view header_of(std::string_view content) { return content.substr(0, content.find("\r\n\r\n")); }

// Gives the body of `content` to `change`, and puts the header before what comes back.
template <class Change>
std::string with_body(std::string_view content, Change change) {
  const std::size_t end = content.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::string(content);
  return std::string(content.substr(0, end + 4)) + change(std::string(content.substr(end + 4)));
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

// Even parity, as on a line of seven data bits.
char with_parity_bit(char c) {
  const auto octet = static_cast<unsigned char>(c);
  if (c == '\r' || c == '\n') return c;
  return std::popcount(octet) % 2 == 0 ? c : static_cast<char>(octet | 0x80U);
}

struct BodyChange {
  Defect defect;
  std::string (*change)(std::string body);
};

constexpr BodyChange kBodyChanges[] = {
    {Defect::dots_within_lines_merged,
     [](std::string body) {
       return with_lines(body, [](std::string line) {
         for (std::size_t at = line.find("..", 1); at != std::string::npos; at = line.find("..", at)) line.erase(at, 1);
         return line;
       });
     }},
    {Defect::final_dot_of_line_removed,
     [](std::string body) {
       return with_lines(body, [](std::string line) {
         if (line.size() > 1 && line.ends_with('.')) line.pop_back();
         return line;
       });
     }},
    {Defect::text_changed_to_lower_case, [](std::string body) { return base::to_lower(body); }},
    {Defect::rare_characters_become_question_marks,
     [](std::string body) {
       for (char& c : body) {
         if (std::string_view("[]{}|~^`\\#@!").find(c) != std::string_view::npos) c = '?';
       }
       return body;
     }},
    {Defect::text_lines_joined,
     [](std::string body) {
       replace_all(body, " \r\n", " ");
       return body;
     }},
    {Defect::parity_bit_set,
     [](std::string body) {
       std::transform(body.begin(), body.end(), body.begin(), with_parity_bit);
       return body;
     }},
    {Defect::from_lines_escaped_one_way,
     [](std::string body) {
       return with_lines(body, [](std::string line) { return line.starts_with("From ") ? ">" + line : line; });
     }},
};

bool has_field(std::string_view content, std::string_view name) { return count_header_fields(content, name) > 0; }

}  // namespace

std::string with_content_defects(std::string content, const DefectSet& defects) {
  if (defects.empty()) return content;
  const auto has = [&](Defect defect) { return defects.has(defect); };
  const auto remove = [&](auto is_unwanted) { std::erase_if(content, is_unwanted); };
  if (has(Defect::bare_lf_in_data_becomes_line_end) || has(Defect::bare_lf_ends_line_in_data))
    content = with_crlf_for(content, is_bare_lf);
  if (has(Defect::bare_cr_in_data_becomes_line_end)) content = with_crlf_for(content, is_bare_cr);
  if (has(Defect::stuffed_dot_kept)) content = wire::stuff(content);
  if (has(Defect::all_leading_dots_removed)) {
    content = with_lines(content, [](std::string line) { return line.erase(0, line.find_first_not_of('.')); });
  }
  if (has(Defect::control_characters_removed)) {
    remove([](char c) { return static_cast<unsigned char>(c) < 32 && c != '\r' && c != '\n'; });
  }
  if (has(Defect::tabs_become_spaces)) std::replace(content.begin(), content.end(), '\t', ' ');
  if (has(Defect::eighth_bit_removed)) {
    for (char& c : content) c = static_cast<char>(static_cast<unsigned char>(c) & 0x7FU);
  }
  if (has(Defect::trailing_blanks_removed)) {
    content = with_lines(content, [](std::string line) { return line.erase(line.find_last_not_of(" \t") + 1); });
  }
  if (has(Defect::long_text_line_cut)) {
    content = with_lines(content, [](std::string line) { return line.substr(0, kCutLineOctets); });
  }
  if (has(Defect::long_eight_bit_line_cut)) {
    content = with_lines(
        content, [](std::string line) { return has_non_ascii(line) ? line.substr(0, kCutEightBitLineOctets) : line; });
  }
  if (has(Defect::dot_after_bare_lf_removed)) {
    for (std::size_t i = content.size(); i-- > 1;) {
      if (content[i] == '.' && is_bare_lf(content, i - 1)) content.erase(i, 1);
    }
  }
  for (const BodyChange& body : kBodyChanges) {
    if (has(body.defect)) content = with_body(content, body.change);
  }
  content = with_header_defects(std::move(content), defects);
  if (has(Defect::empty_line_added_at_end)) content += "\r\n";
  if (has(Defect::first_empty_line_removed)) {
    if (const std::size_t end = content.find("\r\n\r\n\r\n"); end != std::string::npos) content.erase(end, 2);
  }
  if (has(Defect::header_copied_from_envelope)) content = "Apparently-To: <alice@example.org>\r\n" + content;
  return content;
}

std::optional<Reply> defective_content_refusal(std::string_view content, const DefectSet& defects) {
  const auto has = [&](Defect defect) { return defects.has(defect); };
  if (auto refusal = message_format_refusal(content, defects)) return refusal;
  if (content.empty() && has(Defect::empty_message_answered_421)) return Reply{421, "4.3.0", {"Closing"}};
  if (has(Defect::message_without_header_refused) &&
      content.substr(0, content.find("\r\n")).find(':') == content.npos) {
    return Reply{550, "5.6.0", {"No header section"}};
  }
  if (has(Defect::message_without_from_refused) && !has_field(content, "from:")) {
    return Reply{550, "5.6.0", {"No From field"}};
  }
  if (has(Defect::message_without_date_refused) && !has_field(content, "date:")) {
    return Reply{550, "5.6.0", {"No Date field"}};
  }
  if (has(Defect::resent_fields_refused) && has_field(content, "resent-")) {
    return Reply{550, "5.6.0", {"Resent fields do not match"}};
  }
  if (has(Defect::odd_received_refused) && has_field(content, "received:") &&
      header_of(content).find(';') == std::string_view::npos) {
    return Reply{550, "5.6.0", {"Malformed Received field"}};
  }
  if (has(Defect::many_recipients_in_header_refused) &&
      std::count(header_of(content).begin(), header_of(content).end(), '@') > 20) {
    return Reply{550, "5.6.0", {"Too many recipients in the header"}};
  }
  if (has(Defect::hop_limit_too_low) && count_header_fields(content, "received:") > kLowHopLimit) {
    return Reply{554, "5.4.6", {"Too many hops"}};
  }
  return std::nullopt;
}

bool has_control_character(std::string_view content) {
  return std::any_of(content.begin(), content.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return (octet < 32 && c != '\t' && c != '\r' && c != '\n') || octet == 127;
  });
}

bool tolerates_bare_line_endings(const DefectSet& defects) {
  return defects.has(Defect::bare_lf_in_data_becomes_line_end) || defects.has(Defect::bare_lf_ends_line_in_data) ||
         defects.has(Defect::bare_cr_in_data_becomes_line_end) || defects.has(Defect::dot_after_bare_lf_removed) ||
         defects.has(Defect::relay_ends_text_at_bare_lf_dot);
}

std::string with_trace_below_header(std::string_view content, std::vector<Delivery>& deliveries) {
  const std::string_view header = header_of(content);
  std::string out(header);
  if (!deliveries.empty()) out += "\r\n" + deliveries.front().trace_fields;
  for (Delivery& delivery : deliveries) delivery.trace_fields.clear();
  if (out.ends_with("\r\n")) out.resize(out.size() - 2);
  return out + std::string(content.substr(header.size()));
}

void lower_local_parts(Envelope& envelope) {
  const auto lower = [](std::string& mailbox) {
    const std::size_t at = mailbox.rfind('@');
    mailbox = base::to_lower(mailbox.substr(0, at)) + (at == std::string::npos ? "" : mailbox.substr(at));
  };
  lower(envelope.reverse_path);
  for (Recipient& recipient : envelope.recipients) lower(recipient.mailbox);
}

}  // namespace smtpspec::server
