// The defects of notices of failure, as the specifications tell what they break.
#include "harness/server/defect_table.h"

namespace smtpspec::server {

std::vector<DefectInfo> notice_defects() {
  using D = Defect;
  return {
      {D::notice_missing,
       "notice-missing",
       "A message that was accepted and cannot be delivered vanishes without a notice.",
       {"RFC5321-6.1-03", "RFC5321-6.1-01"}},
      {D::notice_with_reverse_path,
       "notice-with-reverse-path",
       "A notice of failure has a reverse-path of its own.",
       {"RFC5321-6.1-04"}},
      {D::notice_to_postmaster,
       "notice-to-postmaster",
       "A notice of failure goes to the postmaster and not to the reverse-path.",
       {"RFC5321-6.1-05", "RFC5321-6.1-03"}},
      {D::notice_for_null_reverse_path,
       "notice-for-null-reverse-path",
       "A message with a null reverse-path that cannot be delivered draws a notice to the postmaster.",
       {"RFC5321-6.1-06"}},
      {D::notice_in_plain_text,
       "notice-in-plain-text",
       "A notice of failure is text without the parts of a delivery status notification.",
       {"RFC5321-3.6.3-02"}},
      {D::notice_names_another_host,
       "notice-names-another-host",
       "A notice of failure names another host as the reporting one.",
       {"RFC5321-3.6.3-03"}},
      {D::notice_names_first_failure_only,
       "notice-names-first-failure-only",
       "A notice of failure names the first of several recipients alone.",
       {"RFC5321-4.4-26"}},
      {D::notice_for_each_failure,
       "notice-for-each-failure",
       "Each of several failed recipients draws a notice of its own.",
       {"RFC5321-4.4-27"}},
      {D::list_failures_to_poster,
       "list-failures-to-poster",
       "Failures of a mailing list are reported to who posted to it.",
       {"RFC5321-3.9.2-01"}},
  };
}

}  // namespace smtpspec::server
