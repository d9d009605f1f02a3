#include "harness/scenario/load.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <iterator>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "harness/base/octets.h"
#include "harness/scenario/blocks.h"
#include "harness/scenario/file_octets.h"
#include "harness/scenario/header_fields.h"
#include "harness/scenario/outline.h"
#include "harness/scenario/step_reader.h"
#include "harness/scenario/walk.h"

namespace smtpspec::scenario {
namespace {

constexpr std::size_t kMaxThreads = 8;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// Names that begin a scenario's id; a file's own name, without folder and ending, names a bare transcript.
std::string transcript_name(const std::string& file) {
  const auto slash = file.rfind('/');
  std::string name = slash == std::string::npos ? file : file.substr(slash + 1);
  if (name.ends_with(".smtp")) name.resize(name.size() - 5);
  return name.empty() ? "transcript" : name;
}

std::string_view first_word(const Line& line) {
  const auto text = line.text();
  return text.substr(0, std::min(text.find_first_of(" \t("), text.size()));
}

std::string_view first_word(const Node& node) { return first_word(node.line); }

// Sends of a scenario with repeats played out; stops counting beyond the limit.
std::size_t count_sends(const Steps& steps) {
  std::size_t count = 0;
  for (const Step& step : steps) {
    const Steps* inner = inner_steps(step);
    if (inner == nullptr) {
      ++count;
    } else {
      const auto* repeat = std::get_if<Repeat>(&step.body);
      count += std::max<std::size_t>(1, count_sends(*inner)) * (repeat ? repeat->times : 1);
    }
    if (count > kMaxSends) return kMaxSends + 1;
  }
  return count;
}

bool is_heading(std::string_view word) { return word == "scenario" || word == "block"; }

std::string nearest_heading(std::string_view word) { return did_you_mean(word, {"scenario", "block"}); }

// Does the conversation begin with an EHLO or HELO that is answered by 2yz?
bool greets_as_smtp(const Steps& steps) {
  bool has_greeted = false;
  for (const Step& step : steps) {
    if (const auto* send = std::get_if<Send>(&step.body)) {
      if (has_greeted || send->payload.empty()) return false;
      const std::string& text = send->payload.front().text;
      has_greeted = base::starts_with_ignoring_case(text, "EHLO ") || base::starts_with_ignoring_case(text, "HELO ");
      if (!has_greeted) return false;
    } else if (const auto* expect = std::get_if<Expect>(&step.body); expect && has_greeted) {
      const auto& codes = expect->expectation.pattern.codes;
      return !codes.empty() && codes.front().digits[0] == '2';
    }
  }
  return false;
}

// A bare transcript has neither a `scenario` nor a `block` line, not even a misspelt one.
bool is_bare_transcript(const std::vector<Line>& lines) {
  return std::none_of(lines.begin(), lines.end(), [](const Line& line) {
    const auto text = line.text();
    const auto word = text.substr(0, std::min(text.find_first_of(" \t"), text.size()));
    return is_heading(word) || (line.indent == 0 && !nearest_heading(word).empty());
  });
}

class FileLoader {
 public:
  FileLoader(const std::string& file, const BlockTable* common, const FileSource& files, Loaded& loaded)
      : file_(file), loaded_(loaded), blocks_(common), complaints_(file, loaded.diagnostics) {
    const auto slash = file.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : file.substr(0, slash + 1);
    read_file_ = [folder, &files](const std::string& path) -> base::Result<std::string, std::string> {
      auto octets = files.read(folder + path);
      if (octets && octets->size() > kMaxFileOctets) return base::make_unexpected(std::string("larger than 1 MiB"));
      return octets;
    };
  }

  // Leaves the file's blocks in `blocks()`; the text need not outlive the call.
  void load(std::string_view text) {
    const std::size_t first = loaded_.broken.size();
    load_unsorted(text);
    const auto words = std::make_shared<const Words>(complaints_.mistaken_words());
    for (std::size_t i = first; i < loaded_.broken.size(); ++i) loaded_.broken[i].soundness.mistaken_words = words;
    complaints_.sort();
  }

