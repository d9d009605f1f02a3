// What a relay says to the next hop to pass one message on, as a pure state machine (RFC 5321 §3.6.2, §3.3): replies go
// in, what to send next comes out. Parameters go along as far as the next hop offers their extension (RFC 3461 §5.2,
// RFC 6152 §3, RFC 6531 §3.2).
//
// Promise: nothing is sent that the next hop has not offered, and nothing before the reply to what was sent last.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/server/defect.h"
#include "harness/server/environment.h"
#include "harness/wire/capabilities.h"
#include "harness/wire/reply.h"

namespace smtpspec::server {

class RelayDialogue {
 public:
  // `text`: the whole message, trace fields included, not dot-stuffed. At least one recipient.
  RelayDialogue(std::string client_name, Envelope envelope, std::string text, const DefectSet& defects);

  // Takes the reply to what was said last, the greeting first. Gives what is to be sent next; "": the dialogue is over.
  std::string next(const wire::Reply& reply);

  // Of the recipients, once it is over or broken off: those to try again later, and those refused for good.
  const std::vector<Recipient>& unserved() const { return unserved_; }
  const std::vector<Recipient>& refused() const { return refused_; }
  // The reply that refused, in words, or "".
  const std::string& diagnostic() const { return diagnostic_; }

 private:
  enum class Said { nothing, ehlo, mail, rcpt, data, text, quit };

  std::string say(Said said, std::string line);
  std::string quit();
  // Everybody who is left fares as the reply says.
  std::string end_with(const wire::Reply& reply);
  // Those fare as the reply says, which is no positive one.
  void turn_away(const std::vector<Recipient>& recipients, const wire::Reply& reply);
  std::string mail_line() const;
  std::string rcpt_line(const Recipient& recipient) const;
  std::string take_recipient(const wire::Reply& reply);

  std::string client_name_;
  Envelope envelope_;
  std::string text_;
  DefectSet defects_;
  Said said_ = Said::nothing;
  wire::Capabilities offered_;
  std::size_t asked_ = 0;            // recipients that RCPT was said for
  std::vector<Recipient> accepted_;  // by RCPT
  std::vector<Recipient> unserved_;  // from the start all of them
  std::vector<Recipient> refused_;
  std::string diagnostic_;
};

}  // namespace smtpspec::server
