#include "harness/engine/secrets.h"

#include <algorithm>
#include <utility>

#include "harness/base/base64.h"
#include "harness/base/octets.h"

namespace smtpspec::engine {
namespace {

constexpr std::size_t kShortestSecret = 4;

// The characters of Base64 that these octets alone decide, `before` octets behind the beginning of a group of three.
std::string within_base64(std::string_view octets, std::size_t before) {
  const std::string encoded = base::base64(std::string(before, '\0') + std::string(octets));
  const std::size_t first = (before * 8 + 5) / 6;
  const std::size_t end = (before + octets.size()) * 8 / 6;
  return encoded.substr(first, end - first);
}

}  // namespace

void Secrets::add_password(std::string_view password) {
  if (password.size() < kShortestSecret) return;
  add(std::string(password));
  add(base::escape(password));
  add(base::escape_quoted(password));
  for (std::size_t before = 0; before < 3; ++before) add(within_base64(password, before));
}

void Secrets::add(std::string form) {
  if (std::find(forms_.begin(), forms_.end(), form) == forms_.end()) forms_.push_back(std::move(form));
}

std::string Secrets::removed_from(std::string text) const {
  for (const auto& form : forms_)
    for (auto at = text.find(form); at != std::string::npos; at = text.find(form, at + form.size()))
      text.replace(at, form.size(), form.size(), '*');
  return text;
}

}  // namespace smtpspec::engine