  // The heads alone of a file that has no mistakes. Text, common blocks and loader live for as long as complete() may
  // be called.
  void load_heads(std::string_view text) {
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    lines_ = split_lines(text);
    std::size_t start = next_heading(0);
    while (start < lines_.size()) {
      const std::size_t end = next_heading(start + 1);
      if (first_word(lines_[start]) == "block") {
        block_nodes_.push_back(outline({lines_.begin() + at(start), lines_.begin() + at(end)}, false, complaints_));
        blocks_.declare(block_nodes_.back().front(), complaints_);
      } else {
        const auto nodes =
            outline({lines_.begin() + at(start), lines_.begin() + at(end_of_head(start, end))}, false, complaints_);
        Reading reading = read_head(nodes, 0);
        places_.emplace(reading.scenario.name, std::pair(start, end));
        loaded_.scenarios.push_back(std::move(reading.scenario));
      }
      start = end;
    }
  }

  // The steps of a scenario of which load_heads() has read the head.
  void complete(Scenario& scenario) {
    const auto place = places_.find(scenario.name);
    assert(place != places_.end());
    const auto [start, end] = place->second;
    const auto nodes = outline({lines_.begin() + at(start), lines_.begin() + at(end)}, false, complaints_);
    Reading reading = read_head(nodes, 0);
    StepReader reader(blocks_, read_file_, false, complaints_);
    scenario.steps = read_steps(reading.body, reading.first_step, reading.soundness, reader);
  }

  const std::string& file() const { return file_; }
  const BlockTable& blocks() const { return blocks_; }

 private:
  // A scenario whose head has been read; the steps stand in `body` from `first_step` on.
  struct Reading {
    Scenario scenario;
    Soundness soundness;
    std::vector<Node> body;
    std::size_t first_step = 0;
    std::size_t next = 0;  // the place of the next heading
  };

  void load_unsorted(std::string_view text) {
    if (text.size() > kMaxFileOctets) return complaints_.file_error("larger than 1 MiB");
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    const auto lines = split_lines(text);
    const bool is_bare = is_bare_transcript(lines);
    if (!complain_of_octets(text, lines, is_bare, complaints_)) return;
    const auto nodes = outline(lines, is_bare, complaints_);
    if (is_bare) return load_transcript(nodes);
    std::vector<const Node*> misdeclared;
    for (const Node& node : nodes) {
      const auto word = first_word(node);
      if (word == "block" && !blocks_.declare(node, complaints_)) misdeclared.push_back(&node);
      if (!is_heading(word) && nearest_heading(word).find("'block'") != std::string::npos) {
        Cursor cursor(node.line, node.line.indent + word.size(), complaints_);
        const auto rest = cursor.at_end() ? std::string_view{} : cursor.rest();
        blocks_.misdeclare(rest.substr(0, std::min(rest.find_first_of(" \t("), rest.size())));
      }
    }
    StepReader reader(blocks_, read_file_, false, complaints_);
    reader.read_blocks();
    for (const Node* node : misdeclared) reader.read(node->children);
    load_scenarios(nodes, reader);
    for (auto& [name, block] : blocks_.all()) {
      block.node = nullptr;
      if (!block.is_used) show_to_linter(block);
    }
  }

  // What a block does is judged where it is used. One that nobody uses is looked at for wrong names only.
  void show_to_linter(const Block& block) {
    BrokenScenario broken;
    broken.scenario.file = file_;
    broken.scenario.steps = block.steps;
    for (const auto& parameter : block.parameters) broken.scenario.each.push_back({parameter, {}});
    broken.soundness.are_steps_whole = false;
    broken.soundness.faulty_fields = {"checks", "needs", "role", "impact", "tags"};
    loaded_.broken.push_back(std::move(broken));
  }

