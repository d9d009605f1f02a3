#include "harness/target/mailbox.h"

#include <utility>

#include "harness/target/command_mailbox.h"
#include "harness/target/mailbox_location.h"
#include "harness/target/message_source.h"
#include "harness/target/polled_mailbox.h"

namespace smtpspec::target {

base::Result<std::unique_ptr<Mailbox>, std::string> make_mailbox(transport::EventLoop& loop,
                                                                 const MailboxOptions& options) {
  const auto location = parse_mailbox_location(options.place);
  if (!location) return base::make_unexpected(location.error());
  std::unique_ptr<MessageSource> source;
  switch (location->kind) {
    case MailboxKind::maildir:
      source = make_maildir_source(location->place);
      break;
    case MailboxKind::mbox:
      source = make_mbox_source(loop, location->place);
      break;
    case MailboxKind::dir:
      source = make_folder_source(loop, location->place);
      break;
    case MailboxKind::command:
      return make_command_mailbox(loop, location->place);
    case MailboxKind::pop3:
    case MailboxKind::imap: {
      auto url = parse_mailbox_url(location->kind, location->place);
      if (!url) return base::make_unexpected(url.error());
      auto made = make_curl_source(loop, location->kind, std::move(*url), options);
      if (!made) return base::make_unexpected(made.error());
      source = std::move(*made);
      break;
    }
  }
  return std::make_unique<PolledMailbox>(loop, std::move(source));
}

}  // namespace smtpspec::target
