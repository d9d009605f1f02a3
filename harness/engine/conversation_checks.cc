// Checks that look at more than the next reply: advertisements, pairs of replies, TLS, delivered messages.
#include <algorithm>
#include <cassert>

#include <fmt/format.h>

#include "harness/base/octets.h"
#include "harness/engine/conversation.h"
#include "harness/engine/marker.h"
#include "harness/engine/message_view.h"
#include "harness/engine/storage_allowance.h"
#include "harness/engine/text_match.h"

namespace smtpspec::engine {

using verdict::Cause;
using verdict::Verdict;

namespace {

// A scenario may send it many times over, and what a server writes has no bound of its own.
constexpr std::size_t kMaxCapturedOctets = 16'384;

// What may have overtaken the marker on its way to the next hop is given at least so long.
constexpr base::Microseconds kLeastGrace = std::chrono::milliseconds(500);

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, " ")); }

bool holds_count(scenario::CheckMessage::Relation relation, int actual, int wanted) {
  switch (relation) {
    case scenario::CheckMessage::Relation::equal:
      return actual == wanted;
    case scenario::CheckMessage::Relation::at_least:
      return actual >= wanted;
    case scenario::CheckMessage::Relation::at_most:
      return actual <= wanted;
    case scenario::CheckMessage::Relation::has:
    case scenario::CheckMessage::Relation::lacks:
    case scenario::CheckMessage::Relation::matches:
      break;
  }
  return false;
}

constexpr const char* kNoEnvelope = "the envelope is known only of what comes to the next hop";

// What stood behind MAIL FROM:, or behind the RCPT TO:s, each on a line of its own where there are several.
std::string envelope_text(const verdict::ReceivedEnvelope& envelope, scenario::CheckMessage::What part) {
  if (part == scenario::CheckMessage::What::mail) return envelope.mail;
  return fmt::format("{}", fmt::join(envelope.rcpts, "\r\n"));
}

bool is_line_end(char c) { return c == '\r' || c == '\n'; }

// "<Some-One@Example.COM>" with the domain of each path in lower case, which is how domains are compared (RFC 5321
// §2.4).
std::string with_lower_domains(std::string text) {
  for (std::size_t at = text.find('@'); at != std::string::npos; at = text.find('@', at + 1)) {
    const std::size_t end = text.find_first_of("> \r\n", at);
    if (end == std::string::npos || text[end] != '>') continue;
    const std::string domain = base::to_lower(std::string_view(text).substr(at, end - at));
    text.replace(at, domain.size(), domain);
  }
  return text;
}

// The text in quotes, from the line on in which `at` lies; "..." stands for what is not shown.
std::string excerpt(std::string_view text, std::size_t at) {
  constexpr std::size_t kShown = 200;
  const std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  return (begin > 0 ? "...\"" : "\"") + base::escape_quoted(text.substr(begin, kShown)) +
         (text.size() - begin > kShown ? "\"..." : "\"");
}

// Where what should be lacking stands, whatever the storage made of the line ends around it; else the beginning.
std::size_t place_of(std::string_view text, std::string_view unwanted) {
  while (!unwanted.empty() && is_line_end(unwanted.back())) unwanted.remove_suffix(1);
  std::size_t skipped = 0;
  while (skipped < unwanted.size() && is_line_end(unwanted[skipped])) ++skipped;
  if (const auto at = text.find(unwanted); at != std::string_view::npos) return at + skipped;
  const auto at = text.find(unwanted.substr(skipped));
  return at == std::string_view::npos ? 0 : at;
}

// Where two texts begin to differ in more than their line ends; the beginning where they do not.
std::size_t first_difference(std::string_view text, std::string_view wanted) {
  std::size_t i = 0;
  for (std::size_t j = 0; i < text.size() || j < wanted.size(); ++i, ++j) {
    while (i < text.size() && text[i] == '\r') ++i;
    while (j < wanted.size() && wanted[j] == '\r') ++j;
    if (i >= text.size() && j >= wanted.size()) return 0;
    if (i >= text.size() || j >= wanted.size() || text[i] != wanted[j]) return std::min(i, text.size());
  }
  return 0;
}

}  // namespace

