// The defects of STARTTLS beyond the first ones, and of the session inside TLS (RFC 3207).
#include "harness/server/defect_table.h"

namespace smtpspec::server {

std::vector<DefectInfo> starttls_defects() {
  using D = Defect;
  return {
      {D::starttls_advertised_but_answered_454,
       "starttls-advertised-but-answered-454",
       "STARTTLS is advertised and always gets 454.",
       {"RFC3207-3-01", "RFC8314-4-02"}},
      {D::starttls_argument_forgets_ehlo,
       "starttls-argument-forgets-ehlo",
       "STARTTLS with an argument gets 501 and forgets EHLO.",
       {"RFC5321-4.2.1-04", "RFC5321-4.3.1-07"}},
      {D::starttls_keeps_helo,
       "starttls-keeps-helo",
       "The name that HELO gave before STARTTLS counts inside TLS.",
       {"RFC3207-4.2-01"}},
      {D::starttls_keeps_recipients,
       "starttls-keeps-recipients",
       "The recipients from before STARTTLS are added to the first transaction inside TLS.",
       {"RFC3207-4.2-01", "RFC3207-4.2-02", "RFC3207-6-02"}},
      {D::starttls_restores_transaction,
       "starttls-restores-transaction",
       "The transaction from before STARTTLS is open again after EHLO inside TLS.",
       {"RFC3207-4.2-01", "RFC3207-4.2-02", "RFC3207-6-02"}},
      {D::starttls_keeps_partial_line,
       "starttls-keeps-partial-line",
       "The beginning of a line behind STARTTLS is put before the first line inside TLS.",
       {"RFC3207-4-08", "RFC3207-6-02"}},
      {D::starttls_executes_last_injected_command,
       "starttls-executes-last-injected-command",
       "The last command behind STARTTLS in its segment is executed inside TLS.",
       {"RFC3207-4-08", "RFC3207-6-02"}},
      {D::starttls_answers_injected_commands,
       "starttls-answers-injected-commands",
       "Commands behind STARTTLS in its segment are answered in plaintext behind 220.",
       {"RFC3207-4-08"}},
      {D::ehlo_inside_tls_answered_503,
       "ehlo-inside-tls-answered-503",
       "EHLO inside TLS gets 503 since it has come before.",
       {"RFC3207-4.2-01"}},
      {D::starttls_inside_tls_closes,
       "starttls-inside-tls-closes",
       "STARTTLS inside TLS closes the connection without a reply.",
       {"RFC3207-4.2-06", "RFC5321-3.8-02", "RFC5321-4.2-01"}},
      {D::starttls_inside_tls_forgets_ehlo,
       "starttls-inside-tls-forgets-ehlo",
       "STARTTLS inside TLS gets 503 and forgets EHLO.",
       {"RFC5321-4.1.4-19", "RFC5321-4.3.1-07"}},
      {D::starttls_inside_tls_not_answered,
       "starttls-inside-tls-not-answered",
       "STARTTLS inside TLS gets no reply.",
       {"RFC3207-4.2-06", "RFC5321-4.2-01"}},
  };
}

}  // namespace smtpspec::server
