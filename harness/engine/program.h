// A scenario instance made flat: blocks unrolled, conditions turned into jumps, every bound expectation given a place
// in the list of checks. The conversation walks this list from front to back.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "harness/scenario/catalogue.h"
#include "harness/scenario/scenario.h"
#include "harness/verdict/run_record.h"

namespace smtpspec::engine {

// One check: where its outcome goes in ScenarioResult::checks, and the pattern that decides it (null: the
// expectation's own).
struct PlannedCheck {
  std::size_t index = 0;
  const scenario::ReplyPattern* pattern = nullptr;
};

struct ConnectOp {
  bool implicit_tls = false;
};

using Counters = std::vector<std::pair<std::string, std::string>>;  // of the `repeat`s around a step

// Lines to send. `lock_step`: one by one, each reply awaited, unless the server advertised PIPELINING; the replies wait
// in the queue for the expectations that follow.
struct SendOp {
  struct Line {
    const scenario::Step* step = nullptr;  // a Send or a Message
    Counters counters;
  };
  std::vector<Line> lines;
  bool is_lock_step = false;
  bool needs_pipelining = false;  // a `pipeline` block that is not forced
  scenario::Pacing pacing;
};
struct ExpectOp {
  const scenario::Expectation* expectation = nullptr;
};
struct FenceOp {
  scenario::FenceKind kind = scenario::FenceKind::automatic;
};
// Of `when reply` blocks that stand together all ask about the reply that stood before the first.
struct JumpUnlessOp {
  const scenario::When* condition = nullptr;
  std::size_t target = 0;
  std::size_t first = 0;  // the op of the first of them; its own where it stands alone
};
// Any other step is played as it stands.
struct StepOp {};

struct Op {
  std::variant<ConnectOp, SendOp, ExpectOp, FenceOp, JumpUnlessOp, StepOp> body;
  const scenario::Step* step = nullptr;  // the step that it came from
  int connection = 1;
  bool is_setup = false;  // a miss leads nowhere but is not judged
  int refusable = -1;     // index into Program::refusables; -1: none
  std::vector<PlannedCheck> checks;
  Counters counters;
};

struct RefusableBlock {
  const scenario::Refusable* block = nullptr;
  std::vector<PlannedCheck> checks;
};

struct Program {
  std::vector<Op> ops;
  std::vector<RefusableBlock> refusables;
  std::vector<verdict::CheckResult> checks;  // all `not_reached`
  bool is_transcript = false;                // no requirement: every line judges
};

// `instance.scenario` must outlive the program: it points into it.
Program compile(const scenario::Instance& instance, const scenario::Catalogue& catalogue);

}  // namespace smtpspec::engine
