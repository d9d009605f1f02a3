// The inside of a Session. One object, several files of one idea each: session.cc (events, input, replies),
// session_commands.cc (dispatch), session_greeting.cc, session_envelope.cc, session_data.cc, session_chunking.cc,
// session_delivery.cc, session_notices.cc, session_auth.cc, session_information.cc; session_defects.cc,
// session_envelope_defects.cc, session_message_defects.cc, session_buffer_defects.cc, session_storage_defects.cc,
// session_pipelining_defects.cc, session_auth_defects.cc, session_chunking_defects.cc and session_tls_defects.cc do
// nothing without defects.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/server/command_line_reader.h"
#include "harness/server/data_receiver.h"
#include "harness/server/delivery_report.h"
#include "harness/server/directory.h"
#include "harness/server/dormant_defects.h"
#include "harness/server/envelope_reply_defects.h"
#include "harness/server/reply.h"
#include "harness/server/sasl_exchange.h"
#include "harness/server/session.h"
#include "harness/server/transaction.h"
#include "harness/server/verb.h"
#include "harness/wire/command.h"

namespace smtpspec::server {

struct Occasion;  // command_defects.h

class Session::Implementation {
 public:
  Implementation(const Config& config, Environment& environment, SessionInfo info);

  Output start();
  Output feed(std::string_view octets);
  Output tls_established(TlsInfo info);
  Output end_with_421(const std::string& enhanced, const std::string& why);
  void connection_lost();
  std::chrono::seconds current_timeout() const;

 private:
  enum class Mode { command, sasl, data, chunk, awaiting_tls, closed };
  enum class Needs { nothing, no_argument, argument };

  struct Command {
    Verb verb = Verb::unknown;
    std::string_view argument;  // behind the verb and one space
  };

  struct CommandRule {
    Verb verb;
    void (Implementation::*handle)(std::string_view argument);
    Needs needs;
    bool open_to_all;  // allowed before a required authentication (RFC 4954 §6)
  };
  static const CommandRule kCommandRules[];

  // session.cc and session_commands.cc
  bool has(Defect defect) const { return awake_.has(defect); }
  void consume(std::string_view input);
  void obey(const CommandLine& line);
  void dispatch(const Command& command);
  bool is_implemented(Verb verb) const;
  std::optional<Reply> line_fault(const CommandLine& line, const Command& command) const;
  void answer(Reply reply);
  void answer(int code, std::string_view enhanced, std::string_view text);
  void count_error(int code);  // if it is one
  void answer_unknown_command();
  void answer_unfinished_line();
  bool tolerates_missing_argument(Verb verb) const;
  bool tolerates_argument(Verb verb) const;
  bool must_authenticate() const;
  void reset_transaction();
  void close();
  void spoil_pipeline();
  Output take_output();

  // session_greeting.cc
  std::string name_in_replies() const;
  void greet();
  void ehlo(std::string_view argument);
  void helo(std::string_view argument);
  void lhlo(std::string_view argument);
  void greet_client(std::string_view argument, bool extended);
  void answer_extended_greeting();
  void rset(std::string_view argument);
  void noop(std::string_view argument);
  void quit(std::string_view argument);
  void starttls(std::string_view argument);
  void forget_after_tls();

  // session_envelope.cc
  void mail(std::string_view argument);
  void rcpt(std::string_view argument);
  Reply sequence_error(std::string_view text) const;
  Reply utf8_refusal(int code, const std::string& mailbox) const;
  bool is_unqualified(const Address& address) const;
  std::optional<Reply> read_sender(std::string_view argument, Envelope& sender) const;
  std::optional<Reply> read_recipient(std::string_view argument, AcceptedRecipient& accepted);
  std::optional<Reply> standing_refusal(const Resolution& resolution) const;
  std::optional<Reply> recipient_limit_refusal();
  std::optional<Reply> treatment_refusal(const AcceptedRecipient& accepted) const;
  bool lowers_priority();
  bool is_greylisted(const Recipient& recipient);
  bool is_deferred(const Recipient& recipient, const std::string& prefix) const;

