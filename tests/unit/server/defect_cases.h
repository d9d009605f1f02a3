// Dialogues that show of a defect that it does what its sentence says: a text that is seen with the defect and not
// without, or the other way round. Every defect of the tables for single extensions has at least one.
#pragma once

#include <string>
#include <vector>

#include "tests/unit/server/probes.h"

namespace smtpspec::server {

struct DefectCase {
  Defect defect;
  Probe probe;
  std::string text;      // in what the server sends, stores or notes as recipient
  bool is_lost = false;  // false: seen with the defect only; true: without it only
};

std::vector<DefectCase> envelope_defect_cases();
std::vector<DefectCase> login_defect_cases();
std::vector<DefectCase> chunking_defect_cases();
std::vector<DefectCase> report_defect_cases();
std::vector<DefectCase> reply_defect_cases();
std::vector<DefectCase> demand_defect_cases();
std::vector<DefectCase> text_defect_cases();
std::vector<DefectCase> scram_defect_cases();
std::vector<DefectCase> relay_defect_cases();
std::vector<DefectCase> buffer_defect_cases();
std::vector<DefectCase> content_defect_cases();
std::vector<DefectCase> refusal_defect_cases();
std::vector<DefectCase> all_defect_cases();

inline const std::string kCaseEhlo = "EHLO client.example\r\n";
inline const std::string kCaseMail = "MAIL FROM:<a@example.com>\r\n";
inline const std::string kCaseRcpt = "RCPT TO:<alice@example.org>\r\n";
inline const std::string kCaseEnvelope = kCaseMail + kCaseRcpt;

// The dialogue after EHLO, on the plain server with a user.
inline Probe after_greeting(const std::string& octets) { return {with_users(), {kCaseEhlo + octets}}; }
// The same in pieces: each is a segment or one of the marks that play() knows.
inline Probe in_steps(std::vector<std::string> steps) {
  steps.insert(steps.begin(), kCaseEhlo);
  return {with_users(), std::move(steps)};
}
inline Probe with_limit(std::size_t octets, const std::string& dialogue) {
  Probe probe = after_greeting(dialogue);
  probe.config.max_message_octets = octets;
  return probe;
}
inline Probe with_binary_mime(const std::string& dialogue) {
  Probe probe = after_greeting(dialogue);
  probe.config.extensions.binary_mime = true;
  return probe;
}
inline Probe inside_tls(const std::string& octets) { return in_steps({"STARTTLS\r\n", "<tls>", kCaseEhlo + octets}); }
inline Probe in_lmtp(const std::string& octets) {
  Config config;
  config.role = Role::lmtp;
  return {config, {"LHLO client.example\r\n" + octets}};
}

}  // namespace smtpspec::server
