// write_fixture RECORD FORMAT FILE: a fixture record in one of the report formats, for tools that judge the file.
#include <fstream>
#include <iostream>
#include <string_view>

#include "reports/registry.h"
#include "tests/golden/fixture.h"

int main(int argc, char** argv) {
  using namespace smtpspec;
  if (argc != 4) return 3;
  const std::string_view name = argv[1];
  const auto format = reports::find_format(argv[2]);
  if (!format) {
    std::cerr << format.error() << '\n';
    return 3;
  }
  std::ofstream out(argv[3], std::ios::binary);
  if (name == "plain") format->write(golden::plain_record(), out);
  else if (name == "conforming") format->write(golden::conforming_record(), out);
  else if (name == "hostile") format->write(golden::hostile_record(), out);
  else if (name == "raw") format->write(golden::raw_record(), out);
  else return 3;
  out.close();
  return out ? 0 : 3;
}
