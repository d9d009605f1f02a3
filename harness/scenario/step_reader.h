// Lines to steps.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/scenario/blocks.h"
#include "harness/scenario/mark.h"
#include "harness/scenario/outline.h"
#include "harness/scenario/payload.h"
#include "harness/scenario/scenario.h"

namespace smtpspec::scenario {

class StepReader {
 public:
  StepReader(BlockTable& blocks, const FileReader& files, bool is_transcript, Complaints& complaints)
      : blocks_(blocks), files_(files), is_transcript_(is_transcript), complaints_(complaints) {}

  // The steps of one scenario or block, from nodes[first] on. What cannot be read is left out.
  Steps read(const std::vector<Node>& nodes, std::size_t first = 0);
  // Every word that a step may begin with, beside `C:` and `S:`.
  static std::vector<std::string> word_names();
  // Of the steps that read() gave last: those before the first mistake, in their lines or in a block that they use;
  // nothing if there was none.
  std::optional<std::size_t> sound_steps() const { return sound_steps_; }
  // Reads every block that was declared, whether used or not, so that their mistakes are told.
  void read_blocks();

 private:
  // What the lines read so far mean for the next one of the same connection.
  struct Dialogue {
    bool is_in_text = false;        // a 354 is expected, and its text not yet ended
    bool greets_with_ehlo = false;  // the latest command is EHLO or LHLO
  };
  using Handler = std::optional<StepBody> (StepReader::*)(Cursor&, const Node&, int& connection);
  struct Word {
    std::string_view name;
    Handler read;
    bool takes_block;
  };
  static const std::vector<Word>& words();
  bool has_mistake_since(std::size_t errors) const { return complaints_.errors() > errors || uses_faulty_block_; }

  Steps read_nodes(const std::vector<Node>& nodes, std::size_t first);
  // Reads nodes[at], and those after it that belong to the same multi-line reply; returns the next one's place.
  std::size_t read_marked(const std::vector<Node>& nodes, std::size_t at, const Mark& mark, Steps& out);
  // The place of the next step behind a message's text that is not where it should be.
  std::size_t behind_text(const std::vector<Node>& nodes, std::size_t at) const;
  std::size_t read_reply(const std::vector<Node>& nodes, std::size_t at, const Mark& mark, Steps& out);
  void read_word(const Node& node, Steps& out);
  void read_use(Cursor& cursor, const Node& node, Steps& out);
  const Block* find_block(std::string_view name, Cursor& cursor);
  bool read_block(Block& block);

  std::optional<StepBody> connect(Cursor&, const Node&, int&);
  std::optional<StepBody> starttls(Cursor&, const Node&, int&);
  std::optional<StepBody> tls(Cursor&, const Node&, int&);
  std::optional<StepBody> auth(Cursor&, const Node&, int&);
  std::optional<StepBody> scram(Cursor&, const Node&, int&);
  std::optional<StepBody> fence(Cursor&, const Node&, int&);
  std::optional<StepBody> wait(Cursor&, const Node&, int&);
  std::optional<StepBody> check(Cursor&, const Node&, int&);
  std::optional<StepBody> capture(Cursor&, const Node&, int&);
  std::optional<StepBody> half_close(Cursor&, const Node&, int&);
  std::optional<StepBody> close(Cursor&, const Node&, int&);
  std::optional<StepBody> reset(Cursor&, const Node&, int&);
  std::optional<StepBody> pipeline(Cursor&, const Node&, int&);
  std::optional<StepBody> early(Cursor&, const Node&, int&);
  std::optional<StepBody> when(Cursor&, const Node&, int&);
  std::optional<StepBody> repeat(Cursor&, const Node&, int&);
  std::optional<StepBody> refusable(Cursor&, const Node&, int&);

  void add(Steps& out, StepBody body, const Line& line, int connection);
  void complain_of_size(const Line& line);
  // Reads them all the same, so that their own mistakes are told.
  void refuse_children(const Node& node, Steps& out);

  BlockTable& blocks_;
  const FileReader& files_;
  bool is_transcript_;
  Complaints& complaints_;
  std::map<int, Dialogue> dialogues_;
  Cost left_{kMaxSteps, kMaxModelOctets};  // of the file, blocks expanded
  std::size_t block_depth_ = 0;            // `use` within `use`
  bool is_full_ = false;
  std::size_t depth_ = 0;  // of blocks by indentation
  std::optional<std::size_t> sound_steps_;
  bool uses_faulty_block_ = false;
};

}  // namespace smtpspec::scenario
