// The frame of every HTML page, and the small parts that its chapters share.
#pragma once

#include <array>
#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <unordered_map>

#include "harness/verdict/run_record.h"
#include "reports/html/assets.h"
#include "reports/html/element.h"

namespace smtpspec::reports::html {

// Everything up to the content, and everything behind it. The policy allows the page its own style and script and
// nothing else: no network, no inline handler.
void begin_page(std::ostream& out, std::string_view title, const PageAssets& assets);
void end_page(std::ostream& out, const PageAssets& assets);

// A record's entries by their ids; of the scenarios of one id, the first.
struct Index {
  explicit Index(const verdict::RunRecord& run);
  const verdict::RequirementResult* requirement(std::string_view id) const;
  const verdict::ScenarioResult* scenario(std::string_view id) const;

  const verdict::RunRecord& record;

 private:
  std::unordered_map<std::string_view, const verdict::RequirementResult*> requirements_;
  std::unordered_map<std::string_view, const verdict::ScenarioResult*> scenarios_;
};

// The id of an element, unique for each `id` and made of letters, digits, '.', '-' and '_': "s-smtp.quit.reply".
std::string anchor(std::string_view prefix, std::string_view id);

// "RFC 5321" of "RFC 5321 §4.1.1.2".
std::string_view document_of(std::string_view section);
// The section's place at rfc-editor.org; empty where the section is not one of an RFC.
std::string rfc_link(std::string_view section);
void add_section_link(Element parent, std::string_view section);

// The id of a scenario or requirement, as a link to its row if the page has one.
void add_scenario_link(Element parent, const Index& index, std::string_view id);
void add_requirement_link(Element parent, const Index& index, std::string_view id);

// "4.1.1.2" before "4.1.1.10".
bool is_before(std::string_view section, std::string_view other);

// What a requirement came to, as readers are told: a recommendation that is not followed makes no server nonconforming
// and is told apart from a violation, where a record calls both violated.
enum class Outcome { satisfied, violated, not_followed, observed, untested, not_applicable };
inline constexpr std::array kOutcomes = {Outcome::satisfied, Outcome::violated, Outcome::not_followed,
                                         Outcome::observed,  Outcome::untested, Outcome::not_applicable};

Outcome outcome_of(const verdict::RequirementResult& requirement);
bool is_deviation(Outcome outcome);

// Requirements by outcome.
class Tally {
 public:
  void add(const Index& index, const verdict::RequirementResult& requirement);
  std::size_t count(Outcome outcome) const { return counts_[static_cast<std::size_t>(outcome)]; }
  std::size_t waived(Outcome outcome) const { return waived_[static_cast<std::size_t>(outcome)]; }
  std::size_t total() const;

 private:
  std::array<std::size_t, kOutcomes.size()> counts_{};
  std::array<std::size_t, kOutcomes.size()> waived_{};
};

// Every deviation from the requirement is waived.
bool is_waived(const Index& index, const verdict::RequirementResult& requirement);

// "satisfied", "not applicable", …
std::string_view word(Outcome outcome);
// "pass", "not applicable", …; "waived" for what is waived.
std::string_view word(const verdict::ScenarioResult& scenario);
// The same as a class name: no blanks.
std::string css_class(std::string_view word);

// A picture of the shares, and the same in words.
void add_bar(Element parent, const Tally& tally);
std::string in_words(const Tally& tally);
// ", all of them waived"; empty if none is.
std::string waived_of(const Tally& tally, Outcome outcome);

// A label of a verdict or an outcome.
void add_label(Element parent, std::string_view word);

// Any text as a part of an address, percent-encoded.
std::string url_part(std::string_view text);

// "1,061".
std::string grouped(std::size_t number);
std::string counted(std::size_t number, std::string_view one, std::string_view many);

// What a reader calls the server: its profile, else its address.
std::string name_of(const verdict::RunRecord& record);

// A term and its explanation in a <dl>; what it is explained by goes into the returned <dd>.
Element add_term(Element list, std::string_view term);
// As add_term(), unless there is nothing to tell.
void add_fact(Element list, std::string_view term, std::string_view text, std::string_view class_name = {});

}  // namespace smtpspec::reports::html
