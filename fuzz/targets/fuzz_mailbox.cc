// target/mbox_reader.h and target/stored_form.h: what the server under test has written. Messages do not depend on how
// the file was read, none is larger than what was there, and line ends become CRLF and nothing else.
#include <algorithm>
#include <string>
#include <vector>

#include "fuzz/targets/splits.h"
#include "fuzz/targets/target.h"
#include "harness/target/mbox_reader.h"
#include "harness/target/message_index.h"
#include "harness/target/stored_form.h"

namespace smtpspec::fuzz {

namespace {

std::vector<verdict::StoredMessage> all_of(const target::MessageIndex& index) {
  std::vector<std::size_t> numbers;
  for (std::size_t i = 0; i < index.size(); ++i) numbers.push_back(i);
  const auto messages = index.messages(numbers);
  promise(messages.has_value(), "what was read can be handed over");
  return *messages;
}

std::string without_crs(std::string_view octets) {
  std::string rest(octets);
  std::erase(rest, '\r');
  return rest;
}

void check_form(std::string_view octets, const verdict::StoredMessage& message) {
  promise(without_crs(message.octets) == without_crs(octets), "only line ends change");
  if (message.artefacts.line_ends == verdict::LineEnds::kept) {
    promise(message.octets == octets, "line ends that were kept are as they were");
    return;
  }
  for (std::size_t at = message.octets.find('\n'); at != std::string::npos; at = message.octets.find('\n', at + 1))
    promise(at > 0 && message.octets[at - 1] == '\r', "every other line ends in CRLF");
}

}  // namespace

void fuzz_mailbox(std::string_view octets) {
  check_form(octets, target::from_file(std::string(octets)));
  target::from_mail_server(std::string(octets));

  target::MboxReader whole;
  target::MessageIndex once;
  whole.feed(octets, once);
  whole.finish(once);
  target::MboxReader split;
  target::MessageIndex pieces;
  for (const std::string_view piece : pieces_of(octets)) split.feed(piece, pieces);
  split.finish(pieces);
  const auto messages = all_of(once);
  promise(messages == all_of(pieces), "messages do not depend on the split");
  promise(!split.has_unfinished(), "nothing is left when nothing follows");
  std::size_t size = 0;
  for (const verdict::StoredMessage& message : messages) size += without_crs(message.octets).size();
  promise(size <= octets.size(), "no message is larger than what was there");
  if (target::is_mbox(octets)) promise(!messages.empty(), "an mbox that is one holds a message");
}

}  // namespace smtpspec::fuzz
