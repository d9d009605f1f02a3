#include "harness/wire/syntax.h"

namespace smtpspec::wire {

std::string_view to_string(SyntaxReason reason) {
  switch (reason) {
    case SyntaxReason::bad_verb:
      return "bad verb";
    case SyntaxReason::missing_argument:
      return "missing argument";
    case SyntaxReason::unexpected_argument:
      return "unexpected argument";
    case SyntaxReason::extra_space:
      return "extra space";
    case SyntaxReason::trailing_space:
      return "trailing space";
    case SyntaxReason::bad_clause:
      return "bad clause";
    case SyntaxReason::missing_open_bracket:
      return "missing '<'";
    case SyntaxReason::missing_close_bracket:
      return "missing '>'";
    case SyntaxReason::null_path:
      return "null path";
    case SyntaxReason::bad_source_route:
      return "bad source route";
    case SyntaxReason::bad_local_part:
      return "bad local part";
    case SyntaxReason::bad_quoted_string:
      return "bad quoted string";
    case SyntaxReason::missing_domain:
      return "missing domain";
    case SyntaxReason::bad_domain:
      return "bad domain";
    case SyntaxReason::bad_address_literal:
      return "bad address literal";
    case SyntaxReason::bad_parameter:
      return "bad parameter";
    case SyntaxReason::bad_string:
      return "bad string";
    case SyntaxReason::bad_number:
      return "bad number";
    case SyntaxReason::bad_mechanism:
      return "bad mechanism";
    case SyntaxReason::bad_base64:
      return "bad base64";
    case SyntaxReason::bad_url:
      return "bad URL";
    case SyntaxReason::not_ascii:
      return "not ASCII";
    case SyntaxReason::control_octet:
      return "control octet";
    case SyntaxReason::too_long:
      return "too long";
    case SyntaxReason::trailing_text:
      return "trailing text";
  }
  return "?";
}

}  // namespace smtpspec::wire
