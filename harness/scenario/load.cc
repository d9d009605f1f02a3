#include "harness/scenario/load.h"

#include <algorithm>
#include <map>
#include <utility>

#include "harness/scenario/blocks.h"
#include "harness/scenario/header_fields.h"
#include "harness/scenario/outline.h"
#include "harness/scenario/step_reader.h"
#include "harness/scenario/walk.h"

namespace smtpspec::scenario {
namespace {

// Names that begin a scenario's id; a file's own name, without folder and ending, names a bare transcript.
std::string transcript_name(const std::string& file) {
  const auto slash = file.rfind('/');
  std::string name = slash == std::string::npos ? file : file.substr(slash + 1);
  if (name.ends_with(".smtp")) name.resize(name.size() - 5);
  return name.empty() ? "transcript" : name;
}

std::string_view first_word(const Node& node) {
  const auto text = node.line.text();
  return text.substr(0, std::min(text.find_first_of(" \t("), text.size()));
}

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

// A bare transcript has neither a `scenario` nor a `block` line.
bool is_bare_transcript(const std::vector<Line>& lines) {
  return std::none_of(lines.begin(), lines.end(), [](const Line& line) {
    const auto text = line.text();
    return text.starts_with("scenario ") || text.starts_with("scenario\t") || text == "scenario" ||
           text.starts_with("block ") || text.starts_with("block\t");
  });
}

class FileLoader {
 public:
  FileLoader(const std::string& file, const BlockTable* common, const FileSource& files,
             std::vector<base::Diagnostic>& diagnostics)
      : file_(file), blocks_(common), complaints_(file, diagnostics) {
    const auto slash = file.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : file.substr(0, slash + 1);
    read_file_ = [folder, &files](const std::string& path) -> base::Result<std::string, std::string> {
      auto octets = files.read(folder + path);
      if (octets && octets->size() > kMaxFileOctets) return base::make_unexpected(std::string("larger than 1 MiB"));
      return octets;
    };
  }

  // Leaves the file's blocks in `blocks()`; the text need not outlive the call.
  std::vector<Scenario> load(std::string_view text) {
    auto scenarios = load_unsorted(text);
    complaints_.sort();
    return scenarios;
  }

  const BlockTable& blocks() const { return blocks_; }

 private:
  std::vector<Scenario> load_unsorted(std::string_view text) {
    if (text.size() > kMaxFileOctets) {
      complaints_.file_error("larger than 1 MiB");
      return {};
    }
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);  // a byte order mark
    const auto lines = split_lines(text);
    const auto longest =
        std::find_if(lines.begin(), lines.end(), [](const Line& line) { return line.raw.size() > kMaxLineOctets; });
    if (longest != lines.end()) {
      complaints_.error(Line{longest->number, 0, longest->raw.substr(0, 64)}, 0, 1,
                        "this line is longer than 65536 octets; \"x\"*N writes a repetition");
      return {};
    }
    const bool is_bare = is_bare_transcript(lines);
    const auto nodes = outline(lines, is_bare, complaints_);
    if (is_bare) return load_transcript(nodes);
    for (const Node& node : nodes) {
      if (first_word(node) == "block") blocks_.declare(node, complaints_);
    }
    StepReader reader(blocks_, read_file_, false, complaints_);
    reader.read_blocks();
    auto scenarios = load_scenarios(nodes, reader);
    for (auto& [name, block] : blocks_.all()) block.node = nullptr;
    return scenarios;
  }

  std::vector<Scenario> load_transcript(const std::vector<Node>& nodes) {
    if (nodes.empty()) {
      complaints_.file_error("nothing stands in this file: no scenario, and no line of a transcript");
      return {};
    }
    Scenario scenario;
    scenario.name = transcript_name(file_);
    scenario.title = "The server answers as in the transcript";
    scenario.file = file_;
    scenario.impact = Impact::deliver;
    scenario.position = {nodes[0].line.number, 1, 1};
    StepReader reader(blocks_, read_file_, true, complaints_);
    scenario.steps = reader.read(nodes);
    check_size(scenario, nodes[0].line);
    if (complaints_.errors() > 0) return {};
    std::vector<Scenario> scenarios;
    scenarios.push_back(std::move(scenario));
    return scenarios;
  }