Conversation::Turn Conversation::play_check(const scenario::StepBody& step) {
  if (const auto* check = std::get_if<scenario::CheckAdvertises>(&step)) check_advertises(*check);
  else if (std::holds_alternative<scenario::CheckSameAdvertisement>(step)) check_same_advertisement();
  else if (const auto* relation = std::get_if<scenario::CheckRelation>(&step)) check_relation(*relation);
  else if (const auto* tls = std::get_if<scenario::CheckTlsVersion>(&step)) check_tls_version(*tls);
  else if (const auto* shown = std::get_if<scenario::CheckTlsCertificate>(&step)) check_tls_certificate(*shown);
  else if (const auto* delivered = std::get_if<scenario::CheckDelivered>(&step)) return check_delivered(*delivered);
  else if (const auto* message = std::get_if<scenario::CheckMessage>(&step)) check_message(*message);
  else if (const auto* to_capture = std::get_if<scenario::Capture>(&step)) capture(*to_capture);
  else assert(false && "the compiler flattens every other step");
  return std::nullopt;
}

// A check leaves the conversation where it is, so only a fail ends it.
void Conversation::settle(bool holds, const std::string& got) {
  if (holds) return passed(got);
  if (op().checks.empty()) return end(Verdict::inconclusive, Cause::unknown, op().step->source + ": " + got);
  for (const auto& check : op().checks) ledger_.miss(check, got, op().step->source + ": " + got, false);
  if (ledger_.is_failing()) is_over_ = true;
}

void Conversation::check_advertises(const scenario::CheckAdvertises& check) {
  const wire::Capabilities* capabilities = link().capabilities();
  if (!capabilities)
    return end(Verdict::inconclusive, Cause::unknown, "no EHLO was answered by 250 on this connection");
  const wire::Capability* found = capabilities->find(check.keyword);
  const bool is_advertised = found && (check.regex.empty() || find_match(check.regex, joined(found->parameters)));
  settle(is_advertised != check.negated,
         found ? "advertised as \"" + base::escape_quoted(found->raw) + "\"" : check.keyword + " is not advertised");
}

void Conversation::check_same_advertisement() {
  if (advertisements_.size() < 2)
    return end(Verdict::inconclusive, Cause::unknown, "fewer than two EHLO replies to compare");
  const auto& before = advertisements_[advertisements_.size() - 2];
  const auto& after = advertisements_.back();
  std::string difference;
  const auto list_missing = [&](const wire::Capabilities& from, const wire::Capabilities& in, std::string_view what) {
    for (const auto& item : from.items) {
      const auto* other = in.find(item.keyword);
      if (!other || !wire::arguments_match(item.keyword, item.parameters, other->parameters))
        difference += fmt::format("{}{} {}", difference.empty() ? "" : ", ", what, base::escape(item.raw));
    }
  };
  list_missing(before, after, "only before:");
  list_missing(after, before, "only after:");
  const bool is_same = wire::same_advertisement(before, after);
  settle(is_same, is_same ? "the same" : difference);
}

void Conversation::check_relation(const scenario::CheckRelation& check) {
  const auto left = named_.find(check.left);
  const auto right = named_.find(check.right);
  if (left == named_.end() || right == named_.end())
    return end(Verdict::inconclusive, Cause::unknown, "one of the two replies was never read");
  const std::string got = to_string(left->second) + " / " + to_string(right->second);
  const bool holds = std::any_of(check.allowed.begin(), check.allowed.end(), [&](const auto& pair) {
    return matches(pair.first, left->second) && matches(pair.second, right->second);
  });
  if (!holds) {
    for (const auto* side : {&left->second, &right->second}) {
      if (side->kind == Observation::Kind::reply && is_policy_everywhere(side->reply))
        return set_aside(classify(side->reply, side->context), *side);
    }
  }
  settle(holds, got);
}

void Conversation::check_tls_version(const scenario::CheckTlsVersion& check) {
  const int version = link().tls().version;
  settle(version >= check.minimum, version == 0 ? "no TLS" : fmt::format("TLS {}.{}", version / 10, version % 10));
}

void Conversation::check_tls_certificate(const scenario::CheckTlsCertificate& check) {
  const TlsUp& tls = link().tls();
  const bool holds = check.what == scenario::CheckTlsCertificate::What::current ? tls.is_certificate_current
                                                                                : tls.is_certificate_named;
  settle(tls.version != 0 && holds, tls.version == 0 ? "no TLS" : tls.description);
}

