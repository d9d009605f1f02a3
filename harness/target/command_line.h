// Filling in a --spawn or --pipe command, and the two things that are made for it: a port and a folder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace smtpspec::target {

// Whether `command` has a {name}.
bool asks_for(std::string_view command, std::string_view name);

// Every {name} in `command` by `value`, as one shell word if the value needs quotes.
std::string fill_in(std::string_view command, std::string_view name, std::string_view value);

// A port on 127.0.0.1 that nothing is bound to at this moment; 0 if there is none.
std::uint16_t free_port();

// A folder of our own under TMPDIR, removed with everything in it at the end.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace smtpspec::target
