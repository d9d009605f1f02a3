#include "fuzz/mutator/scenario_form.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "harness/base/base64.h"
#include "harness/base/octets.h"
#include "harness/scenario/walk.h"
#include "harness/wire/command.h"
#include "harness/wire/dot_stuffing.h"

namespace smtpspec::fuzz {

namespace {

namespace sc = scenario;

class Reader {
 public:
  explicit Reader(const Vocabulary& words) : words_(words) {}

  void read(const sc::Steps& steps) {
    for (const sc::Step& step : steps) {
      if (step.connection <= 2 && step.connection != connection_) {
        connection_ = step.connection;
        input_.steps.push_back({StepKind::connection, {}, true, connection_});
      }
      read(step);
      if (const sc::Steps* inner = sc::inner_steps(step)) read(*inner);
    }
  }

  Input take() {
    flush();
    if (input_.steps.size() > kMaxSteps) input_.steps.resize(kMaxSteps);
    return std::move(input_);
  }

 private:
  void read(const sc::Step& step) {
    if (const auto* send = std::get_if<sc::Send>(&step.body)) {
      std::string octets = pending_ + rendered(send->payload) + (send->adds_crlf ? "\r\n" : "");
      pending_.clear();
      return say(std::move(octets));
    }
    if (const auto* message = std::get_if<sc::Message>(&step.body)) {
      flush();
      std::string text;
      for (const auto& line : message->lines) text += rendered(line) + "\r\n";
      return add({StepKind::data, message->is_raw ? text : wire::stuff(text), !message->is_raw});
    }
    if (std::holds_alternative<sc::StartTls>(step.body)) {
      flush();
      // The command was read as a line of its own; what was written behind it stays in clear.
      for (std::size_t at = input_.steps.size(); at-- > 0;) {
        Step& command = input_.steps[at];
        if (command.kind != StepKind::line || !base::equals_ignoring_case(command.octets, "STARTTLS")) continue;
        Step tls{StepKind::starttls, {}};
        for (std::size_t next = at + 1; next < input_.steps.size(); ++next) tls.octets += wire_form(input_.steps[next]);
        input_.steps.resize(at);
        return add(std::move(tls));
      }
      return;
    }
    if (std::holds_alternative<sc::Auth>(step.body)) {
      flush();
      const std::string secret = std::string(1, '\0') + words_.user + std::string(1, '\0') + words_.password;
      return add({StepKind::auth, "PLAIN " + base::base64(secret)});
    }
    if (std::holds_alternative<sc::Fence>(step.body)) {
      flush();
      return add({StepKind::line, "NOOP"});
    }
    if (std::holds_alternative<sc::HalfClose>(step.body)) {
      flush();
      add({StepKind::half_close, {}});
    }
  }

  // One whole line is a line; anything else stays as it is, put together with what comes until a line ends.
  void say(std::string octets) {
    const std::size_t end = octets.find("\r\n");
    if (end == std::string::npos) {
      pending_ = std::move(octets);
      return;
    }
    if (end + 2 == octets.size()) {
      octets.resize(end);
      return add({StepKind::line, std::move(octets)});
    }
    add({StepKind::raw, std::move(octets)});
  }

  void flush() {
    if (!pending_.empty()) add({StepKind::raw, std::exchange(pending_, {})});
  }

  void add(Step step) {
    if (step.octets.size() > kMaxStepOctets) step.octets.resize(kMaxStepOctets);
    input_.steps.push_back(std::move(step));
  }

  std::string rendered(const sc::Template& pieces) const {
    std::string text;
    for (const sc::Piece& piece : pieces) {
      std::string one;
      switch (piece.kind) {
        case sc::Piece::Kind::octets:
          one = piece.text;
          break;
        case sc::Piece::Kind::variable:
          one = value_of(piece.text);
          break;
        case sc::Piece::Kind::base64:
          one = base::base64(rendered(piece.inner));
      }
      for (std::size_t left = piece.times; left > 0 && text.size() < kMaxStepOctets; --left) text += one;
    }
    return text;
  }

  std::string value_of(const std::string& name) const {
    const std::pair<std::string_view, const std::string*> known[] = {
        {"sender", &words_.sender}, {"recipient", &words_.recipient}, {"unknown", &words_.unknown},
        {"relay", &words_.relay},   {"domain", &words_.domain},       {"client", &words_.client},
        {"user", &words_.user},     {"password", &words_.password}};
    for (const auto& [word, value] : known)
      if (word == name) return *value;
    if (name.starts_with("recipients")) return words_.recipient;
    if (name == "ehlo") return words_.is_lmtp ? "LHLO" : "EHLO";
    if (name == "DOMAIN") return base::to_upper(words_.domain);
    if (name == "host") return "localhost";
    return name;
  }

  const Vocabulary& words_;
  Input input_;
  std::string pending_;
  int connection_ = 1;
};

std::string quoted(std::string_view octets) {
  std::string text = "\"";
  for (const char c : octets) {
    if (c == '{') text += "\\x7b";
    else text += base::escape_quoted(std::string_view(&c, 1));
  }
  return text + '"';
}

class Writer {
 public:
  explicit Writer(const Demands& demands) : demands_(demands) {}

