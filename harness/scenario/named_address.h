// The addresses that a profile may name beside sender and recipients, and the domain of one: the word by which a
// scenario needs one, and the variable that stands for it.
#pragma once

#include <array>
#include <string_view>

#include "harness/scenario/scenario.h"

namespace smtpspec::scenario {

struct NamedAddress {
  std::string_view variable;
  Need::Kind kind;
  std::string_view need;      // as in `needs unknown`
  std::string_view example;   // a value of the same kind, to try the grammar with
  std::string_view when_not;  // why a scenario does not apply that needs it
};

inline constexpr std::array kNamedAddresses{
    NamedAddress{"unknown", Need::Kind::unknown_recipient, "unknown", "nobody@example.org",
                 "no unknown recipient is known (--unknown-recipient)"},
    NamedAddress{"relay", Need::Kind::relay, "relay", "carol@elsewhere.example",
                 "no recipient elsewhere is known (--relay-recipient)"},
    NamedAddress{"relayed", Need::Kind::next_hop, "next_hop", "dave@relay.example",
                 "the server relays nothing to the tester (--next-hop)"},
    NamedAddress{"relayed_domain", Need::Kind::next_hop, "next_hop", "relay.example",
                 "the server relays nothing to the tester (--next-hop)"},
    NamedAddress{"relayed_later", Need::Kind::retry, "retry", "later-1@relay.example",
                 "how soon the server tries again what it relays is not known (profile: next_hop.retry_within_ms)"},
    NamedAddress{"alias", Need::Kind::alias, "alias", "postmaster@example.org",
                 "no alias is known (profile: addresses.alias)"},
    NamedAddress{"list", Need::Kind::list, "list", "staff@example.org",
                 "no mailing list is known (profile: addresses.list)"},
    NamedAddress{"dead_list", Need::Kind::dead_list, "dead_list", "ghosts@example.org",
                 "no mailing list with a dead member is known (profile: addresses.dead_list)"},
    NamedAddress{"undeliverable", Need::Kind::undeliverable, "undeliverable", "ghost@example.org",
                 "no undeliverable addresses are known (profile: addresses.undeliverable)"},
    NamedAddress{"undeliverable2", Need::Kind::undeliverable, "undeliverable", "wraith@example.org",
                 "no undeliverable addresses are known (profile: addresses.undeliverable)"},
};

}  // namespace smtpspec::scenario
