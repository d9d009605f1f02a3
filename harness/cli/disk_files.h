// The suite on disk: the only place that reads scenario files.
#pragma once

#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/scenario/load.h"

namespace smtpspec::cli {

// Reads below `root` only; a path that leaves it, by `..` or by a link, is refused.
class DiskFiles final : public scenario::FileSource {
 public:
  explicit DiskFiles(std::string root);
  base::Result<std::string, std::string> read(const std::string& path) const override;
  // A file that scenario_files() has listed: it lies below the root, unless it is a link.
  base::Result<std::string, std::string> read_listed(const std::string& path) const;
  const std::string& root() const { return root_; }
  // Every *.smtp below the root but the common blocks, sorted, relative to the root.
  base::Result<std::vector<std::string>, std::string> scenario_files() const;

 private:
  std::string root_;
};

// A whole file, of at most `limit` octets.
base::Result<std::string, std::string> read_file(const std::string& path, std::size_t limit);

// Where the suite lies that belongs to this program: beside the installed binary, or the source tree it was built from.
std::string default_suite_root();

}  // namespace smtpspec::cli