  // session_data.cc
  void data(std::string_view argument);
  std::optional<Reply> data_refusal() const;
  void consume_data(std::string_view& input);
  void finish_data();
  std::optional<Reply> content_refusal(std::string_view content) const;
  bool is_looping(std::string_view content) const;
  void refuse_message(const Reply& reply, const std::string& content);
  std::size_t message_limit() const;
  void spoil_lmtp_replies(const Transaction& done, std::vector<Reply>& replies) const;

  // session_chunking.cc
  void bdat(std::string_view argument);
  void consume_chunk(std::string_view& input);
  void finish_chunk();
  std::optional<Reply> chunk_refusal() const;
  void finish_chunks();

  // session_chunking_defects.cc
  std::optional<wire::BdatCommand> misread_bdat(std::string_view argument) const;
  bool spoils_bdat(std::string_view argument);
  void spoil_empty_chunk();
  std::optional<Reply> defective_chunk_refusal(std::optional<Reply> refusal);
  bool leaves_refused_chunk() const;
  bool spoils_refused_chunk();
  void spoil_chunk();
  bool spoils_chunked_message(std::string& content);
  bool spoils_between_chunks(const Command& command);
  bool spoils_line_behind_chunk(const CommandLine& line);
  bool spoils_reset_of_chunks();
  std::optional<ReplyFate> fate_of_chunk_reply(Reply& reply);

  // session_delivery.cc
  void accept_message(std::string content);
  Reply store_for(const Transaction& done, const std::vector<AcceptedRecipient>& recipients,
                  const std::string& content);
  bool loses_message(const Transaction& done, std::string_view content) const;
  std::vector<Delivery> deliveries_for(const Envelope& sender, const std::vector<AcceptedRecipient>& recipients,
                                       const std::string& id) const;
  void add_trace_fields(std::vector<Delivery>& deliveries, const std::vector<AcceptedRecipient>& recipients,
                        const std::string& id) const;
  static void drop_replies_to_repeated_recipients(const std::vector<AcceptedRecipient>& recipients,
                                                  std::vector<Reply>& replies);

  // session_notices.cc
  static Reply undeliverable_reply();
  ReportFacts facts_of(const Envelope& sender) const;
  void report_failures(const Envelope& sender, const std::vector<Recipient>& failures, const std::string& original);
  void report_successes(const Envelope& sender, const std::vector<AcceptedRecipient>& recipients,
                        const std::string& original);
  void send_notice(ReportFacts facts, const Address& addressee, const std::string& original);

  // session_auth.cc
  void auth(std::string_view argument);
  std::optional<Reply> auth_refusal() const;
  // Null: there are no mechanisms here that need them.
  const base::KeyedDigests* sasl_digests() const;
  void take_sasl_line(const CommandLine& line);
  void follow(const SaslStep& step);

  // session_auth_defects.cc
  bool spoils_auth(std::string_view argument);
  bool spoils_outcome(SaslOutcome outcome);
  bool overflows_sasl_line(std::string_view& input);

  // session_information.cc
  void vrfy(std::string_view argument);
  Reply verified(const Resolution& resolution) const;
  void expn(std::string_view argument);
  void help(std::string_view argument);
  void etrn(std::string_view argument);
  bool spoils_etrn(std::string_view& argument);
  bool spoils_order_of_etrn();
  void unimplemented(std::string_view argument);
  Reply foreign(const Resolution& resolution) const;

  // session_defects.cc
  bool opens_defectively();
  void obey_in_spite_of_refusal(Verb verb);
  Occasion occasion_of(const CommandLine& line, const Command& command) const;
  void dispatch_defectively(const CommandLine& line, const Command& command);
  void suffer_aftermath(const Occasion& occasion);
  void vanish();
  void wake_defects();

  struct SentReply {
    Verb verb;
    int code;
    Answered answered;
  };

