// Stores messages in Maildir form, one folder for each mailbox below a root: written to tmp/, renamed to new/.
//
// Promise: store_all() stores all or nothing that a reader could see, names are unique on this host, folders are made
// when they are first needed. Octets are stored as they are given, CRLF included.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/result.h"

namespace smtpspec::server {

struct StoredMessage {
  std::string folder;        // below the root: "alice"; "/" and a leading "." become %2f and %2e
  std::string head;          // trace fields
  std::string_view content;  // follows the head
};

class Maildir {
 public:
  explicit Maildir(std::string root) : root_(std::move(root)) {}
  // An error is one line with the path and the system's reason. `unique_id` is an atom, unique on this host.
  base::Result<void, std::string> store_all(const std::vector<StoredMessage>& messages, const std::string& unique_id);
  const std::string& root() const { return root_; }

 private:
  std::string root_;
};

}  // namespace smtpspec::server
