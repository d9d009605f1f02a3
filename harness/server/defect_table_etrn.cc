// The defects of ETRN beyond the first ones (RFC 1985).
#include "harness/server/defect_table.h"

namespace smtpspec::server {

std::vector<DefectInfo> etrn_defects() {
  using D = Defect;
  return {
      {D::etrn_two_arguments_accepted,
       "etrn-two-arguments-accepted",
       "ETRN takes the first of two names.",
       {"RFC1985-5-02"}},
      {D::etrn_lone_prefix_accepted,
       "etrn-lone-prefix-accepted",
       "ETRN with an at sign or a number sign alone gets 250.",
       {"RFC1985-5-02"}},
      {D::etrn_subdomain_prefix_refused,
       "etrn-subdomain-prefix-refused",
       "ETRN with an at sign before the name gets 501.",
       {"RFC1985-5-02", "RFC1985-5.3-01"}},
      {D::etrn_queue_name_refused, "etrn-queue-name-refused", "ETRN with a queue's name gets 501.", {"RFC1985-5-02"}},
      {D::etrn_answered_354, "etrn-answered-354", "ETRN gets 354 instead of 251.", {"RFC1985-5.1-01"}},
      {D::etrn_answered_450,
       "etrn-answered-450",
       "ETRN of a node that is served gets 450.",
       {"RFC1985-5.1-01", "RFC1985-5.1-03"}},
      {D::etrn_refused_node_answered_550,
       "etrn-refused-node-answered-550",
       "ETRN of a node that is not served gets 550 instead of 459.",
       {"RFC1985-5.1-01", "RFC1985-5.1-03"}},
      {D::etrn_refused_node_not_answered,
       "etrn-refused-node-not-answered",
       "ETRN of a node that is not served gets no reply.",
       {"RFC1985-5.1-01", "RFC5321-4.2-01"}},
      {D::etrn_swaps_roles, "etrn-swaps-roles", "After ETRN the server waits to be the client.", {"RFC1985-5-03"}},
      {D::etrn_closes,
       "etrn-closes",
       "After its reply to ETRN the server closes the connection.",
       {"RFC1985-5-03", "RFC5321-3.8-02"}},
      {D::etrn_reply_held_back,
       "etrn-reply-held-back",
       "The reply to ETRN waits for the next command.",
       {"RFC1985-5.1-02"}},
      {D::etrn_in_transaction_clears_it,
       "etrn-in-transaction-clears-it",
       "ETRN during a transaction gets 503 and clears it.",
       {"RFC5321-4.1.4-19", "RFC5321-4.3.1-07"}},
      {D::etrn_advertised_on_submission,
       "etrn-advertised-on-submission",
       "A submission server advertises ETRN.",
       {"RFC6409-7-03"}},
  };
}

}  // namespace smtpspec::server