  void load_transcript(const std::vector<Node>& nodes) {
    if (nodes.empty())
      return complaints_.file_error("nothing stands in this file: no scenario, and no line of a transcript");
    Scenario scenario;
    scenario.name = transcript_name(file_);
    scenario.title = "The server answers as in the transcript";
    scenario.file = file_;
    scenario.impact = Impact::deliver;
    scenario.position = {nodes[0].line.number, 1, 1};
    StepReader reader(blocks_, read_file_, true, complaints_);
    scenario.steps = reader.read(nodes);
    // It has no head to say so in: what was heard from a server of SMTP is not to be had from one of LMTP.
    if (greets_as_smtp(scenario.steps)) scenario.roles = {Role::mx, Role::submission};
    check_size(scenario, nodes[0].line);
    if (complaints_.errors() == 0) loaded_.scenarios.push_back(std::move(scenario));
  }

  // Lines at the margin behind a `scenario` line are its steps too, so that a transcript can be pasted below one.
  void load_scenarios(const std::vector<Node>& nodes, StepReader& reader) {
    for (std::size_t i = 0; i < nodes.size();) {
      const auto word = first_word(nodes[i]);
      const auto guess = is_heading(word) ? std::string{} : nearest_heading(word);
      const std::size_t errors = complaints_.errors();
      if (!is_heading(word)) {
        const Line& line = nodes[i].line;
        complaints_.error(line, line.indent, std::max<std::size_t>(1, word.size()),
                          "expected 'scenario NAME \"what a conforming server does\"' or 'block NAME'", guess);
      }
      if (word == "scenario" || guess.find("'scenario'") != std::string::npos) {
        i = load_scenario(nodes, i, errors, reader);
      } else {
        // What belongs to no scenario is looked through for mistakes of its own.
        std::vector<Node> stray;
        if (word != "block") stray = nodes[i].children;
        while (++i < nodes.size() && !is_heading(first_word(nodes[i])) && !looks_like_heading(nodes[i]))
          stray.push_back(nodes[i]);
        reader.read(stray);
      }
    }
  }

  // The scenario at nodes[at], which has mistakes already if there are more than `errors`; returns the place of the
  // next heading.
  std::size_t load_scenario(const std::vector<Node>& nodes, std::size_t at, std::size_t errors, StepReader& reader) {
    const Node& heading = nodes[at];
    auto [scenario, soundness, body, first, next] = read_head(nodes, at);
    const std::size_t errors_in_head = complaints_.errors();
    scenario.steps = read_steps(body, first, soundness, reader);
    if (const auto sound = reader.sound_steps()) {
      soundness.are_steps_whole = false;
      soundness.sound_steps = *sound;
    }
    if (scenario.steps.empty() && soundness.are_steps_whole && complaints_.errors() == errors_in_head) {
      complaints_.error(heading.line, heading.line.indent, first_word(heading).size(), "this scenario has no steps");
      soundness.are_steps_whole = false;
    }
    check_size(scenario, heading.line);
    if (complaints_.errors() > errors || !soundness.are_steps_whole)
      loaded_.broken.push_back({std::move(scenario), std::move(soundness)});
    else loaded_.scenarios.push_back(std::move(scenario));
    return next;
  }

  static std::ptrdiff_t at(std::size_t place) { return static_cast<std::ptrdiff_t>(place); }

  // The first heading from lines_[from] on; lines_.size() if there is none.
  std::size_t next_heading(std::size_t from) const {
    while (from < lines_.size() && (lines_[from].indent > 0 || !is_heading(first_word(lines_[from])))) ++from;
    return from;
  }

  // Where the fields below the heading at `start` end: at the first line that is none of them and belongs to none.
  std::size_t end_of_head(std::size_t start, std::size_t end) const {
    std::optional<std::size_t> indent;
    for (std::size_t i = start + 1; i < end; ++i) {
      const Line& line = lines_[i];
      if (line.is_blank() || line.text()[0] == '#') continue;
      if (!indent) indent = line.indent;
      if (line.indent <= *indent && !is_field(first_word(line))) return i;
    }
    return end;
  }

  // Lines at the margin behind a heading belong to it, so that a transcript can be pasted below one.
  Reading read_head(const std::vector<Node>& nodes, std::size_t at) {
    const Node& heading = nodes[at];
    Reading reading;
    reading.scenario.file = file_;
    read_heading(heading, reading.scenario, complaints_);
    reading.body = heading.children;
    reading.next = at + 1;
    while (reading.next < nodes.size() && !is_heading(first_word(nodes[reading.next])) &&
           !looks_like_heading(nodes[reading.next]))
      reading.body.push_back(nodes[reading.next++]);
    reading.first_step = read_fields(reading.body, reading.scenario, reading.soundness.faulty_fields, complaints_);
    return reading;
  }

