// CHUNKING, BINARYMIME and LMTP.
#include "tests/unit/server/defect_cases.h"

namespace smtpspec::server {
namespace {

const std::string kOk = "250 2.0.0 Ok\r\n";  // of NOOP
const std::string kChunk = "250 2.0.0 Chunk received\r\n";
const std::string kUnknown = "500 5.5.1 Command not recognized\r\n";
const std::string kMalformed = "501 5.5.4";
const std::string kSequence = "503 5.5.1";

Probe chunks(const std::string& octets) { return after_greeting(kCaseEnvelope + octets); }

void add_bdat_line_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  std::string ones;
  for (int i = 0; i < 21; ++i) ones += "BDAT 1\r\nx";
  for (DefectCase one : std::vector<DefectCase>{
           {D::bdat_count_off_by_one_with_lower_case_last, chunks("BDAT 3 last\r\nabcNOOP\r\n"), kUnknown},
           {D::bdat_text_behind_last_accepted, chunks("BDAT 0 LASTX\r\n"), kMalformed, true},
           {D::bdat_negative_size_accepted, chunks("BDAT -1\r\n"), kChunk},
           {D::bdat_last_without_size_accepted, chunks("BDAT LAST\r\n"), kMalformed, true},
           {D::bdat_malformed_waits_for_chunk, chunks("BDAT 6 LASTX\r\nNOOP\r\nNOOP\r\n"), kOk + kOk, true},
           {D::bdat_size_read_as_octal, chunks("BDAT 010\r\n12345678XYNOOP\r\n"), kUnknown},
           {D::bdat_size_with_leading_zeros_refused, chunks("BDAT 00\r\n"), kMalformed},
           {D::bdat_size_wraps_at_64_bits, chunks("BDAT 18446744073709551617\r\nxNOOP\r\n"), kChunk + kOk},
           {D::bdat_zero_forgets_chunks, chunks("BDAT 3\r\noldBDAT 0\r\nBDAT 3 LAST\r\nnew"), "oldnew", true},
           {D::bdat_zero_ends_message, chunks("BDAT 3\r\noldBDAT 0\r\nBDAT 3 LAST\r\nnew"), "503 5.5.1"},
           {D::bdat_zero_last_forgets_chunks, chunks("BDAT 3\r\noldBDAT 0 LAST\r\n"), "old", true},
           {D::bdat_limited_to_twenty_chunks, chunks(ones), "552 5.3.4"},
           {D::bdat_behind_rcpt_refused, in_steps({kCaseEnvelope + "BDAT 3 LAST\r\nabc"}), kSequence},
           {D::bdat_nothing_in_segment_of_command, in_steps({kCaseEnvelope, "BDAT 3\r\nabc", "NOOP\r\n"}), kOk, true},
           {D::bdat_drops_input_behind_chunk, in_steps({kCaseEnvelope, "BDAT 3\r\nabcNOOP\r\n"}), kOk, true},
           {D::bdat_reply_held_back, in_steps({kCaseEnvelope, "BDAT 3\r\nabc"}), kChunk, true},
       }) {
    out.push_back(std::move(one));
  }
}

void add_bdat_sequence_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const std::string last = "BDAT 3 LAST\r\nabc";
  const std::string noop_chunk = "BDAT 6\r\nNOOP\r\n";
  const std::string unknown = "RCPT TO:<nobody@example.org>\r\n";
  const std::string oversize = kCaseEnvelope + "BDAT 20\r\n" + std::string(20, 'x');
  for (DefectCase one : std::vector<DefectCase>{
           {D::bdat_after_last_answered_554, chunks(last + last), "554 5.5.1"},
           {D::bdat_after_last_read_as_commands, chunks(last + noop_chunk), kOk},
           {D::bdat_before_mail_read_as_commands, after_greeting(noop_chunk), kOk},
           {D::bdat_behind_failed_chunk_read_as_commands, after_greeting(kCaseMail + unknown + noop_chunk + noop_chunk),
            kOk},
           {D::bdat_refused_before_chunk, in_steps({"BDAT 3\r\n"}), kSequence},
           {D::bdat_refusal_answered_twice, in_steps({"BDAT 3\r\n"}), kSequence},
           {D::bdat_refusal_closes, after_greeting("BDAT 3\r\nabc"), "<closed>"},
           {D::bdat_failure_forgotten_by_next_chunk, with_limit(10, oversize + "BDAT 1\r\nx"), kChunk},
           {D::rset_does_not_end_failed_bdat, with_limit(10, oversize + "RSET\r\n" + kCaseMail),
            "state is reset\r\n503 5.5.1"},
           {D::bdat_without_recipient_last_accepted, after_greeting(kCaseMail + unknown + last), kOk},
           {D::data_after_bdat_answered_554, chunks("BDAT 3\r\nabcDATA\r\n"), "554 5.5.1"},
           {D::data_after_bdat_message_refused, chunks(last + kCaseEnvelope + "DATA\r\n"), kSequence},
           {D::bdat_after_data_message_refused, chunks("DATA\r\n.\r\n" + kCaseEnvelope + last), kSequence},
           {D::noop_between_chunks_refused, chunks("BDAT 3\r\nabcNOOP\r\n"), kSequence},
           {D::noop_between_chunks_drops_chunks, chunks("BDAT 3\r\noldNOOP\r\nBDAT 3 LAST\r\nnew"), "oldnew", true},
           {D::rset_between_chunks_refused, chunks("BDAT 3\r\nabcRSET\r\n"), kSequence},
           {D::ehlo_keeps_chunks, chunks("BDAT 3\r\nold" + kCaseEhlo + kCaseEnvelope + "BDAT 3 LAST\r\nnew"), "oldnew"},
           {D::rcpt_between_chunks_accepted, chunks("BDAT 3\r\nabc" + kCaseRcpt), kSequence, true},
           {D::lost_connection_delivers_chunks, in_steps({kCaseEnvelope + "BDAT 7\r\nSECRET\n", "<lost>"}), "SECRET"},
       }) {
    out.push_back(std::move(one));
  }
}

