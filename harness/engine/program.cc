#include "harness/engine/program.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "harness/engine/marker.h"

namespace smtpspec::engine {
namespace {

using scenario::Step;
using scenario::Steps;

const scenario::Expectation& greeting_expectation() {
  static const scenario::Expectation expectation = [] {
    scenario::Expectation greeting;
    greeting.pattern.codes.push_back({{'2', '2', '0'}});
    greeting.pattern.text = "220";
    return greeting;
  }();
  return expectation;
}

template <class... Bodies>
bool is_any(const Step& step) {
  return (std::holds_alternative<Bodies>(step.body) || ...);
}

// Steps that talk on a connection, or listen to it, and so need one.
bool uses_connection(const Step& step) {
  return is_any<scenario::Send, scenario::Message, scenario::Expect, scenario::ExpectSilence, scenario::Fence,
                scenario::StartTls, scenario::Auth, scenario::HalfClose, scenario::Close, scenario::Reset>(step);
}

bool is_line(const Step& step) { return is_any<scenario::Send, scenario::Message>(step); }

bool speaks(const Step& step) {
  return is_line(step) || is_any<scenario::Auth, scenario::StartTls, scenario::Fence>(step);
}

bool judges(const Step& step) {
  return is_any<scenario::Expect, scenario::ExpectSilence, scenario::Fence, scenario::CheckAdvertises,
                scenario::CheckSameAdvertisement, scenario::CheckRelation, scenario::CheckTlsVersion,
                scenario::CheckTlsCertificate, scenario::CheckDelivered, scenario::CheckMessage>(step);
}

bool is_go_ahead(const scenario::ReplyPattern& pattern) {
  return !pattern.negated && pattern.codes.size() == 1 && pattern.codes[0] == scenario::CodePattern{{'3', '5', '4'}};
}

bool is_terminator(const scenario::Send& send) {
  return send.adds_crlf && send.payload.size() == 1 && send.payload[0].kind == scenario::Piece::Kind::octets &&
         send.payload[0].text == "." && send.payload[0].times == 1;
}

bool has_default_pacing(const scenario::Send& send) { return send.pacing == scenario::Pacing{}; }

class Compiler {
 public:
  Compiler(const scenario::Instance& instance, const scenario::Catalogue& catalogue)
      : scenario_(*instance.scenario), catalogue_(catalogue) {
    program_.is_transcript = scenario_.checks.empty();
  }

  Program run() {
    find_tls(scenario_.steps);
    compile_steps(scenario_.steps);
    return std::move(program_);
  }

 private:
  void find_tls(const Steps& steps) {
    for (const auto& step : steps)
      if (std::holds_alternative<scenario::Tls>(step.body)) tls_connections_.insert(step.connection);
  }

  void compile_steps(const Steps& steps) {
    for (std::size_t i = 0; i < steps.size();) i += compile_step(steps, i);
  }

  // Compiles the step at `i`, and its neighbours where they go together; returns how many it took.
  std::size_t compile_step(const Steps& steps, std::size_t i) {
    const Step& step = steps[i];
    if (uses_connection(step)) ensure_connected(step);
    if (const auto* send = std::get_if<scenario::Send>(&step.body)) return compile_sends(steps, i, *send);
    if (const auto* message = std::get_if<scenario::Message>(&step.body)) {
      in_data_.erase(step.connection);
      SendOp op;
      op.lines.push_back({&step, counters_});
      op.pacing = message->pacing;
      add(std::move(op), &step);
      return 1;
    }
    if (const auto* expect = std::get_if<scenario::Expect>(&step.body)) {
      if (is_go_ahead(expect->expectation.pattern)) in_data_.insert(step.connection);
      else in_data_.erase(step.connection);
      add(ExpectOp{&expect->expectation}, &step, plan(expect->expectation.bindings, step));
      return 1;
    }
    if (const auto* when = std::get_if<scenario::When>(&step.body)) {
      const bool goes_on = i > 0 && is_about_reply(step) && is_about_reply(steps[i - 1]) &&
                           steps[i - 1].connection == step.connection && steps[i - 1].block == step.block;
      compile_when(step, *when, goes_on);
      return 1;
    }
    compile_other(step);
    return 1;
  }

  static bool is_about_reply(const Step& step) {
    const auto* when = std::get_if<scenario::When>(&step.body);
    return when && when->kind == scenario::When::Kind::reply;
  }

  void compile_when(const Step& step, const scenario::When& when, bool goes_on) {
    const std::size_t jump = program_.ops.size();
    const std::size_t first = goes_on ? first_when_ : jump;
    add(JumpUnlessOp{&when, 0, first}, &step);
    compile_steps(when.steps);
    std::get<JumpUnlessOp>(program_.ops[jump].body).target = program_.ops.size();
    first_when_ = first;
  }

