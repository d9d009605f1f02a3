// Texts made from the grammar: RFC 5321 §4.1.1 to §4.1.3, the parameters and verbs of the extensions, and messages.
// Most of what comes is well-formed, because a server looks only behind the first mistake; about every fifth production
// has one twist. Pure: all choice comes from the Random that is given.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fuzz/mutator/input.h"
#include "fuzz/mutator/random.h"
#include "fuzz/mutator/vocabulary.h"
#include "harness/wire/command.h"

namespace smtpspec::fuzz {

// A maker of texts: holds what every production needs.
class Grammar {
 public:
  Grammar(Random& random, const Vocabulary& vocabulary) : random_(random), words_(vocabulary) {}

  // ---- productions (grammar_paths.cc) ----
  std::string domain();
  std::string address_literal();
  std::string local_part();
  std::string mailbox();                // any
  std::string good_mailbox();           // one that means something to the server
  std::string path();                   // with brackets; source routes, Postmaster, twists
  std::string number();                 // decimal: small, at the edges of machine words, signed, too long
  std::string long_text();              // one octet repeated, around the limits of RFC 5321 §4.5.3.1
  std::string twist(std::string text);  // now and then one octet is wrong

  // ---- parameters (grammar_parameters.cc) ----
  std::string mail_parameters();  // each with its leading SP; may be ""
  std::string rcpt_parameters();
  std::string xtext();

  // ---- commands, without CRLF (grammar_commands.cc) ----
  std::string command();
  std::string command(wire::Verb verb);
  std::string auth_exchange();  // behind "AUTH ", lines divided by CRLF

  // ---- messages, as on the wire and without the end of data (grammar_body.cc) ----
  std::string body();
  std::string body_line();
  std::string end_of_data_look_alike();  // with a command or text behind it

  // ---- steps (grammar_steps.cc) ----
  Step step();
  // Steps that belong together: a greeting, a transaction, a login, the same once more behind RSET, …
  std::vector<Step> phrase();
  std::vector<Step> greeting();
  std::vector<Step> transaction();

 private:
  std::string any_of(std::initializer_list<std::string_view> texts);

  Random& random_;
  const Vocabulary& words_;
};

}  // namespace smtpspec::fuzz