void add_bdat_content_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  for (DefectCase one : std::vector<DefectCase>{
           {D::bdat_line_end_added_to_each_chunk, chunks("BDAT 2\r\nabBDAT 2 LAST\r\ncd"), "ab\r\ncd\r\n"},
           {D::bdat_cr_at_end_of_chunk_lost, chunks("BDAT 3\r\nab\rBDAT 3 LAST\r\n\ncd"), "ab\ncd"},
           {D::bdat_chunk_of_one_octet_lost, chunks("BDAT 2\r\nabBDAT 1\r\ncBDAT 1 LAST\r\nd"), "abcd", true},
           {D::bdat_split_character_replaced,
            chunks("BDAT 3\r\nab\xc3"
                   "BDAT 2 LAST\r\n\xa9.BDAT"),
            "ab??."},
           {D::bdat_unfinished_last_line_lost, chunks("BDAT 6 LAST\r\nab\r\ncd"), "ab\r\ncd", true},
           {D::bdat_dot_line_ends_message, chunks("BDAT 11 LAST\r\nab\r\n.\r\ncd\r\n"), "cd", true},
           {D::bdat_dots_stuffed, chunks("BDAT 6 LAST\r\n.abc\r\n"), "..abc"},
           {D::bdat_bare_lf_dot_ends_message, chunks("BDAT 11 LAST\r\nab\n.\nNOOP\r\n"), kOk},
       }) {
    out.push_back(std::move(one));
  }
}

void add_binary_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const std::string binary = "MAIL FROM:<a@example.com> BODY=BINARYMIME\r\n";
  const auto send = [&](const std::string& content) {
    return with_binary_mime(binary + kCaseRcpt + "BDAT " + std::to_string(content.size()) + " LAST\r\n" + content);
  };
  const std::string nul("a\0b.", 4);
  const std::string label = "Content-Transfer-Encoding: binary\r\n\r\nx\r\n.\r\n";
  for (DefectCase one : std::vector<DefectCase>{
           {D::binarymime_keyword_with_parameter, with_binary_mime(""), "250-BINARYMIME YES\r\n"},
           {D::binarymime_without_chunking, with_binary_mime(""), "250-CHUNKING\r\n", true},
           {D::body_binarymime_refused, with_binary_mime(binary), "555 5.5.4"},
           {D::body_binarymime_in_lower_case_refused, with_binary_mime("MAIL FROM:<a@example.com> BODY=binarymime\r\n"),
            "501 5.5.4"},
           {D::data_with_binarymime_accepted, with_binary_mime(binary + kCaseRcpt + "DATA\r\n"), "354 "},
           {D::data_with_binarymime_answered_554, with_binary_mime(binary + kCaseRcpt + "DATA\r\n"), "554 5.5.1"},
           {D::binary_nul_removed, send(nul), "ab."},
           {D::binary_message_cut_at_nul, send(nul), "b.", true},
           {D::binary_bare_lf_becomes_crlf, send("ab\ncd"), "ab\r\ncd"},
           {D::binary_bare_cr_removed, send("ab\rcd"), "abcd"},
           {D::binary_eighth_bit_removed, send("ab\xe9."), "abi."},
           {D::binary_label_without_body_refused, after_greeting(kCaseEnvelope + "DATA\r\n" + label), "554 5.6.1"},
       }) {
    out.push_back(std::move(one));
  }
}

