#include "tests/unit/server/probes.h"

namespace smtpspec::server {
namespace {

const std::string kEhlo = "EHLO client.example\r\n";
const std::string kMail = "MAIL FROM:<a@example.com>";
const std::string kMessage = "RCPT TO:<alice@example.org>\r\nDATA\r\n.\r\n";

}  // namespace

void add_treatment_probes(std::vector<Probe>& out) {
  for (const std::string parameter :
       {"BY=60;R", "BY=x", "BY=60;RT", "BY=+60;N", "BY=0;R", "BY=0;N", "BY=1;R", "BY=999999;R", "MT-PRIORITY=10",
        "MT-PRIORITY=-3", "MT-PRIORITY=9", "MT-PRIORITY=1 MT-PRIORITY=1", "SOLICIT=com.example:ADV", "SOLICIT=1",
        "SOLICIT=org.example:ADV:ADLT", "REQUIRETLS"}) {
    out.push_back({{}, {kEhlo + kMail + " " + parameter + "\r\n" + kMessage}});
  }
  for (const std::string parameter :
       {"RRVS=2026-01-01T00:00:00Z", "RRVS=x", "RRVS=2026-01-01T00:00:00.5Z", "RRVS=2026-01-01T00:00:00Z;R"}) {
    out.push_back({{}, {kEhlo + kMail + "\r\nRCPT TO:<alice@example.org> " + parameter + "\r\n"}});
  }
  out.push_back({{}, {kEhlo + kMail + "\r\nRCPT TO:<Postmaster> RRVS=2026-01-01T00:00:00Z\r\n"}});
  SessionInfo inside_tls;
  inside_tls.is_tls = true;
  out.push_back({{}, {kEhlo + kMail + " REQUIRETLS=x\r\nRSET\r\n" + kMail + " REQUIRETLS\r\n"}, inside_tls});
  std::string mails = kEhlo;
  for (int i = 0; i < 21; ++i) mails += kMail + "\r\nRSET\r\n";
  out.push_back({{}, {mails}});
}

}  // namespace smtpspec::server
