#include "fuzz/mutator/dictionary.h"

#include "harness/base/octets.h"
#include "harness/base/unicode.h"

namespace smtpspec::fuzz {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kWords[] = {
    // verbs
    "HELO", "EHLO", "LHLO", "MAIL FROM:", "RCPT TO:", "DATA", "RSET", "VRFY", "EXPN", "HELP", "NOOP", "QUIT",
    "STARTTLS", "AUTH", "BDAT", "ETRN", "TURN", "ATRN", "BURL", "SEND", "SOML", "SAML", "XCLIENT", "XFORWARD", "LAST",
    // parameters
    " SIZE=", " BODY=", "7BIT", "8BITMIME", "BINARYMIME", " RET=", "FULL", "HDRS", " ENVID=", " AUTH=", " SMTPUTF8",
    " REQUIRETLS",
    " BY=", " MT-PRIORITY=", " HOLDFOR=", " HOLDUNTIL=", " SOLICIT=", " MTRK=", " SUBMITTER=", " NOTIFY=", "NEVER",
    "SUCCESS", "FAILURE", "DELAY", " ORCPT=", "rfc822;", " RRVS=", " CONPERM",
    // mechanisms
    "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "XOAUTH2", "EXTERNAL", "*", "=", "AGEAYg==",
    // paths
    "<>", "<", ">", "@", "<Postmaster>", "postmaster", "[127.0.0.1]", "[IPv6:::1]", "\"", "\\", "@a,@b:", "%", "!", "|",
    // line ends and what looks like the end of data
    "\r\n"sv, "\n"sv, "\r"sv, "\0"sv, "\r\n.\r\n"sv, "\n.\n"sv, "\n.\r\n"sv, "\r\n.\n"sv, "\r.\r"sv, "\r\n..\r\n"sv,
    "\r\n.\r\nMAIL FROM:<a@b>\r\n"sv,
    // numbers
    "0", "-1", "65536", "2147483648", "4294967296", "9223372036854775808", "18446744073709551616",
    // octets
    "\xFF"sv, "\xC3\xA9"sv, "\x7F"sv, "\t"sv, " ", "  ",
    // headers
    "Subject: ", "From: ", "Received: ", "Return-Path: ", "Content-Type: multipart/mixed; boundary=b", "--b--",
    "\r\n\r\n"sv};

}  // namespace

std::span<const std::string_view> dictionary() { return kWords; }

std::string dictionary_file() {
  std::string text = "# Written by fuzz/mutator/dictionary.cc; a test compares.\n";
  for (const std::string_view word : kWords) {
    text += '"';
    for (const char c : word) {
      if (c == '"' || c == '\\') (text += '\\') += c;
      else if (c >= ' ' && c <= '~') text += c;
      else base::append_hex(text, std::string_view(&c, 1));
    }
    text += "\"\n";
  }
  return text;
}

}  // namespace smtpspec::fuzz