void add_lmtp_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const std::string bob = "RCPT TO:<bob@example.org>\r\n";
  const std::string ghost = "RCPT TO:<ghost@example.org>\r\n";
  const std::string unknown = "RCPT TO:<nobody@example.org>\r\n";
  const std::string message = "DATA\r\nSubject: x\r\n\r\nx\r\n.\r\n";
  Probe too_large = in_lmtp(kCaseEnvelope + bob + message);
  too_large.config.max_message_octets = 1;
  const std::string stored = "250 2.0.0 Ok, queued";
  for (DefectCase one : std::vector<DefectCase>{
           {D::lhlo_accepted_by_smtp, after_greeting("LHLO client.example\r\n"), kUnknown, true},
           {D::lhlo_answered_without_extensions, in_lmtp(""), "250 mail.example.org\r\n"},
           {D::lmtp_without_pipelining, in_lmtp(""), "250-PIPELINING\r\n", true},
           {D::lmtp_without_enhanced_status_codes, in_lmtp(""), "250-ENHANCEDSTATUSCODES\r\n", true},
           {D::lmtp_without_8bitmime, in_lmtp(""), "250-8BITMIME\r\n", true},
           {D::lmtp_data_without_recipient_answered_554, in_lmtp(kCaseMail + "DATA\r\n"), "554 5.5.1"},
           {D::lmtp_data_without_recipient_accepted, in_lmtp(kCaseMail + "DATA\r\n"), "354 "},
           {D::lmtp_replies_in_reverse, in_lmtp(kCaseEnvelope + ghost + message),
            "550 5.3.0 delivery to this mailbox "
            "failed for good\r\n250 2.0.0"},
           {D::lmtp_answers_for_refused_recipients, in_lmtp(kCaseEnvelope + unknown + message),
            "as id1\r\n550 5.1.1 No such user here\r\n"},
           {D::lmtp_refused_message_answered_once, too_large,
            "552 5.3.4 Message size exceeds fixed maximum message size\r\n552", true},
           {D::lmtp_one_failure_refuses_all, in_lmtp(kCaseMail + ghost + bob + message), stored, true},
           {D::lhlo_unknown, in_lmtp(""), kUnknown},
           {D::lower_case_lhlo_unknown, in_lmtp("lhlo client.example\r\n"), kUnknown},
           {D::lmtp_failure_withholds_the_rest, in_lmtp(kCaseMail + ghost + bob + message), "for <bob@example.org>",
            true},
           {D::lmtp_answers_each_chunk_per_recipient, in_lmtp(kCaseEnvelope + bob + "BDAT 1\r\nx"), kChunk + kChunk},
           {D::lmtp_refused_last_chunk_answered_without_recipients, in_lmtp(kCaseMail + unknown + "BDAT 1 LAST\r\nx"),
            "554 5.5.1"},
       }) {
    out.push_back(std::move(one));
  }
}