  void compile_other(const Step& step) {
    if (const auto* silence = std::get_if<scenario::ExpectSilence>(&step.body)) {
      add(FenceOp{}, &step, plan(silence->bindings, step));
    } else if (const auto* fence = std::get_if<scenario::Fence>(&step.body)) {
      add(FenceOp{fence->kind}, &step, plan(fence->bindings, step));
    } else if (const auto* pipeline = std::get_if<scenario::Pipeline>(&step.body)) {
      compile_pipeline(step, *pipeline);
    } else if (const auto* early = std::get_if<scenario::Early>(&step.body)) {
      ++early_depth_;
      compile_steps(early->steps);
      --early_depth_;
    } else if (const auto* repeat = std::get_if<scenario::Repeat>(&step.body)) {
      for_each_turn(*repeat, [&] { compile_steps(repeat->steps); });
    } else if (const auto* refusable = std::get_if<scenario::Refusable>(&step.body)) {
      const int outer = refusable_;
      refusable_ = static_cast<int>(program_.refusables.size());
      program_.refusables.push_back({refusable, plan(refusable->bindings, step)});
      compile_steps(refusable->steps);
      refusable_ = outer;
    } else if (std::holds_alternative<scenario::Connect>(step.body)) {
      connect(step);
    } else if (std::holds_alternative<scenario::Tls>(step.body)) {
      // Found beforehand: it belongs to the connection's beginning.
    } else {
      const auto* delivered = std::get_if<scenario::CheckDelivered>(&step.body);
      if (delivered && delivered->needs_marker()) compile_marker(delivered->is_for_next_hop());
      add(StepOp{}, &step, plan(bindings_of(step), step));
    }
  }

  void compile_marker(bool is_relayed) {
    connected_.erase(kMarkerConnection);  // that of an earlier marker is closed
    const int outer = std::exchange(refusable_, -1);
    compile_steps(marker_steps(is_relayed));
    refusable_ = outer;
  }

  // Adjacent `C:` lines go together: as text while the server reads a message, else as a group that is pipelined if
  // the server offers it (language rule 1).
  std::size_t compile_sends(const Steps& steps, std::size_t first, const scenario::Send& first_send) {
    const Step& first_step = steps[first];
    SendOp op;
    op.pacing = first_send.pacing;
    std::size_t count = 0;
    bool in_data = in_data_.contains(first_step.connection);
    for (std::size_t i = first; i < steps.size(); ++i) {
      const auto* send = std::get_if<scenario::Send>(&steps[i].body);
      if (!send || steps[i].connection != first_step.connection) break;
      const bool groups = send->adds_crlf && has_default_pacing(*send);
      if (count > 0 && !groups) break;
      op.lines.push_back({&steps[i], counters_});
      ++count;
      if (!groups) break;
      if (in_data && is_terminator(*send)) {
        in_data_.erase(first_step.connection);
        break;
      }
    }
    op.is_lock_step = count > 1 && !in_data && early_depth_ == 0;
    add(std::move(op), &first_step);
    return count;
  }

  void compile_pipeline(const Step& step, const scenario::Pipeline& pipeline) {
    SendOp op;
    op.pacing = pipeline.pacing;
    op.needs_pipelining = !pipeline.is_forced;
    collect_lines(pipeline.steps, op);
    if (op.lines.empty()) return compile_listening(pipeline.steps);
    ensure_connected(*op.lines.front().step);
    add(std::move(op), &step, {}, pipeline_connection(pipeline.steps, step.connection));
    compile_listening(pipeline.steps);
  }

  static int pipeline_connection(const Steps& steps, int fallback) {
    for (const auto& step : steps)
      if (speaks(step)) return step.connection;
    return fallback;
  }

  void collect_lines(const Steps& steps, SendOp& op) {
    for (const auto& step : steps) {
      if (is_line(step)) op.lines.push_back({&step, counters_});
      else if (const auto* repeat = std::get_if<scenario::Repeat>(&step.body))
        for_each_turn(*repeat, [&] { collect_lines(repeat->steps, op); });
    }
  }

  // What is left of a pipeline block once its lines are sent.
  void compile_listening(const Steps& steps) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const Step& step = steps[i];
      if (is_line(step)) continue;
      if (const auto* repeat = std::get_if<scenario::Repeat>(&step.body)) {
        for_each_turn(*repeat, [&] { compile_listening(repeat->steps); });
        continue;
      }
      compile_step(steps, i);
    }
  }

