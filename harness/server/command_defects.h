// The defects that concern a command as a whole: commands that get another answer than their own, or none, and what
// happens behind a reply. Two tables, both empty of effect for a server without defects.
#pragma once

#include <cstddef>
#include <string_view>

#include "harness/server/defect.h"
#include "harness/server/verb.h"

namespace smtpspec::server {

// A command, and what has gone before it.
struct Occasion {
  Verb verb = Verb::unknown;
  std::string_view argument;   // behind the verb and one space, trailing blanks removed
  std::string_view line;       // as sent, without CRLF
  Verb previous = Verb::none;  // the command before
  bool is_repeated = false;    // the same line has just got 5yz
  bool has_client = false;     // EHLO or HELO has been accepted
  bool is_extended = false;    // and it was EHLO
  bool has_null_sender = false;
  int other_sessions = 0;
};

// What a defective server does instead of obeying.
struct Interception {
  Defect defect;
  bool (*concerns)(const Occasion& occasion);
  int code;  // 0: no reply
  bool closes = false;
};

// The first one that a defect of `defects` prescribes for `occasion`, or nullptr.
const Interception* interception_of(const Occasion& occasion, const DefectSet& defects);

// Text that goes with the code of an Interception.
std::string_view interception_text(int code);

enum class Aftermath {
  none,
  clears_transaction,
  drops_recipients,
  keeps_first_recipient,
  drops_last_recipient,  // of several
  closes,
};

// What a defective server does behind its reply with `code`.
Aftermath aftermath_of(const Occasion& occasion, int code, const DefectSet& defects);

}  // namespace smtpspec::server
