// Dialogues that between them touch every rule the defect table speaks of.
#pragma once

#include <string>
#include <vector>

#include "tests/unit/server/fake_environment.h"

namespace smtpspec::server {

struct Probe {
  Config config;
  std::vector<std::string> steps;
  SessionInfo info = {};
};

std::vector<Probe> probes();

// What a message goes on with: "from a@b RET=… ENVID=… c@d NOTIFY=… ORCPT=… BODY=… SMTPUTF8 ", each ended by a blank.
inline std::string envelope_text(const Envelope& envelope) {
  std::string text = "from " + envelope.reverse_path + " RET=" + envelope.ret + " ENVID=" + envelope.envelope_id + ' ';
  for (const Recipient& recipient : envelope.recipients)
    text += recipient.mailbox + " NOTIFY=" + recipient.notify + " ORCPT=" + recipient.orcpt + ' ';
  return text + "BODY=" + envelope.body + (envelope.smtp_utf8 ? " SMTPUTF8 " : " ");
}

// A session knows nothing of the TLS that carries it; what these do is seen by the kill matrix.
inline bool is_of_tls_itself(Defect defect) {
  return DefectSet{Defect::tls_1_0_negotiated, Defect::tls_1_1_negotiated, Defect::certificate_expired,
                   Defect::certificate_without_names, Defect::close_notify_not_sent}
      .has(defect);
}

// A session hands over what is to be relayed and knows nothing of how that fares (relay_dialogue_test.cc).
inline bool is_of_queue(Defect defect) {
  return DefectSet{Defect::relay_returns_deferred_mail, Defect::relay_forgets_deferred_mail,
                   Defect::relay_ignores_reply_to_text}
      .has(defect);
}

// Of the extensions that say how a message is to be treated on its way.
void add_treatment_probes(std::vector<Probe>& out);

}  // namespace smtpspec::server
