#include "harness/engine/message_view.h"

#include <algorithm>

#include "harness/base/octets.h"

namespace smtpspec::engine {

MessageView view_message(std::string_view message) {
  MessageView view;
  std::size_t at = 0;
  while (at < message.size()) {
    const std::size_t end = message.find('\n', at);
    std::string_view line = message.substr(at, end == std::string_view::npos ? end : end - at);
    at = end == std::string_view::npos ? message.size() : end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
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
  view.body = message.substr(at);
  return view;
}

const HeaderField* find_field(const MessageView& view, std::string_view name) {
  const auto found = std::find_if(view.fields.begin(), view.fields.end(), [&](const HeaderField& field) {
    return base::equals_ignoring_case(field.name, name);
  });
  return found == view.fields.end() ? nullptr : &*found;
}

}  // namespace smtpspec::engine
