// The steps that begin with a word, one function each.
#include <array>
#include <utility>

#include "harness/base/octets.h"
#include "harness/scenario/check_line.h"
#include "harness/scenario/reply_pattern.h"
#include "harness/scenario/send_line.h"
#include "harness/scenario/step_reader.h"

namespace smtpspec::scenario {
namespace {

constexpr std::size_t kMaxRepeats = 100'000;

// `from reply`, or `from m header "Received"` and the like. False after a complaint.
bool read_source(Cursor& cursor, Capture& step) {
  if (!cursor.take("from") || cursor.at_end() || cursor.next() == '/') {
    cursor.error(
        "expected 'from reply' or 'from' and a message's name, as in: capture number from reply "
        R"(/queued as (\w+)/, capture host from m header "Received" /by ([^ ]+)/)");
    return false;
  }
  if (cursor.take("reply")) return true;
  auto message = cursor.read_name("'reply', or the name of a message, given by 'as NAME'");
  const auto part = message ? read_message_part(cursor) : std::nullopt;
  if (!part) return false;
  step.message = std::move(*message);
  step.part = *part;
  if (*part != CheckMessage::What::header_matches) return true;
  auto field = read_field_name(cursor);
  if (field) step.header = std::move(*field);
  return field.has_value();
}

}  // namespace

const std::vector<StepReader::Word>& StepReader::words() {
  static const std::vector<Word> kWords{
      {"connect", &StepReader::connect, false},
      {"starttls", &StepReader::starttls, false},
      {"tls", &StepReader::tls, false},
      {"auth", &StepReader::auth, false},
      {"scram", &StepReader::scram, false},
      {"fence", &StepReader::fence, false},
      {"wait", &StepReader::wait, false},
      {"check", &StepReader::check, false},
      {"capture", &StepReader::capture, false},
      {"half-close", &StepReader::half_close, false},
      {"close", &StepReader::close, false},
      {"reset", &StepReader::reset, false},
      {"pipeline", &StepReader::pipeline, true},
      {"early", &StepReader::early, true},
      {"when", &StepReader::when, true},
      {"repeat", &StepReader::repeat, true},
      {"refusable", &StepReader::refusable, true},
  };
  return kWords;
}

std::vector<std::string> StepReader::word_names() {
  std::vector<std::string> names{"use"};
  for (const Word& word : words()) names.emplace_back(word.name);
  return names;
}

std::optional<StepBody> StepReader::connect(Cursor& cursor, const Node&, int& connection) {
  if (base::is_digit(cursor.next())) {
    const auto number = cursor.read_number(1, kMaxConnections);
    if (!number) return std::nullopt;
    connection = static_cast<int>(*number);
  }
  if (!cursor.read_tail(connection, nullptr)) return std::nullopt;
  return Connect{};
}

std::optional<StepBody> StepReader::starttls(Cursor& cursor, const Node&, int& connection) {
  StartTls step;
  if (cursor.take("version")) {
    const auto version = cursor.read_tls_version();
    if (!version) return std::nullopt;
    step.only_version = *version;
  }
  step.is_refused = cursor.take("refused");
  if (!cursor.at_end() && cursor.next() != '[' && cursor.peek_word() != "on") {
    cursor.error("expected 'version 1.2', 'refused' or nothing",
                 did_you_mean(cursor.peek_word(), {"version", "refused"}));
    return std::nullopt;
  }
  if (!cursor.read_tail(connection, &step.bindings)) return std::nullopt;
  dialogues_[connection] = {};
  return step;
}

std::optional<StepBody> StepReader::tls(Cursor& cursor, const Node&, int& connection) {
  if (!cursor.read_tail(connection, nullptr)) return std::nullopt;
  return Tls{};
}

std::optional<StepBody> StepReader::auth(Cursor& cursor, const Node&, int& connection) {
  Auth step;
  const auto word = cursor.peek_word();
  if (word.empty() || word == "as" || word == "on") {
    cursor.error("expected the name of a SASL mechanism, as in: auth PLAIN as user");
    return std::nullopt;
  }
  step.mechanism = base::to_upper(cursor.take_word());
  if (cursor.take("as") && !cursor.take("user")) {
    cursor.error("expected 'as user': the user of the profile");
    return std::nullopt;
  }
  if (!cursor.read_tail(connection, nullptr)) return std::nullopt;
  dialogues_[connection] = {};
  return step;
}

std::optional<StepBody> StepReader::scram(Cursor& cursor, const Node&, int& connection) {
  Scram step;
  const auto read = [&](std::string_view word, Template& to) {
    if (!word.empty() && !cursor.take(word)) {
      cursor.error("expected '" + std::string(word) +
                   R"(', as in: scram "SCRAM-SHA-256" first "…" challenge "…" last "…")");
      return false;
    }
    auto text = read_quoted(cursor);
    if (text) to = std::move(*text);
    return text.has_value();
  };
  if (!read("", step.mechanism) || !read("first", step.first) || !read("challenge", step.challenge) ||
      !read("last", step.last) || !cursor.read_tail(connection, nullptr)) {
    return std::nullopt;
  }
  return step;
}

std::optional<StepBody> StepReader::fence(Cursor& cursor, const Node&, int& connection) {
  Fence step;
  if (cursor.take("quit")) step.kind = FenceKind::quit;
  else if (cursor.take("ehlo")) step.kind = FenceKind::ehlo;
  else if (cursor.take("verb")) step.kind = FenceKind::verb;
  else if (!cursor.at_end() && cursor.next() != '[' && cursor.peek_word() != "on") {
    cursor.error("expected 'quit', 'ehlo', 'verb' or nothing",
                 did_you_mean(cursor.peek_word(), {"quit", "ehlo", "verb"}));
    return std::nullopt;
  }
  if (!cursor.read_tail(connection, &step.bindings)) return std::nullopt;
  dialogues_[connection] = {};
  return step;
}

std::optional<StepBody> StepReader::wait(Cursor& cursor, const Node&, int& connection) {
  const auto duration = cursor.read_duration();
  if (!duration || !cursor.read_tail(connection, nullptr)) return std::nullopt;
  return Wait{*duration};
}

std::optional<StepBody> StepReader::check(Cursor& cursor, const Node&, int& connection) {
  return read_check(cursor, connection);
}

std::optional<StepBody> StepReader::capture(Cursor& cursor, const Node&, int& connection) {
  Capture step;
  auto name = cursor.read_name("the name of a variable");
  if (!name) return std::nullopt;
  step.name = std::move(*name);
  if (is_built_in_variable(step.name)) {
    cursor.error_at(cursor.offset() - step.name.size(), step.name.size(),
                    "this name has a meaning of its own; choose another");
    return std::nullopt;
  }
  if (!read_source(cursor, step)) return std::nullopt;
  auto regex = cursor.read_regex();
  if (!regex || !cursor.read_tail(connection, nullptr)) return std::nullopt;
  step.regex = std::move(*regex);
  return step;
}

std::optional<StepBody> StepReader::half_close(Cursor& cursor, const Node&, int& connection) {
  if (!cursor.read_tail(connection, nullptr)) return std::nullopt;
  return HalfClose{};
}

std::optional<StepBody> StepReader::close(Cursor& cursor, const Node&, int& connection) {
  if (!cursor.read_tail(connection, nullptr)) return std::nullopt;
  return Close{};
}

std::optional<StepBody> StepReader::reset(Cursor& cursor, const Node&, int& connection) {
  if (!cursor.read_tail(connection, nullptr)) return std::nullopt;
  return Reset{};
}

// A block whose first line has a mistake keeps its steps: the linter looks at them all the same.
std::optional<StepBody> StepReader::pipeline(Cursor& cursor, const Node& node, int&) {
  Pipeline step;
  step.is_forced = cursor.take("forced");
  read_pacing(cursor, step.pacing, nullptr);
  step.steps = read_nodes(node.children, 0);
  return step;
}

std::optional<StepBody> StepReader::early(Cursor& cursor, const Node& node, int&) {
  cursor.expect_end();
  return Early{read_nodes(node.children, 0)};
}

std::optional<StepBody> StepReader::when(Cursor& cursor, const Node& node, int& connection) {
  When step;
  bool is_good = true;
  if (cursor.take("reply")) {
    auto pattern = read_pattern(cursor);
    is_good = pattern.has_value();
    if (pattern) step.reply = std::move(*pattern);
  } else {
    const bool negated = cursor.take("not");
    if (cursor.take("advertised")) {
      step.kind = negated ? When::Kind::not_advertised : When::Kind::advertised;
      step.keyword = base::to_upper(cursor.take_word());
      is_good = !step.keyword.empty();
      if (!is_good) cursor.error("expected an EHLO keyword such as SIZE");
      if (is_good && !cursor.at_end() && cursor.peek_word() != "on") step.argument = cursor.take_word();
    } else if (!negated && cursor.take("demanded")) {
      step.kind = When::Kind::demanded;
      step.keyword = base::to_upper(cursor.peek_word());
      is_good = step.keyword == "TLS" || step.keyword == "AUTH";
      if (is_good) cursor.take_word();
      else cursor.error("expected 'TLS' or 'AUTH'", did_you_mean(cursor.peek_word(), {"TLS", "AUTH"}));
    } else {
      cursor.error("expected 'when advertised X', 'when not advertised X', 'when demanded AUTH' or 'when reply 250'",
                   did_you_mean(cursor.peek_word(), {"advertised", "demanded", "reply", "not"}));
      is_good = false;
    }
  }
  if (is_good) cursor.read_tail(connection, nullptr);
  step.steps = read_nodes(node.children, 0);
  return step;
}

std::optional<StepBody> StepReader::repeat(Cursor& cursor, const Node& node, int&) {
  Repeat step;
  const auto times = cursor.read_number(1, kMaxRepeats);
  bool is_good = times.has_value();
  step.times = times.value_or(1);
  if (is_good && cursor.take("as")) {
    auto name = cursor.read_name("the name of a variable");
    is_good = name.has_value();
    if (name) step.variable = std::move(*name);
  }
  if (is_good) cursor.expect_end();
  step.steps = read_nodes(node.children, 0);
  return step;
}

std::optional<StepBody> StepReader::refusable(Cursor& cursor, const Node& node, int& connection) {
  Refusable step;
  auto pattern = read_pattern(cursor);
  if (pattern) step.pattern = std::move(*pattern);
  if (!step.pattern.text.empty()) cursor.read_tail(connection, &step.bindings);
  step.steps = read_nodes(node.children, 0);
  return step;
}

}  // namespace smtpspec::scenario
