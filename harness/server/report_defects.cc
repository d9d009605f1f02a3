#include "harness/server/report_defects.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "harness/base/octets.h"
#include "harness/server/trace.h"

namespace smtpspec::server {
namespace {

constexpr std::string_view kStatusPart = "message/delivery-status\r\n\r\n";

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

bool wants_failures(const Recipient& recipient, const DefectSet& defects) {
  const std::string words = base::to_upper(recipient.notify);
  if (words.empty()) return true;
  if (!contains(words, "FAILURE")) {
    return (contains(words, "NEVER") && defects.has(Defect::notice_despite_notify_never)) ||
           (contains(words, "SUCCESS") && defects.has(Defect::notice_despite_notify_success));
  }
  return !defects.has(Defect::notice_missing_with_notify_failure) &&
         !(contains(words, ",") && defects.has(Defect::notice_missing_with_list_of_words)) &&
         !(!contains(recipient.notify, "FAILURE") && defects.has(Defect::notice_missing_with_lower_case_notify));
}

bool wants_nothing(const Recipient& recipient) { return base::equals_ignoring_case(recipient.notify, "NEVER"); }

// Gives what stands behind `name` in each line that begins with it, from `from` on and before `end`, to `change`, and
// puts what comes back there; nothing: the line goes. True if there is such a line.
template <class Change>
bool change_lines(std::string& report, std::size_t from, std::string_view end, const std::string& name, Change change) {
  bool is_found = false;
  const std::string before = "\r\n" + name + ": ";
  std::size_t at = from;
  while (true) {
    at = report.find(before, at);
    if (at == std::string::npos || at >= report.find(end, from)) return is_found;
    is_found = true;
    const std::size_t value = at + before.size();
    const std::size_t length = report.find("\r\n", value) - value;
    const std::optional<std::string> changed = change(report.substr(value, length));
    if (changed) {
      report.replace(value, length, *changed);
      at = value;
    } else {
      report.erase(at, before.size() + length);
    }
  }
}

// The same in the part that tells the status.
template <class Change>
bool change_status(std::string& report, const std::string& name, Change change) {
  const std::size_t begin = report.find(kStatusPart) + kStatusPart.size() - 2;
  return change_lines(report, begin, "\r\n--", name, change);
}

using Line = std::optional<std::string>;

Line without(const std::string&) { return std::nullopt; }

std::string without_parentheses(std::string value) {
  const std::size_t open = value.find('(');
  const std::size_t close = value.find(')', open);
  if (close != std::string::npos) value.erase(open, close - open + 1);
  return value;
}

void spoil_envelope_id(std::string& report, const ReportFacts& facts, const DefectSet& defects) {
  const auto has = [&](Defect defect) { return defects.has(defect); };
  const std::string name = "Original-Envelope-Id";
  if (has(Defect::notice_without_envelope_id)) change_status(report, name, without);
  if (has(Defect::notice_with_encoded_envelope_id)) {
    change_status(report, name, [&](const std::string&) -> Line { return facts.envelope_id; });
  }
  if (has(Defect::notice_with_envelope_id_in_lower_case)) {
    change_status(report, name, [](const std::string& value) -> Line { return base::to_lower(value); });
  }
  if (has(Defect::notice_drops_comment_of_envelope_id))
    change_status(report, name, [](const std::string& value) -> Line { return without_parentheses(value); });
  if (facts.envelope_id.empty() && has(Defect::notice_invents_envelope_id)) {
    report.insert(report.find(kStatusPart) + kStatusPart.size(), name + ": " + facts.id + "\r\n");
  }
}

void spoil_host(std::string& report, const ReportFacts& facts, const DefectSet& defects) {
  if (defects.has(Defect::notice_without_reporting_mta)) change_status(report, "Reporting-MTA", without);
  if (defects.has(Defect::notice_with_unqualified_reporting_mta)) {
    const std::string label = facts.host_name.substr(0, facts.host_name.find('.'));
    change_status(report, "Reporting-MTA", [&](const std::string&) -> Line { return "dns; " + label; });
  }
  if (defects.has(Defect::notice_with_zone_name)) {
    change_status(report, "Arrival-Date",
                  [](const std::string& value) -> Line { return value.substr(0, value.rfind(' ')) + " CET"; });
  }
}

void spoil_recipients(std::string& report, const ReportFacts& facts, const DefectSet& defects) {
  const auto has = [&](Defect defect) { return defects.has(defect); };
  std::size_t next = 0;  // the recipient whose line is changed
  const auto orcpt = [&](const std::string& value) {
    const ReportedRecipient& recipient = facts.recipients[next++ % facts.recipients.size()];
    const std::size_t type_end = recipient.orcpt.find(';');
    return type_end == std::string::npos
               ? value
               : recipient.orcpt.substr(0, type_end + 1) + " " + recipient.orcpt.substr(type_end + 1);
  };
  if (has(Defect::notice_without_original_recipient)) change_status(report, "Original-Recipient", without);
  if (has(Defect::notice_with_encoded_original_recipient)) {
    change_status(report, "Original-Recipient", [&](const std::string& value) -> Line { return orcpt(value); });
  }
  if (has(Defect::notice_with_original_as_final_recipient)) {
    change_status(report, "Final-Recipient", [&](const std::string& value) -> Line { return orcpt(value); });
  }
  const bool has_original = change_status(report, "Original-Recipient", [](const std::string& v) -> Line { return v; });
  if (!has_original && has(Defect::notice_invents_original_recipient)) {
    change_status(report, "Final-Recipient",
                  [](const std::string& value) -> Line { return value + "\r\nOriginal-Recipient: " + value; });
  }
  const auto change_recipient = [&](Defect defect, auto change) {
    if (!has(defect)) return;
    change_status(report, "Final-Recipient", [&](const std::string& value) -> Line {
      const std::size_t begin = value.find("; ") + 2;
      const std::size_t at = value.rfind('@');
      return value.substr(0, begin) + change(value.substr(begin, at - begin), value.substr(at + 1));
    });
  };
  using Part = const std::string&;
  change_recipient(Defect::notice_with_final_recipient_in_brackets,
                   [](Part local_part, Part domain) { return "<" + local_part + "@" + domain + ">"; });
  change_recipient(Defect::notice_with_mailbox_key_as_final_recipient,
                   [](Part local_part, Part) { return local_part; });
  change_recipient(Defect::notice_with_host_in_final_recipient,
                   [&](Part local_part, Part) { return local_part + "@" + facts.host_name; });
  change_recipient(Defect::notice_with_local_part_in_lower_case,
                   [](Part local_part, Part domain) { return base::to_lower(local_part) + "@" + domain; });
  if (has(Defect::notice_without_final_recipient)) change_status(report, "Final-Recipient", without);
  if (has(Defect::notice_with_recipient_in_lower_case)) {
    change_status(report, "Final-Recipient", [](const std::string& value) -> Line { return base::to_lower(value); });
  }
}

void spoil_outcome(std::string& report, const ReportFacts& facts, const DefectSet& defects) {
  const auto has = [&](Defect defect) { return defects.has(defect); };
  const auto replace_status = [&](Defect defect, const std::string& status) {
    if (has(defect)) change_status(report, "Status", [&](const std::string&) -> Line { return status; });
  };
  const auto add_behind_status = [&](Defect defect, const std::string& line) {
    if (has(defect)) change_status(report, "Status", [&](const std::string& v) -> Line { return v + "\r\n" + line; });
  };
  if (has(Defect::notice_without_action)) change_status(report, "Action", without);
  if (has(Defect::notice_with_unknown_action)) {
    change_status(report, "Action", [](const std::string&) -> Line { return "bounced"; });
  }
  const auto replace_action_of_success = [&](Defect defect, const std::string& action) {
    if (!facts.is_failure && has(defect))
      change_status(report, "Action", [&](const std::string&) -> Line { return action; });
  };
  replace_action_of_success(Defect::success_reported_as_failed, "failed");
  replace_status(Defect::notice_with_status_of_success, "2.0.0");
  replace_status(Defect::notice_with_leading_zero_in_status, "5.03.0");
  add_behind_status(Defect::notice_with_remote_mta, "Remote-MTA: dns; " + facts.host_name);
  add_behind_status(Defect::notice_with_will_retry_until, "Will-Retry-Until: " + to_date_time(facts.time));
  if (has(Defect::notice_without_status)) change_status(report, "Status", without);
  if (has(Defect::notice_with_eight_bit_status)) {
    change_status(report, "Diagnostic-Code", [](const std::string& value) -> Line { return value + " \xe2\x9c\x97"; });
  }
}

}  // namespace

std::vector<Recipient> recipients_to_report(const std::vector<Recipient>& failures, const DefectSet& defects) {
  std::vector<Recipient> reported;
  const bool is_any_silent = std::any_of(failures.begin(), failures.end(), wants_nothing);
  if (is_any_silent && defects.has(Defect::notify_never_silences_all_recipients)) return reported;
  std::copy_if(failures.begin(), failures.end(), std::back_inserter(reported),
               [&](const Recipient& recipient) { return wants_failures(recipient, defects); });
  if (!reported.empty() && defects.has(Defect::notice_names_recipients_that_want_none)) return failures;
  return reported;
}

bool returns_whole_message(const std::string& ret, const DefectSet& defects) {
  if (base::equals_ignoring_case(ret, "FULL")) return !defects.has(Defect::notice_without_text_despite_full);
  return base::equals_ignoring_case(ret, "HDRS") && defects.has(Defect::notice_returns_text_despite_hdrs);
}

std::string with_report_defects(std::string report, const ReportFacts& facts, const DefectSet& defects) {
  if (defects.empty()) return report;
  spoil_envelope_id(report, facts, defects);
  spoil_host(report, facts, defects);
  spoil_recipients(report, facts, defects);
  spoil_outcome(report, facts, defects);
  const std::size_t status = report.find(kStatusPart) + kStatusPart.size();
  if (defects.has(Defect::notice_with_groups_joined)) report.erase(report.find("\r\n\r\n", status), 2);
  if (defects.has(Defect::notice_without_report_type)) {
    constexpr std::string_view kType = " report-type=delivery-status;";
    report.erase(report.find(kType), kType.size());
  }
  const std::string& failed = facts.recipients.front().mailbox;
  if (defects.has(Defect::notice_addressed_to_failed_recipient)) {
    change_lines(report, 0, "\r\n\r\n", "To", [&](const std::string&) -> Line { return "<" + failed + ">"; });
  }
  if (defects.has(Defect::notice_from_failed_recipient)) {
    report.replace(0, report.find("\r\n"), "From: <" + failed + ">");
  }
  return report;
}

}  // namespace smtpspec::server
