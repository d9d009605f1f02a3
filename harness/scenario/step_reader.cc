#include "harness/scenario/step_reader.h"

#include <algorithm>
#include <utility>

#include "harness/base/octets.h"
#include "harness/scenario/expectation_line.h"
#include "harness/scenario/header_fields.h"
#include "harness/scenario/reply_pattern.h"
#include "harness/scenario/send_line.h"
#include "harness/scenario/walk.h"
#include "harness/wire/command.h"

namespace smtpspec::scenario {
namespace {

base::SourcePosition position_of(const Line& line) {
  const auto text = base::trimmed(line.raw);
  return {line.number, static_cast<int>(line.indent) + 1, static_cast<int>(std::max<std::size_t>(1, text.size()))};
}

bool is_silence(const Line& line, const Mark& mark) {
  const auto rest = base::trimmed(line.raw.substr(mark.text));
  return rest == "silent" || rest.starts_with("silent ") || rest.starts_with("silent\t");
}

// Half of a transcript's line.
std::string missing_mark(std::string_view word) {
  if (word.starts_with("c:") || word.starts_with("s:")) return "'C:' and 'S:' are upper case";
  if (wire::split_command(word).verb != wire::Verb::unknown) return "a line to send begins with 'C:'";
  const bool is_code = word.size() >= 3 && std::all_of(word.begin(), word.begin() + 3, base::is_digit);
  if (is_code && (word.size() == 3 || word[3] == '-')) return "a reply to expect begins with 'S:'";
  return {};
}

bool is_faulty_reply(const Line& line, bool is_transcript) {
  const auto mark = read_mark(line, is_transcript);
  if (!mark || mark->kind != Mark::Kind::reply) return false;
  const auto rest = base::trimmed(line.raw.substr(mark->text));
  return continued_code(rest).empty() && !parse_pattern_word(rest.substr(0, rest.find_first_of(" \t")));
}

bool asks_for_text(const Expectation& expectation) {
  const auto& pattern = expectation.pattern;
  return !pattern.negated && !pattern.any && !pattern.closed && pattern.codes.size() == 1 &&
         pattern.codes[0] == CodePattern{{'3', '5', '4'}};
}

}  // namespace

Steps StepReader::read(const std::vector<Node>& nodes, std::size_t first) {
  dialogues_.clear();
  depth_ = 0;
  sound_steps_.reset();
  uses_faulty_block_ = false;
  return read_nodes(nodes, first);
}

Steps StepReader::read_nodes(const std::vector<Node>& nodes, std::size_t first) {
  Steps out;
  ++depth_;
  const std::size_t errors = complaints_.errors();
  for (std::size_t i = first; i < nodes.size();) {
    const Line& line = nodes[i].line;
    const std::size_t before = out.size();
    if (const auto mark = read_mark(line, is_transcript_)) {
      i = read_marked(nodes, i, *mark, out);
    } else {
      if (is_transcript_ && is_log_tls_start(line)) add(out, StartTls{}, line, 1);
      else read_word(nodes[i], out);
      ++i;
    }
    if (depth_ == 1 && !sound_steps_ && has_mistake_since(errors)) sound_steps_ = before;
  }
  --depth_;
  return out;
}

std::size_t StepReader::read_marked(const std::vector<Node>& nodes, std::size_t at, const Mark& mark, Steps& out) {
  const Node& node = nodes[at];
  if (mark.kind == Mark::Kind::reply) return read_reply(nodes, at, mark, out);
  Dialogue& dialogue = dialogues_[mark.connection];
  if (mark.kind == Mark::Kind::line) {
    const auto text = dialogue.is_in_text ? LineText::message : LineText::command;
    Send send = read_line(node.line, mark, text, is_transcript_ ? Braces::transcript : Braces::strict, complaints_);
    if (dialogue.is_in_text) {
      dialogue.is_in_text = send.payload != octets_template(".");
    } else {
      const auto& payload = send.payload;
      const std::string_view verb =
          payload.empty() ? std::string_view{} : std::string_view(payload[0].text).substr(0, 4);
      dialogue.greets_with_ehlo = base::equals_ignoring_case(verb, "EHLO") || base::equals_ignoring_case(verb, "LHLO");
    }
    add(out, std::move(send), node.line, mark.connection);
    refuse_children(node, out);
    return at + 1;
  }
  dialogue = {};
  if (mark.is_message()) {
    auto message = read_message(node, mark, complaints_);
    if (message) add(out, std::move(*message), node.line, mark.connection);
    // A text that is not indented: what looks like none of the steps is part of it.
    else if (node.verbatim.empty()) return behind_text(nodes, at + 1);
  } else {
    auto send = read_octets(node, mark, files_, complaints_);
    if (send) add(out, std::move(*send), node.line, mark.connection);
  }
  return at + 1;
}

std::size_t StepReader::behind_text(const std::vector<Node>& nodes, std::size_t at) const {
  const auto known = word_names();
  const auto is_step = [&](const Line& line) {
    const auto word = line.text().substr(0, std::min(line.text().find_first_of(" \t"), line.text().size()));
    return read_mark(line, is_transcript_) || std::find(known.begin(), known.end(), word) != known.end();
  };
  while (at < nodes.size() && !is_step(nodes[at].line)) ++at;
  return at;
}

std::size_t StepReader::read_reply(const std::vector<Node>& nodes, std::size_t at, const Mark& mark, Steps& out) {
  const Line& line = nodes[at].line;
  Dialogue& dialogue = dialogues_[mark.connection];
  dialogue.is_in_text = false;
  Cursor cursor(line, mark.text, complaints_);
  if (is_silence(line, mark)) {
    cursor.take_word();
    ExpectSilence silence;
    int connection = mark.connection;
    if (cursor.read_tail(connection, &silence.bindings)) add(out, std::move(silence), line, connection);
    refuse_children(nodes[at], out);
    return at + 1;
  }
  const auto code = continued_code(line.raw.substr(mark.text));
  auto expectation = read_expectation(cursor, is_transcript_);
  std::size_t next = at + 1;
  bool is_continued = !code.empty();
  while (is_continued && next < nodes.size()) {
    const Line& further = nodes[next].line;
    const auto further_mark = read_mark(further, is_transcript_);
    if (!further_mark || further_mark->kind != Mark::Kind::reply || further_mark->connection != mark.connection) break;
    const auto rest = base::trimmed(further.raw.substr(further_mark->text));
    if (!rest.starts_with(code) || (rest.size() > 3 && base::is_alnum(rest[3]))) break;
    is_continued = rest.substr(3, 1) == "-";
    Cursor behind(further, further_mark->text, complaints_);
    read_further_line(behind, dialogue.greets_with_ehlo, is_transcript_, expectation);
    ++next;
  }
  // Where the next line is a reply with a mistake in it, that is the mistake.
  if (is_continued && !(next < nodes.size() && is_faulty_reply(nodes[next].line, is_transcript_))) {
    complaints_.warning(nodes[next - 1].line, mark.text, 4,
                        "this reply goes on, by its '-', but no further line follows");
  }
  dialogue.is_in_text = asks_for_text(expectation);
  add(out, Expect{std::move(expectation)}, line, mark.connection);
  for (std::size_t i = at; i < next; ++i) refuse_children(nodes[i], out);
  return next;
}

void StepReader::read_word(const Node& node, Steps& out) {
  Cursor cursor(node.line, node.line.indent, complaints_);
  const auto first = cursor.peek_word();
  // `use greet(a.example)` and `fence` alike: the word ends at a blank.
  if (first == "use") {
    cursor.take_word();
    read_use(cursor, node, out);
    refuse_children(node, out);
    return;
  }
  const auto& known = words();
  const auto word = std::find_if(known.begin(), known.end(), [&](const Word& w) { return w.name == first; });
  if (word == known.end()) {
    std::vector<std::string> names = field_names();
    names.insert(names.end(), {"scenario", "block"});
    for (auto& name : word_names()) names.push_back(std::move(name));
    auto guess = did_you_mean(first, names);
    if (guess.empty()) guess = missing_mark(first);
    cursor.error(is_transcript_ ? "expected 'C:', 'S:' or a step of a scenario"
                                : "expected a step: 'C:', 'S:', or a word such as 'use', 'check', 'pipeline'",
                 guess);
    for (auto& step : read_nodes(node.children, 0)) out.push_back(std::move(step));
    return;
  }
  cursor.take_word();
  int connection = 1;
  auto body = (this->*(word->read))(cursor, node, connection);
  if (word->takes_block && node.children.empty())
    complaints_.error(node.line, node.line.indent, first.size(),
                      "expected the steps of this '" + std::string(first) + "' below, indented");
  if (body) add(out, std::move(*body), node.line, connection);
  if (!word->takes_block) refuse_children(node, out);
}

const Block* StepReader::find_block(std::string_view name, Cursor& cursor) {
  const auto fail = [&](std::string message, std::string suggestion = {}) {
    cursor.error_at(cursor.offset(), std::max<std::size_t>(1, name.size()), std::move(message), std::move(suggestion));
    return nullptr;
  };
  if (Block* block = blocks_.own(name)) {
    block->is_used = true;
    if (block->state == Block::State::being_read) return fail("block '" + std::string(name) + "' uses itself");
    if (block->state == Block::State::declared) {
      if (block_depth_ == kMaxBlockDepth) return fail("blocks use blocks too deep");
      if (!read_block(*block)) return nullptr;
    }
    return block;
  }
  if (const Block* block = blocks_.common(name)) return block;
  if (blocks_.is_misdeclared(name)) {
    uses_faulty_block_ = true;
    return nullptr;
  }
  return fail("there is no block of this name", did_you_mean(name, blocks_.names()));
}

bool StepReader::read_block(Block& block) {
  block.state = Block::State::being_read;
  ++block_depth_;
  auto outer = std::exchange(dialogues_, {});
  const std::size_t errors = complaints_.errors();
  const bool outer_uses_faulty = std::exchange(uses_faulty_block_, false);
  block.steps = read_nodes(block.node->children, 0);
  block.is_faulty = has_mistake_since(errors);
  uses_faulty_block_ = outer_uses_faulty;
  dialogues_ = std::move(outer);
  --block_depth_;
  block.state = Block::State::read;
  return true;
}

void StepReader::read_blocks() {
  for (auto& [name, block] : blocks_.all()) {
    if (block.state == Block::State::declared) read_block(block);
  }
}

void StepReader::read_use(Cursor& cursor, const Node& node, Steps& out) {
  cursor.at_end();
  const auto rest = cursor.rest();
  const auto name = rest.substr(0, std::min(rest.find_first_of(" \t("), rest.size()));
  const Block* block = find_block(name, cursor);
  if (block == nullptr) return;
  if (block->is_faulty) uses_faulty_block_ = true;
  cursor.move_to(cursor.offset() + name.size());
  cursor.at_end();
  const std::size_t start = cursor.offset();
  const auto arguments = read_arguments(cursor);
  if (!arguments) return;
  if (arguments->size() > block->parameters.size()) {
    cursor.error_at(start, std::max<std::size_t>(1, cursor.offset() - start),
                    "block '" + block->name + "' takes " + std::to_string(block->parameters.size()) +
                        (block->parameters.size() == 1 ? " argument" : " arguments") + ", and here are " +
                        std::to_string(arguments->size()));
    return;
  }
  int connection = 1;
  if (!cursor.read_tail(connection, nullptr)) return;
  auto expanded = expand(*block, *arguments, connection, left_);
  if (!expanded) return complain_of_size(node.line);
  Steps& steps = *expanded;
  const Cost cost = cost_of(steps);
  left_.steps -= std::min(left_.steps, cost.steps);
  left_.octets -= std::min(left_.octets, cost.octets);
  // A block may end where the server waits for a message's text.
  if (!steps.empty()) {
    const auto* expect = std::get_if<Expect>(&steps.back().body);
    dialogues_[steps.back().connection] = {expect != nullptr && asks_for_text(expect->expectation), false};
  }
  out.insert(out.end(), std::make_move_iterator(steps.begin()), std::make_move_iterator(steps.end()));
}

void StepReader::add(Steps& out, StepBody body, const Line& line, int connection) {
  if (left_.steps == 0) return complain_of_size(line);
  --left_.steps;
  Step step;
  step.body = std::move(body);
  step.connection = connection;
  step.position = position_of(line);
  step.source = std::string(base::trimmed(line.raw));
  out.push_back(std::move(step));
}

void StepReader::complain_of_size(const Line& line) {
  if (!is_full_) complaints_.error(line, line.indent, 1, "this file is too large once its blocks are expanded");
  is_full_ = true;
}

void StepReader::refuse_children(const Node& node, Steps& out) {
  if (node.children.empty()) return;
  const Line& child = node.children[0].line;
  complaints_.error(child, child.indent, 1, "the line above takes no block, so this one cannot be indented deeper");
  for (auto& step : read_nodes(node.children, 0)) out.push_back(std::move(step));
}

}  // namespace smtpspec::scenario