  template <class Body>
  void for_each_turn(const scenario::Repeat& repeat, Body body) {
    for (std::size_t turn = 1; turn <= repeat.times; ++turn) {
      if (!repeat.variable.empty()) counters_.emplace_back(repeat.variable, std::to_string(turn));
      body();
      if (!repeat.variable.empty()) counters_.pop_back();
    }
  }

  void ensure_connected(const Step& step) {
    if (connected_.contains(step.connection)) return;
    connect(step);
    // A scenario that begins by talking has not shown the greeting; it is read all the same, unless talking early is
    // the point.
    if (speaks(step) && early_depth_ == 0) add(ExpectOp{&greeting_expectation()}, &step, {}, 0, true);
  }

  void connect(const Step& step) {
    connected_.insert(step.connection);
    add(ConnectOp{tls_connections_.contains(step.connection)}, &step, {}, 0, true);
  }

  template <class Body>
  void add(Body body, const Step* step, std::vector<PlannedCheck> checks = {}, int connection = 0, bool added = false) {
    Op op;
    op.body = std::move(body);
    op.step = step;
    op.connection = connection != 0 ? connection : step->connection;
    op.is_setup = added || step->is_setup;
    op.refusable = refusable_;
    op.checks = std::move(checks);
    op.counters = counters_;
    program_.ops.push_back(std::move(op));
  }

  static const std::vector<scenario::Binding>& bindings_of(const Step& step) {
    static const std::vector<scenario::Binding> none;
    if (const auto* c = std::get_if<scenario::CheckAdvertises>(&step.body)) return c->bindings;
    if (const auto* c = std::get_if<scenario::CheckSameAdvertisement>(&step.body)) return c->bindings;
    if (const auto* c = std::get_if<scenario::CheckRelation>(&step.body)) return c->bindings;
    if (const auto* c = std::get_if<scenario::CheckTlsVersion>(&step.body)) return c->bindings;
    if (const auto* c = std::get_if<scenario::CheckTlsCertificate>(&step.body)) return c->bindings;
    if (const auto* c = std::get_if<scenario::StartTls>(&step.body)) return c->bindings;
    if (const auto* c = std::get_if<scenario::CheckDelivered>(&step.body)) return c->bindings;
    if (const auto* c = std::get_if<scenario::CheckMessage>(&step.body)) return c->bindings;
    return none;
  }

  // The places of a step's bindings in the list of checks. The turns of a `repeat` share theirs. In a transcript every
  // line is a check of its own.
  std::vector<PlannedCheck> plan(const std::vector<scenario::Binding>& bindings, const Step& step) {
    std::vector<PlannedCheck> planned;
    if (program_.is_transcript) {
      if (!step.is_setup && judges(step)) planned.push_back({place("", step, expected_text(step)), nullptr});
      return planned;
    }
    for (const auto& binding : bindings) {
      const std::string expected = binding.pattern ? binding.pattern->text : expected_text(step);
      planned.push_back({place(binding.requirement, step, expected), binding.pattern ? &*binding.pattern : nullptr});
    }
    return planned;
  }

  static std::string expected_text(const Step& step) {
    const auto* expect = std::get_if<scenario::Expect>(&step.body);
    return expect ? expect->expectation.pattern.text : step.source;
  }

  std::size_t place(const std::string& requirement, const Step& step, const std::string& expected) {
    const auto key = std::make_tuple(requirement, &step, expected);
    const auto it = places_.find(key);
    if (it != places_.end()) return it->second;
    verdict::CheckResult check;
    check.requirement = requirement;
    const scenario::Requirement* entry = requirement.empty() ? nullptr : catalogue_.primary(requirement);
    check.level = entry ? entry->level : verdict::Level::must;
    check.expected = expected;
    check.line = step.position.line;
    program_.checks.push_back(std::move(check));
    return places_[key] = program_.checks.size() - 1;
  }

  const scenario::Scenario& scenario_;
  const scenario::Catalogue& catalogue_;
  Program program_;
  std::map<std::tuple<std::string, const Step*, std::string>, std::size_t> places_;
  std::set<int> connected_;
  std::set<int> tls_connections_;
  std::set<int> in_data_;  // connections on which a 354 was expected and no terminator was sent yet
  std::vector<std::pair<std::string, std::string>> counters_;
  int refusable_ = -1;
  std::size_t first_when_ = 0;  // the op that began the latest `when reply` blocks that stand together
  int early_depth_ = 0;
};

}  // namespace

Program compile(const scenario::Instance& instance, const scenario::Catalogue& catalogue) {
  return Compiler(instance, catalogue).run();
}

}  // namespace smtpspec::engine
