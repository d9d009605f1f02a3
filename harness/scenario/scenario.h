// The model of a scenario file: what a person wrote, step by step, each with its place in the file. It says nothing of
// how it is played (engine/program.h) or judged (engine/judge.h). Language reference: scenarios/README.md.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/base/diagnostic.h"

namespace smtpspec::scenario {

using base::SourcePosition;
using std::chrono::milliseconds;

// ---- octets to send -------------------------------------------------------------------------------------------------

// A piece of text to send: octets, the value of a variable, or the Base64 form of further pieces; `times` over.
struct Piece {
  enum class Kind { octets, variable, base64 };
  Kind kind = Kind::octets;
  std::string text;          // the octets, or the variable's name
  std::vector<Piece> inner;  // base64 only
  std::size_t times = 1;
  bool operator==(const Piece&) const = default;
};
using Template = std::vector<Piece>;

// How a send is cut into TCP segments: pieces of at most `split_octets` (0: one piece), `gap` apart.
struct Pacing {
  std::size_t split_octets = 0;
  milliseconds gap{0};
  bool operator==(const Pacing&) const = default;
};

// ---- what a reply must be -------------------------------------------------------------------------------------------

// "250", "2xx", "25x": a digit or 'x' in each place.
struct CodePattern {
  std::array<char, 3> digits{'x', 'x', 'x'};
  bool matches(int code) const;
  bool operator==(const CodePattern&) const = default;
};

// Alternatives: codes, the end of the connection, or anything. `2xx`, `250|251|closed`, `not 2xx`, `any`.
struct ReplyPattern {
  std::vector<CodePattern> codes;
  bool any = false;       // any reply at all
  bool closed = false;    // the connection's end is an alternative
  bool clean = false;     // … and then only by FIN (`closed cleanly`)
  bool notified = false;  // … and then only after the end of TLS was told (`closed notified`)
  bool negated = false;   // a reply that matches none of the codes
  std::string text;       // as written, for messages
  bool matches_code(int code) const;
  bool operator==(const ReplyPattern&) const = default;
};

struct TextPattern {
  enum class Kind { substring, regex, exact };
  Kind kind = Kind::substring;
  Template substring;           // may name variables; exact: every octet of the reply, its line end included
  std::string regex;            // RE2 syntax; named groups become variables
  bool decodes_base64 = false;  // looks at what the reply's text is in Base64; a text that is none does not match
  bool is_negated = false;      // substring only: the text must not be there
  bool operator==(const TextPattern&) const = default;
};

// `[RFC5321-4.1.1.2-01]`, with a pattern of its own where it differs from the expectation's.
struct Binding {
  std::string requirement;
  std::optional<ReplyPattern> pattern;
  SourcePosition position;
  bool operator==(const Binding&) const = default;
};

// One keyword line of an EHLO reply as a transcript shows it: "SIZE 15728640".
struct AdvertisedLine {
  std::string keyword;
  std::vector<std::string> arguments;
  SourcePosition position;
  bool operator==(const AdvertisedLine&) const = default;
};

struct Expectation {
  ReplyPattern pattern;
  std::string enhanced;                    // "2.1.0", "2.x.x"; empty: not asked for
  std::vector<TextPattern> texts;          // every one must match the reply's text
  std::vector<ReplyPattern> unless;        // these replies are policy: inconclusive
  std::vector<ReplyPattern> answers;       // these replies are answers, though the classifier takes them for policy
  std::optional<milliseconds> within;      // the reply must begin by then
  std::optional<milliseconds> after;       // … and not before
  std::string known_as;                    // name for `check … in …`; empty: none
  std::vector<AdvertisedLine> advertised;  // a transcript's EHLO lines: a subset, in any order
  std::vector<Binding> bindings;
  bool operator==(const Expectation&) const = default;
};

// ---- steps ----------------------------------------------------------------------------------------------------------

struct Step;
using Steps = std::vector<Step>;

// `C: text` (adds CRLF) and `C| "octets"` (adds nothing).
struct Send {
  Template payload;
  bool adds_crlf = true;
  bool is_malformed = false;  // the author says that it breaks the grammar on purpose
  Pacing pacing;
  bool operator==(const Send&) const = default;
};

// `C.`: message text, one template a line without line end. Stuffed and ended by the engine unless raw; a raw text is
// sent line by line as written, CRLF added, without a terminator.
struct Message {
  std::vector<Template> lines;
  bool is_raw = false;
  Pacing pacing;
  bool operator==(const Message&) const = default;
};

// `S: …`
struct Expect {
  Expectation expectation;
  bool operator==(const Expect&) const = default;
};

// `S: silent`: nothing more was queued; proven by the fence that the engine sends.
struct ExpectSilence {
  std::vector<Binding> bindings;
  bool operator==(const ExpectSilence&) const = default;
};

enum class FenceKind { automatic, quit, ehlo, verb };
struct Fence {
  FenceKind kind = FenceKind::automatic;
  std::vector<Binding> bindings;
  bool operator==(const Fence&) const = default;
};

// `check advertises SIZE /regex/`: over the latest EHLO reply of the connection.
struct CheckAdvertises {
  std::string keyword;
  std::string regex;  // over the arguments joined by SP; empty: any
  bool negated = false;
  std::vector<Binding> bindings;
  bool operator==(const CheckAdvertises&) const = default;
};

// `check same advertisement`: the latest two EHLO replies of the scenario say the same.
struct CheckSameAdvertisement {
  std::vector<Binding> bindings;
  bool operator==(const CheckSameAdvertisement&) const = default;
};

// `check known/unknown in 252/252 250/55x`: the pair of named replies must match one pair of patterns.
struct CheckRelation {
  std::string left;
  std::string right;
  std::vector<std::pair<ReplyPattern, ReplyPattern>> allowed;
  std::vector<Binding> bindings;
  bool operator==(const CheckRelation&) const = default;
};

// `check tls version >= 1.2`
struct CheckTlsVersion {
  int minimum = 12;  // 10 * major + minor
  std::vector<Binding> bindings;
  bool operator==(const CheckTlsVersion&) const = default;
};

// `check tls certificate current`: the time is within its dates; `check tls certificate named`: it names a host in a
// subjectAltName. Neither asks who signed it.
struct CheckTlsCertificate {
  enum class What { current, named };
  What what = What::current;
  std::vector<Binding> bindings;
  bool operator==(const CheckTlsCertificate&) const = default;
};

// `check delivered {recipient} within 30s as m`, `check not delivered {recipient}`, `check delivered count == 1`
struct CheckDelivered {
  Template recipient;  // empty: the profile's recipient
  milliseconds within{30000};
  std::string known_as;
  bool negated = false;
  std::optional<int> count;
  std::vector<Binding> bindings;
  // That no more will come is proven by a message sent afterwards.
  bool needs_marker() const { return negated || count.has_value(); }
  // By its variables: what is asked for comes to the next hop, and not into the mailbox.
  bool is_for_next_hop() const;
  // … which does not take it at once.
  bool is_deferred() const;
  bool operator==(const CheckDelivered&) const = default;
};

// `check m header "Received" count >= 1`, `check m header "Received" /regex/`, `check m body == "…"`,
// `check m body has|lacks "…"`, `check m bytes has|lacks "…"`, and of what the next hop took `check m mail …` and
// `check m rcpt …`, alike
struct CheckMessage {
  enum class What { header_count, header_matches, body, bytes, mail, rcpt };
  enum class Relation { equal, at_least, at_most, has, lacks, matches };
  std::string message;
  What what = What::body;
  Relation relation = Relation::equal;
  std::string header;
  int count = 0;
  Template value;     // equal, has, lacks
  std::string regex;  // matches
  std::vector<Binding> bindings;
  bool operator==(const CheckMessage&) const = default;
};

// `capture name from reply /(…)/`: group 1, or the whole match, of the latest reply's text; `capture name from m header
// "Received" /(…)/`, `capture name from m bytes /(…)/` and so on: of a part of a message.
struct Capture {
  std::string name;
  std::string message;  // as it is known; empty: the latest reply
  CheckMessage::What part = CheckMessage::What::body;
  std::string header;
  std::string regex;
  bool operator==(const Capture&) const = default;
};

// One write for all that is sent in the block; replies follow in order. Refused without PIPELINING unless forced.
struct Pipeline {
  bool is_forced = false;
  Pacing pacing;
  std::vector<Step> steps;
  bool operator==(const Pipeline&) const;
};

// Written before the owed reply has come.
struct Early {
  std::vector<Step> steps;
  bool operator==(const Early&) const;
};

struct When {
  enum class Kind { advertised, not_advertised, demanded, reply };
  Kind kind = Kind::reply;
  std::string keyword;
  std::string argument;  // that the keyword must have, in any letter case; empty: any
  ReplyPattern reply;    // over the latest reply of the connection
  std::vector<Step> steps;
  bool operator==(const When&) const;
};

struct Repeat {
  std::size_t times = 0;
  std::string variable;  // counts from 1; empty: none
  std::vector<Step> steps;
  bool operator==(const Repeat&) const;
};

// While the block is sent these early ends pass what it binds.
struct Refusable {
  ReplyPattern pattern;
  std::vector<Step> steps;
  std::vector<Binding> bindings;
  bool operator==(const Refusable&) const;
};

struct Connect {
  bool operator==(const Connect&) const = default;
};  // opens the step's connection
// Handshake now; the 220 has been read. `version 1.1` offers that version alone, `refused` asks for a handshake that
// fails.
struct StartTls {
  int only_version = 0;  // 10 * major + minor; 0: what the run allows
  bool is_refused = false;
  std::vector<Binding> bindings;
  bool operator==(const StartTls&) const = default;
};
struct Tls {
  bool operator==(const Tls&) const = default;
};  // TLS from the first octet
struct Auth {
  std::string mechanism;
  bool operator==(const Auth&) const = default;
};
// `scram "{mechanism}" first "…" challenge "…" last "…"`: from the user's password and the three messages, the last one
// without its proof, {proof} and {signature} (RFC 5802 §3), both in Base64.
struct Scram {
  Template mechanism;
  Template first;
  Template challenge;
  Template last;
  bool operator==(const Scram&) const = default;
};
struct Wait {
  milliseconds duration{0};
  bool operator==(const Wait&) const = default;
};
struct HalfClose {
  bool operator==(const HalfClose&) const = default;
};
struct Close {
  bool operator==(const Close&) const = default;
};
struct Reset {
  bool operator==(const Reset&) const = default;
};

using StepBody =
    std::variant<Send, Message, Expect, ExpectSilence, Fence, CheckAdvertises, CheckSameAdvertisement, CheckRelation,
                 CheckTlsVersion, CheckTlsCertificate, CheckDelivered, CheckMessage, Capture, Pipeline, Early, When,
                 Repeat, Refusable, Connect, StartTls, Tls, Auth, Scram, Wait, HalfClose, Close, Reset>;

struct Step {
  StepBody body;
  int connection = 1;  // from 1
  SourcePosition position;
  std::string source;     // the line as written, trimmed; blocks of `use` keep their own
  bool is_setup = false;  // came from a block by `use`: never judged unless bound
  std::string block;      // name of that block; empty: the scenario's own step
  bool operator==(const Step&) const = default;
};

// ---- scenarios ------------------------------------------------------------------------------------------------------

enum class Role { any, mx, submission, lmtp };
enum class Impact { probe, deliver, stress };  // probe: no message leaves the server
std::string_view to_string(Role role);
std::string_view to_string(Impact impact);
std::optional<Role> parse_role(std::string_view text);
std::optional<Impact> parse_impact(std::string_view text);

// `needs PIPELINING, mailbox, recipients >= 100`: without it the scenario is not applicable.
struct Need {
  enum class Kind {
    extension,
    mailbox,
    recipients,
    relay,
    next_hop,
    retry,
    unknown_recipient,
    alias,
    list,
    dead_list,
    undeliverable,
    auth,
    tls,
    sasl
  };
  Kind kind = Kind::extension;
  std::string keyword;        // extension: upper case; sasl: the mechanism, upper case, or empty
  std::string parameter;      // extension: one of its parameters, or the name of one (below); "": any or none
  std::uint64_t maximum = 0;  // extension: of its first parameter, a number of at least 1; 0: no matter
  int minimum = 0;            // recipients: of them; extension: of what stands behind "PARAMETER="; 0: no matter
  SourcePosition position;
  bool operator==(const Need&) const = default;
};

// `each path: label: "<a@b"`: one instance a value.
struct EachValue {
  std::string label;  // what ids show: the label, else the value as written
  std::string value;  // octets
  bool operator==(const EachValue&) const = default;
};
struct Each {
  std::string variable;
  std::vector<EachValue> values;
  bool operator==(const Each&) const = default;
};

// A line of the scenario's head as written, for messages.
struct SourceLine {
  int number = 0;
  std::string text;
  bool operator==(const SourceLine&) const = default;
};

struct Scenario {
  std::string name;
  std::string title;
  std::string why;
  std::vector<std::string> checks;              // catalogue ids; empty: a transcript, which is its own requirement
  std::vector<SourcePosition> check_positions;  // where each of them is written
  std::vector<Need> needs;
  std::vector<Role> roles;  // empty: any
  Impact impact = Impact::probe;
  std::vector<std::string> tags;
  std::vector<Each> each;
  Steps steps;
  std::string file;
  SourcePosition position;
  std::vector<SourceLine> head;  // the `scenario` line and its fields
  bool has_tag(std::string_view tag) const;
  bool is_for(Role role) const;
  bool operator==(const Scenario&) const = default;
};

// A scenario with one value chosen for each of its `each` lines. `scenario` outlives it.
struct Instance {
  std::string id;  // NAME, or NAME[path=at-sign,case=lower]
  const Scenario* scenario = nullptr;
  std::vector<std::pair<std::string, std::string>> values;
};
std::vector<Instance> instances_of(const Scenario& scenario);

}  // namespace smtpspec::scenario
