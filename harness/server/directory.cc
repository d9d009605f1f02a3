#include "harness/server/directory.h"

#include <algorithm>

#include "harness/base/octets.h"

namespace smtpspec::server {
namespace {

bool is_atext(char c) {
  return base::is_alnum(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool needs_quotes(std::string_view local_part) {
  bool after_atom = false;
  for (char c : local_part) {
    if (c == '.' && !after_atom) return true;
    if (c != '.' && !is_atext(c)) return true;
    after_atom = c != '.';
  }
  return !after_atom;
}

}  // namespace

std::string to_mailbox_text(const Address& address) {
  std::string text;
  if (needs_quotes(address.local_part)) {
    text = '"';
    for (char c : address.local_part) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  } else {
    text = address.local_part;
  }
  return address.domain.empty() ? text : text + '@' + address.domain;
}

bool Directory::is_local_domain(std::string_view domain) const {
  const bool exactly = config_->defects.has(Defect::domain_case_sensitive);
  const auto same = [&](std::string_view ours) {
    return exactly ? ours == domain : base::equals_ignoring_case(ours, domain);
  };
  return same(config_->host_name) || std::any_of(config_->local_domains.begin(), config_->local_domains.end(), same);
}

bool Directory::is_relayed_domain(std::string_view domain) const {
  const auto& relayed = config_->relay_domains;
  return std::any_of(relayed.begin(), relayed.end(),
                     [&](const std::string& one) { return base::equals_ignoring_case(one, domain); });
}

Resolution Directory::resolve(const Address& address) const {
  if (address.domain.empty()) return resolve_in(address.local_part, first_domain());
  if (!is_local_domain(address.domain))
    return {Standing::foreign, to_mailbox_text(address), "", "", nullptr, false, is_relayed_domain(address.domain)};
  return resolve_in(address.local_part, address.domain);
}

Resolution Directory::resolve_local_name(std::string_view local_part) const {
  return resolve_in(local_part, first_domain());
}

Resolution Directory::resolve_in(std::string_view local_part, const std::string& domain) const {
  const std::string name(local_part);
  Resolution result;
  result.mailbox = to_mailbox_text({name, domain});
  if (const auto moved = config_->moved.find(name); moved != config_->moved.end()) {
    result.standing = Standing::moved;
    result.mailbox = moved->second;
    return result;
  }
  if (config_->defects.has(Defect::aliases_and_lists_not_expanded) &&
      (config_->lists.contains(name) || config_->aliases.contains(name))) {
    result.standing = Standing::local;
    return result;
  }
  if (const auto list = config_->lists.find(name); list != config_->lists.end()) {
    result.standing = Standing::list;
    result.list = &list->second;
    return result;
  }
  if (const auto alias = config_->aliases.find(name); alias != config_->aliases.end()) {
    result = resolve_in(alias->second, domain);
    result.is_alias = true;
    return result;
  }
  const auto& undeliverable = config_->undeliverable;
  if (std::find(undeliverable.begin(), undeliverable.end(), name) != undeliverable.end()) {
    result.standing = Standing::local;
    return result;
  }
  const std::string base_name = name.substr(0, name.find('+', name.empty() ? 0 : 1));
  for (const LocalMailbox& mailbox : config_->mailboxes) {
    const bool any_case = base::equals_ignoring_case(mailbox.local_part, "postmaster") &&
                          !config_->defects.has(Defect::postmaster_case_sensitive);
    const bool same =
        any_case ? base::equals_ignoring_case(mailbox.local_part, base_name) : mailbox.local_part == base_name;
    if (!same) continue;
    result.standing = Standing::local;
    result.mailbox_key = mailbox.local_part;
    result.full_name = mailbox.full_name;
    return result;
  }
  if (config_->catch_all) {
    result.standing = Standing::accepted_by_catch_all;
    result.mailbox_key = base_name;
  }
  return result;
}

std::vector<Resolution> Directory::members_of(const MailingList& list) const {
  std::vector<Resolution> members;
  for (const std::string& member : list.members) {
    Resolution resolution = resolve_local_name(member);
    if (resolution.standing == Standing::local) members.push_back(std::move(resolution));
  }
  return members;
}

}  // namespace smtpspec::server
