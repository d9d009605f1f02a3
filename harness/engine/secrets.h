// What may stand in no report, and in which forms it may come back from a server.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace smtpspec::engine {

class Secrets {
 public:
  // As it is, as the text of a report has it, and within Base64, wherever it stands among other octets there (RFC 4616,
  // LOGIN). One of fewer than four octets is left alone: it would blot out half of every transcript.
  void add_password(std::string_view password);

  // With as many '*' in its place as there were octets.
  std::string removed_from(std::string text) const;

 private:
  void add(std::string form);

  std::vector<std::string> forms_;
};

}  // namespace smtpspec::engine
