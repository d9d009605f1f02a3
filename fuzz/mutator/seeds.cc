#include "fuzz/mutator/seeds.h"

#include <utility>

#include "harness/base/base64.h"

namespace smtpspec::fuzz {

std::vector<Input> basic_seeds(const Vocabulary& words) {
  const auto line = [](std::string text) { return Step{StepKind::line, std::move(text)}; };
  const Step hello = line((words.is_lmtp ? "LHLO " : "EHLO ") + words.client);
  const Step mail = line("MAIL FROM:<" + words.sender + ">");
  const Step rcpt = line("RCPT TO:<" + words.recipient + ">");
  const Step data = line("DATA");
  const Step message{StepKind::data, "Subject: fuzz\r\n\r\nhello\r\n..dot\r\n"};
  const Step login{StepKind::auth,
                   "PLAIN " + base::base64(std::string(1, '\0') + words.user + std::string(1, '\0') + words.password)};
  const Step tls{StepKind::starttls, {}};
  const Step injecting{StepKind::starttls, "NOOP\r\n"};
  std::vector<Input> seeds{
      {{hello, mail, rcpt, data, message}},
      {{hello, mail, rcpt, line("RSET"), mail, rcpt, data, message}},
      {{hello, mail, rcpt, {StepKind::chunk, "Subject: fuzz\r\n\r\n", false}, {StepKind::chunk, "hello\r\n"}}},
      {{hello, tls, hello, mail, rcpt, data, message}},
      {{hello, injecting, hello}},
      {{hello, line("NOOP"), line("HELP"), line("VRFY " + words.recipient), line("EXPN staff"), line("RSET")}},
      {{hello, mail, line("RCPT TO:<" + words.unknown + ">"), rcpt, rcpt, data, message, mail, rcpt, data, message}},
      {{line("HELO " + words.client), mail, rcpt, data, {StepKind::data, "x\n.\ny\r\n"}}},
      {{hello,
        mail,
        {StepKind::connection, {}, true, 2},
        hello,
        mail,
        rcpt,
        {StepKind::connection, {}, true, 1},
        rcpt}},
      {{hello,
        {StepKind::raw, "MAIL FROM:<" + words.sender + ">\r\nRS"},
        {StepKind::raw, "ET\r\n"},
        mail,
        hello,
        rcpt}},
      {{hello, mail, rcpt, data, {StepKind::data, "unfinished", false}, {StepKind::half_close, {}}}}};
  if (!words.user.empty()) seeds.push_back({{hello, login, mail, rcpt, data, message}});
  return seeds;
}

}  // namespace smtpspec::fuzz
