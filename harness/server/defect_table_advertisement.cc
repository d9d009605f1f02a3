// The defects of what EHLO lists, as the specifications tell what they break.
#include "harness/server/defect_table.h"

namespace smtpspec::server {

std::vector<DefectInfo> advertisement_defects() {
  using D = Defect;
  return {
      {D::eight_bit_mime_not_advertised,
       "eight-bit-mime-not-advertised",
       "8BITMIME is not advertised.",
       {"RFC5321-2.4-17", "RFC5321X-4.1.1.11-02"}},
      {D::eight_bit_mime_advertised_once,
       "eight-bit-mime-advertised-once",
       "8BITMIME is advertised to the first EHLO only.",
       {"RFC5321-2.4-17"}},
      {D::burl_advertised_on_relay,
       "burl-advertised-on-relay",
       "BURL is advertised by a mail exchanger.",
       {"RFC4468-3.1-01"}},
      {D::burl_advertised_at_second_ehlo,
       "burl-advertised-at-second-ehlo",
       "BURL is advertised by a mail exchanger to the second EHLO.",
       {"RFC4468-3.1-01"}},
      {D::burl_advertised_inside_tls,
       "burl-advertised-inside-tls",
       "BURL is advertised by a mail exchanger inside TLS.",
       {"RFC4468-3.1-01"}},
      {D::futurerelease_advertised_on_relay,
       "futurerelease-advertised-on-relay",
       "FUTURERELEASE is advertised by a mail exchanger.",
       {"RFC4865-4.2-01"}},
      {D::futurerelease_advertised_at_second_ehlo,
       "futurerelease-advertised-at-second-ehlo",
       "FUTURERELEASE is advertised by a mail exchanger to the second EHLO.",
       {"RFC4865-4.2-01"}},
      {D::futurerelease_advertised_inside_tls,
       "futurerelease-advertised-inside-tls",
       "FUTURERELEASE is advertised by a mail exchanger inside TLS.",
       {"RFC4865-4.2-01"}},
      {D::requiretls_advertised_without_tls,
       "requiretls-advertised-without-tls",
       "REQUIRETLS is advertised outside TLS.",
       {"RFC8689-2-02"}},
      {D::requiretls_advertised_at_second_ehlo,
       "requiretls-advertised-at-second-ehlo",
       "REQUIRETLS is advertised outside TLS to the second EHLO.",
       {"RFC8689-2-02"}},
  };
}

}  // namespace smtpspec::server
