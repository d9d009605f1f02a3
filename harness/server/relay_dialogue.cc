#include "harness/server/relay_dialogue.h"

#include <algorithm>
#include <utility>

#include "harness/wire/dot_stuffing.h"

namespace smtpspec::server {
namespace {

// A text for a `Diagnostic-Code`: the reply's own words are another host's, and may be anything.
std::string words_of(const wire::Reply& reply) {
  constexpr std::size_t kMaxWords = 200;
  std::string words = std::to_string(reply.code) + " " + reply.text().substr(0, kMaxWords);
  for (char& c : words) {
    if (c < ' ' || c > '~') c = ' ';
  }
  return words;
}

void remove(std::vector<Recipient>& from, const std::vector<Recipient>& those) {
  for (const Recipient& one : those) from.erase(std::remove(from.begin(), from.end(), one), from.end());
}

}  // namespace

RelayDialogue::RelayDialogue(std::string client_name, Envelope envelope, std::string text, const DefectSet& defects)
    : client_name_(std::move(client_name)),
      envelope_(std::move(envelope)),
      text_(std::move(text)),
      defects_(defects),
      unserved_(envelope_.recipients) {}

std::string RelayDialogue::next(const wire::Reply& reply) {
  const bool is_positive = reply.first_digit() == 2;
  switch (said_) {
    case Said::nothing:
      if (!is_positive) return end_with(reply);
      return say(Said::ehlo, "EHLO " + client_name_);
    case Said::ehlo:
      if (!is_positive) return end_with(reply);
      offered_ = wire::parse_ehlo(reply);
      return say(Said::mail, mail_line());
    case Said::mail:
      if (!is_positive) return end_with(reply);
      return say(Said::rcpt, rcpt_line(envelope_.recipients[asked_++]));
    case Said::rcpt:
      return take_recipient(reply);
    case Said::data:
      if (reply.code != 354) return end_with(reply);
      said_ = Said::text;
      return wire::stuff(text_) + (text_.ends_with("\r\n") ? ".\r\n" : "\r\n.\r\n");
    case Said::text:
      if (!is_positive && !defects_.has(Defect::relay_ignores_reply_to_text)) return end_with(reply);
      remove(unserved_, accepted_);
      return quit();
    case Said::quit:
      break;
  }
  return "";
}

std::string RelayDialogue::say(Said said, std::string line) {
  said_ = said;
  return std::move(line) + "\r\n";
}

std::string RelayDialogue::quit() { return say(Said::quit, "QUIT"); }

std::string RelayDialogue::end_with(const wire::Reply& reply) {
  turn_away(std::vector<Recipient>(unserved_), reply);
  return quit();
}

// RFC 5321 §4.2.1: a 4yz is for now and is tried again, a 5yz is for good and is told to the sender.
void RelayDialogue::turn_away(const std::vector<Recipient>& recipients, const wire::Reply& reply) {
  const bool is_transient = reply.first_digit() != 5;
  if (is_transient && defects_.has(Defect::relay_forgets_deferred_mail)) return remove(unserved_, recipients);
  if (is_transient && !defects_.has(Defect::relay_returns_deferred_mail)) return;
  diagnostic_ = words_of(reply);
  refused_.insert(refused_.end(), recipients.begin(), recipients.end());
  remove(unserved_, recipients);
}

std::string RelayDialogue::mail_line() const {
  std::string line = "MAIL FROM:<" + envelope_.reverse_path + ">";
  if (envelope_.body == "8BITMIME" && offered_.advertises("8BITMIME")) line += " BODY=8BITMIME";
  if (envelope_.smtp_utf8 && offered_.advertises("SMTPUTF8")) line += " SMTPUTF8";
  if (!offered_.advertises("DSN")) return line;
  if (!envelope_.ret.empty()) line += " RET=" + envelope_.ret;
  if (!envelope_.envelope_id.empty()) line += " ENVID=" + envelope_.envelope_id;
  return line;
}

std::string RelayDialogue::rcpt_line(const Recipient& recipient) const {
  std::string line = "RCPT TO:<" + recipient.mailbox + ">";
  if (!offered_.advertises("DSN")) return line;
  if (!recipient.notify.empty()) line += " NOTIFY=" + recipient.notify;
  if (!recipient.orcpt.empty()) line += " ORCPT=" + recipient.orcpt;
  return line;
}

std::string RelayDialogue::take_recipient(const wire::Reply& reply) {
  const Recipient& asked = envelope_.recipients[asked_ - 1];
  if (reply.first_digit() == 2) accepted_.push_back(asked);
  else turn_away({asked}, reply);
  if (asked_ < envelope_.recipients.size()) return say(Said::rcpt, rcpt_line(envelope_.recipients[asked_++]));
  return accepted_.empty() ? quit() : say(Said::data, "DATA");
}

}  // namespace smtpspec::server
