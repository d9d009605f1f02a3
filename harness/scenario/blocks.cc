#include "harness/scenario/blocks.h"

#include <algorithm>
#include <utility>

#include "harness/scenario/payload.h"
#include "harness/scenario/walk.h"

namespace smtpspec::scenario {
namespace {

constexpr std::size_t kMaxParameters = 16;

using Arguments = std::map<std::string, Template, std::less<>>;

constexpr std::size_t kPieceOctets = sizeof(Piece);  // what a piece costs beside its text

std::size_t octets_of(const Template& pieces) {
  std::size_t octets = 0;
  for (const Piece& piece : pieces) octets += kPieceOctets + piece.text.size() + octets_of(piece.inner);
  return octets;
}

class Expander {
 public:
  Expander(const Arguments& arguments, const std::string& block, int connection, std::size_t octets)
      : arguments_(arguments), block_(block), connection_(connection), octets_left_(octets) {}

  bool adapt(Steps& steps) {
    for (Step& step : steps) {
      step.is_setup = true;
      step.block = block_;
      if (step.connection == 1) step.connection = connection_;
      for_each_template(step, [this](Template& pieces) { pieces = substituted(pieces); });
      if (is_spent_) return false;
      if (Steps* inner = inner_steps(step); inner != nullptr && !adapt(*inner)) return false;
    }
    return true;
  }

 private:
  Template substituted(const Template& pieces) {
    Template out;
    for (const Piece& piece : pieces) {
      const auto found = piece.kind == Piece::Kind::variable ? arguments_.find(piece.text) : arguments_.end();
      if (found != arguments_.end()) {
        if (!spend(octets_of(found->second) * (found->second.size() == 1 ? 1 : piece.times))) return out;
        append(out, found->second, piece.times);
        continue;
      }
      if (!spend(kPieceOctets + piece.text.size())) return out;
      Piece copy = piece;
      copy.inner = substituted(piece.inner);
      append(out, {std::move(copy)});
    }
    return out;
  }

  bool spend(std::size_t octets) {
    if (octets > octets_left_) is_spent_ = true;
    else octets_left_ -= octets;
    return !is_spent_;
  }

