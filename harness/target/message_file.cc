#include "harness/target/message_file.h"

#include <fstream>
#include <system_error>

#include "harness/target/mbox_reader.h"
#include "harness/target/stored_form.h"

namespace smtpspec::target {

namespace fs = std::filesystem;

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool for_each_entry(const fs::path& folder, const std::function<void(const fs::directory_entry&)>& call) {
  std::error_code error;
  std::size_t count = 0;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (++count > kMaxFilesOfFolder) return false;
    call(*entry);
  }
  return true;
}

std::int64_t add_file(const fs::path& path, MessageIndex& index) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return -1;
  const auto octets = static_cast<std::int64_t>(file.tellg());
  if (octets < 0) return -1;
  const bool is_too_large = octets > static_cast<std::int64_t>(kMaxMessageOctets);
  std::string text(is_too_large ? kProbedOctets : static_cast<std::size_t>(octets), '\0');
  file.seekg(0);
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  const auto count = static_cast<std::int64_t>(text.size());
  if (is_too_large) {
    index.add_too_large(text);
  } else if (is_mbox(text)) {
    MboxReader reader;
    reader.feed(text, index);
    reader.finish(index);
  } else {
    index.add(from_file(std::move(text)));
  }
  return count;
}

}  // namespace smtpspec::target
