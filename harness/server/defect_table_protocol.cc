// The defects of the with clause and its like in Received (RFC 3848, RFC 4954, RFC 6531, RFC 8314).
#include "harness/server/defect_table.h"

namespace smtpspec::server {

std::vector<DefectInfo> protocol_defects() {
  using D = Defect;
  return {
      {D::received_with_esmtp_after_helo,
       "received-with-esmtp-after-helo",
       "After HELO the with clause says ESMTP.",
       {"RFC3848-1-01"}},
      {D::received_with_esmtp_inside_tls,
       "received-with-esmtp-inside-tls",
       "Inside TLS the with clause does not say so.",
       {"RFC3848-1-01"}},
      {D::received_with_authentication_after_failure,
       "received-with-authentication-after-failure",
       "After an AUTH that failed the with clause says that it did not.",
       {"RFC3848-1-01"}},
      {D::received_without_utf8,
       "received-without-utf8",
       "The with clause does not tell SMTPUTF8.",
       {"RFC6531-3.7.3-01"}},
      {D::received_with_utf8_without_smtputf8,
       "received-with-utf8-without-smtputf8",
       "The with clause tells SMTPUTF8 for every message.",
       {"RFC3848-1-01"}},
      {D::received_without_cipher,
       "received-without-cipher",
       "Received does not tell the cipher of TLS.",
       {"RFC8314-4.3-01"}},
      {D::received_with_esmtp_in_lmtp,
       "received-with-esmtp-in-lmtp",
       "In LMTP the with clause says ESMTP.",
       {"RFC3848-1-01"}},
  };
}

}  // namespace smtpspec::server
