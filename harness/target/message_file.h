// Folders and files that hold messages. For this room's sources.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

#include "harness/target/message_index.h"

namespace smtpspec::target {

// PATH, PATH/USER, PATH/DOMAIN/USER
inline constexpr int kMaxFolderDepth = 2;
// Files of one folder that are looked at; a folder with more is an error.
inline constexpr std::size_t kMaxFilesOfFolder = 200'000;
// One look reads so much and leaves the rest to the next, which follows at once: the loop has others to serve.
inline constexpr std::size_t kMaxOctetsOfLook = 32 * 1024 * 1024;

bool is_folder(const std::filesystem::path& path);

// Calls for every entry of a folder; false if there are more than kMaxFilesOfFolder. A folder that cannot be read is an
// empty one.
bool for_each_entry(const std::filesystem::path& folder,
                    const std::function<void(const std::filesystem::directory_entry&)>& call);

// Adds a file to the index as one message, or as the messages that it holds if it is in the form of an mbox. Octets
// read; -1 if it cannot be read.
std::int64_t add_file(const std::filesystem::path& path, MessageIndex& index);

}  // namespace smtpspec::target
