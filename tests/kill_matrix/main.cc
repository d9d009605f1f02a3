// kill_matrix [--page FILE] [--check FILE] [--defect NAME]: plays the matrix and exits 1 if anything is wrong with it
// that tests/kill_matrix/open.txt does not explain, or if that file explains what is not there: the plain server misses
// something, a defect is not caught, a defect takes more than a tenth of the other checks with it (is broad), a check
// survives all defects that are not broad.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "harness/scenario/catalogue.h"
#include "tests/kill_matrix/matrix.h"
#include "tests/kill_matrix/page.h"

namespace {

using namespace smtpspec;
using kill_matrix::Check;
using kill_matrix::Matrix;
using kill_matrix::Reasons;

constexpr int kRunsPerCore = 4;  // a run mostly waits, for replies that do not come

// The broad defects that kill the check, of which none counts.
std::string broad_killers_of(const Check& check, const Matrix& matrix) {
  std::vector<std::string_view> names;
  for (const auto& run : matrix.runs)
    if (run.killed.contains(check)) names.push_back(run.defect->name);
  return names.empty() ? "nothing keyed to the requirement makes it miss"
                       : fmt::format("only broad defects make it miss: {}", fmt::join(names, " "));
}

// What is wrong: "survivor SCENARIO REQUIREMENT", "uncaught DEFECT", "broad DEFECT", with the detail of this run.
using Findings = std::map<std::string, std::string>;

Findings find(const Matrix& matrix, bool is_whole) {
  Findings findings;
  for (const auto& run : matrix.runs) {
    if (run.killed.empty() && run.has_checks && !run.is_given_up)
      findings[fmt::format("uncaught {}", run.defect->name)] =
          fmt::format("breaks {}; {} checks of other rules miss something", fmt::join(run.defect->requirements, " "),
                      run.missed.size());
    if (run.is_broad() && !run.has_dormant_twin())
      findings[fmt::format("broad {}", run.defect->name)] =
          fmt::format("only {:.1f} % of {} other checks pass, {} miss something", 100 * run.share_passing(),
                      run.other_checks, run.other_checks_missed);
  }
  if (is_whole)
    for (const auto& check : kill_matrix::survivors(matrix))
      findings["survivor " + kill_matrix::name_of(check)] = broad_killers_of(check, matrix);
  return findings;
}

// "survivor SCENARIO REQUIREMENT: reason", "uncaught DEFECT…: reason", "broad DEFECT…: reason" a line; '#' begins a
// comment.
Reasons read_reasons(const std::string& file) {
  Reasons reasons;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    const auto colon = line.find(": ");
    if (line.empty() || line[0] == '#' || colon == std::string::npos) continue;
    const std::string reason = line.substr(colon + 2);
    std::istringstream words(line.substr(0, colon));
    std::string kind;
    words >> kind;
    if (kind == "survivor") reasons[line.substr(0, colon)] = reason;
    else
      for (std::string defect; words >> defect;) reasons[fmt::format("{} {}", kind, defect)] = reason;
  }
  return reasons;
}

int complain(const Matrix& matrix, const Reasons& reasons, bool is_whole) {
  int complaints = 0;
  const auto say = [&](const std::string& text) {
    std::cerr << "kill matrix: " << text << '\n';
    ++complaints;
  };
  for (const auto& miss : matrix.plain_misses) say("plain server: " + miss);
  if (matrix.checks.empty()) say("no check was reached on the plain server");
  for (const auto& run : matrix.runs)
    if (!run.trouble.empty()) say(fmt::format("{}: {}", run.defect->name, run.trouble));
  for (const auto& run : matrix.runs)
    if (run.has_dormant_twin() && run.share_passing() >= kill_matrix::kClearlyMost)
      say(fmt::format("{}: the plain form leaves most others passing, and needs no dormant one", run.defect->name));
  const Findings findings = find(matrix, is_whole);
  for (const auto& [name, detail] : findings)
    if (!reasons.contains(name)) say(name + ": " + detail);
  if (!is_whole) return complaints;
  std::set<std::string> still;
  for (const auto& run : matrix.runs)
    if (run.share_passing() < kill_matrix::kClearlyMost && !run.has_dormant_twin())
      still.insert(fmt::format("broad {}", run.defect->name));
  for (const auto& [name, reason] : reasons)
    if (!findings.contains(name) && !still.contains(name)) say("explained, but it is no longer so: " + name);
  return complaints;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program{"The suite against every named defect of the reference server"};
  std::string suite = std::string(SMTPSPEC_SOURCE_DIR) + "/scenarios";
  std::string reasons_file = std::string(SMTPSPEC_SOURCE_DIR) + "/tests/kill_matrix/open.txt";
  std::string page_file;
  std::string check_file;
  std::vector<std::string> defects;
  int threads = kRunsPerCore * static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  bool is_verbose = false;
  program.add_option("--suite", suite, "Folder of scenarios");
  program.add_option("--page", page_file, "Write the page here");
  program.add_option("--check", check_file, "The page must be equal to this file");
  program.add_option("--defect", defects, "Only this defect, repeatable");
  program.add_option("--threads", threads, "Runs at a time");
  program.add_flag("-v,--verbose", is_verbose, "Every check that each defect misses");
  CLI11_PARSE(program, argc, argv);

  const auto reasons = read_reasons(reasons_file);
  const Matrix matrix = kill_matrix::play(suite, threads, {defects.begin(), defects.end()});
  if (is_verbose) {
    for (const auto& run : matrix.runs) {
      std::cout << fmt::format("{}{}: {} of {} others pass, {} miss something\n", run.defect->name,
                               run.form == kill_matrix::Form::dormant ? " (dormant)" : "", run.other_checks_passing,
                               run.other_checks, run.other_checks_missed);
      for (const auto& check : run.missed)
        std::cout << fmt::format("  {} {}\n", run.killed.contains(check) ? "killed" : "missed",
                                 kill_matrix::name_of(check));
    }
  }
  int complaints = complain(matrix, reasons, defects.empty());
  const std::string text = kill_matrix::page(matrix, reasons);
  if (!page_file.empty()) std::ofstream(page_file) << text;
  if (!check_file.empty()) {
    std::stringstream held;
    held << std::ifstream(check_file).rdbuf();
    if (held.str() != text) {
      std::cerr << "kill matrix: " << check_file << " is not what this run gives; write it anew with --page\n";
      ++complaints;
    }
  }
  std::cout << fmt::format("{} defects, {} checks, {} survivors, {} complaint{}\n", kill_matrix::defects_of(matrix),
                           matrix.checks.size(), kill_matrix::survivors(matrix).size(), complaints,
                           complaints == 1 ? "" : "s");
  return complaints == 0 ? 0 : 1;
}
