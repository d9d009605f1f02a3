#include "fuzz/mutator/grammar.h"

namespace smtpspec::fuzz {

std::string Grammar::xtext() {
  return any_of({"abc", "a+2Bb", "+", "+4", "+zz", "+00", "a=b", "", "rfc822;alice@example.org",
                 "rfc822;alice+40example.org", "utf-8;alice\\x{E9}@example.org", "unknown;x", ";", "rfc822;",
                 "QQ314159+3Dx"});
}

std::string Grammar::mail_parameters() {
  std::string all;
  for (std::size_t left = random_.one_in(3) ? random_.between(1, 4) : 0; left > 0; --left) {
    switch (random_.below(14)) {
      case 0:
      case 1:
        all += " SIZE=" + number();
        break;
      case 2:
      case 3:
        all += " BODY=" + any_of({"7BIT", "8BITMIME", "BINARYMIME", "8bitmime", "", "x"});
        break;
      case 4:
        all += " RET=" + any_of({"FULL", "HDRS", "", "x"});
        break;
      case 5:
        all += " ENVID=" + xtext();
        break;
      case 6:
        all += " AUTH=" + any_of({"<>", "alice+40example.org", "", "+"});
        break;
      case 7:
        all += any_of({" SMTPUTF8", " SMTPUTF8=1", " REQUIRETLS", " smtputf8"});
        break;
      case 8:
        all += " BY=" +
               any_of({"120;R", "120;N", "120;RT", "-1;N", "0;R", "999999999;R", "1000000000;R", ";R", "1;", "1;X"});
        break;
      case 9:
        all += " MT-PRIORITY=" + any_of({"0", "9", "-9", "10", "-10", "+1", "", "x"});
        break;
      case 10:
        all += " " + any_of({"HOLDFOR=10", "HOLDUNTIL=2030-01-01T00:00:00Z", "SOLICIT=org.example:ADV", "SUBMITTER=a@b",
                             "MTRK=abcd:10", "NOTIFY=NEVER", "X=Y", "X", "=", "=x", "X=", "X==Y", "SIZE", "SIZE="});
        break;
      case 11:
        all += " " + std::string(random_.between(1, 600), 'P') + "=" + number();
        break;
      case 12:
        all += twist(" SIZE=" + number());
        break;
      default:
        all += " SIZE=" + number() + " SIZE=" + number();
    }
  }
  return all;
}

std::string Grammar::rcpt_parameters() {
  std::string all;
  for (std::size_t left = random_.one_in(3) ? random_.between(1, 3) : 0; left > 0; --left) {
    switch (random_.below(7)) {
      case 0:
      case 1:
        all += " NOTIFY=" +
               any_of({"NEVER", "SUCCESS", "SUCCESS,FAILURE,DELAY", "NEVER,SUCCESS", "", ",", "FAILURE,", "x"});
        break;
      case 2:
        all += " ORCPT=" + xtext();
        break;
      case 3:
        all += " RRVS=" + any_of({"2014-04-03T23:01:00Z", "2014-04-03T23:01:00Z;R", "2014-13-40T99:99:99Z", "", ";C"});
        break;
      case 4:
        all += any_of({" CONPERM", " CONNEG", " X=Y", " SIZE=1", " =", " BODY=7BIT"});
        break;
      case 5:
        all += twist(" NOTIFY=SUCCESS");
        break;
      default:
        all += " ORCPT=rfc822;" + std::string(random_.between(1, 600), 'o');
    }
  }
  return all;
}

}  // namespace smtpspec::fuzz
