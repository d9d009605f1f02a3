// A process of ours in a group of its own, and the pipe that captures what it says. For the sources of this room only.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/target/output_tail.h"
#include "harness/transport/event_loop.h"

namespace smtpspec::target {

struct LaunchOptions {
  std::vector<std::string> arguments;  // of /bin/sh
  int input = -1;                      // descriptors; -1: /dev/null
  int output = -1;
  int error = -1;
  bool dies_with_us = true;
};

class ChildProcess {
 public:
  class Implementation;
  // on_exit gets the status of waitpid(), once, on the loop.
  static base::Result<std::unique_ptr<ChildProcess>, std::string> launch(transport::EventLoop& loop,
                                                                         const LaunchOptions& options,
                                                                         std::function<void(int)> on_exit);
  explicit ChildProcess(std::shared_ptr<Implementation> implementation);
  // Of all that live, anywhere in this program.
  static const std::set<pid_t>& launched_groups();
  // Ends the whole group by force, without on_exit, and waits for the process.
  ~ChildProcess();

  pid_t id() const;  // of the process and of its group
  bool has_exited() const;
  void signal_group(int signal) const;
  // Whether anybody in the group is left who is not dead already.
  bool is_group_alive() const;
  // Of all processes of the group.
  std::uint64_t resident_octets() const;

 private:
  std::shared_ptr<Implementation> implementation_;
};

// Reads a pipe into an OutputTail for as long as it lives.
class OutputCapture {
 public:
  class Implementation;
  explicit OutputCapture(transport::EventLoop& loop);
  ~OutputCapture();
  int write_end() const;  // -1: no pipe was to be had
  // What is in the pipe at this moment too: a dead process's last words may not have been read yet.
  OutputTail& drained();
  const OutputTail& tail() const;
  base::SteadyTime last_heard() const;

 private:
  std::shared_ptr<Implementation> implementation_;
};

}  // namespace smtpspec::target