  // Late fields are told as such, and not as unknown steps.
  Steps read_steps(const std::vector<Node>& body, std::size_t first, Soundness& soundness, StepReader& reader) {
    complain_of_late_fields(body, first, soundness.faulty_fields, complaints_);
    std::vector<Node> steps;
    for (std::size_t i = first; i < body.size(); ++i) {
      if (!is_field(first_word(body[i]))) steps.push_back(body[i]);
    }
    return reader.read(steps);
  }

  // `scenaro x "…"` at the margin is a heading misspelt rather than a step.
  static bool looks_like_heading(const Node& node) {
    return !node.children.empty() && node.line.indent == 0 && !nearest_heading(first_word(node)).empty();
  }

  void check_size(const Scenario& scenario, const Line& line) {
    if (count_sends(scenario.steps) > kMaxSends)
      complaints_.error(line, line.indent, 8,
                        "this scenario plays more than " + std::to_string(kMaxSends) + " steps, repeats counted");
  }

  std::string file_;
  Loaded& loaded_;
  BlockTable blocks_;
  Complaints complaints_;
  FileReader read_file_;
  // Of load_heads()
  std::vector<Line> lines_;
  std::list<std::vector<Node>> block_nodes_;
  std::map<std::string, std::pair<std::size_t, std::size_t>, std::less<>> places_;  // in lines_, by scenario
};

// Blocks that every file may use; what stands there beside blocks is a mistake of that file.
BlockTable load_common(std::string_view text, const FileSource& files, Loaded& loaded) {
  if (text.empty()) return BlockTable{};
  Loaded only_blocks;
  FileLoader loader(std::string(kCommonBlocksFile), nullptr, files, only_blocks);
  loader.load(text);
  loaded.diagnostics = std::move(only_blocks.diagnostics);
  loaded.files.emplace_back(kCommonBlocksFile);
  return loader.blocks();
}

void load_one(std::string_view text, const std::string& file, const BlockTable& common, const FileSource& files,
              Loaded& loaded) {
  loaded.files.push_back(file);
  FileLoader(file, &common, files, loaded).load(text);
}

void load_path(const std::string& path, const BlockTable& common, const FileSource& files, Loaded& loaded) {
  if (path == kCommonBlocksFile) return;
  const auto text = files.read(path);
  if (text) return load_one(*text, path, common, files, loaded);
  loaded.files.push_back(path);
  loaded.diagnostics.push_back({base::Severity::error, path, {}, "", "cannot read this file: " + text.error(), ""});
}

// Files know nothing of each other, so they are loaded side by side: by as many threads as there are files or cores,
// for more would only wait for each other.
template <class Load>
void for_each_side_by_side(std::size_t files, const Load& load) {
  std::atomic<std::size_t> next = 0;
  const auto load_some = [&] {
    for (std::size_t i = next++; i < files; i = next++) load(i);
  };
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::jthread> helpers(std::min({files, cores, kMaxThreads}) - std::min<std::size_t>(files, 1));
  for (auto& helper : helpers) helper = std::jthread(load_some);
  load_some();
}

// Names are unique over all files: the later one has a mistake.
void find_duplicates(Loaded& loaded) {
  std::map<std::string, int, std::less<>> order;
  for (const auto& file : loaded.files) order.emplace(file, static_cast<int>(order.size()));
  std::vector<const Scenario*> all;
  for (const auto& scenario : loaded.scenarios) all.push_back(&scenario);
  for (const auto& broken : loaded.broken) all.push_back(&broken.scenario);
  std::stable_sort(all.begin(), all.end(), [&order](const Scenario* a, const Scenario* b) {
    return std::pair(order[a->file], a->position.line) < std::pair(order[b->file], b->position.line);
  });
  std::map<std::string, const Scenario*, std::less<>> first;
  std::set<const Scenario*> later;
  for (const Scenario* scenario : all) {
    if (scenario->name.empty()) continue;
    const auto [earlier, is_new] = first.emplace(scenario->name, scenario);
    if (is_new) continue;
    later.insert(scenario);
    loaded.diagnostics.push_back({base::Severity::error, scenario->file, scenario->position,
                                  scenario->head.empty() ? "" : scenario->head[0].text,
                                  "a scenario of that name stands at " + earlier->second->file + ":" +
                                      std::to_string(earlier->second->position.line),
                                  ""});
  }
  std::vector<Scenario> kept;
  for (auto& scenario : loaded.scenarios) {
    if (!later.contains(&scenario)) kept.push_back(std::move(scenario));
    else loaded.broken.push_back({std::move(scenario), {}});
  }
  loaded.scenarios = std::move(kept);
}

}  // namespace

bool Loaded::has_errors() const {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const base::Diagnostic& d) { return d.severity == base::Severity::error; });
}

