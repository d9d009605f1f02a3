#include "harness/server/config.h"

namespace smtpspec::server {

Config imitate_2008_server() {
  Config config;
  config.max_message_octets = 15'728'640;
  config.extensions.enhanced_status_codes = false;
  config.extensions.chunking = false;
  config.extensions.smtp_utf8 = false;
  config.extensions.starttls = false;
  config.extensions.deliver_by = false;
  config.extensions.mt_priority = false;
  config.extensions.rrvs = false;
  config.extensions.limits = false;
  config.extensions.require_tls = false;
  config.extensions.no_soliciting = false;
  config.extensions.help = false;
  config.extensions.vrfy = false;
  config.extensions.expn = false;
  config.users = {{"alice", "secret"}};
  config.greeting_text = "ESMTP server ready";
  config.fixed_extension_lines = {"ETRN", "AUTH PLAIN LOGIN", "AUTH=PLAIN LOGIN", "PIPELINING",
                                  "DSN",  "8BITMIME",         "SIZE 15728640"};
  return config;
}

}  // namespace smtpspec::server
