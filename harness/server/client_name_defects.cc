#include "harness/server/client_name_defects.h"

#include "harness/base/octets.h"

namespace smtpspec::server {
namespace {

using Name = std::string_view;

constexpr std::string_view kV6Tag = "[IPv6:";

bool contains(Name name, std::string_view part) { return name.find(part) != std::string_view::npos; }
bool is_literal(Name name) { return name.starts_with('['); }
bool is_v6(Name name) { return base::starts_with_ignoring_case(name, kV6Tag); }
bool is_v4(Name name) { return is_literal(name) && base::is_digit(name[1]); }
Name v6_address(Name name) { return name.substr(kV6Tag.size()); }

// An octet taken for a signed number.
bool has_number_above_127(Name name) {
  int number = 0;
  for (char c : name) {
    number = base::is_digit(c) ? number * 10 + (c - '0') : 0;
    if (number > 127) return true;
  }
  return false;
}

struct RefusedName {
  Defect defect;
  bool (*is_refused)(Name name);
};

constexpr RefusedName kRefusedNames[] = {
    {Defect::ehlo_literal_refused, is_literal},
    {Defect::ehlo_ipv4_literal_refused, is_v4},
    {Defect::ehlo_ipv4_number_above_127_refused, [](Name n) { return is_v4(n) && has_number_above_127(n); }},
    {Defect::ehlo_ipv6_literal_refused, is_v6},
    {Defect::ehlo_full_ipv6_refused, [](Name n) { return is_v6(n) && !contains(n, "::"); }},
    {Defect::ehlo_compressed_ipv6_refused, [](Name n) { return is_v6(n) && contains(n, "::"); }},
    {Defect::ehlo_ipv6_beginning_with_colons_refused,
     [](Name n) { return is_v6(n) && v6_address(n).starts_with(':'); }},
    {Defect::ehlo_ipv6_with_ipv4_refused, [](Name n) { return is_v6(n) && contains(n, "."); }},
    {Defect::ehlo_ipv6_in_capitals_refused,
     [](Name n) { return is_v6(n) && v6_address(n).find_first_of("ABCDEF") != std::string_view::npos; }},
    {Defect::ehlo_long_domain_refused, [](Name n) { return n.size() > 128; }},
    {Defect::name_beginning_with_digit_refused, [](Name n) { return base::is_digit(n.front()); }},
    {Defect::hyphen_in_client_name_refused, [](Name n) { return !is_literal(n) && contains(n, "-"); }},
};

}  // namespace

bool refuses_client_name(std::string_view name, const DefectSet& defects) {
  if (defects.empty()) return false;
  for (const RefusedName& refused : kRefusedNames) {
    if (defects.has(refused.defect) && refused.is_refused(name)) return true;
  }
  return false;
}

}  // namespace smtpspec::server
