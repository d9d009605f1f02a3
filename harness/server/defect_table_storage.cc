// The defects of what becomes of a message, and of who else gets it, as the specifications tell what they break.
#include "harness/server/defect_table.h"

namespace smtpspec::server {

std::vector<DefectInfo> storage_defects() {
  using D = Defect;
  return {
      {D::recipients_of_lost_transaction_return, "recipients-of-lost-transaction-return", "The recipients of a transaction that broke off join the next one of the same sender.", {"RFC5321-4.1.1.10-05", "RFC5321-4.1.1.10-09", "RFC5321-4.1.1.5-07"}},
      {D::lost_connection_completes_transaction, "lost-connection-completes-transaction", "A connection that breaks off in a transaction completes it with what there is of a message.", {"RFC5321-4.1.1.5-07", "RFC5321-4.1.1.10-05"}},
      {D::lost_connection_undoes_messages, "lost-connection-undoes-messages", "A connection that breaks off takes the message before it along.", {"RFC5321-4.1.1.10-06", "RFC5321-6.1-01"}},
      {D::transaction_of_other_session_admits_recipients, "transaction-of-other-session-admits-recipients", "RCPT without MAIL gets 250 while another session has a transaction open.", {"RFC5321-4.5.4.2-02", "RFC5321-4.1.4-19", "RFC5321-4.1.4-14"}},
      {D::refused_recipient_kept, "refused-recipient-kept", "A recipient who is refused counts all the same: DATA gets 354 and the message 250.", {"RFC5321-4.3.1-07", "RFC5321-4.2.1-04"}},
      {D::recipients_of_other_session_join, "recipients-of-other-session-join", "A message goes to the recipients of the same sender in another session as well.", {"RFC5321-4.5.4.2-02"}},
      {D::source_routed_message_lost, "source-routed-message-lost", "A message whose recipient has a source route gets 250 and is lost.", {"RFC5321-4.1.1.3-03", "RFC5321-6.1-01", "RFC5321-4.3.1-07"}},
      {D::second_message_lost, "second-message-lost", "The second message of a session gets 250 and is lost.", {"RFC5321-6.1-01", "RFC5321-4.3.1-07"}},
      {D::message_without_date_lost, "message-without-date-lost", "A message without a Date field gets 250 and is lost.", {"RFC5321-6.2-01", "RFC5321-6.1-01", "RFC5321-4.3.1-07"}},
      {D::message_without_from_lost, "message-without-from-lost", "A message without a From field gets 250 and is lost.", {"RFC5321-6.2-01", "RFC5321-6.1-01", "RFC5321-4.3.1-07"}},
      {D::message_with_control_characters_lost, "message-with-control-characters-lost", "A message with control characters gets 250 and is lost.", {"RFC5321-6.2-01", "RFC5321-6.1-01", "RFC5321-4.3.1-07", "RFC5321-4.1.1.4-13"}},
      {D::header_recipients_added, "header-recipients-added", "The message goes to the local mailboxes that its header names as well.", {"RFC5321-C-07"}},
      {D::header_recipients_instead, "header-recipients-instead", "The message goes to the local mailboxes that its header names, if it names any.", {"RFC5321-C-07", "RFC5321-4.3.1-07"}},
      {D::to_field_added_from_envelope, "to-field-added-from-envelope", "A message without a To field gets one with the recipients of the envelope.", {"RFC5321-7.2-03", "RFC5321-7.2-01"}},
      {D::dot_after_bare_lf_removed, "dot-after-bare-lf-removed", "A bare LF is taken, and a dot behind it removed.", {"RFC5321-4.5.2-04"}},
      {D::dots_within_lines_merged, "dots-within-lines-merged", "Two dots within a line become one.", {"RFC5321-4.5.2-04", "RFC5321-4.5.2-05"}},
      {D::final_dot_of_line_removed, "final-dot-of-line-removed", "A dot at the end of a line is removed.", {"RFC5321-4.5.2-04", "RFC5321-4.5.2-05"}},
      {D::text_changed_to_lower_case, "text-changed-to-lower-case", "The text of a message becomes lower case.", {"RFC5321-4.5.2-05"}},
      {D::rare_characters_become_question_marks, "rare-characters-become-question-marks", "Brackets, braces, tilde and the like become question marks in the text.", {"RFC5321-4.5.2-05"}},
      {D::text_lines_joined, "text-lines-joined", "A line that ends in a space is joined with the next.", {"RFC5321-4.5.2-05"}},
      {D::parity_bit_set, "parity-bit-set", "The text is stored with a parity bit in every octet.", {"RFC5321-4.5.2-06"}},
      {D::from_lines_escaped_one_way, "from-lines-escaped-one-way", "A line that begins with From is stored behind a greater-than sign.", {"RFC5321-4.5.2-07"}},
      {D::header_unfolded_without_space, "header-unfolded-without-space", "A folded field is stored on one line, the white space gone.", {"RFC5322-2.2.3-01"}},
      {D::continuation_lines_lost, "continuation-lines-lost", "A folded field is stored without its continuation lines.", {"RFC5322-2.2.3-01"}},
      {D::eight_bit_message_not_unstuffed, "eight-bit-message-not-unstuffed", "After BODY=8BITMIME stuffed dots stay.", {"RFC6152-3-04", "RFC5321-4.5.2-03", "RFC6152-3-03"}},
      {D::long_line_split_ends_data, "long-line-split-ends-data", "A dot at the end of a line of more than 998 octets ends the data.", {"RFC5321-4.5.3.1.6-02", "RFC5322-2.1.1-02", "RFC5321-4.5.2-02"}},
      {D::older_received_fields_reversed, "older-received-fields-reversed", "The Received fields that were there are put in reverse order.", {"RFC5321-4.4-08", "RFC5322-3.6-02"}},
      {D::header_sorted_by_name, "header-sorted-by-name", "The fields of the header are sorted by name.", {"RFC5321-4.4-08", "RFC5322-3.6-02", "RFC5321-4.5.2-05"}},
      {D::resent_fields_behind_others, "resent-fields-behind-others", "The Resent fields are put behind the other fields.", {"RFC5322-3.6-02", "RFC5321-4.4-08"}},
      {D::older_return_path_kept, "older-return-path-kept", "A Return-Path field that was there stays below the new one.", {"RFC5321-4.4-19"}},
      {D::return_path_without_brackets, "return-path-without-brackets", "Return-Path shows the address without brackets.", {"RFC5321-4.4-30"}},
      {D::null_return_path_missing, "null-return-path-missing", "A message with the null reverse-path gets no Return-Path.", {"RFC5321-4.4-13", "RFC5321-4.4-12"}},
      {D::null_return_path_names_a_mailbox, "null-return-path-names-a-mailbox", "A message with the null reverse-path gets the Return-Path <MAILER-DAEMON>.", {"RFC5321-4.4-13"}},
      {D::null_return_path_empty, "null-return-path-empty", "A message with the null reverse-path gets an empty Return-Path field.", {"RFC5321-4.4-30", "RFC5321-4.4-13"}},
      {D::received_from_comment_alone, "received-from-comment-alone", "The from clause of Received has a comment and no name.", {"RFC5321-4.4-33", "RFC5321-4.4-31"}},
      {D::received_by_comment_alone, "received-by-comment-alone", "The by clause of Received has a comment and no name.", {"RFC5321-4.4-33", "RFC5321-4.4-31"}},
      {D::received_for_before_with, "received-for-before-with", "The clauses of Received begin with for.", {"RFC5321-4.4-34"}},
      {D::received_id_before_with, "received-id-before-with", "The id clause of Received precedes the with clause.", {"RFC5321-4.4-34"}},
      {D::received_with_unregistered_clause, "received-with-unregistered-clause", "Received has a clause that is not registered.", {"RFC5321-4.4-35"}},
      {D::received_via_unregistered_link, "received-via-unregistered-link", "Received has a via clause with a link that is not registered.", {"RFC5321-4.4-36"}},
  };
}

}  // namespace smtpspec::server
