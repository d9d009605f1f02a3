// SCRAM, CRAM-MD5 and OAUTHBEARER.
#include "harness/base/quick_digests.h"
#include "tests/unit/server/defect_cases.h"
#include "tests/unit/server/scram_client.h"

namespace smtpspec::server {
namespace {

const std::string kSigned = "334 " + to_base64("v=").substr(0, 2);
const std::string kDone = "235 2.7.0 Authentication successful";

Probe scram(const std::vector<std::string>& messages, const std::string& mechanism = "SCRAM-SHA-256") {
  std::string octets = "AUTH " + mechanism + " " + to_base64(messages.at(0)) + "\r\n";
  for (std::size_t i = 1; i < messages.size(); ++i) octets += to_base64(messages[i]) + "\r\n";
  Probe probe = after_greeting(octets);
  probe.config.extensions.sasl_challenges = true;
  return probe;
}

const std::string kBearer =
    "n,,\x01"
    "auth=Bearer x\x01\x01";

Probe with_challenges(Probe probe) {
  probe.config.extensions.sasl_challenges = true;
  return probe;
}
Probe cram(const std::string& response) { return with_challenges(after_greeting("AUTH CRAM-MD5\r\n" + response)); }
Probe bearer(const std::string& message, const std::string& response) {
  return with_challenges(inside_tls("AUTH OAUTHBEARER " + to_base64(message) + "\r\n" + response));
}

std::string challenge(const std::string& octets) { return "334 " + to_base64(octets) + "\r\n"; }

}  // namespace

std::vector<DefectCase> scram_defect_cases() {
  using D = Defect;
  const ScramClient client;
  const std::string first = "n,," + client.first;
  const std::string salt = "s=" + to_base64(client.salt());
  ScramClient extended;
  extended.first += ",x=1";
  ScramClient stranger;
  stranger.password = "wrong";
  Probe inside = inside_tls("");
  inside.config.extensions.sasl_challenges = true;
  return {
      {D::scram_nonce_not_extended, scram({first}), challenge("r=client," + salt + ",i=4096")},
      {D::scram_nonce_repeated, scram({first}), challenge("r=clientserver," + salt + ",i=4096")},
      {D::scram_salt_before_nonce, scram({first}), challenge(salt + ",r=clientid1,i=4096")},
      {D::scram_few_iterations, scram({first}), challenge("r=clientid1," + salt + ",i=1000")},
      {D::scram_last_nonce_not_checked, scram({first, client.last("c=biws,r=other"), ""}), kDone},
      {D::scram_mandatory_extension_ignored, scram({"n,,m=x,n=tim,r=client"}), "334 "},
      {D::scram_bad_escape_accepted, scram({"n,,n=t=41,r=client"}), "334 "},
      {D::scram_unknown_attribute_refused, scram({"n,," + extended.first}), "501 5.5.2"},
      {D::scram_unknown_attribute_in_last_message_refused, scram({first, client.last("c=biws,r=clientid1,y=2")}),
       "501 5.5.2"},
      {D::scram_failure_told_with_signature, scram({first, stranger.last()}), kSigned},
      {D::scram_signature_left_out, scram({first, client.last()}), kDone},
      {D::scram_signature_wrong, scram({first, client.last()}), challenge("v=" + client.signature()), true},
      {D::scram_salt_of_unknown_user_changes, scram({"n,,n=nobody,r=client"}),
       to_base64("r=clientid1,s=" +
                 to_base64(base::quick_digests().digest(client.kind, "salt of nobody").substr(0, 16)) + ",i=4096"),
       true},
      {D::scram_demand_for_binding_ignored, scram({"p=tls-unique,,n=tim,r=client"}), "334 "},
      {D::scram_channel_binding_not_checked, scram({first, client.last("c=eSws,r=clientid1"), ""}), kDone},
      {D::scram_plus_offered_alone, inside, "SCRAM-SHA-256-PLUS"},
      {D::cram_md5_challenge_without_host, cram(""), challenge("<id1>")},
      {D::cram_md5_challenge_repeated, cram(""), challenge("<challenge@mail.example.org>")},
      {D::cram_md5_needs_no_digest, cram(to_base64("tim 00") + "\r\n"), kDone},
      {D::cram_md5_initial_response_ignored, with_challenges(after_greeting("AUTH CRAM-MD5 dGVzdA==\r\n")),
       challenge("<id1@mail.example.org>")},
      {D::oauthbearer_offered_in_clear, with_challenges(after_greeting("")), " OAUTHBEARER"},
      {D::oauthbearer_refusal_without_status, bearer(kBearer, ""), challenge(R"({"scope":"mail"})")},
      {D::oauthbearer_refusal_taken_back, bearer(kBearer, "AQ==\r\n"), kDone},
      {D::oauthbearer_cancel_accepted, bearer(kBearer, "*\r\n"), kDone},
      {D::oauthbearer_malformed_accepted, bearer("n,,", ""), kDone},
  };
}

}  // namespace smtpspec::server