  std::string write(std::span<const Input> earlier, const Input& input, const ScenarioHead& head) {
    std::string_view comment = head.comment;
    while (!comment.empty()) {
      const std::size_t end = comment.find('\n');
      text_ += "# " + std::string(comment.substr(0, end)) + "\n";
      comment.remove_prefix(end == std::string_view::npos ? comment.size() : end + 1);
    }
    text_ += "scenario " + head.name + " " + quoted(head.title) + "\n";
    if (!head.why.empty()) text_ += "  why " + quoted(head.why) + "\n";
    for (std::size_t at = 0; at < earlier.size(); ++at) {
      line("# session " + std::to_string(at + 1) + " of " + std::to_string(earlier.size() + 1));
      is_earlier_ = true;
      write(earlier[at]);
      leave();
    }
    if (!earlier.empty()) line("# the last session, which shows it");
    is_earlier_ = false;
    write(input);
    // Of a chunk that is not whole the server is still waiting for the rest: it says nothing until we have gone, and
    // what it is told meanwhile is content.
    const Open& open = open_.at(static_cast<std::size_t>(connection_ - 1));
    if (is_closed_) return std::move(text_);
    // A message is ended, so that what was left over can be seen behind its reply.
    if (open.may_be_body) {
      line("when reply 354" + suffix());
      line("  " + mark('C') + "| \"\\r\\n.\\r\\n\"");
      line("  " + mark('S') + ": any");
    }
    if (!open.has_chunk) line(connection_ == 1 ? "fence" : "fence on 2");
    else text_ += unread(open) + "  half-close" + suffix() + "\n  " + mark('S') + ": closed\n";
    return std::move(text_);
  }

 private:
  struct Open;

  void write(const Input& input) {
    open_ = {};
    connection_ = 1;
    has_second_ = is_closed_ = false;
    line("connect");
    line("S: 220");
    for (std::size_t at = 0; at < input.steps.size(); ++at) write(input.steps[at], at);
  }

  // Waits for the server's end: what a session leaves behind must be there before the next one comes.
  void leave() {
    for (const int number : {1, 2}) {
      if (number == 2 && !has_second_) continue;
      connection_ = number;
      const Open& open = open_.at(static_cast<std::size_t>(number - 1));
      const bool reads_commands = !open.may_be_body && !open.has_chunk && open.line.empty();
      if (!is_closed_ && !open.has_quit && reads_commands) {
        line(mark('C') + ": QUIT");
        line(mark('S') + ": any");
      }
      if (!is_closed_) {
        line("half-close" + suffix());
        line(mark('S') + ": any|closed");
      }
      line("close" + suffix());
    }
  }

  std::string unread(const Open& open) const {
    constexpr std::string_view kContent = "QUIT\r\n";
    return open.chunk_left > kContent.size() ? "  " + mark('C') + "| " + quoted(kContent) + "\n" : std::string();
  }

  void line(const std::string& content) { text_ += "  " + content + "\n"; }
  std::string mark(char who) const { return connection_ == 1 ? std::string(1, who) : std::string(1, who) + "2"; }

  void expect(std::size_t step, std::string_view otherwise = "any") {
    const auto found = demands_.find(step);
    const bool is_free = is_earlier_ || found == demands_.end();
    line(mark('S') + ": " + (is_free ? std::string(otherwise) : found->second));
  }

  void write(const Step& step, std::size_t at) {
    if (is_closed_ && step.kind != StepKind::connection) return;
    if (is_earlier_ && step.kind != StepKind::connection &&
        open_.at(static_cast<std::size_t>(connection_ - 1)).has_quit)
      return;
    const bool is_exchange =
        step.kind == StepKind::data || step.kind == StepKind::auth || step.kind == StepKind::starttls;
    // Within a chunk nothing is answered: it is content, whatever it looks like.
    if (is_exchange && open_.at(static_cast<std::size_t>(connection_ - 1)).has_chunk)
      return write_octets(wire_form(step), at);
    if (step.kind == StepKind::data) return write_body(wire_form(step), at);
    if (step.kind == StepKind::auth) return write_auth(step, at);
    if (step.kind == StepKind::starttls) {
      line("pipeline forced");
      line("  " + mark('C') + "| " + quoted(wire_form(step)) + (step.octets.empty() ? "" : "  malformed"));
      line(mark('S') + ": any");
      line("when reply 220" + suffix());
      line("  starttls" + suffix());
      return;
    }
    if (step.kind == StepKind::half_close) {
      line("half-close" + suffix());
      line(mark('S') + (is_earlier_ ? ": any|closed" : ": closed"));
      is_closed_ = true;
      return;
    }
    if (step.kind == StepKind::connection) {
      if (step.number == 2 && !std::exchange(has_second_, true)) {
        line("connect 2");
        line("S2: 220");
      }
      connection_ = step.number;
      return;
    }
    const std::string octets = wire_form(step);
    if (!octets.empty()) write_octets(octets, at);
  }

