// The defects of sessions that begin with HELO, as the specifications tell what they break.
#include "harness/server/defect_table.h"

namespace smtpspec::server {

std::vector<DefectInfo> helo_session_defects() {
  using D = Defect;
  return {
      {D::helo_message_lost,
       "helo-message-lost",
       "A message of a session that began with HELO gets 250 and is lost.",
       {"RFC5321-6.1-01", "RFC5321-4.3.1-07"}},
      {D::helo_second_message_lost,
       "helo-second-message-lost",
       "The second message of a session that began with HELO gets 250 and is lost.",
       {"RFC5321-6.1-01", "RFC5321-4.3.1-07"}},
      {D::helo_message_without_body,
       "helo-message-without-body",
       "A message of a session that began with HELO is delivered without its body.",
       {"RFC5321-4.5.2-05", "RFC5321-4.3.1-07"}},
      {D::helo_message_not_unstuffed,
       "helo-message-not-unstuffed",
       "A message of a session that began with HELO keeps the dots that were added for transparency.",
       {"RFC5321-4.5.2-03", "RFC1123-5.2.11-01"}},
      {D::helo_message_without_received,
       "helo-message-without-received",
       "A message of a session that began with HELO gets no Received field.",
       {"RFC5321-4.4-01", "RFC1123-5.2.8-01"}},
      {D::helo_message_without_return_path,
       "helo-message-without-return-path",
       "A message of a session that began with HELO is delivered without a Return-Path field.",
       {"RFC5321-4.4-12"}},
      {D::helo_rset_keeps_transaction,
       "helo-rset-keeps-transaction",
       "In a session that began with HELO, RSET is answered 250 and changes nothing.",
       {"RFC5321-4.1.1.5-01", "RFC5321-4.1.4-15"}},
      {D::helo_rset_keeps_recipients,
       "helo-rset-keeps-recipients",
       "In a session that began with HELO, RSET keeps the recipients: they join the next transaction.",
       {"RFC5321-4.1.1.5-01"}},
  };
}

}  // namespace smtpspec::server
