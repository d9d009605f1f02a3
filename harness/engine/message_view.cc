#include "harness/engine/message_view.h"

#include "harness/base/octets.h"

namespace smtpspec::engine {

std::string with_crlf(std::string_view stored) {
  std::string out;
  out.reserve(stored.size() + stored.size() / 32);
  for (std::size_t i = 0; i < stored.size(); ++i) {
    if (stored[i] == '\n' && (i == 0 || stored[i - 1] != '\r')) out += '\r';
    out += stored[i];
  }
  return out;
}

MessageView view_message(std::string_view stored) {
  MessageView view;
  const std::string text = with_crlf(stored);
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = text.find("\r\n", at);
    const std::string_view line = std::string_view(text).substr(at, end == std::string::npos ? end : end - at);
    at = end == std::string::npos ? text.size() : end + 2;
    if (line.empty()) break;
    if ((line[0] == ' ' || line[0] == '\t') && !view.fields.empty()) {
      view.fields.back().value += line;
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
      view.fields.push_back({std::string(line), {}});
      continue;
    }
    view.fields.push_back(
        {std::string(base::trimmed(line.substr(0, colon))), std::string(base::trimmed(line.substr(colon + 1)))});
  }
  view.body = text.substr(at);
  return view;
}

}  // namespace smtpspec::engine
