// Which scenarios the user asked for. An expression is terms joined by ',' (either) and '&' (both, binds tighter); a
// term may be negated by '!':
//   smtp.mail.*          id, with * and ? (an id without its [instance] matches all its instances)
//   tag:slow             a tag
//   RFC5321-4.1.1.2*     a requirement id, with * and ?
//   section:4.1.1        a section of any document, and what lies below it
//   level:MUST           a level of a bound requirement ("MUST NOT" may be written MUST-NOT)
//   extension:SIZE       an extension that it needs or whose catalogue it is bound to
//   impact:probe, role:mx
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/scenario/catalogue.h"
#include "harness/scenario/scenario.h"

namespace smtpspec::runner {

class Selection {
 public:
  // Why the expression cannot be read, in one sentence with the term named.
  static base::Result<Selection, std::string> parse(std::string_view expression);
  bool selects(const scenario::Instance& instance, const scenario::Catalogue& catalogue) const;
  // A sentence for each term that no scenario answers to, negated or not, with what it may have been meant to be.
  std::vector<std::string> idle_terms(const std::vector<scenario::Scenario>& scenarios,
                                      const scenario::Catalogue& catalogue) const;

 private:
  enum class Kind { id, requirement, tag, section, level, extension, impact, role };
  struct Term {
    Kind kind = Kind::id;
    bool is_negated = false;
    std::string pattern;
    std::string text;  // as written, without '!'
  };
  static base::Result<Term, std::string> parse_term(std::string_view text);
  static const std::vector<std::string>* words_of(Kind kind);
  static std::string nearest(const Term& term, const std::vector<scenario::Scenario>& scenarios,
                             const scenario::Catalogue& catalogue);
  static bool holds(const Term& term, const scenario::Instance& instance, const scenario::Catalogue& catalogue);

  std::vector<std::vector<Term>> either_;  // any of these, each: all of its terms
};

// '*' any octets, '?' one octet; ASCII letter case matters.
bool matches_glob(std::string_view pattern, std::string_view text);

}  // namespace smtpspec::runner
