// Instead of mailbox_curl.cc, where CMake has found no libcurl.
#include "harness/target/message_source.h"

namespace smtpspec::target {

base::Result<std::unique_ptr<MessageSource>, std::string> make_curl_source(transport::EventLoop& /*loop*/,
                                                                           MailboxKind kind, MailboxUrl /*url*/,
                                                                           const MailboxOptions& /*options*/) {
  return base::make_unexpected("this build has no libcurl, so it cannot read a mailbox of the kind " +
                               std::string(to_string(kind)) +
                               "; install libcurl4-openssl-dev and build again, or use another kind");
}

}  // namespace smtpspec::target
