#include "reports/attestation.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/base/base64.h"
#include "reports/printable.h"

namespace smtpspec::reports {
namespace {

using base::make_unexpected;
using base::Result;
using json = nlohmann::ordered_json;
using verdict::Verdict;

constexpr std::string_view kStatementType = "https://in-toto.io/Statement/v1";
constexpr std::string_view kPredicateType = "https://in-toto.io/attestation/test-result/v0.1";

json digest_of(std::string_view name, std::string_view sha256) {
  return {{"name", printable(name)}, {"digest", {{"sha256", printable(sha256)}}}};
}

std::string text_of(const json& object, const char* name) {
  const auto it = object.find(name);
  return it != object.end() && it->is_string() ? it->get<std::string>() : "";
}

}  // namespace

std::string make_statement(const verdict::RunRecord& record, const std::vector<Subject>& subjects) {
  json subject_list = json::array();
  for (const auto& subject : subjects) subject_list.push_back(digest_of(subject.name, subject.sha256));
  json passed = json::array();
  json warned = json::array();
  for (const auto& scenario : record.scenarios) {
    if (scenario.verdict == Verdict::pass) passed.push_back(printable(scenario.id));
    if (scenario.verdict == Verdict::warn) warned.push_back(printable(scenario.id));
  }
  json configuration = json::array({digest_of("suite", record.suite_digest)});
  if (!record.target.profile_digest.empty())
    configuration.push_back(digest_of("profile", record.target.profile_digest));
  const json statement = {{"_type", kStatementType},
                          {"subject", std::move(subject_list)},
                          {"predicateType", kPredicateType},
                          {"predicate",
                           {{"result", warned.empty() ? "PASSED" : "WARNED"},
                            {"configuration", std::move(configuration)},
                            {"passedTests", std::move(passed)},
                            {"warnedTests", std::move(warned)},
                            {"failedTests", json::array()}}}};
  return statement.dump();
}

Result<std::vector<Subject>, std::string> read_subjects(std::string_view statement) {
  const json document = json::parse(statement, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object() || text_of(document, "_type") != kStatementType ||
      text_of(document, "predicateType") != kPredicateType)
    return make_unexpected(std::string("the payload is no in-toto statement of a test result"));
  const auto list = document.find("subject");
  if (list == document.end() || !list->is_array()) return make_unexpected(std::string("the statement has no subject"));
  std::vector<Subject> subjects;
  for (const auto& entry : *list) {
    const auto digest = entry.is_object() ? entry.find("digest") : entry.end();
    if (!entry.is_object() || digest == entry.end() || !digest->is_object())
      return make_unexpected(std::string("a subject of the statement has no digest"));
    subjects.push_back({text_of(entry, "name"), text_of(*digest, "sha256")});
    if (subjects.back().name.empty()) return make_unexpected(std::string("a subject of the statement has no name"));
  }
  return subjects;
}

std::string pre_authentication_encoding(std::string_view payload) {
  return fmt::format("DSSEv1 {} {} {} ", kStatementPayloadType.size(), kStatementPayloadType, payload.size()) +
         std::string(payload);
}

std::string write_envelope(const Envelope& envelope) {
  const json document = {
      {"payloadType", kStatementPayloadType},
      {"payload", base::base64(envelope.payload)},
      {"signatures",
       json::array({{{"keyid", printable(envelope.key_id)}, {"sig", base::base64(envelope.signature)}}})}};
  return document.dump(1) + "\n";
}

Result<Envelope, std::string> read_envelope(std::string_view text) {
  const json document = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) return make_unexpected(std::string("it is no JSON object"));
  if (text_of(document, "payloadType") != kStatementPayloadType)
    return make_unexpected(std::string("its payload is of another type than in-toto's"));
  const auto signatures = document.find("signatures");
  if (signatures == document.end() || !signatures->is_array() || signatures->size() != 1 ||
      !signatures->front().is_object())
    return make_unexpected(std::string("it does not have one signature"));
  const auto payload = base::from_base64(text_of(document, "payload"));
  const auto signature = base::from_base64(text_of(signatures->front(), "sig"));
  if (!payload || !signature) return make_unexpected(std::string("payload or signature is no Base64"));
  Envelope envelope{*payload, text_of(signatures->front(), "keyid"), *signature};
  if (write_envelope(envelope) != text) return make_unexpected(std::string("it is not as it was written"));
  return envelope;
}

}  // namespace smtpspec::reports
