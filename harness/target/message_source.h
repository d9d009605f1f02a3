// The places that a PolledMailbox looks into. For this room's sources.
#pragma once

#include <memory>
#include <string>

#include "harness/base/result.h"
#include "harness/target/mailbox.h"
#include "harness/target/mailbox_location.h"
#include "harness/target/polled_mailbox.h"

namespace smtpspec::target {

// Each notes at once what is there already, and passes it over.
std::unique_ptr<MessageSource> make_maildir_source(std::string path);
std::unique_ptr<MessageSource> make_folder_source(transport::EventLoop& loop, std::string path);
std::unique_ptr<MessageSource> make_mbox_source(transport::EventLoop& loop, std::string path);

// An error if this build has no libcurl.
base::Result<std::unique_ptr<MessageSource>, std::string> make_curl_source(transport::EventLoop& loop, MailboxKind kind,
                                                                           MailboxUrl url,
                                                                           const MailboxOptions& options);

}  // namespace smtpspec::target
