// The defects of LMTP beyond the first ones (RFC 2033).
#include "harness/server/defect_table.h"

namespace smtpspec::server {

std::vector<DefectInfo> lmtp_defects() {
  using D = Defect;
  return {
      {D::lhlo_accepted_by_smtp, "lhlo-accepted-by-smtp", "LHLO works in SMTP.", {"RFC2033-4-01"}},
      {D::lhlo_answered_without_extensions,
       "lhlo-answered-without-extensions",
       "LHLO is answered by one line.",
       {"RFC2033-4.1-01", "RFC2033-5-02", "RFC2033-5-03", "RFC2033-5-04"}},
      {D::lmtp_without_pipelining, "lmtp-without-pipelining", "LMTP does not advertise PIPELINING.", {"RFC2033-5-02"}},
      {D::lmtp_without_enhanced_status_codes,
       "lmtp-without-enhanced-status-codes",
       "LMTP does not advertise ENHANCEDSTATUSCODES.",
       {"RFC2033-5-03"}},
      {D::lmtp_without_8bitmime, "lmtp-without-8bitmime", "LMTP does not advertise 8BITMIME.", {"RFC2033-5-04"}},
      {D::lmtp_data_without_recipient_answered_554,
       "lmtp-data-without-recipient-answered-554",
       "DATA without a recipient gets 554 instead of 503 in LMTP.",
       {"RFC2033-4.2-01"}},
      {D::lmtp_data_without_recipient_accepted,
       "lmtp-data-without-recipient-accepted",
       "DATA without a recipient gets 354 in LMTP.",
       {"RFC2033-4.2-01"}},
      {D::lmtp_replies_in_reverse,
       "lmtp-replies-in-reverse",
       "The replies to a message come in reverse order of the recipients in LMTP.",
       {"RFC2033-4.2-02"}},
      {D::lmtp_answers_for_refused_recipients,
       "lmtp-answers-for-refused-recipients",
       "In LMTP a message is answered for refused recipients, too.",
       {"RFC2033-4.2-02"}},
      {D::lmtp_refused_message_answered_once,
       "lmtp-refused-message-answered-once",
       "In LMTP a refused message gets one reply for all recipients.",
       {"RFC2033-4.2-02"}},
      {D::lmtp_one_failure_refuses_all,
       "lmtp-one-failure-refuses-all",
       "In LMTP the reply to one failed recipient is given to those behind it, too.",
       {"RFC2033-4.2-02"}},
      {D::lhlo_unknown, "lhlo-unknown", "LHLO is an unknown command in LMTP.", {"RFC2033-4.1-01"}},
      {D::lower_case_lhlo_unknown,
       "lower-case-lhlo-unknown",
       "LHLO is known in capitals only.",
       {"RFC2033-4.1-01", "RFC5321-2.4-02"}},
      {D::lmtp_failure_withholds_the_rest,
       "lmtp-failure-withholds-the-rest",
       "Behind a recipient who cannot be delivered to, the others are told 250 and get nothing.",
       {"RFC5321-6.1-01"}},
      {D::lmtp_answers_each_chunk_per_recipient,
       "lmtp-answers-each-chunk-per-recipient",
       "In LMTP each chunk gets a reply for each recipient.",
       {"RFC2033-4.3-01"}},
      {D::lmtp_refused_last_chunk_answered_without_recipients,
       "lmtp-refused-last-chunk-answered-without-recipients",
       "In LMTP a last chunk without recipients gets a reply.",
       {"RFC2033-4.3-01"}},
  };
}

}  // namespace smtpspec::server