void add_bdat_reply_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const std::string bob = "RCPT TO:<bob@example.org>\r\n";
  const std::string two_chunks = "BDAT 3\r\nabcBDAT 3\r\ndef";
  const std::string last = "BDAT 3 LAST\r\nabc";
  const std::string data = "DATA\r\nSubject: x\r\n\r\nSECRET\r\n.\r\n";
  const std::string oversize = kCaseEnvelope + "BDAT 20\r\n" + std::string(20, 'x');
  const std::string noop_chunk = "BDAT 6\r\nNOOP\r\n";
  const std::string taken = "250 2.0.0 Ok, queued";
  for (DefectCase one : std::vector<DefectCase>{
           {D::data_after_bdat_message_lost, chunks(last + kCaseEnvelope + data), "SECRET", true},
           {D::bdat_last_answered_for_each_recipient, chunks(bob + last), taken + " as id1\r\n250 "},
           {D::bdat_last_answered_twice, chunks(last), taken + " as id1\r\n250 "},
           {D::bdat_last_not_answered, chunks(last), taken, true},
           {D::bdat_zero_last_not_answered, chunks("BDAT 3\r\nabcBDAT 0 LAST\r\n"), taken, true},
           {D::bdat_zero_last_answered_twice, chunks("BDAT 3\r\nabcBDAT 0 LAST\r\n"), taken + " as id1\r\n250 "},
           {D::bdat_chunk_answered_354, chunks("BDAT 3\r\nabc"), "354 Go on"},
           {D::bdat_chunk_answered_251, chunks("BDAT 3\r\nabc"), "251 2.0.0"},
           {D::bdat_chunks_of_segment_answered_once, chunks(two_chunks), kChunk + kChunk, true},
           {D::bdat_without_recipient_read_as_commands, after_greeting(kCaseMail + noop_chunk), kOk},
           {D::bdat_oversize_read_as_commands, with_limit(5, kCaseEnvelope + noop_chunk), kOk},
           {D::bdat_refused_chunk_ends_with_segment, in_steps({"BDAT 9\r\nabc", "NOOP\r\n"}), kOk},
           {D::bdat_refusal_drops_segment, after_greeting("BDAT 3\r\nabcNOOP\r\n"), kOk, true},
           {D::bdat_refused_in_pipeline_not_answered, after_greeting("NOOP\r\nBDAT 3\r\nabc"), kSequence, true},
           {D::bdat_refused_in_pipeline_answered_250, after_greeting("NOOP\r\nBDAT 3\r\nabc"), kChunk},
           {D::bdat_failure_kept_over_rset, with_limit(10, oversize + "RSET\r\n" + kCaseEnvelope + last), kSequence},
           {D::rset_after_failed_chunk_refused, with_limit(10, oversize + "RSET\r\n"), kSequence},
           {D::rset_after_failed_chunk_closes, with_limit(10, oversize + "RSET\r\n"), "<closed>"},
           {D::rset_after_failed_chunk_keeps_transaction, with_limit(10, oversize + "RSET\r\n" + kCaseMail), kSequence},
           {D::bdat_octets_of_failed_message_count, with_limit(10, oversize + "RSET\r\n" + kCaseEnvelope + last), taken,
            true},
           {D::message_after_failed_bdat_lost,
            with_limit(100, "BDAT 1\r\nxRSET\r\n" + kCaseEnvelope + "BDAT 6 LAST\r\nSECRET"), "SECRET", true},
           {D::octets_behind_chunk_accepted, chunks("BDAT 3\r\nabcdef\r\n"), kOk},
           {D::octets_behind_chunk_dropped, chunks("BDAT 3\r\nabcdef\r\n"), kUnknown, true},
           {D::octets_behind_chunk_added_to_message, chunks("BDAT 3\r\nabcSECRET\r\nBDAT 0 LAST\r\n"), "abcSECRET"},
           {D::lost_connection_completes_last_chunk, in_steps({kCaseEnvelope + "BDAT 9 LAST\r\nSECRET", "<lost>"}),
            "SECRET"},
           {D::lost_connection_completes_chunk, in_steps({kCaseEnvelope + "BDAT 9\r\nSECRET", "<lost>"}), "SECRET"},
           {D::quit_delivers_chunks, chunks("BDAT 6\r\nSECRETQUIT\r\n"), "SECRET"},
           {D::bdat_unoffered_answered_250, after_greeting("BDAT 0 LAST\r\n"), "250 2.0.0 Go on"},
           {D::bdat_unoffered_answered_354, after_greeting("BDAT 0 LAST\r\n"), "354 Go on"},
           {D::bdat_unoffered_not_answered, after_greeting("BDAT 0 LAST\r\n"), kSequence, true},
       }) {
    out.push_back(std::move(one));
  }
  const std::string binary = "MAIL FROM:<a@example.com> BODY=BINARYMIME\r\n" + kCaseRcpt;
  out.push_back({D::refused_data_blocks_bdat, with_binary_mime(binary + "DATA\r\n" + last), taken, true});
  out.push_back({D::refused_data_blocks_next_data,
                 with_binary_mime(binary + "DATA\r\nRSET\r\n" + kCaseEnvelope + "DATA\r\n"), "354 ", true});
  out.push_back({D::binarymime_kept_for_next_transaction, with_binary_mime(binary + last + kCaseEnvelope + "DATA\r\n"),
                 "354 ", true});
}

}  // namespace

std::vector<DefectCase> chunking_defect_cases() {
  std::vector<DefectCase> cases;
  add_bdat_reply_cases(cases);
  add_bdat_line_cases(cases);
  add_bdat_sequence_cases(cases);
  add_bdat_content_cases(cases);
  add_binary_cases(cases);
  add_lmtp_cases(cases);
  return cases;
}

}  // namespace smtpspec::server
