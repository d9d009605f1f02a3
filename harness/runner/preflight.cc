#include "harness/runner/preflight.h"

#include <cassert>

#include <fmt/format.h>

#include "harness/base/octets.h"
#include "harness/scenario/load.h"

namespace smtpspec::runner {
namespace {

using verdict::Reachability;

constexpr std::size_t kShownOctets = 60;  // of what is not SMTP

constexpr std::string_view kPlain =
    "scenario preflight.plain \"The server greets and answers EHLO\"\n"
    "  S: any as greeting\n"
    "  C: {ehlo} {client}\n"
    "  S: any as ehlo\n"
    "  C: NOOP\n"
    "  S: any as noop\n";

constexpr std::string_view kTls =
    "scenario preflight.tls \"The server greets, answers EHLO, and again within TLS\"\n"
    "  S: any as greeting\n"
    "  C: {ehlo} {client}\n"
    "  S: any as ehlo\n"
    "  C: NOOP\n"
    "  S: any as noop\n"
    "  when advertised STARTTLS\n"
    "    C: STARTTLS\n"
    "    S: 220\n"
    "    starttls\n"
    "    C: {ehlo} {client}\n"
    "    S: 250\n";

scenario::Scenario loaded(std::string_view text) {
  scenario::Loaded result = scenario::load_text(text, "preflight", "", scenario::NoFiles());
  assert(result.scenarios.size() == 1 && result.diagnostics.empty());
  return std::move(result.scenarios.front());
}

std::string octets_heard(const verdict::ScenarioResult& result) {
  std::string heard;
  for (const auto& entry : result.wire)
    if (entry.kind == verdict::WireKind::server) heard += entry.octets;
  return heard;
}

// As far as it goes: three digits, then a space or a hyphen (RFC 5321 §4.2).
bool begins_like_reply(std::string_view octets) {
  for (std::size_t i = 0; i < octets.size() && i < 3; ++i)
    if (!base::is_digit(octets[i])) return false;
  return octets.size() < 4 || octets[3] == ' ' || octets[3] == '-';
}

}  // namespace

const scenario::Scenario& preflight_scenario(bool with_tls) {
  static const scenario::Scenario plain = loaded(kPlain);
  static const scenario::Scenario tls = loaded(kTls);
  return with_tls ? tls : plain;
}

void describe(const Preflight& preflight, verdict::TargetDescription& target) {
  target.reachability = preflight.reachability;
  target.reachability_reason = preflight.reason;
  target.banner = preflight.banner;
  for (const auto& item : preflight.plain.items) target.ehlo_plain.push_back(item.raw);
  for (const auto& item : preflight.tls.items) target.ehlo_tls.push_back(item.raw);
}

Preflight read_preflight(const engine::Conversation& conversation, const verdict::ScenarioResult& result) {
  Preflight found;
  const engine::Observation* greeting = conversation.named("greeting");
  if (!greeting) {
    const bool no_tls = result.cause == verdict::Cause::tls_failed;
    found.reachability = no_tls ? Reachability::tls_failed : Reachability::unreachable;
    found.reason = no_tls ? "the TLS handshake failed: " + result.reason : "no connection: " + result.reason;
    return found;
  }
  if (greeting->kind != engine::Observation::Kind::reply) {
    const std::string heard = octets_heard(result);
    const bool is_slow = greeting->kind == engine::Observation::Kind::timed_out && begins_like_reply(heard);
    found.reachability = heard.empty() || is_slow ? Reachability::silent : Reachability::not_smtp;
    if (heard.empty()) {
      found.reason = "connected, but " + engine::to_string(*greeting) + " where the greeting was due";
      // Such a server waits for the client's handshake (RFC 8314 §3.3).
      if (greeting->kind == engine::Observation::Kind::timed_out &&
          !verdict::holds(result.wire, verdict::WireKind::tls_up))
        found.reason += "; one that speaks TLS from the first octet, as on port 465, needs --tls implicit";
    } else {
      found.reason = is_slow ? "too slow to be tested: of the greeting came no more in time than "
                             : "what it sends is not SMTP: octets came, but no whole line of a greeting: ";
      found.reason += "'" + base::escape(std::string_view(heard).substr(0, kShownOctets)) + "'";
    }
    return found;
  }
  found.banner = engine::to_string(*greeting);
  found.greeted_after = greeting->waited;
  const auto refuse = [&](const std::string& what, const wire::Reply& reply) {
    found.reachability = Reachability::not_smtp;
    found.reason = fmt::format("{}: {}", what, base::escape(std::string_view(reply.raw).substr(0, kShownOctets)));
    return found;
  };
  const wire::Reply& reply = greeting->reply;
  if (reply.code < 200 || reply.code > 599) return refuse("the greeting is not SMTP", reply);
  if (reply.has(wire::ReplyDeviation::reply_too_long)) return refuse("the greeting does not end", reply);
  const engine::Observation* ehlo = conversation.named("ehlo");
  if (ehlo && ehlo->kind == engine::Observation::Kind::reply && ehlo->reply.has(wire::ReplyDeviation::reply_too_long))
    return refuse("the reply to EHLO does not end", ehlo->reply);
  const engine::Observation* noop = conversation.named("noop");
  if (ehlo && ehlo->kind == engine::Observation::Kind::timed_out && noop &&
      noop->kind == engine::Observation::Kind::timed_out) {
    found.reachability = Reachability::silent;
    found.reason = "it greets, and answers neither EHLO nor NOOP";
    return found;
  }
  found.reachability = Reachability::answers;
  found.refuses_ehlo = reply.code < 300 && ehlo && ehlo->is_refusal() && ehlo->reply.code >= 500;
  const auto& advertisements = conversation.advertisements();
  if (!advertisements.empty()) {
    found.plain = advertisements.front();
  }
  if (advertisements.size() > 1) {
    found.has_tls = true;
    found.tls = advertisements.back();
  }
  return found;
}

}  // namespace smtpspec::runner