  // session_envelope_defects.cc: true means that the defect has dealt with the command
  bool spoils_line(const CommandLine& line);
  bool spoils_command(const Command& command);
  bool spoils_session_command(const Command& command);
  bool spoils_information(const Command& command);
  bool spoils_mail(std::string_view argument);
  std::optional<Reply> defective_mail_refusal(std::string_view argument) const;
  std::optional<Reply> defective_parameter_refusal(std::string_view parameters) const;
  bool spoils_body(std::string_view argument);
  bool spoils_rcpt(std::string_view argument);
  bool spoils_rcpt_before_mail(std::string_view argument);
  std::optional<Reply> defective_size_refusal();
  bool spoils_rset();
  void spoil_data_refusal(std::optional<Reply>& refusal) const;
  ReplyFate spoil_reply(Reply& reply);

  // session_message_defects.cc
  bool spoils_content_line();
  bool spoils_message(std::string& content);
  bool cuts_at_declared_size();
  bool is_helo_session() const;
  void spoil_last_line(std::string& content) const;
  bool is_undone_by_what_follows() const;
  std::optional<Reply> defective_message_refusal(std::string_view content) const;
  bool is_cut_off_by(std::string_view content) const;
  void remember_lost_connection();
  bool refuses_session();

  // session_storage_defects.cc
  void mix_transactions();
  void borrow_transaction();
  void keep_refused_recipient(std::string_view argument);
  void show_recipients();
  void hide_recipients();
  void remember_unfinished();
  void spoil_deliveries(std::vector<Delivery>& deliveries, std::string& content);
  std::optional<DeliveryResult> held_back(const std::vector<Delivery>& deliveries, const std::string& content);
  void deliver_held_messages();

  // session_buffer_defects.cc
  void spoil_buffers(const Command& command);
  std::optional<AcceptedRecipient> as_if_accepted(std::string_view argument) const;
  void note_refused_sender(const Command& command);
  void add_named_recipients(const Command& command);
  void suffer_other_sessions();
  void remember_before_rset();
  bool keeps_sender_over_ehlo();
  bool waits_for_rset() const;
  void inherit_parameters();
  void inherit_notify();
  std::size_t limit_left_by_rset() const;
  void mix_messages(Transaction& done, std::string& content);
  void remember_refused_message();
  void spoil_lost_message();
  void spoil_recipients(const Transaction& done, std::vector<Delivery>& deliveries) const;

  // session_relay_defects.cc
  void spoil_relayed(std::vector<Delivery>& deliveries, const std::vector<AcceptedRecipient>& recipients,
                     std::string& content) const;

  // session_tls_defects.cc
  bool spoils_tls_command(const Command& command);
  void take_injected(std::string_view input);
  void use_injected();
  void keep_over_tls();

  // session_demand_defects.cc
  bool is_own_user(std::string_view address) const;
  std::optional<Reply> defective_demand_of_tls(const Command& command) const;
  bool spoils_submission(const Command& command);

  // session_utf8_defects.cc
  void note_question(const Command& command);
  void spoil_utf8_reply(Reply& reply) const;

  // session_pipelining_defects.cc
  void begin_segment(std::string_view& octets);
  void end_segment();
  void spoil_unfinished_line();
  bool drops_rest_of_segment() const;
  std::optional<Reply> defective_group_reply(Verb verb) const;
  std::vector<std::string> replies_of_segment() const;
  void reorder_replies(std::vector<std::string>& replies) const;
  std::size_t replies_to_hold_back() const;

  const Config* config_;
  Environment* environment_;
  SessionInfo info_;
  Directory directory_;
  ReplyWriter replies_;
  CommandLineReader lines_;
  DataReceiver data_;

  Mode mode_ = Mode::command;
  Verb verb_ = Verb::none;  // whose reply is being written
  Output out_;

  std::string client_name_;  // from EHLO, HELO or LHLO; "" before
  bool extended_ = false;    // EHLO or LHLO, not HELO
  int greetings_ = 0;
  std::string user_;                    // authenticated as; "" for nobody
  std::unique_ptr<SaslExchange> sasl_;  // null: none is under way
  Transaction transaction_;

  std::size_t chunk_left_ = 0;  // octets of the current BDAT chunk still to come
  bool chunk_is_last_ = false;
  std::optional<Reply> chunk_refusal_;  // decided before the chunk was read
  std::size_t errors_ = 0;

