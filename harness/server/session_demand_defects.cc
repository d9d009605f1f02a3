// The defects of what is demanded before mail is taken: TLS by a mail exchanger (RFC 3207 §4), a login by a submission
// server (RFC 6409 §4.3), whose other defects are here as well.
#include <algorithm>

#include "harness/base/octets.h"
#include "harness/server/session_implementation.h"

namespace smtpspec::server {
namespace {

// RFC 3207 §4: what a server that demands TLS takes without. HELO is left alone as well.
bool is_taken_without_tls(Verb verb) {
  return verb == Verb::ehlo || verb == Verb::helo || verb == Verb::noop || verb == Verb::quit ||
         verb == Verb::starttls || verb == Verb::unknown;
}

}  // namespace

// True for the address of a mailbox that is here.
bool Session::Implementation::is_own_user(std::string_view address) const {
  const auto& all = config_->mailboxes;
  return std::any_of(all.begin(), all.end(), [&](const LocalMailbox& mailbox) {
    return address == mailbox.local_part + "@" + directory_.first_domain();
  });
}

// The refusal of a command for want of TLS, or nothing. Who is publicly referenced must not demand it at all; a
// submission server may, and does it in the wrong way.
std::optional<Reply> Session::Implementation::defective_demand_of_tls(const Command& command) const {
  if (info_.is_tls || config_->role == Role::lmtp) return std::nullopt;
  const bool is_relay = config_->role == Role::mx;
  Reply demand{530, "5.7.0", {"Must issue a STARTTLS command first"}};
  const Verb verb = command.verb;
  const bool is_own = is_own_user(transaction_.sender.reverse_path);
  const std::size_t open = command.argument.find('<');
  const std::string_view path = open == std::string_view::npos ? "" : command.argument.substr(open + 1);
  if ((verb == Verb::mail && is_own_user(path.substr(0, path.find('>'))) && has(Defect::tls_demanded_of_mail_alone)) ||
      (is_relay && verb == Verb::rcpt && base::starts_with_ignoring_case(command.argument, "TO:<postmaster") &&
       has(Defect::tls_demanded_of_recipients)) ||
      (is_relay && verb == Verb::data && is_own && has(Defect::tls_demanded_of_data)) ||
      (!is_relay && verb == Verb::noop && has(Defect::tls_demanded_of_noop)) ||
      (!is_relay && verb == Verb::quit && has(Defect::tls_demanded_of_quit))) {
    return demand;
  }
  const bool is_demanded = has(Defect::tls_demanded_of_noop) || has(Defect::tls_demanded_of_quit) ||
                           has(Defect::tls_demanded_without_enhanced_code) ||
                           has(Defect::tls_demanded_with_another_enhanced_code) ||
                           has(Defect::tls_demanded_with_enhanced_code_of_sequence);
  if (is_relay || !is_demanded || is_taken_without_tls(verb)) return std::nullopt;
  if (has(Defect::tls_demanded_without_enhanced_code)) demand.enhanced.clear();
  if (has(Defect::tls_demanded_with_another_enhanced_code)) demand.enhanced = "5.7.1";
  if (has(Defect::tls_demanded_with_enhanced_code_of_sequence)) demand.enhanced = "5.5.1";
  return demand;
}

// True if the defect has dealt with the command.
bool Session::Implementation::spoils_submission(const Command& command) {
  if (config_->role != Role::submission) return false;
  const Verb verb = command.verb;
  if ((verb == Verb::noop && has(Defect::submission_noop_not_answered)) ||
      (verb == Verb::mail && has(Defect::submission_mail_not_answered)) ||
      (verb == Verb::rcpt && has(Defect::submission_rcpt_not_answered))) {
    return true;
  }
  if (verb == Verb::ehlo && has(Defect::submission_ehlo_unknown)) {
    answer_unknown_command();
    return true;
  }
  if (verb == Verb::ehlo && has(Defect::submission_ehlo_answered_550)) {
    answer(550, "", "Access denied");
    return true;
  }
  if (!user_.empty()) return false;
  if (verb == Verb::mail && has(Defect::submission_login_demanded_with_554)) {
    answer(554, "5.7.1", "Access denied");
    return true;
  }
  return false;
}

}  // namespace smtpspec::server
