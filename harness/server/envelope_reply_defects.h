// The defects of the replies to MAIL, RCPT, DATA, the message and RSET: another code than the one that is meant, two
// replies, none, or the end of the connection. Each is one row of a table.
#pragma once

#include <vector>

#include "harness/server/defect.h"
#include "harness/server/reply.h"
#include "harness/server/verb.h"

namespace smtpspec::server {

enum class ReplyFate {
  sent,
  doubled,   // sent twice
  withheld,  // never sent
  followed_by_close,
  replaced_by_close,
};

enum class Answered { command, message };  // the final reply to a message is no reply to the DATA command

class EnvelopeReplyDefects {
 public:
  explicit EnvelopeReplyDefects(const DefectSet& defects);
  // Changes `reply`, the next one to `verb`, as the defects that are awake want it, and tells what becomes of it.
  ReplyFate apply(Reply& reply, Verb verb, Answered answered, const DefectSet& awake);

 private:
  struct Rule;
  struct ActiveRule {
    const Rule* rule;
    int seen = 0;  // replies of this kind so far in the session
  };
  static const Rule kRules[];
  std::vector<ActiveRule> active_;
};

}  // namespace smtpspec::server
