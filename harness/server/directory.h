// What an address means to this server: a mailbox, a list, somebody who has moved, nobody, or another host's business.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/server/config.h"

namespace smtpspec::server {

struct Address {
  std::string local_part;  // without quotes and backslashes
  std::string domain;      // as sent; an address literal with its brackets; "" only for <Postmaster>
  bool operator==(const Address&) const = default;
};

// local-part@domain with the least quoting that is right (RFC 5321 §4.1.2).
std::string to_mailbox_text(const Address& address);

enum class Standing { local, accepted_by_catch_all, list, moved, unknown, foreign };

struct Resolution {
  Standing standing = Standing::unknown;
  std::string mailbox;      // canonical text of where it goes; of the new address for `moved`
  std::string mailbox_key;  // local and accepted_by_catch_all; "": nobody can deliver to it
  std::string full_name;    // local, may be empty
  const MailingList* list = nullptr;
  bool is_alias = false;    // reached by another name
  bool is_relayed = false;  // foreign, of a domain that is relayed for everybody
};

class Directory {
 public:
  explicit Directory(const Config& config) : config_(&config) {}

  Resolution resolve(const Address& address) const;
  // A VRFY or EXPN argument: a mailbox name of the first local domain.
  Resolution resolve_local_name(std::string_view local_part) const;
  bool is_local_domain(std::string_view domain) const;
  // The members of `list`, each of them local.
  std::vector<Resolution> members_of(const MailingList& list) const;
  const std::string& first_domain() const { return config_->local_domains.front(); }

 private:
  bool is_relayed_domain(std::string_view domain) const;
  Resolution resolve_in(std::string_view local_part, const std::string& domain) const;

  const Config* config_;
};

}  // namespace smtpspec::server
