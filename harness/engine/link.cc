#include "harness/engine/link.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>
#include <system_error>

#include "harness/base/octets.h"

namespace smtpspec::engine {
namespace {

// Only so much of a sent line is kept as its verb needs, and its end.
constexpr std::size_t kKeptLineOctets = 1024;

// The content types of RFC 8446 §5.1: change_cipher_spec 20 to application_data 23. No reply begins with one.
bool begins_tls_record(std::string_view octets) {
  return !octets.empty() && octets.front() >= 20 && octets.front() <= 23;
}

std::size_t chunk_size(std::string_view argument) {
  std::size_t size = 0;
  std::from_chars(argument.data(), argument.data() + argument.size(), size);
  return size;
}

// What LIMITS allows (RFC 9422 §3.1: name=value, a blank between them); without end where it does not say.
std::size_t announced_limit(const wire::Capabilities* capabilities, std::string_view name) {
  constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
  const wire::Capability* limits = capabilities ? capabilities->find("LIMITS") : nullptr;
  if (!limits) return kNone;
  for (const std::string& parameter : limits->parameters) {
    const std::size_t equals = parameter.find('=');
    if (equals == std::string::npos || !base::equals_ignoring_case(parameter.substr(0, equals), name)) continue;
    std::size_t limit = 0;
    const char* const end = parameter.data() + parameter.size();
    const auto [read_to, error] = std::from_chars(parameter.data() + equals + 1, end, limit);
    return error == std::errc() && read_to == end && limit > 0 ? limit : kNone;
  }
  return kNone;
}

}  // namespace

void Link::opened(base::Microseconds at) {
  *this = Link();
  state_ = State::open;
  last_sent_ = at;
  owed_.push_back({ReplyContext::Kind::greeting});
}

void Link::entered_tls(const TlsUp& tls) {
  parser_.reset();
  replies_.clear();
  owed_.clear();
  line_.clear();
  capabilities_.reset();
  is_in_data_ = is_in_auth_ = is_tls_due_ = ehlo_in_one_line_ = false;
  tls_ = tls;
}

void Link::sent(std::string_view octets, bool is_malformed, base::Microseconds at) {
  last_sent_ = at;
  while (!octets.empty()) {
    if (chunk_left_ > 0) {
      const std::size_t part = std::min(chunk_left_, octets.size());
      chunk_left_ -= part;
      octets.remove_prefix(part);
      continue;
    }
    const std::size_t end = octets.find("\n");
    const std::string_view part = octets.substr(0, end == std::string_view::npos ? octets.size() : end + 1);
    octets.remove_prefix(part.size());
    const std::size_t room = line_.size() < kKeptLineOctets ? kKeptLineOctets - line_.size() : 0;
    line_.append(part.substr(0, room));
    if (part.size() > room)
      line_.append(part.substr(std::max(room, part.size() - std::min<std::size_t>(part.size(), 2))));
    if (part.ends_with('\n') && line_.size() >= 2 && line_.ends_with("\r\n")) {
      const std::string line = line_.substr(0, line_.size() - 2);
      line_.clear();
      sent_line(line, is_malformed);
    }
  }
}

void Link::sent_line(std::string_view line, bool is_malformed) {
  if (is_in_data_) {
    if (line != ".") return;
    is_in_data_ = false;
    owed_.push_back({ReplyContext::Kind::end_of_data, wire::Verb::data, is_malformed});
    return;
  }
  if (is_in_auth_) {
    is_in_auth_ = false;
    owed_.push_back({ReplyContext::Kind::continuation, wire::Verb::auth, is_malformed});
    return;
  }
  const wire::CommandLine command = wire::split_command(line);
  owed_.push_back({ReplyContext::Kind::command, command.verb, is_malformed, counted(command.verb)});
  if (command.verb == wire::Verb::bdat) chunk_left_ = chunk_size(command.argument);
}

ReplyContext::Beyond Link::counted(wire::Verb verb) {
  if (verb != wire::Verb::mail && verb != wire::Verb::rcpt) return ReplyContext::Beyond::nothing;
  const bool is_mail = verb == wire::Verb::mail;
  // RFC 9422 §4.1 counts the refused ones, too.
  if (is_mail) recipients_ = 0;
  const std::size_t count = is_mail ? ++mails_ : ++recipients_;
  const std::size_t limit = announced_limit(capabilities(), is_mail ? "MAILMAX" : "RCPTMAX");
  if (count <= limit) return ReplyContext::Beyond::nothing;
  return is_mail ? ReplyContext::Beyond::mailmax : ReplyContext::Beyond::rcptmax;
}

std::vector<wire::Reply> Link::received(std::string_view octets, base::Microseconds at) {
  std::vector<wire::Reply> completed;
  has_given_up_ = false;
  // Where a handshake is due and none was begun, an alert is the server's own way to end it.
  if (is_tls_due_ && !parser_.has_partial_reply() && begins_tls_record(octets)) return completed;
  parser_.feed(octets);
  while (auto reply = parser_.next()) {
    ++replies_seen_;
    // A go-ahead changes what the lines sent from now on are, whether or not the scenario has looked at it yet.
    const std::size_t place = replies_.size();
    const ReplyContext context = place < owed_.size() ? owed_[place] : ReplyContext{};
    if (reply->code == 354 && context.verb == wire::Verb::data) is_in_data_ = true;
    if (reply->code == 334 && context.verb == wire::Verb::auth) is_in_auth_ = true;
    if (reply->code == 220 && context.verb == wire::Verb::starttls) is_tls_due_ = true;
    if (context.kind == ReplyContext::Kind::command &&
        (context.verb == wire::Verb::ehlo || context.verb == wire::Verb::lhlo) && reply->code == 250) {
      capabilities_ = wire::parse_ehlo(*reply);
      advertisements_.push_back(*capabilities_);
      ehlo_in_one_line_ = reply->lines.size() == 1;
    }
    completed.push_back(*reply);
    replies_.push_back({std::move(*reply), context, at});
  }
  return completed;
}

AnsweredReply Link::take_reply() {
  AnsweredReply answered = std::move(replies_.front());
  replies_.pop_front();
  if (!owed_.empty()) owed_.pop_front();
  return answered;
}

}  // namespace smtpspec::engine
