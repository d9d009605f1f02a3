#include "harness/cli/protocol_word.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "harness/base/octets.h"
#include "harness/scenario/coverage.h"

namespace smtpspec::cli {
namespace {

using Bound = std::map<std::string_view, std::vector<std::string>>;

// One of a list's words, blanks between them.
bool is_listed(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const auto end = std::min(list.find(' '), list.size());
    if (base::equals_ignoring_case(list.substr(0, end), word)) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

// The keyword itself, or the one whose command or parameter the word is.
const scenario::KeywordEntry* keyword_of(std::string_view word) {
  if (const auto* entry = scenario::find_keyword(word)) return entry;
  const auto all = scenario::built_in_keywords();
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& entry) {
    return is_listed(entry.verbs, word) || is_listed(entry.mail_parameters, word) ||
           is_listed(entry.rcpt_parameters, word);
  });
  return found == all.end() ? nullptr : &*found;
}

std::string state_of(const scenario::Requirement& entry, const Bound& bound) {
  const auto& primary = *scenario::built_in_catalogue().primary(entry.id);
  const auto scenarios = bound.find(primary.id);
  if (scenarios != bound.end())
    return fmt::format("{} scenario{}", scenarios->second.size(), scenarios->second.size() == 1 ? "" : "s");
  if (primary.observable == "none") return "not to be seen from outside";
  return scenario::find_untested(primary.id) ? "untested, with a reason" : "no scenario";
}

template <class Filter>
std::string requirements_that(const std::vector<scenario::Scenario>& scenarios, Filter belongs) {
  const Bound bound = scenario::scenarios_by_primary(scenarios, scenario::built_in_catalogue());
  std::string out;
  for (const auto& entry : scenario::built_in_catalogue().all()) {
    if (!belongs(entry)) continue;
    out += fmt::format("    {:<22} {:<10} {}  ({})\n", entry.id, verdict::to_string(entry.level), entry.summary,
                       state_of(entry, bound));
  }
  return out.empty() ? out : "\nrequirements\n" + out;
}

std::string document_of(int rfc, std::string_view status) {
  if (rfc == 0) return std::string(status);
  return fmt::format("RFC {}{}{}", rfc, status.empty() ? "" : ", ", status);
}

void add_parameters(std::string& out, std::string_view command, std::string_view names, int longer_by) {
  if (names.empty() && longer_by == 0) return;
  out += fmt::format("on {:<9}{}", command, names);
  if (longer_by != 0) out += fmt::format("{}the line may be {} octets longer", names.empty() ? "" : ", ", longer_by);
  out += '\n';
}

std::string keyword_page(const scenario::KeywordEntry& entry, const std::vector<scenario::Scenario>& scenarios) {
  std::string out = fmt::format("{}  EHLO keyword  {}\n\n", entry.keyword, document_of(entry.rfc, entry.status));
  if (!entry.purpose.empty()) out += fmt::format("  {}\n\n", entry.purpose);
  if (entry.parameter_regex == "^$") out += "advertised  alone\n";
  else if (!entry.parameter_regex.empty()) out += fmt::format("advertised  with /{}/\n", entry.parameter_regex);
  if (!entry.is_registered) out += "registered  no\n";
  if (!entry.verbs.empty()) out += fmt::format("commands    {}\n", entry.verbs);
  add_parameters(out, "MAIL", entry.mail_parameters, entry.mail_line_increase_octets);
  add_parameters(out, "RCPT", entry.rcpt_parameters, entry.rcpt_line_increase_octets);
  if (!entry.note.empty()) out += fmt::format("note        {}\n", entry.note);
  return out + requirements_that(scenarios, [&](const scenario::Requirement& requirement) {
           return base::equals_ignoring_case(requirement.extension, entry.keyword);
         });
}

// Does the text name the code, and not a number that only holds it?
bool names_code(std::string_view text, std::string_view code) {
  const auto is_part = [&](std::size_t at) {
    return at < text.size() && (base::is_alnum(text[at]) || text[at] == '.' || text[at] == '-');
  };
  for (auto at = text.find(code); at != std::string_view::npos; at = text.find(code, at + 1)) {
    const bool ends = at + code.size() >= text.size() || !base::is_alnum(text[at + code.size()]);
    if ((at == 0 || !is_part(at - 1)) && ends) return true;
  }
  return false;
}

std::string reply_page(const scenario::ReplyCodeEntry& entry, const std::vector<scenario::Scenario>& scenarios) {
  const std::string code = std::to_string(entry.code);
  std::string out =
      fmt::format("{}  reply code  {}\n\n  {}\n  A client: {}\n", code, entry.documents, entry.meaning, entry.client);
  std::string enhanced;
  for (const auto& status : scenario::built_in_enhanced_statuses())
    if (names_code(status.note, code))
      enhanced += fmt::format("    {}.{:<8} {}\n", code[0], status.code.substr(2), status.meaning);
  if (!enhanced.empty()) out += "\nenhanced status codes\n" + enhanced;
  return out + requirements_that(scenarios, [&](const scenario::Requirement& requirement) {
           return requirement.role != "client" && names_code(requirement.summary, code);
         });
}

// "X.7.8" of "5.7.8", where the word is one at all.
std::optional<std::string> status_code_of(const std::string& word) {
  const bool has_class =
      word.size() > 3 && word[1] == '.' && std::string_view("245Xx").find(word[0]) != std::string::npos;
  return has_class ? std::optional("X" + word.substr(1)) : std::nullopt;
}

std::string status_page(const std::string& word, const scenario::EnhancedStatusEntry& entry,
                        const std::vector<scenario::Scenario>& scenarios) {
  std::string out = fmt::format("{}  enhanced status code  {}\n\n  {}\n", entry.code,
                                document_of(entry.rfc, "registered"), entry.meaning);
  if (!entry.note.empty()) out += fmt::format("\nnote        {}\n", entry.note);
  return out + requirements_that(scenarios, [&](const scenario::Requirement& requirement) {
           return requirement.role != "client" && names_code(requirement.summary, word);
         });
}

}  // namespace

std::string protocol_page(const std::string& word, const std::vector<scenario::Scenario>& scenarios) {
  if (const auto* keyword = keyword_of(word)) return keyword_page(*keyword, scenarios);
  for (const auto& reply : scenario::built_in_reply_codes())
    if (std::to_string(reply.code) == word) return reply_page(reply, scenarios);
  if (const auto code = status_code_of(word)) {
    for (const auto& status : scenario::built_in_enhanced_statuses())
      if (status.code == *code) return status_page(word, status, scenarios);
  }
  return {};
}

}  // namespace smtpspec::cli