// Where it is claimed that no more than so many came, the marker that was sent before this step is waited for, too;
// only then is it counted what there is. A relay may have the marker overtake what it took before, so that on the way
// to the next hop that has as long again as the marker took.
Conversation::Turn Conversation::check_delivered(const scenario::CheckDelivered& check) {
  enum Phase { start, waited_for_messages, waited_for_marker, waited_for_overtaken, counted };
  const std::string recipient =
      check.recipient.empty() ? variables_.find("recipient").value_or("") : variables_.expand(check.recipient);
  const std::string token = variables_.find("token").value_or("");
  const int wanted = check.negated ? 0 : check.count.value_or(1);
  const auto patience = std::min(base::Microseconds(check.within), settings_.mailbox_timeout) +
                        (check.is_deferred() ? settings_.retry_time : base::Microseconds{0});
  const bool is_relayed = check.is_for_next_hop();
  const auto look = [&](AskMailbox question, Phase next) {
    progress_.phase = next;
    return ask(std::move(question));
  };
  if (progress_.phase == start && wanted > 0)
    return look({recipient, token, wanted, now_ + patience}, check.needs_marker() ? waited_for_messages : counted);
  if (progress_.phase != start) {
    if (const auto* failed = std::get_if<MailboxFailed>(&event_->body)) {
      end(Verdict::inconclusive, Cause::mailbox, "the mailbox tells nothing: " + failed->reason);
      return std::nullopt;
    }
  }
  if (progress_.phase == start || progress_.phase == waited_for_messages)
    return look({variables_.find(marker_recipient(is_relayed)).value_or(""), marker_token(token), 1, now_ + patience},
                waited_for_marker);
  const auto count_them = [&] { return look({recipient, token, wanted + 1, now_}, counted); };
  if (progress_.phase == waited_for_overtaken) return count_them();
  const auto& messages = std::get<MailboxAnswered>(event_->body).messages;
  if (progress_.phase == waited_for_marker) {
    if (messages.empty()) {
      end(Verdict::inconclusive, Cause::unknown, "the marker that was sent afterwards did not arrive");
      return std::nullopt;
    }
    if (!is_relayed) return count_them();
    progress_.phase = waited_for_overtaken;
    return ask(Pause{now_ + std::max(kLeastGrace, now_ - progress_.began)});
  }
  const auto count = static_cast<int>(messages.size());
  if (!check.known_as.empty() && count > 0)
    mail_[check.known_as] = check.count ? messages : std::vector{messages.front()};
  settle(check.needs_marker() ? count == wanted : count >= wanted,
         fmt::format("{} message{} {} {}", count, count == 1 ? "" : "s",
                     is_relayed ? "came to the next hop for" : "in the mailbox of", base::escape(recipient)));
  return std::nullopt;
}

// Where several messages have the name, each has to be so.
void Conversation::check_message(const scenario::CheckMessage& check) {
  const auto it = mail_.find(check.message);
  if (it == mail_.end())
    return end(Verdict::inconclusive, Cause::unknown, "no message was fetched as " + check.message);
  Look look;
  for (std::size_t i = 0; i < it->second.size(); ++i) {
    look = look_at(it->second[i], check);
    if (it->second.size() > 1) look.seen = fmt::format("{} of {}: {}", i + 1, it->second.size(), look.seen);
    if (!look.is_clear) return end(Verdict::inconclusive, Cause::unknown, look.seen);
    if (!look.holds) break;
  }
  settle(look.holds, look.seen);
}

Conversation::Look Conversation::look_at(const verdict::StoredMessage& message,
                                         const scenario::CheckMessage& check) const {
  using What = scenario::CheckMessage::What;
  const MessageView view = view_message(message.octets);
  switch (check.what) {
    case What::header_count: {
      const auto count = static_cast<int>(std::count_if(view.fields.begin(), view.fields.end(), [&](const auto& field) {
        return base::equals_ignoring_case(field.name, check.header);
      }));
      return {holds_count(check.relation, count, check.count),
              fmt::format("{} {} field{}", count, check.header, count == 1 ? "" : "s")};
    }
    case What::header_matches: {
      const HeaderField* const field = find_field(view, check.header);
      if (field == nullptr) return {false, "no " + check.header + " field"};
      if (check.relation == scenario::CheckMessage::Relation::equal) {
        const bool is_same = with_lower_domains(std::string(base::trimmed(field->value))) ==
                             with_lower_domains(variables_.expand(check.value));
        return {is_same, "\"" + base::escape_quoted(field->value) + "\""};
      }
      return {find_match(check.regex, field->value).has_value(), "\"" + base::escape_quoted(field->value) + "\""};
    }
    case What::body:
      return look_at_text(view.body, check, message.artefacts);
    case What::bytes:
      return look_at_text(message.octets, check, message.artefacts);
    case What::mail:
    case What::rcpt:
      return look_at_envelope(message, check);
  }
  return {};
}

