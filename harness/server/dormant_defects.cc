#include "harness/server/dormant_defects.h"

namespace smtpspec::server {
namespace {

struct Dormant {
  Defect defect;
  bool (*shows)(const Circumstances& now);
};

bool follows_unnamed(const Circumstances& now) { return now.follows_unnamed_session; }
bool is_behind_noop(const Circumstances& now) { return now.is_behind_noop; }
bool is_first_ehlo_behind_noop(const Circumstances& now) { return now.is_behind_noop && !now.has_client; }
bool is_second_rset(const Circumstances& now) { return now.resets > 0; }
bool has_no_mail_come(const Circumstances& now) { return now.mails == 0; }

constexpr Dormant kDormant[] = {
    {Defect::greeting_missing, follows_unnamed},
    {Defect::greeting_waits_for_client, follows_unnamed},
    {Defect::greeting_closes, follows_unnamed},
    {Defect::greeting_answers_250, follows_unnamed},
    {Defect::greeting_sent_twice, follows_unnamed},
    {Defect::next_connection_reset, follows_unnamed},

    {Defect::ehlo_unknown, is_first_ehlo_behind_noop},
    {Defect::ehlo_answered_502, is_first_ehlo_behind_noop},
    {Defect::ehlo_not_answered, is_first_ehlo_behind_noop},
    {Defect::ehlo_needs_helo, is_first_ehlo_behind_noop},
    {Defect::ehlo_answered_220, is_first_ehlo_behind_noop},
    {Defect::ehlo_answered_251, is_first_ehlo_behind_noop},
    {Defect::ehlo_answered_twice, is_first_ehlo_behind_noop},
    {Defect::ehlo_reply_changes_code, is_first_ehlo_behind_noop},
    {Defect::ehlo_reply_ends_with_continuation_line, is_first_ehlo_behind_noop},
    {Defect::ehlo_reply_lines_without_hyphen, is_first_ehlo_behind_noop},
    {Defect::ehlo_reply_ends_with_hyphen, is_first_ehlo_behind_noop},
    {Defect::second_ehlo_reply_held_back, [](const Circumstances& now) { return now.mails == 0 && !now.is_tls; }},

    {Defect::mail_unknown, is_behind_noop},
    {Defect::mail_not_answered, is_behind_noop},
    {Defect::mail_closes, is_behind_noop},
    {Defect::mail_answered_220, is_behind_noop},
    {Defect::mail_answered_251, is_behind_noop},
    {Defect::mail_answered_354, is_behind_noop},
    {Defect::mail_answered_twice, is_behind_noop},
    {Defect::mail_needs_space_after_colon, is_behind_noop},
    {Defect::mail_without_parameter_answered_455, is_behind_noop},
    {Defect::mail_without_parameter_answered_504, is_behind_noop},
    {Defect::mail_without_parameter_answered_555, is_behind_noop},
    {Defect::body_required, is_behind_noop},

    {Defect::rcpt_unknown, is_behind_noop},
    {Defect::rcpt_answered_354, is_behind_noop},
    {Defect::recipient_answered_252, is_behind_noop},
    {Defect::rcpt_needs_space_after_colon, is_behind_noop},
    {Defect::brackets_refused, is_behind_noop},
    {Defect::recipients_forgotten, is_behind_noop},

    {Defect::data_unknown, is_behind_noop},
    {Defect::data_answered_250, is_behind_noop},
    {Defect::data_answered_350, is_behind_noop},
    {Defect::data_go_ahead_not_sent, is_behind_noop},
    {Defect::message_answered_251, is_behind_noop},
    {Defect::message_answered_252, is_behind_noop},
    {Defect::message_answered_354, is_behind_noop},
    {Defect::message_answered_twice, is_behind_noop},
    {Defect::message_closes, is_behind_noop},
    {Defect::message_not_answered, is_behind_noop},
    {Defect::accepted_message_answered_503, is_behind_noop},
    {Defect::accepted_message_lost, is_behind_noop},
    {Defect::end_of_data_answered_251, is_behind_noop},
    {Defect::end_of_data_not_answered, is_behind_noop},
    {Defect::lost_connection_undoes_messages, is_behind_noop},
    {Defect::content_executed_as_commands, [](const Circumstances& now) { return now.messages > 0; }},

    {Defect::rset_unknown, is_second_rset},
    {Defect::rset_not_answered, is_second_rset},
    {Defect::rset_answered_220, is_second_rset},
    {Defect::rset_answered_221, is_second_rset},
    {Defect::rset_answered_251, is_second_rset},
    {Defect::rset_answered_259, is_second_rset},
    {Defect::rset_answered_354, is_second_rset},
    {Defect::rset_answered_502, is_second_rset},
    {Defect::rset_closes, is_second_rset},
    {Defect::rset_closes_without_reply, is_second_rset},
    {Defect::rset_closes_in_transaction, is_second_rset},
    {Defect::rset_refused_in_transaction, is_second_rset},
    {Defect::rset_keeps_sender, is_second_rset},
    {Defect::rset_forgets_ehlo, has_no_mail_come},
    {Defect::mail_refused_after_rset, has_no_mail_come},
    {Defect::command_after_rset_ignored, has_no_mail_come},

    {Defect::starttls_answered_250, is_behind_noop},
    {Defect::starttls_goes_on_in_clear, is_behind_noop},
    {Defect::starttls_advertised_but_refused, is_behind_noop},
    {Defect::starttls_advertised_but_answered_454, is_behind_noop},
    {Defect::starttls_sends_second_greeting, is_behind_noop},
    {Defect::ehlo_inside_tls_answered_503,
     [](const Circumstances& now) { return now.is_behind_noop || now.was_noop_before_tls; }},
};

}  // namespace

DefectSet awake_defects(const DefectSet& defects, const Circumstances& now) {
  DefectSet awake = defects;
  for (const Dormant& dormant : kDormant) {
    if (defects.has(dormant.defect) && !dormant.shows(now)) awake.remove(dormant.defect);
  }
  return awake;
}

}  // namespace smtpspec::server
