// suite_sealer SUITE SOURCE: a step of the build. Loads and lints the suite that is shipped, and writes its digest if
// there is no mistake in it, "" if there is one: then a run loads the suite as a whole and tells what is wrong.
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "harness/cli/suite.h"

int main(int argc, char** argv) {
  using namespace smtpspec;
  if (argc != 3) {
    std::cerr << "usage: suite_sealer SUITE SOURCE\n";
    return EXIT_FAILURE;
  }
  const cli::Suite suite = cli::load_suite(argv[1], cli::Linting::all);
  const bool is_sound = suite.problem.empty() && suite.diagnostics.empty();
  std::ofstream source(argv[2], std::ios::trunc);
  source << "// Made by suite_sealer.\n#include \"harness/cli/sound_suite.h\"\n\nnamespace smtpspec::cli {\n\n"
         << "std::string_view sound_suite_digest() { return \"" << (is_sound ? suite.digest : "") << "\"; }\n\n"
         << "}  // namespace smtpspec::cli\n";
  source.close();
  if (source) return EXIT_SUCCESS;
  std::cerr << "suite_sealer: cannot write " << argv[2] << '\n';
  return EXIT_FAILURE;
}
