#include <utility>

#include "fuzz/mutator/grammar.h"

namespace smtpspec::fuzz {

using wire::Verb;

Step Grammar::step() {
  switch (random_.below(24)) {
    case 0:
      return {StepKind::raw, twist(command() + "\r\n")};
    case 1:
      return {StepKind::raw,
              any_of({"\r\n", "\n", "\r", "\0", ".\r\n", "\r\n.\r\n", "NOOP\n", "NOOP\r", "NOOP", "QUIT\nNOOP\r\n"})};
    case 2:
    case 3:
      return {StepKind::data, body()};
    case 4:
      return {StepKind::data, body(), !random_.one_in(4)};
    case 5:
    case 6: {
      Step chunk{StepKind::chunk, body(), random_.one_in(2)};
      if (random_.one_in(6)) chunk.number = static_cast<int>(random_.below(21)) - 10;
      return chunk;
    }
    case 7: {
      Step tls{StepKind::starttls, {}};
      if (random_.one_in(2)) tls.octets = command() + "\r\n";
      return tls;
    }
    case 8:
      return {StepKind::auth, auth_exchange()};
    case 9:
      if (random_.one_in(2)) return {StepKind::half_close, {}};
      return {StepKind::connection, {}, true, static_cast<int>(random_.between(1, 2))};
    default:
      return {StepKind::line, command()};
  }
}

std::vector<Step> Grammar::greeting() {
  return {{StepKind::line, (words_.is_lmtp ? "LHLO " : random_.one_in(8) ? "HELO " : "EHLO ") + words_.client}};
}

std::vector<Step> Grammar::transaction() {
  std::vector<Step> steps{{StepKind::line, command(Verb::mail)}};
  for (std::size_t left = random_.one_in(4) ? random_.between(2, 4) : 1; left > 0; --left)
    steps.push_back({StepKind::line, command(Verb::rcpt)});
  switch (random_.below(6)) {
    case 0: {
      for (std::size_t left = random_.below(3); left > 0; --left) steps.push_back({StepKind::chunk, body(), false});
      steps.push_back({StepKind::chunk, body(), true});
      break;
    }
    case 1:
      steps.push_back({StepKind::line, "RSET"});
      break;
    case 2:
      break;
    default:
      steps.push_back({StepKind::line, "DATA"});
      steps.push_back({StepKind::data, body()});
  }
  return steps;
}

std::vector<Step> Grammar::phrase() {
  const auto append = [](std::vector<Step>& to, std::vector<Step> more) {
    for (Step& one : more) to.push_back(std::move(one));
  };
  std::vector<Step> steps;
  switch (random_.below(10)) {
    case 0:
      return greeting();
    case 1:
    case 2:
    case 3:
      return transaction();
    case 4:  // what was begun is taken back, and gone on with all the same
      steps = {{StepKind::line, command(Verb::mail)}, {StepKind::line, command(Verb::rcpt)}};
      if (random_.one_in(2)) steps.push_back({StepKind::line, "RSET"});
      else append(steps, greeting());
      switch (random_.below(3)) {
        case 0:
          steps.push_back({StepKind::line, command(Verb::rcpt)});
          break;
        case 1:
          steps.push_back({StepKind::line, command(Verb::mail)});
          break;
        default:
          break;
      }
      steps.push_back({StepKind::line, "DATA"});
      if (random_.one_in(2)) steps.push_back({StepKind::data, body()});
      return steps;
    case 5:
      steps.push_back({StepKind::starttls, random_.one_in(2) ? command() + "\r\n" : std::string()});
      if (random_.one_in(2)) append(steps, greeting());
      if (random_.one_in(2)) append(steps, transaction());
      return steps;
    case 6:
      steps.push_back({StepKind::auth, auth_exchange()});
      if (random_.one_in(2)) append(steps, transaction());
      return steps;
    case 7:  // two sessions side by side
      steps = {{StepKind::connection, {}, true, 2}};
      append(steps, greeting());
      append(steps, transaction());
      steps.push_back({StepKind::connection, {}, true, 1});
      append(steps, transaction());
      return steps;
    case 8: {  // what looks like the end of a message, in one that is sure to be taken
      steps = {{StepKind::line, "MAIL FROM:<" + words_.sender + ">"},
               {StepKind::line, "RCPT TO:<" + words_.recipient + ">"}};
      const std::string content = "Subject: x\r\n\r\nx" + end_of_data_look_alike();
      if (random_.one_in(3)) {
        steps.push_back({StepKind::chunk, content, random_.one_in(2)});
        return steps;
      }
      steps.push_back({StepKind::line, "DATA"});
      steps.push_back({StepKind::data, content});
      return steps;
    }
    default:
      for (std::size_t left = random_.between(2, 5); left > 0; --left) steps.push_back({StepKind::line, command()});
      return steps;
  }
}

}  // namespace smtpspec::fuzz