  int last_code_ = 0;
  std::vector<std::size_t> reply_starts_;  // in out_.octets; only defects ask

  // Only defects write these.
  std::string refused_line_;  // the last command, if it got 5yz
  bool owes_greeting_ = false;
  bool answered_early_ = false;
  bool receives_content_as_commands_ = false;
  bool answered_before_end_of_data_ = false;
  std::string injected_;                         // plaintext behind STARTTLS
  std::string kept_client_name_;                 // from before TLS
  std::optional<Transaction> kept_transaction_;  // from before TLS
  int greetings_before_tls_ = 0;
  std::vector<AcceptedRecipient> kept_recipients_;  // of a transaction that is over
  std::string kept_content_;
  std::size_t mails_ = 0;
  std::size_t messages_ = 0;
  bool refused_mail_ = false;
  bool has_refused_second_transaction_ = false;
  bool has_failed_auth_ = false;
  bool has_cancelled_auth_ = false;
  int failed_auths_ = 0;
  EnvelopeReplyDefects envelope_replies_;
  DefectSet awake_;  // those that show now
  bool follows_unnamed_session_ = false;
  bool is_eight_bit_message_ = false;
  Answered answered_ = Answered::command;
  Verb previous_verb_ = Verb::none;
  std::vector<SentReply> sent_;  // one for each of reply_starts_
  std::string held_back_;        // replies that wait for the next command
  std::size_t segment_octets_ = 0;
  std::size_t segments_ = 0;         // so far
  std::size_t chunk_segment_ = 0;    // that of the last BDAT line
  std::size_t chunk_begins_at_ = 0;  // in the content
  bool is_chunk_answered_ = false;   // before it has come
  bool is_last_message_chunked_ = false;
  bool has_used_bdat_ = false;
  bool has_used_smtputf8_ = false;
  bool has_used_data_ = false;
  std::size_t resets_ = 0;
  std::size_t declared_octets_ = 0;  // SIZE of the transaction
  bool had_sequence_error_ = false;
  bool has_verified_ = false;
  bool has_used_body_ = false;
  bool is_refused_for_size_ = false;
  bool is_last_recipient_refused_ = false;
  bool has_answered_content_ = false;
  bool is_behind_chunk_ = false;      // no command has come since
  bool is_last_chunk_empty_ = false;  // and others came before it
  bool is_bdat_failed_ = false;       // since the last RSET
  bool was_bdat_failed_ = false;      // and RSET has come
  bool has_used_binary_ = false;
  bool is_binary_data_refused_ = false;
  std::size_t refused_chunk_octets_ = 0;
  std::size_t taken_recipients_ = 0;  // in the session
  bool is_utf8_asked_ = false;        // by VRFY and EXPN with SMTPUTF8
  std::string asked_name_;            // of VRFY and EXPN
  int serial_ = 0;                    // of the session, on this server
  std::vector<std::pair<std::vector<Delivery>, std::string>> held_messages_;
  std::string first_sender_;  // of the session
  std::optional<AcceptedRecipient> refused_as_last_;
  std::size_t seen_resets_ = 0;  // of all sessions
  std::size_t seen_ends_ = 0;
  std::size_t messages_at_data_ = 0;
  std::string data_tail_;             // the last octets of the message under way, as sent
  bool has_refused_message_ = false;  // since the last RSET
  bool is_third_message_done_ = false;
  bool is_left_by_ehlo_ = false;
  Transaction left_by_rset_;
  Transaction left_by_ehlo_;
  std::string refused_sender_;     // of a MAIL
  std::string first_client_name_;  // of the session
  std::size_t left_octets_ = 0;    // declared before RSET
  Envelope left_by_message_;
  std::vector<AcceptedRecipient> first_recipients_;  // of the session
  std::vector<AcceptedRecipient> recipients_of_refused_message_;
  Transaction last_done_;
  std::string last_sender_;
  std::string last_content_;
  std::string behind_message_;  // what the segment with the end of data holds behind it
};

}  // namespace smtpspec::server
