// The defects of a submission server (RFC 6409). In another role they do nothing.
#include "harness/server/defect_table.h"

namespace smtpspec::server {

std::vector<DefectInfo> submission_defects() {
  using D = Defect;
  return {
      {D::submission_ehlo_unknown,
       "submission-ehlo-unknown",
       "A submission server does not know EHLO.",
       {"RFC6409-3.1-01"}},
      {D::submission_ehlo_answered_550,
       "submission-ehlo-answered-550",
       "A submission server answers EHLO by 550.",
       {"RFC6409-3.1-01"}},
      {D::submission_login_demanded_with_554,
       "submission-login-demanded-with-554",
       "A submission server answers MAIL without a login by 554.",
       {"RFC6409-4.3-01", "RFC4954-6-01"}},
      {D::submission_noop_not_answered,
       "submission-noop-not-answered",
       "A submission server does not answer NOOP.",
       {"RFC6409-5.3-01", "RFC4954-6-05", "RFC5321-4.2-01"}},
      {D::submission_mail_not_answered,
       "submission-mail-not-answered",
       "A submission server does not answer MAIL.",
       {"RFC6409-5.3-01"}},
      {D::submission_rcpt_not_answered,
       "submission-rcpt-not-answered",
       "A submission server does not answer RCPT.",
       {"RFC6409-5.3-01"}},
      {D::submission_message_not_answered,
       "submission-message-not-answered",
       "A submission server does not answer the end of a message.",
       {"RFC6409-5.3-01"}},
      {D::submission_auth_not_advertised,
       "submission-auth-not-advertised",
       "A submission server does not offer AUTH.",
       {"RFC6409-7-01"}},
      {D::submission_without_pipelining,
       "submission-without-pipelining",
       "A submission server does not offer PIPELINING.",
       {"RFC6409-7-02"}},
      {D::submission_without_enhancedstatuscodes,
       "submission-without-enhancedstatuscodes",
       "A submission server does not offer ENHANCEDSTATUSCODES.",
       {"RFC6409-7-02"}},
      {D::submission_without_dsn,
       "submission-without-dsn",
       "A submission server does not offer DSN.",
       {"RFC6409-7-02"}},
      {D::submission_without_8bitmime,
       "submission-without-8bitmime",
       "A submission server does not offer 8BITMIME.",
       {"RFC6409-7-02"}},
      {D::submission_unqualified_sender_accepted,
       "submission-unqualified-sender-accepted",
       "A sender without a fully qualified domain is taken from a user, and stays as it is.",
       {"RFC6409-4.2-01"}},
  };
}

}  // namespace smtpspec::server
