// Sees to it that nothing is left of a server under test, wherever it has put itself. For the sources of this room
// only.
#pragma once

#include <sys/types.h>

#include <memory>
#include <set>
#include <string>

#include "harness/target/child_process.h"
#include "harness/transport/event_loop.h"

namespace smtpspec::target {

// A small process that outlives us: when we are gone, however that came, it kills the groups that it was told of and
// removes a folder. PR_SET_PDEATHSIG alone reaches neither grandchildren nor a process that changed its user.
//
// Besides the groups that we launched there are strays: descendants that called setsid() or setpgid(), daemons among
// them. From the first guardian on, those whose parent ends become children of this process, not of init, and stay in
// sight. They are looked for every second, and the small process is told of them too.
class Guardian {
 public:
  Guardian(transport::EventLoop& loop, const std::string& folder);
  ~Guardian();
  void watch(pid_t group) { tell('+', group); }
  void forget(pid_t group) { tell('-', group); }

  // Looks for strays, now. False: there are none.
  bool has_strays();
  void signal_strays(int signal);

 private:
  void tell(char what, pid_t group);
  void look_again();
  transport::EventLoop& loop_;
  int pipe_ = -1;
  std::unique_ptr<ChildProcess> process_;
  std::set<pid_t> strays_;
  transport::Timer next_look_;
};

}  // namespace smtpspec::target
