// wire/reply.h: nothing is lost, nothing depends on the split, nothing is larger than promised.
#include <algorithm>
#include <string>
#include <vector>

#include "fuzz/targets/splits.h"
#include "fuzz/targets/target.h"
#include "harness/wire/capabilities.h"
#include "harness/wire/reply.h"

namespace smtpspec::fuzz {

namespace {

std::vector<wire::Reply> take_all(wire::ReplyParser& parser) {
  std::vector<wire::Reply> replies;
  while (auto reply = parser.next()) replies.push_back(std::move(*reply));
  return replies;
}

void check(const wire::Reply& reply) {
  promise(!reply.lines.empty() && reply.lines.size() <= wire::kMaxReplyLines, "a reply has 1 to kMaxReplyLines lines");
  promise(reply.raw.size() <= wire::kMaxReplyOctets, "a reply's octets are bounded");
  promise(reply.code >= -1 && reply.code <= 999, "a code has three digits");
  for (const wire::Deviation& deviation : reply.deviations) {
    promise(deviation.line < reply.lines.size(), "a deviation names a line that there is");
    promise(deviation.offset <= reply.raw.size(), "a deviation lies within the reply");
    promise(!wire::to_string(deviation.kind).empty(), "a deviation has a name");
  }
  for (const wire::ReplyLine& line : reply.lines) {
    promise(line.text_begin + line.text_octets <= reply.raw.size(), "a line's text stands in the reply");
    promise(reply.text_of(line).find('\n') == std::string_view::npos, "… and in one line of it");
  }
  (void)reply.text();
  if (const auto enhanced = reply.enhanced())
    promise(reply.text_of(reply.lines.front()).starts_with(wire::to_string(*enhanced)),
            "a status code is written as it was read");
  const wire::Capabilities capabilities = wire::parse_ehlo(reply);
  promise(capabilities.items.size() <= reply.lines.size(), "no more keywords than lines");
  promise(wire::same_advertisement(capabilities, capabilities), "an advertisement is the same as itself");
  for (const wire::Capability& one : capabilities.items) {
    promise(capabilities.find(one.keyword) != nullptr, "what is advertised is found");
    if (!one.keyword.ends_with('=')) {
      const auto found = wire::find_advertised(reply, one.keyword);
      promise(found.has_value(), "… and without all the others");
      const auto& parameters = capabilities.find(one.keyword)->parameters;
      promise(found->empty() == parameters.empty(), "… with or without parameters");
      promise(parameters.size() != 1 || *found == parameters.front(), "… the same ones");
    }
    promise(wire::arguments_match(one.keyword, one.parameters, one.parameters), "… with its parameters");
    for (const std::string& parameter : one.parameters)
      if (one.keyword == "AUTH=") promise(capabilities.advertises("AUTH=" + parameter), "… in the old form, too");
  }
  for (const wire::CapabilityDeviation& deviation : capabilities.deviations) {
    promise(deviation.line < reply.lines.size(), "a keyword's deviation names a line that there is");
    promise(deviation.offset <= reply.lines[deviation.line].text_octets, "… and a place in it");
    promise(!wire::to_string(deviation.kind).empty(), "… and has a name");
  }
}

}  // namespace

void fuzz_reply_parser(std::string_view octets) {
  wire::ReplyParser whole;
  whole.feed(octets);
  const std::vector<wire::Reply> replies = take_all(whole);

  wire::ReplyParser split;
  std::vector<wire::Reply> same;
  for (const std::string_view piece : pieces_of(octets)) {
    split.feed(piece);
    for (wire::Reply& reply : take_all(split)) same.push_back(std::move(reply));
  }
  promise(replies == same, "replies do not depend on how octets were split");
  promise(whole.has_partial_reply() == split.has_partial_reply(), "… nor does what is left");

  std::string all;
  bool is_cut = false;
  for (const wire::Reply& reply : replies) {
    check(reply);
    all += reply.raw;
    is_cut = is_cut || reply.has(wire::ReplyDeviation::reply_too_long);
  }
  all += whole.pending();
  if (!is_cut && octets.size() < wire::kMaxBufferedLineOctets) promise(all == octets, "no octet is lost or invented");
}

}  // namespace smtpspec::fuzz