Conversation::Look Conversation::look_at_envelope(const verdict::StoredMessage& message,
                                                  const scenario::CheckMessage& check) const {
  using Relation = scenario::CheckMessage::Relation;
  if (!message.envelope) return {false, kNoEnvelope, false};
  const std::string text = envelope_text(*message.envelope, check.what);
  if (check.relation != Relation::has && check.relation != Relation::lacks) return look_at_text(text, check, {});
  const std::string wanted = with_lower_domains(variables_.expand(check.value));
  const std::size_t place = with_lower_domains(text).find(wanted);
  return {(place != std::string::npos) == (check.relation == Relation::has),
          excerpt(text, check.relation == Relation::has ? 0 : place)};
}

Conversation::Look Conversation::look_at_text(std::string_view text, const scenario::CheckMessage& check,
                                              const verdict::StorageArtefacts& storage) const {
  using Relation = scenario::CheckMessage::Relation;
  const std::string wanted = variables_.expand(check.value);
  const std::string shown = excerpt(text, 0);
  switch (check.relation) {
    case Relation::equal:
      return {check.what == scenario::CheckMessage::What::body ? may_be_same(text, wanted, storage)
                                                               : may_be_same_message(text, wanted, storage),
              excerpt(text, first_difference(text, wanted))};
    case Relation::has:
      return {presence_of(text, wanted, storage) != Presence::absent, shown};
    case Relation::lacks: {
      const Presence presence = presence_of(text, wanted, storage);
      if (presence == Presence::possible)
        return {false, "this mailbox does not show whether \"" + base::escape_quoted(wanted) + "\" was delivered",
                false};
      return {presence == Presence::absent, excerpt(text, place_of(text, wanted))};
    }
    case Relation::matches: {
      const auto readings = readings_of(text, storage);
      return {std::any_of(readings.begin(), readings.end(),
                          [&](const auto& one) { return find_match(check.regex, one).has_value(); }),
              shown};
    }
    case Relation::at_least:
    case Relation::at_most:
      return {false, "a text has no count"};
  }
  return {};
}

void Conversation::capture(const scenario::Capture& to_capture) {
  const bool is_of_reply = to_capture.message.empty();
  const auto text = is_of_reply ? latest_reply_text() : text_to_capture_from(to_capture);
  if (is_over_) return;
  const auto match = text ? find_match(to_capture.regex, *text) : std::nullopt;
  if (!match)
    return end(Verdict::inconclusive, Cause::unknown,
               fmt::format("nothing in the {} matches /{}/", is_of_reply ? "reply" : "message", to_capture.regex));
  if (match->first_group.size() > kMaxCapturedOctets)
    return end(Verdict::inconclusive, Cause::unknown,
               fmt::format("/{}/ matches {} octets, of which {} at most can be captured", to_capture.regex,
                           match->first_group.size(), kMaxCapturedOctets));
  variables_.set(to_capture.name, match->first_group);
}

std::optional<std::string> Conversation::latest_reply_text() const {
  const auto latest = latest_.find(op().connection);
  if (latest == latest_.end()) return std::nullopt;
  return latest->second.reply.text();
}

// Nothing where the message has no such field. Ends the scenario where there is no message, or none of its envelope.
std::optional<std::string> Conversation::text_to_capture_from(const scenario::Capture& to_capture) {
  using What = scenario::CheckMessage::What;
  const auto it = mail_.find(to_capture.message);
  if (it == mail_.end()) {
    end(Verdict::inconclusive, Cause::unknown, "no message was fetched as " + to_capture.message);
    return std::nullopt;
  }
  const verdict::StoredMessage& message = it->second.front();
  switch (to_capture.part) {
    case What::header_count:
    case What::header_matches: {
      const MessageView view = view_message(message.octets);
      const HeaderField* const field = find_field(view, to_capture.header);
      return field == nullptr ? std::nullopt : std::optional(field->value);
    }
    case What::body:
      return view_message(message.octets).body;
    case What::bytes:
      return message.octets;
    case What::mail:
    case What::rcpt:
      if (message.envelope) return envelope_text(*message.envelope, to_capture.part);
      end(Verdict::inconclusive, Cause::unknown, kNoEnvelope);
      break;
  }
  return std::nullopt;
}

}  // namespace smtpspec::engine
