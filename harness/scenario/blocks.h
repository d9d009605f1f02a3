// `block NAME(parameters)` and what `use NAME(arguments)` makes of it.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/scenario/cursor.h"
#include "harness/scenario/outline.h"
#include "harness/scenario/scenario.h"

namespace smtpspec::scenario {

struct Block {
  enum class State { declared, being_read, read };
  std::string name;
  std::vector<std::string> parameters;
  const Node* node = nullptr;  // until it is read
  State state = State::declared;
  bool is_faulty = false;  // it has mistakes, so its steps are not all there
  bool is_used = false;
  Steps steps;
};

class BlockTable {
 public:
  // Blocks of `common` are found where this table has none of the name; it may be null and outlives the table.
  explicit BlockTable(const BlockTable* common = nullptr) : common_(common) {}

  // Reads the heading of a top-level `block` line. False after a complaint: the steps below are no block's.
  bool declare(const Node& node, Complaints& complaints);
  // A block of that name is meant to be there, but its heading is no `block` line.
  void misdeclare(std::string_view name) { misdeclared_.emplace(name); }
  Block* own(std::string_view name);
  const Block* common(std::string_view name) const;
  // A block of that name was meant to be there, but its heading has a mistake.
  bool is_misdeclared(std::string_view name) const;
  std::vector<std::string> names() const;
  std::map<std::string, Block, std::less<>>& all() { return blocks_; }

 private:
  const BlockTable* common_;
  std::map<std::string, Block, std::less<>> blocks_;
  std::set<std::string, std::less<>> misdeclared_;
};

// What `use` says behind its name: arguments in parentheses, divided by commas, each a quoted text or a word.
std::optional<std::vector<Template>> read_arguments(Cursor& cursor);

// What steps cost: how many they are, those within blocks counted, and what their texts come to in memory.
struct Cost {
  std::size_t steps = 0;
  std::size_t octets = 0;
};
Cost cost_of(const Steps& steps);

// The block's steps, marked as set-up, its parameters replaced. A parameter without an argument keeps its name: it is
// the variable of that name. Nothing, if that would cost more than `limit`.
std::optional<Steps> expand(const Block& block, const std::vector<Template>& arguments, int connection, Cost limit);

}  // namespace smtpspec::scenario