  // What this connection is in the middle of.
  struct Open {
    std::string line;            // that was begun
    std::size_t chunk_left = 0;  // octets that BDAT has announced and that have not been sent
    bool has_chunk = false;
    bool may_be_body = false;  // DATA came last: what follows is a message where that was granted
    bool has_quit = false;
    wire::DataDecoder body{};
  };

  void write_octets(std::string_view octets, std::size_t at) {
    Open& open = open_.at(static_cast<std::size_t>(connection_ - 1));
    if (open.may_be_body) return write_body(octets, at);
    const std::string sent = mark('C') + "| " + quoted(octets);
    std::string word;
    const std::size_t replies = replies_due(octets, at, word);
    line(sent + word);
    for (std::size_t i = 1; i < replies; ++i) line(mark('S') + ": any");
    if (replies > 0) expect(at);
  }

  // A message or a part of it, said only where DATA was granted. What stands behind its end is read as commands.
  void write_body(std::string_view octets, std::size_t at) {
    Open& open = open_.at(static_cast<std::size_t>(connection_ - 1));
    line("when reply 354" + suffix());
    line("  " + mark('C') + "| " + quoted(octets));
    if (!open.may_be_body) open.body.reset();
    std::string ignored;
    octets.remove_prefix(open.body.feed(octets, ignored));
    open.may_be_body = !open.body.is_complete();
    if (open.may_be_body) return;
    text_ += "  ";
    expect(at);
    for (std::size_t left = replies_due(octets, at, ignored); left > 0; --left) line("  " + mark('S') + ": any");
  }

  // How many replies commands and chunks call for; `word` says what is wrong with the first that is malformed.
  std::size_t replies_due(std::string_view octets, std::size_t at, std::string& word) {
    Open& open = open_.at(static_cast<std::size_t>(connection_ - 1));
    // What is unfinished is sent as it is, a write of its own; a reply is awaited when its line, or its chunk, ends.
    std::size_t replies = 0;
    while (!octets.empty()) {
      if (open.has_chunk) {
        const std::size_t taken = std::min(open.chunk_left, octets.size());
        octets.remove_prefix(taken);
        open.chunk_left -= taken;
        if (open.chunk_left > 0) break;
        open.has_chunk = false;
        ++replies;
        continue;
      }
      const std::size_t end = octets.find("\r\n");
      const std::size_t before = open.line.size();
      open.line += octets.substr(0, end == std::string_view::npos ? end : end + 2);
      octets.remove_prefix(open.line.size() - before);
      if (!open.line.ends_with("\r\n")) continue;
      open.line.resize(open.line.size() - 2);
      if (word.empty()) word = malformed(open.line);
      const wire::CommandLine command = wire::split_command(open.line);
      const auto chunk = wire::parse_bdat(command.argument);
      if (command.verb == wire::Verb::bdat && chunk && chunk->chunk_octets > 0) {
        open.has_chunk = true;
        open.chunk_left = static_cast<std::size_t>(chunk->chunk_octets);
      } else {
        ++replies;
      }
      open.has_quit = open.has_quit || command.verb == wire::Verb::quit;
      if (command.verb == wire::Verb::data) {
        open.may_be_body = octets.empty() && (is_earlier_ || !demands_.contains(at));
        open.body.reset();
      }
      open.line.clear();
    }
    return replies;
  }

  void write_auth(const Step& step, std::size_t at) {
    std::string_view rest = step.octets;
    for (int lines = 0;; ++lines) {
      const std::size_t end = rest.find("\r\n");
      const std::string one(rest.substr(0, end));
      if (lines > 0) line("when reply 334" + suffix());
      const std::string octets = lines == 0 ? "AUTH " + one : one;
      text_ += lines > 0 ? "  " : "";
      line(mark('C') + "| " + quoted(octets + "\r\n") + (lines == 0 ? malformed(octets) : ""));
      text_ += lines > 0 ? "  " : "";
      if (end == std::string_view::npos) return expect(at);
      line(mark('S') + ": any");
      rest.remove_prefix(end + 2);
    }
  }

  std::string suffix() const { return connection_ == 1 ? "" : " on 2"; }

  static std::string malformed(std::string_view octets) {
    return wire::check_command_line(octets) ? "  malformed" : "";
  }

  const Demands& demands_;
  std::string text_;
  std::array<Open, 2> open_;
  int connection_ = 1;
  bool has_second_ = false;
  bool is_closed_ = false;
  bool is_earlier_ = false;  // a session before the one that shows it
};

}  // namespace

Input from_scenario(const scenario::Scenario& scenario, const Vocabulary& words) {
  Reader reader(words);
  reader.read(scenario.steps);
  return reader.take();
}

std::string to_scenario(const Input& input, const ScenarioHead& head, const Demands& demands) {
  return Writer(demands).write({}, input, head);
}

std::string to_scenario(std::span<const Input> earlier, const Input& input, const ScenarioHead& head,
                        const Demands& demands) {
  return Writer(demands).write(earlier, input, head);
}

}  // namespace smtpspec::fuzz
