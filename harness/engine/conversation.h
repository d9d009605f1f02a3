// A conversation is a pure function: it eats events and returns actions until it is done. It holds no clock, no socket
// and no thread; whoever drives it performs each action and answers with exactly one event (engine/action.h).
//
//   Conversation conversation(program, variables, settings);
//   Action action = conversation.next({Started{}});
//   while (!std::holds_alternative<Done>(action.body)) action = conversation.next(perform(action));
//   conversation.conclude(result);
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/keyed_digests.h"
#include "harness/engine/action.h"
#include "harness/engine/event.h"
#include "harness/engine/evidence.h"
#include "harness/engine/ledger.h"
#include "harness/engine/link.h"
#include "harness/engine/program.h"
#include "harness/engine/secrets.h"
#include "harness/engine/variables.h"
#include "harness/scenario/scenario.h"
#include "harness/verdict/stored_message.h"

namespace smtpspec::engine {

struct Settings {
  // Above the longest pause that servers are known to make on purpose after an error (16 s).
  base::Microseconds reply_timeout{std::chrono::seconds(20)};
  base::Microseconds end_of_data_timeout{std::chrono::seconds(60)};
  base::Microseconds connect_timeout{std::chrono::seconds(10)};
  // At most so long for a message, whatever the scenario allows it.
  base::Microseconds mailbox_timeout = base::Microseconds::max();
  // How much longer a message to {relayed_later} may take, by the profile's word: the next hop defers it once.
  base::Microseconds retry_time{0};
  double time_scale = 1.0;  // widens `within`
  // What the profile says that the server wants of everybody before MAIL: `when demanded TLS`, `when demanded AUTH`.
  bool demands_tls = false;
  bool demands_auth = false;
  // What `scram` computes with; null where a scenario that has it cannot be played.
  const base::KeyedDigests* digests = nullptr;
};

// What the reply parser found in passing, for the run's `wire.*` findings (language rule 4).
struct ReplyForm {
  std::uint64_t replies = 0;
  struct Finding {
    wire::ReplyDeviation kind{};
    std::string example;      // escaped octets of the reply, shortened
    std::uint64_t reply = 0;  // which of the replies, from 1
  };
  std::vector<Finding> findings;
};

class Conversation {
 public:
  // `program` and the scenario behind it must outlive the conversation.
  Conversation(const Program& program, Variables variables, Settings settings);

  // The first event must be Started. After Done, nothing may be asked any more.
  Action next(const Event& event);

  // Fills verdict, cause, reason, checks, wire log and duration. Once, after Done.
  void conclude(verdict::ScenarioResult& result);

  const ReplyForm& reply_form() const { return reply_form_; }
  // May a QUIT be sent as a farewell: the connection is up and the server waits for a command.
  bool may_quit(int connection) const;
  // What an expectation with this `as` name saw; null if it was not played.
  const Observation* named(const std::string& name) const;
  // Every EHLO reply, in order.
  const std::vector<wire::Capabilities>& advertisements() const { return advertisements_; }
  bool has_heard_octets() const { return evidence_.server_octets() > 0; }

 private:
  // What an op came to when it was given a turn: an action to wait for, or nothing when it is played.
  using Turn = std::optional<Action>;
  // Where the op being played stands; forgotten when the next one begins.
  struct Progress {
    int phase = 0;
    base::Microseconds began{0};
    std::size_t replies_before = 0;  // fence: complete replies when it began
    int commands = 0;                // fence and AUTH: commands sent
    std::vector<std::string> texts;  // what is being sent, line by line
  };

  // conversation.cc: events in, ops in turn, the end
  void take(const Event& event);
  Turn play(const Op& op);
  Turn play_connect(const ConnectOp& connect);
  Turn play_starttls(const scenario::StartTls& starttls);
  void handshake_failed(const std::string& reason);
  bool holds(const JumpUnlessOp& jump, int connection);
  Action ask(ActionBody body, bool is_secret = false);
  void end(verdict::Verdict verdict, verdict::Cause cause, const std::string& reason);
  Action done();

  // conversation_send.cc
  Turn play_send(const SendOp& send);
  Turn play_group(const SendOp& send);
  Turn play_auth(const scenario::Auth& auth);
  bool is_secret(const SendOp::Line& line, std::string_view octets);
  std::optional<std::string> octets_of(const SendOp::Line& line);
  Turn send(std::string octets, const scenario::Pacing& pacing, bool is_secret);

  // conversation_scram.cc
  void play_scram(const scenario::Scram& scram);

  // conversation_judge.cc
  Turn play_expect(const scenario::Expectation& expectation);
  Turn play_fence(scenario::FenceKind kind);
  void judge(const scenario::Expectation& expectation, const Observation& observation);
  std::optional<verdict::Cause> policy_behind(const scenario::Expectation& expectation,
                                              const Observation& observation) const;
  void set_aside(verdict::Cause cause, const Observation& observation);
  void missed(const std::string& got, const std::string& reason, bool accepted_malformed);
  void passed(const std::string& got);
  void fence_judged(bool is_silent, const std::string& got);
  bool ended_early_as_allowed(const Observation& observation);

  // conversation_checks.cc
  Turn play_check(const scenario::StepBody& step);
  void check_advertises(const scenario::CheckAdvertises& check);
  void check_same_advertisement();
  void check_relation(const scenario::CheckRelation& check);
  void check_tls_version(const scenario::CheckTlsVersion& check);
  void check_tls_certificate(const scenario::CheckTlsCertificate& check);
  Turn check_delivered(const scenario::CheckDelivered& check);
  void check_message(const scenario::CheckMessage& check);
  struct Look {
    bool holds = false;
    std::string seen;
    bool is_clear = true;  // else `seen` says why the message tells nothing
  };
  Look look_at(const verdict::StoredMessage& message, const scenario::CheckMessage& check) const;
  Look look_at_envelope(const verdict::StoredMessage& message, const scenario::CheckMessage& check) const;
  Look look_at_text(std::string_view text, const scenario::CheckMessage& check,
                    const verdict::StorageArtefacts& storage) const;
  void capture(const scenario::Capture& capture);
  std::optional<std::string> latest_reply_text() const;
  std::optional<std::string> text_to_capture_from(const scenario::Capture& capture);
  void settle(bool holds, const std::string& got);

  const Op& op() const { return program_.ops[counter_]; }
  Link& link() { return links_[op().connection]; }

  const Program& program_;
  Variables variables_;
  Settings settings_;
  Ledger ledger_;
  Secrets secrets_;
  Evidence evidence_;
  ReplyForm reply_form_;

  std::size_t counter_ = 0;  // the op being played
  Progress progress_;
  const Event* event_ = nullptr;  // the answer to the op's last action, until it has looked at it
  base::Microseconds now_{0};
  base::Microseconds deadline_{0};  // of the latest Await: when it has timed out, it is no earlier
  base::Microseconds round_trip_{0};
  bool is_over_ = false;
  bool ran_to_end_ = false;

  std::map<int, Link> links_;
  std::map<int, Observation> latest_;               // by connection: what the last expectation saw
  std::map<std::size_t, Observation> asked_about_;  // by JumpUnlessOp::first: the reply before `when reply` blocks
  std::map<std::string, Observation> named_;
  std::map<std::string, std::vector<verdict::StoredMessage>> mail_;  // by their `as` name; never empty
  std::vector<wire::Capabilities> advertisements_;                   // of every EHLO reply, in order
};

}  // namespace smtpspec::engine
