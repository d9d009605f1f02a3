// What a conversation says.
#include <fmt/format.h>

#include "harness/base/base64.h"
#include "harness/base/octets.h"
#include "harness/engine/conversation.h"
#include "harness/wire/dot_stuffing.h"

namespace smtpspec::engine {

using verdict::Cause;
using verdict::Verdict;

namespace {

// A write that a server does not take for as long as this will not be taken at all.
constexpr base::Microseconds kSendTimeout = std::chrono::seconds(60);

const scenario::Send* as_send(const scenario::Step* step) { return std::get_if<scenario::Send>(&step->body); }

bool is_malformed(const SendOp::Line& line) {
  const auto* send = as_send(line.step);
  return send && send->is_malformed;
}

}  // namespace

bool Conversation::is_secret(const SendOp::Line& line, std::string_view octets) {
  if (link().is_in_auth() || base::starts_with_ignoring_case(octets, "AUTH ")) return true;
  const auto* step = as_send(line.step);
  return step && engine::is_secret(step->payload);
}

std::optional<std::string> Conversation::octets_of(const SendOp::Line& line) {
  Variables scoped = variables_;
  for (const auto& [name, value] : line.counters) scoped.set(name, value);
  std::string unknown;
  std::string octets;
  if (const auto* send = as_send(line.step)) {
    octets = scoped.expand(send->payload, &unknown);
    if (send->adds_crlf) octets += "\r\n";
  } else {
    const auto& message = std::get<scenario::Message>(line.step->body);
    for (const auto& text : message.lines) octets += scoped.expand(text, &unknown) + "\r\n";
    if (!message.is_raw) octets = wire::stuff(octets) + ".\r\n";
  }
  if (unknown.empty()) return octets;
  end(Verdict::error, Cause::none, fmt::format("{{{}}} has no value here", unknown));
  return std::nullopt;
}

Conversation::Turn Conversation::send(std::string octets, const scenario::Pacing& pacing, bool is_secret) {
  SendOctets action;
  action.octets = std::move(octets);
  action.split_octets = pacing.split_octets;
  action.gap = base::Microseconds(pacing.gap);
  const auto pieces = pacing.split_octets ? action.octets.size() / pacing.split_octets + 1 : 1;
  action.deadline = now_ + kSendTimeout + action.gap * static_cast<base::Microseconds::rep>(pieces);
  return ask(std::move(action), is_secret);
}

Conversation::Turn Conversation::play_send(const SendOp& op_send) {
  if (op_send.is_lock_step) {
    const wire::Capabilities* capabilities = link().capabilities();
    if (!capabilities || !capabilities->advertises("PIPELINING")) return play_group(op_send);
  }
  if (op_send.needs_pipelining && progress_.phase == 0 && link().is_open()) {
    const wire::Capabilities* capabilities = link().capabilities();
    if (!capabilities || !capabilities->advertises("PIPELINING")) {
      end(Verdict::inconclusive, Cause::policy, "PIPELINING is not advertised here, so the block may not be sent");
      return std::nullopt;
    }
  }
  if (progress_.phase == 0) {
    // What follows on a connection that has ended is judged by the expectations, not by the attempt to write.
    if (!link().is_open()) return std::nullopt;
    std::string all;
    bool is_secret_line = false;
    for (const auto& line : op_send.lines) {
      auto octets = octets_of(line);
      if (!octets) return std::nullopt;
      is_secret_line = is_secret_line || is_secret(line, *octets);
      link().sent(*octets, is_malformed(line), now_);
      // A line may be a message of many megabytes: it is moved, not copied, all the way to the socket.
      if (all.empty()) all = std::move(*octets);
      else all += *octets;
    }
    progress_.phase = 1;
    return send(std::move(all), op_send.pacing, is_secret_line);
  }
  link().written(now_);
  return std::nullopt;
}

// One line, its reply, the next line. phase counts twice a line: even before the write, odd while its reply is due.
Conversation::Turn Conversation::play_group(const SendOp& group) {
  for (;;) {
    const auto index = static_cast<std::size_t>(progress_.phase / 2);
    if (index >= group.lines.size() || !link().is_open()) return std::nullopt;
    const auto& line = group.lines[index];
    if (progress_.phase % 2 == 0) {
      const auto octets = octets_of(line);
      if (!octets) return std::nullopt;
      ++progress_.phase;
      progress_.replies_before = 0;
      progress_.texts = {*octets};
      return send(*octets, {}, is_secret(line, *octets));
    }
    if (progress_.replies_before == 0) {  // just written
      link().sent(progress_.texts[0], is_malformed(line), now_);
      progress_.replies_before = link().replies_seen() + 1;  // the count at which the next line may go
      progress_.began = now_;
    }
    const bool is_last = index + 1 == group.lines.size();
    if (!is_last && link().replies_seen() < progress_.replies_before) {
      const base::Microseconds deadline = progress_.began + settings_.reply_timeout;
      if (now_ >= deadline) {
        link().give_up_waiting();
        return std::nullopt;
      }
      return ask(Await{deadline});
    }
    ++progress_.phase;
  }
}

// Set-up only: the exchanges of RFC 4616 and of LOGIN as servers know it. Wrong exchanges are written by hand.
Conversation::Turn Conversation::play_auth(const scenario::Auth& auth) {
  const std::string user = variables_.find("user").value_or("");
  const std::string password = variables_.find("password").value_or("");
  std::vector<std::string> lines;
  if (auth.mechanism == "PLAIN") {
    lines = {"AUTH PLAIN " + base::base64(std::string(1, '\0') + user + std::string(1, '\0') + password)};
  } else if (auth.mechanism == "LOGIN") {
    lines = {"AUTH LOGIN", base::base64(user), base::base64(password)};
  } else {
    end(Verdict::error, Cause::none, "no mechanism " + auth.mechanism + " here; known are PLAIN and LOGIN");
    return std::nullopt;
  }
  for (;;) {
    const auto index = static_cast<std::size_t>(progress_.phase / 2);
    if (!link().is_open()) {
      end(Verdict::inconclusive, Cause::auth_required, "the connection ended during AUTH");
      return std::nullopt;
    }
    if (progress_.phase % 2 == 0) {
      ++progress_.phase;
      progress_.commands = 0;
      return send(lines[index] + "\r\n", {}, true);
    }
    if (progress_.commands++ == 0) {
      link().sent(lines[index] + "\r\n", false, now_);
      progress_.began = now_;
    }
    if (!link().has_reply()) {
      const base::Microseconds deadline = progress_.began + settings_.reply_timeout;
      if (now_ < deadline) return ask(Await{deadline});
      end(Verdict::inconclusive, Cause::setup_timeout, "no reply to AUTH");
      return std::nullopt;
    }
    const AnsweredReply answered = link().take_reply();
    const int wanted = index + 1 < lines.size() ? 334 : 235;
    if (answered.reply.code != wanted) {
      end(Verdict::inconclusive, Cause::auth_required,
          fmt::format("AUTH {} was answered {} where {} was due", auth.mechanism, answered.reply.code, wanted));
      return std::nullopt;
    }
    if (wanted == 235) return std::nullopt;
    ++progress_.phase;
  }
}

}  // namespace smtpspec::engine