Loaded load_text(std::string_view text, const std::string& file, std::string_view common, const FileSource& files) {
  Loaded loaded;
  const BlockTable blocks = load_common(common, files, loaded);
  load_one(text, file, blocks, files, loaded);
  find_duplicates(loaded);
  return loaded;
}

void append(Loaded& loaded, Loaded more) {
  const auto move_over = [](auto& to, auto& from) { std::move(from.begin(), from.end(), std::back_inserter(to)); };
  move_over(loaded.files, more.files);
  move_over(loaded.scenarios, more.scenarios);
  move_over(loaded.broken, more.broken);
  move_over(loaded.diagnostics, more.diagnostics);
}

Loaded load_files(const std::vector<std::string>& paths, const FileSource& files) {
  Loaded loaded;
  const auto common_text = files.read(std::string(kCommonBlocksFile));
  const BlockTable blocks = load_common(common_text ? *common_text : "", files, loaded);
  std::vector<Loaded> of_file(paths.size());
  for_each_side_by_side(paths.size(), [&](std::size_t i) { load_path(paths[i], blocks, files, of_file[i]); });
  for (Loaded& one : of_file) append(loaded, std::move(one));
  find_duplicates(loaded);
  return loaded;
}

// ---- a suite without mistakes
// ----------------------------------------------------------------------------------------

struct SoundSuite::File {
  File(const std::string& path, const BlockTable& common, const FileSource& files, std::string octets)
      : text(std::move(octets)), loader(path, &common, files, heads) {}
  std::string text;
  Loaded heads;
  FileLoader loader;
};

struct SoundSuite::Implementation {
  BlockTable common;
  std::vector<std::unique_ptr<File>> files;
};

SoundSuite::SoundSuite(const std::vector<std::string>& paths, const FileSource& files)
    : implementation_(std::make_unique<Implementation>()) {
  Loaded loaded;
  const auto common_text = files.read(std::string(kCommonBlocksFile));
  implementation_->common = load_common(common_text ? *common_text : "", files, loaded);
  implementation_->files.resize(paths.size());
  for_each_side_by_side(paths.size(), [&](std::size_t i) {
    auto& file = implementation_->files[i];
    file = std::make_unique<File>(paths[i], implementation_->common, files, files.read(paths[i]).value_or(""));
    file->loader.load_heads(file->text);
  });
  for (auto& file : implementation_->files) {
    auto& heads = file->heads.scenarios;
    std::copy_if(std::move_iterator(heads.begin()), std::move_iterator(heads.end()), std::back_inserter(scenarios_),
                 [](const Scenario& head) { return !head.checks.empty(); });
    heads.clear();
  }
}

SoundSuite::~SoundSuite() = default;

void SoundSuite::complete(const Scenario& scenario) {
  const std::size_t index = static_cast<std::size_t>(&scenario - scenarios_.data());
  assert(index < scenarios_.size());
  Scenario& incomplete = scenarios_[index];
  if (!incomplete.steps.empty()) return;
  for (auto& file : implementation_->files) {
    if (file->loader.file() == scenario.file) file->loader.complete(incomplete);
  }
}

}  // namespace smtpspec::scenario
