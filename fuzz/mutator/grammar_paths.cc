#include "fuzz/mutator/dictionary.h"
#include "fuzz/mutator/grammar.h"

namespace smtpspec::fuzz {

std::string Grammar::any_of(std::initializer_list<std::string_view> texts) { return std::string(random_.pick(texts)); }

std::string Grammar::long_text() {
  constexpr std::size_t kEdges[] = {63,  64,  65,  255,  256,  257,  510,  511, 512,
                                    513, 998, 999, 1000, 1001, 2047, 2048, 4096};
  constexpr char kOctets[] = {'a', 'x', '1', '.', ' ', '"', '\\', '@', '\xC3', '\0', '<'};
  const std::size_t octets = random_.pick(kEdges) + random_.below(3);
  return std::string(octets, random_.one_in(3) ? random_.pick(kOctets) : 'a');
}

std::string Grammar::number() {
  if (random_.one_in(2)) return std::to_string(random_.below(2000));
  return any_of({"0",
                 "1",
                 "-1",
                 "+5",
                 "00",
                 "0000000000000000000000000000000001",
                 "127",
                 "128",
                 "255",
                 "256",
                 "32767",
                 "32768",
                 "65535",
                 "65536",
                 "2147483647",
                 "2147483648",
                 "4294967295",
                 "4294967296",
                 "4294967297",
                 "4294967301",
                 "9223372036854775807",
                 "9223372036854775808",
                 "18446744073709551615",
                 "18446744073709551616",
                 "99999999999999999999",
                 "100000000000000000000",
                 "1e3",
                 "0x10",
                 "1.5",
                 "",
                 " ",
                 "1 ",
                 "NaN"});
}

std::string Grammar::domain() {
  switch (random_.below(8)) {
    case 0:
    case 1:
      return words_.domain;
    case 2:
      return words_.client;
    case 3:
      return any_of({"localhost", "example.com", "xn--bcher-kva.example", "a.b.c.d.e.f.example", "EXAMPLE.ORG", "x",
                     "1.example", "a-b.example", "m\xC3\xBCller.example"});
    case 4:
      return address_literal();
    case 5:
      return any_of({"-a.example", "a-.example", "a..example", ".example", "example.", "a_b.example", "exa mple", "",
                     "*", "%", "[", "]", "a.example/b"});
    case 6: {
      std::string labels;
      for (std::size_t left = random_.between(2, 40); left > 0; --left)
        labels += std::string(random_.between(1, 63), 'd') + ".";
      return labels + "example";
    }
    default:
      return std::string(random_.between(60, 66), 'l') + ".example";
  }
}

std::string Grammar::address_literal() {
  return any_of({"[127.0.0.1]", "[IPv6:::1]", "[0.0.0.0]", "[255.255.255.255]", "[256.1.1.1]", "[1.2.3]", "[01.2.3.4]",
                 "[IPv6:2001:db8::1]", "[IPv6:1:2:3:4:5:6:7:8]", "[IPv6:::ffff:127.0.0.1]", "[IPv6:1::2::3]", "[IPv6:]",
                 "[::1]", "[X-tag:content]", "[]", "[127.0.0.1", "127.0.0.1]", "[127.0.0.1]x"});
}

std::string Grammar::local_part() {
  switch (random_.below(6)) {
    case 0:
      return any_of({"postmaster", "Postmaster", "alice", "bob", "alice+tag", "root", "staff", "nobody"});
    case 1:
      return any_of({"\"quoted\"", "\"with space\"", "\"a\\\"b\"", "\"a\\\\b\"", "\"\"", "\"@\"", "\"<>\"", "\"a@b\"",
                     "\"", "\"a", "a\"", "\"a\"b", "\"\\", "\"a\\"});
    case 2:
      return any_of({".a",   "a.",  "a..b",  "a b", "a,b",  "a;b",   "a(b)", "a:b",   "|cat",     "/etc/passwd",
                     "../x", "%00", "a%b!c", "-a",  "`id`", "$(id)", "a\tb", "a\x7f", "\xC3\xA9", "\xFF"});
    case 3:
      return std::string(random_.between(62, 67), 'u');
    case 4:
      return "a" + std::to_string(random_.below(100));
    default:
      return words_.recipient.substr(0, words_.recipient.find('@'));
  }
}

std::string Grammar::good_mailbox() {
  switch (random_.below(8)) {
    case 0:
      return words_.sender;
    case 1:
      return words_.unknown;
    case 2:
      return words_.relay;
    case 3:
      return "postmaster@" + words_.domain;
    default:
      return words_.recipient;
  }
}

std::string Grammar::mailbox() {
  if (!random_.one_in(3)) return good_mailbox();
  switch (random_.below(4)) {
    case 0:
      return local_part();
    case 1:
      return local_part() + "@" + words_.domain;
    case 2:
      return local_part() + "@" + domain() + (random_.one_in(8) ? "@" + domain() : "");
    default:
      return "alice@" + domain();
  }
}

std::string Grammar::path() {
  switch (random_.below(16)) {
    case 0:
      return "<>";
    case 1:
      return any_of(
          {"<Postmaster>", "<postmaster>", "< >", "<", ">", "<<>>", "<@>", "<\"\">", "", "<,>", "<a@b", "a@b>"});
    case 2: {
      std::string route;
      for (std::size_t left = random_.between(1, 4); left > 0; --left) route += "@" + domain() + (left > 1 ? "," : ":");
      return "<" + route + mailbox() + ">";
    }
    case 3:
      return mailbox();
    case 4:
      return "<" + std::string(random_.between(0, 300), 'a') + "@" + domain() + ">";
    case 5:
      return twist("<" + mailbox() + ">");
    default:
      return "<" + mailbox() + ">";
  }
}

std::string Grammar::twist(std::string text) {
  switch (random_.below(8)) {
    case 0:
      return text + std::string(1, static_cast<char>(random_.below(256)));
    case 1:
      if (!text.empty()) text.erase(random_.below(text.size()), random_.between(1, 3));
      return text;
    case 2:
      return text.insert(random_.below(text.size() + 1), 1, static_cast<char>(random_.below(256)));
    case 3:
      if (!text.empty()) text[random_.below(text.size())] ^= static_cast<char>(1 << random_.below(8));
      return text;
    case 4:
      return text.insert(random_.below(text.size() + 1), random_.pick(dictionary()));
    case 5:
      return text + " " + text;
    case 6:
      return text.insert(random_.below(text.size() + 1), long_text());
    default:
      return text + any_of({" ", "  ", "\t", "\r", "\n", std::string_view("\0", 1), " \r", ";", ","});
  }
}

}  // namespace smtpspec::fuzz
