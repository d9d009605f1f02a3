#include "harness/target/mailbox_location.h"

#include <algorithm>
#include <iterator>

#include "harness/base/diagnostic.h"
#include "harness/base/octets.h"

namespace smtpspec::target {

namespace {

using base::make_unexpected;

constexpr MailboxKind kKinds[] = {MailboxKind::maildir, MailboxKind::mbox, MailboxKind::dir,
                                  MailboxKind::command, MailboxKind::pop3, MailboxKind::imap};

int hex_value(char c) {
  if (base::is_digit(c)) return c - '0';
  const char upper = base::to_upper(c);
  return upper >= 'A' && upper <= 'F' ? upper - 'A' + 10 : -1;
}

// RFC 3986 §2.1. A percent sign that begins nothing stays.
std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

std::string kinds() {
  std::string all;
  for (const MailboxKind kind : kKinds) all += (all.empty() ? "" : ", ") + std::string(to_string(kind));
  return all;
}

}  // namespace

std::string_view to_string(MailboxKind kind) {
  switch (kind) {
    case MailboxKind::maildir:
      return "maildir";
    case MailboxKind::mbox:
      return "mbox";
    case MailboxKind::dir:
      return "dir";
    case MailboxKind::command:
      return "command";
    case MailboxKind::pop3:
      return "pop3";
    case MailboxKind::imap:
      return "imap";
  }
  return "";
}

std::optional<MailboxKind> parse_mailbox_kind(std::string_view text) {
  const auto* found =
      std::find_if(std::begin(kKinds), std::end(kKinds), [&](MailboxKind kind) { return to_string(kind) == text; });
  return found == std::end(kKinds) ? std::nullopt : std::optional(*found);
}

std::string suggest_mailbox_kind(std::string_view misspelt) {
  std::vector<std::string> candidates;
  for (const MailboxKind kind : kKinds) candidates.emplace_back(to_string(kind));
  const std::string nearest = base::nearest_spelling(std::string(misspelt), candidates);
  return "known are " + kinds() + (nearest.empty() ? "" : "; did you mean '" + nearest + "'?");
}

base::Result<MailboxLocation, std::string> parse_mailbox_location(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos)
    return make_unexpected("a mailbox is given as KIND:PLACE, not '" + base::escape(text) + "'; the kinds are " +
                           kinds());
  const std::string_view name = text.substr(0, colon);
  const auto kind = parse_mailbox_kind(name);
  if (!kind)
    return make_unexpected("there is no mailbox kind '" + base::escape(name) + "'; " + suggest_mailbox_kind(name));
  if (colon + 1 == text.size()) return make_unexpected(std::string(name) + ": what follows the colon is empty");
  return MailboxLocation{*kind, std::string(text.substr(colon + 1))};
}

bool needs_password(std::string_view text) {
  const auto location = parse_mailbox_location(text);
  return location && (location->kind == MailboxKind::pop3 || location->kind == MailboxKind::imap) &&
         parse_mailbox_url(location->kind, location->place);
}

base::Result<MailboxUrl, std::string> parse_mailbox_url(MailboxKind kind, std::string_view url) {
  const std::string name(to_string(kind));
  const std::string example = name + "://USER@HOST" + (kind == MailboxKind::imap ? "/FOLDER" : "");
  std::string_view rest = url;
  std::string scheme;
  for (const std::string& known : {name, name + "s"})
    if (base::starts_with_ignoring_case(rest, known + "://")) scheme = known;
  // The URL is not repeated: it may hold a password.
  if (scheme.empty())
    return make_unexpected("a mailbox of this kind is given as " + name + ":" + example + " or " + name + ":" + name +
                           "s://USER@HOST…");
  rest.remove_prefix(scheme.size() + 3);
  MailboxUrl result;
  const std::size_t slash = rest.find('/');
  if (slash != std::string_view::npos) result.folder = rest.substr(slash + 1);
  const std::string_view authority = rest.substr(0, slash);
  const std::size_t at = authority.rfind('@');
  if (at == std::string_view::npos || at == 0) return make_unexpected("the URL names no user, as in " + example);
  const std::string_view user = authority.substr(0, at);
  if (user.find(':') != std::string_view::npos)
    return make_unexpected(
        std::string("a password does not stand in a URL; use password_file or password_env of [mailbox] in a profile"));
  const std::string_view host = authority.substr(at + 1);
  if (host.empty() || host.front() == ':') return make_unexpected("the URL names no host, as in " + example);
  if (kind == MailboxKind::pop3 && !result.folder.empty())
    return make_unexpected(std::string("POP3 knows no folders: nothing may stand behind the host"));
  if (kind == MailboxKind::imap && result.folder.empty()) result.folder = "INBOX";
  if (url.find_first_of(std::string_view(" \t\r\n\0?#", 7)) != std::string_view::npos)
    return make_unexpected(std::string("the URL holds a blank, a '?' or a '#'"));
  result.server = scheme + "://" + std::string(host);
  result.user = percent_decoded(user);
  return result;
}

}  // namespace smtpspec::target
