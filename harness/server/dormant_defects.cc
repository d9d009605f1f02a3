#include "harness/server/dormant_defects.h"

namespace smtpspec::server {
namespace {

struct Circumstance {
  bool (*holds)(const Circumstances& now);
  std::string_view sentence;
};

constexpr Circumstance kFollowsUnnamed{[](const Circumstances& now) { return now.follows_unnamed_session; },
                                       "on the connection behind one that ended without EHLO"};
constexpr Circumstance kBehindNoop{[](const Circumstances& now) { return now.is_behind_noop; }, "behind NOOP"};
constexpr Circumstance kFirstEhloBehindNoop{
    [](const Circumstances& now) { return now.is_behind_noop && !now.has_client; }, "at a first EHLO behind NOOP"};
constexpr Circumstance kSecondRset{[](const Circumstances& now) { return now.resets > 0; },
                                   "from the second RSET of a session on"};
constexpr Circumstance kNoMail{[](const Circumstances& now) { return now.mails == 0; },
                               "as long as a session has had no MAIL"};
constexpr Circumstance kNeitherMailNorTls{[](const Circumstances& now) { return now.mails == 0 && !now.is_tls; },
                                          "as long as a session has had neither MAIL nor TLS"};
constexpr Circumstance kSecondMessage{[](const Circumstances& now) { return now.messages > 0; },
                                      "from the second message of a session on"};

struct Dormant {
  Defect defect;
  const Circumstance& circumstance;
};

constexpr Dormant kDormant[] = {{Defect::greeting_missing, kFollowsUnnamed},
                                {Defect::greeting_waits_for_client, kFollowsUnnamed},
                                {Defect::greeting_closes, kFollowsUnnamed},
                                {Defect::greeting_answers_250, kFollowsUnnamed},
                                {Defect::greeting_sent_twice, kFollowsUnnamed},
                                {Defect::next_connection_reset, kFollowsUnnamed},

                                {Defect::ehlo_unknown, kFirstEhloBehindNoop},
                                {Defect::ehlo_answered_502, kFirstEhloBehindNoop},
                                {Defect::ehlo_not_answered, kFirstEhloBehindNoop},
                                {Defect::ehlo_needs_helo, kFirstEhloBehindNoop},
                                {Defect::ehlo_answered_220, kFirstEhloBehindNoop},
                                {Defect::ehlo_answered_251, kFirstEhloBehindNoop},
                                {Defect::ehlo_answered_twice, kFirstEhloBehindNoop},
                                {Defect::ehlo_reply_changes_code, kFirstEhloBehindNoop},
                                {Defect::ehlo_reply_ends_with_continuation_line, kFirstEhloBehindNoop},
                                {Defect::ehlo_reply_lines_without_hyphen, kFirstEhloBehindNoop},
                                {Defect::ehlo_reply_ends_with_hyphen, kFirstEhloBehindNoop},
                                {Defect::second_ehlo_reply_held_back, kNeitherMailNorTls},

                                {Defect::mail_unknown, kBehindNoop},
                                {Defect::mail_not_answered, kBehindNoop},
                                {Defect::mail_closes, kBehindNoop},
                                {Defect::mail_answered_220, kBehindNoop},
                                {Defect::mail_answered_251, kBehindNoop},
                                {Defect::mail_answered_354, kBehindNoop},
                                {Defect::mail_answered_twice, kBehindNoop},
                                {Defect::mail_needs_space_after_colon, kBehindNoop},
                                {Defect::mail_without_parameter_answered_455, kBehindNoop},
                                {Defect::mail_without_parameter_answered_504, kBehindNoop},
                                {Defect::mail_without_parameter_answered_555, kBehindNoop},
                                {Defect::body_required, kBehindNoop},

                                {Defect::content_executed_as_commands, kSecondMessage},

                                {Defect::rset_unknown, kSecondRset},
                                {Defect::rset_not_answered, kSecondRset},
                                {Defect::rset_answered_220, kSecondRset},
                                {Defect::rset_answered_221, kSecondRset},
                                {Defect::rset_answered_251, kSecondRset},
                                {Defect::rset_answered_259, kSecondRset},
                                {Defect::rset_answered_354, kSecondRset},
                                {Defect::rset_answered_502, kSecondRset},
                                {Defect::rset_closes, kSecondRset},
                                {Defect::rset_closes_without_reply, kSecondRset},
                                {Defect::rset_closes_in_transaction, kSecondRset},
                                {Defect::rset_refused_in_transaction, kSecondRset},
                                {Defect::rset_keeps_sender, kSecondRset},
                                {Defect::rset_forgets_ehlo, kNoMail},
                                {Defect::mail_refused_after_rset, kNoMail},
                                {Defect::command_after_rset_ignored, kNoMail}};

}  // namespace

DefectSet awake_defects(const DefectSet& defects, const Circumstances& now) {
  DefectSet awake = defects;
  for (const Dormant& dormant : kDormant) {
    if (defects.has(dormant.defect) && !dormant.circumstance.holds(now)) awake.remove(dormant.defect);
  }
  return awake;
}

std::string_view dormant_circumstance(Defect defect) {
  for (const Dormant& dormant : kDormant)
    if (dormant.defect == defect) return dormant.circumstance.sentence;
  return {};
}

}  // namespace smtpspec::server