  const Arguments& arguments_;
  const std::string& block_;
  int connection_;
  std::size_t octets_left_;
  bool is_spent_ = false;
};

// "greet", "greet(client, token)": the name's end.
std::size_t name_length(std::string_view rest) { return std::min(rest.find_first_of(" \t("), rest.size()); }

}  // namespace

bool BlockTable::declare(const Node& node, Complaints& complaints) {
  Cursor cursor(node.line, node.line.indent + 5, complaints);
  cursor.at_end();
  const std::size_t start = cursor.offset();
  const auto name = cursor.rest().substr(0, name_length(cursor.rest()));
  if (!is_name(name)) {
    cursor.error("expected a name: block NAME(parameters)");
    return false;
  }
  const auto misdeclared = misdeclared_.emplace(name).first;
  Block block;
  block.name = std::string(name);
  block.node = &node;
  cursor.move_to(start + name.size());
  if (cursor.next() == '(') {
    const auto close = cursor.rest().find(')');
    if (close == std::string_view::npos) {
      cursor.error_at(cursor.offset(), 1, "this '(' is never closed");
      return false;
    }
    std::size_t at = cursor.offset() + 1;
    const std::size_t end = cursor.offset() + close;
    while (at < end) {
      const auto comma = std::min(node.line.raw.find(',', at), end);
      Cursor parameter(node.line, at, complaints);
      parameter.at_end();
      const auto last = node.line.raw.find_last_not_of(" \t", comma - 1);
      const auto word =
          parameter.offset() > last ? "" : node.line.raw.substr(parameter.offset(), last + 1 - parameter.offset());
      if (!is_name(word) || block.parameters.size() == kMaxParameters) {
        parameter.error_at(parameter.offset(), std::max<std::size_t>(1, word.size()),
                           "expected the name of a parameter (16 at most)");
        return false;
      }
      block.parameters.emplace_back(word);
      at = comma + 1;
    }
    cursor.move_to(end + 1);
  }
  if (!cursor.expect_end()) return false;
  if (node.children.empty()) {
    complaints.error(node.line, start, name.size(), "expected the block's steps below, indented");
    return false;
  }
  misdeclared_.erase(misdeclared);
  if (blocks_.emplace(block.name, block).second) return true;
  complaints.error(node.line, start, name.size(), "this file has a block of that name already");
  return false;
}

Block* BlockTable::own(std::string_view name) {
  const auto found = blocks_.find(name);
  return found == blocks_.end() ? nullptr : &found->second;
}

const Block* BlockTable::common(std::string_view name) const {
  if (common_ == nullptr) return nullptr;
  const auto found = common_->blocks_.find(name);
  return found == common_->blocks_.end() ? nullptr : &found->second;
}

bool BlockTable::is_misdeclared(std::string_view name) const {
  return misdeclared_.contains(name) || (common_ != nullptr && common_->is_misdeclared(name));
}

std::vector<std::string> BlockTable::names() const {
  std::vector<std::string> names;
  for (const auto& [name, block] : blocks_) names.push_back(name);
  for (const BlockTable* table = common_; table != nullptr; table = table->common_) {
    for (const auto& [name, block] : table->blocks_) names.push_back(name);
  }
  return names;
}

std::optional<std::vector<Template>> read_arguments(Cursor& cursor) {
  std::vector<Template> arguments;
  if (cursor.next() != '(') return arguments;
  const std::size_t open = cursor.offset();
  cursor.move_to(open + 1);
  while (cursor.next() != ')') {
    if (cursor.rest().empty()) {
      cursor.error_at(open, 1, "this '(' is never closed");
      return std::nullopt;
    }
    if (cursor.next() == '"') {
      auto text = read_quoted(cursor);
      if (!text) return std::nullopt;
      arguments.push_back(std::move(*text));
    } else {
      const auto word = cursor.rest().substr(0, std::min(cursor.rest().find_first_of(",) \t"), cursor.rest().size()));
      arguments.push_back(read_text(word, cursor.line(), cursor.offset(), Braces::strict, cursor.complaints()));
      if (word.empty()) {
        cursor.error_at(cursor.offset(), 1, "expected an argument: a word, or a text between double quotes");
        return std::nullopt;
      }
      cursor.move_to(cursor.offset() + word.size());
    }
    if (cursor.next() == ',') {
      cursor.move_to(cursor.offset() + 1);
    } else if (cursor.next() != ')') {
      cursor.error("expected ',' or ')'");
      return std::nullopt;
    }
  }
  cursor.move_to(cursor.offset() + 1);
  return arguments;
}

Cost cost_of(const Steps& steps) {
  Cost cost;
  for (const Step& step : steps) {
    ++cost.steps;
    cost.octets += sizeof(Step) + step.source.size();
    for_each_template(step, [&cost](const Template& pieces) { cost.octets += octets_of(pieces); });
    if (const Steps* inner = inner_steps(step)) {
      const Cost more = cost_of(*inner);
      cost.steps += more.steps;
      cost.octets += more.octets;
    }
  }
  return cost;
}

std::optional<Steps> expand(const Block& block, const std::vector<Template>& arguments, int connection, Cost limit) {
  const Cost cost = cost_of(block.steps);
  if (cost.steps > limit.steps || cost.octets > limit.octets) return std::nullopt;
  Arguments named;
  for (std::size_t i = 0; i < std::min(arguments.size(), block.parameters.size()); ++i)
    named.emplace(block.parameters[i], arguments[i]);
  Steps steps = block.steps;
  if (!Expander(named, block.name, connection, limit.octets).adapt(steps)) return std::nullopt;
  return steps;
}

}  // namespace smtpspec::scenario