  // Lines at the margin behind a `scenario` line are its steps too, so that a transcript can be pasted below one.
  std::vector<Scenario> load_scenarios(const std::vector<Node>& nodes, StepReader& reader) {
    std::vector<Scenario> scenarios;
    for (std::size_t i = 0; i < nodes.size();) {
      const auto word = first_word(nodes[i]);
      if (word == "block") {
        ++i;
        continue;
      }
      if (word != "scenario") {
        const Line& line = nodes[i].line;
        complaints_.error(line, line.indent, std::max<std::size_t>(1, word.size()),
                          "expected 'scenario NAME \"what a conforming server does\"' or 'block NAME'",
                          did_you_mean(word, {"scenario", "block"}));
        // What follows up to the next heading belongs to this mistake.
        while (++i < nodes.size() && first_word(nodes[i]) != "scenario" && first_word(nodes[i]) != "block") {
        }
        continue;
      }
      const std::size_t errors = complaints_.errors();
      std::size_t next = i + 1;
      auto scenario = load_scenario(nodes, next, reader, i);
      if (complaints_.errors() == errors) scenarios.push_back(std::move(scenario));
      i = next;
    }
    return scenarios;
  }

  Scenario load_scenario(const std::vector<Node>& nodes, std::size_t& next, StepReader& reader, std::size_t at) {
    const Node& heading = nodes[at];
    Scenario scenario;
    scenario.file = file_;
    read_heading(heading, scenario, complaints_);
    std::vector<Node> body = heading.children;
    while (next < nodes.size() && first_word(nodes[next]) != "scenario" && first_word(nodes[next]) != "block" &&
           !did_you_mean_heading(nodes[next]))
      body.push_back(nodes[next++]);
    const std::size_t first = read_fields(body, scenario, complaints_);
    const std::size_t errors = complaints_.errors();
    scenario.steps = read_steps(body, first, reader);
    if (scenario.steps.empty() && complaints_.errors() == errors)
      complaints_.error(heading.line, heading.line.indent, 8, "this scenario has no steps");
    check_size(scenario, heading.line);
    return scenario;
  }

  // Late fields are told as such, and not as unknown steps.
  Steps read_steps(const std::vector<Node>& body, std::size_t first, StepReader& reader) {
    complain_of_late_fields(body, first, complaints_);
    std::vector<Node> steps;
    for (std::size_t i = first; i < body.size(); ++i) {
      if (!is_field(first_word(body[i]))) steps.push_back(body[i]);
    }
    return reader.read(steps);
  }

  // `scenaro x "…"` at the margin is a heading misspelt rather than a step.
  static bool did_you_mean_heading(const Node& node) {
    const auto word = first_word(node);
    return !node.children.empty() && node.line.indent == 0 && !did_you_mean(word, {"scenario", "block"}).empty();
  }

  void check_size(const Scenario& scenario, const Line& line) {
    if (count_sends(scenario.steps) > kMaxSends)
      complaints_.error(line, line.indent, 8,
                        "this scenario plays more than " + std::to_string(kMaxSends) + " steps, repeats counted");
  }

  std::string file_;
  BlockTable blocks_;
  Complaints complaints_;
  FileReader read_file_;
};

// Blocks that every file may use; what stands there beside blocks is a mistake of that file.
BlockTable load_common(std::string_view text, const FileSource& files, Loaded& loaded) {
  if (text.empty()) return BlockTable{};
  FileLoader loader(std::string(kCommonBlocksFile), nullptr, files, loaded.diagnostics);
  loader.load(text);
  return loader.blocks();
}

void load_one(std::string_view text, const std::string& file, const BlockTable& common, const FileSource& files,
              Loaded& loaded) {
  auto scenarios = FileLoader(file, &common, files, loaded.diagnostics).load(text);
  std::move(scenarios.begin(), scenarios.end(), std::back_inserter(loaded.scenarios));
}

// Names are unique over all files: the later one is left out.
void drop_duplicates(Loaded& loaded) {
  std::map<std::string, std::string, std::less<>> places;
  std::vector<Scenario> kept;
  for (auto& scenario : loaded.scenarios) {
    const std::string place = scenario.file + ":" + std::to_string(scenario.position.line);
    const auto [earlier, is_new] = places.emplace(scenario.name, place);
    if (is_new) {
      kept.push_back(std::move(scenario));
      continue;
    }
    loaded.diagnostics.push_back({base::Severity::error, scenario.file, scenario.position,
                                  scenario.head.empty() ? "" : scenario.head[0].text,
                                  "a scenario of that name stands at " + earlier->second, ""});
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
  drop_duplicates(loaded);
  return loaded;
}

Loaded load_files(const std::vector<std::string>& paths, const FileSource& files) {
  Loaded loaded;
  const auto common_text = files.read(std::string(kCommonBlocksFile));
  const BlockTable blocks = load_common(common_text ? *common_text : "", files, loaded);
  for (const auto& path : paths) {
    if (path == kCommonBlocksFile) continue;
    const auto text = files.read(path);
    if (!text) {
      loaded.diagnostics.push_back({base::Severity::error, path, {}, "", "cannot read this file: " + text.error(), ""});
      continue;
    }
    load_one(*text, path, blocks, files, loaded);
  }
  drop_duplicates(loaded);
  return loaded;
}

}  // namespace smtpspec::scenario
