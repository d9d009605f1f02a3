// The sealed statement of a certificate: an in-toto Statement v1 with a test-result predicate (v0.1), in a DSSE
// envelope.
//   https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
//   https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md
//   https://github.com/secure-systems-lab/dsse/blob/master/envelope.md
// Signing is the caller's: this room knows no keys.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/verdict/run_record.h"

namespace smtpspec::reports {

inline constexpr std::string_view kStatementPayloadType = "application/vnd.in-toto+json";

struct Subject {
  std::string name;    // a path in the bundle, or the name of what was tested
  std::string sha256;  // lower-case hexadecimal
  bool operator==(const Subject&) const = default;
};

// `subjects` in the order given. The result is PASSED, or WARNED where a recommendation is not followed: a record that
// is not fit for a certificate must not come here.
std::string make_statement(const verdict::RunRecord& record, const std::vector<Subject>& subjects);

// The subjects of a statement. The error is one sentence.
base::Result<std::vector<Subject>, std::string> read_subjects(std::string_view statement);

// What is signed: DSSE's pre-authentication encoding of a payload.
std::string pre_authentication_encoding(std::string_view payload);

struct Envelope {
  std::string payload;  // the statement
  std::string key_id;
  std::string signature;  // octets
  bool operator==(const Envelope&) const = default;
};

std::string write_envelope(const Envelope& envelope);

// One signature, the payload type above, and octet for octet the form that write_envelope() has: in an envelope nothing
// can be changed, not even a blank. The error is one sentence.
base::Result<Envelope, std::string> read_envelope(std::string_view json);

}  // namespace smtpspec::reports
