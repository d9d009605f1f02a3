#include "harness/cli/waivers.h"

#include "harness/base/diagnostic.h"
#include "harness/cli/disk_files.h"
#include "harness/target/waiver_file.h"

namespace smtpspec::cli {

using base::make_unexpected;
using base::Result;

namespace {
constexpr std::size_t kMaxWaiverFileOctets = 4 * 1024 * 1024;
}  // namespace

Result<std::vector<verdict::Waiver>, std::string> load_waivers(const std::vector<std::string>& files) {
  std::vector<verdict::Waiver> waivers;
  std::string errors;
  for (const auto& file : files) {
    const auto text = read_file(file, kMaxWaiverFileOctets);
    if (!text) {
      errors += "smtpspec: --waivers: " + text.error() + "\n";
      continue;
    }
    auto parsed = target::parse_waivers(*text, file);
    if (parsed) waivers.insert(waivers.end(), parsed->begin(), parsed->end());
    else
      for (const auto& diagnostic : parsed.error()) errors += base::render(diagnostic);
  }
  if (!errors.empty()) return make_unexpected(errors);
  return waivers;
}

}  // namespace smtpspec::cli
