// Reads one table of a TOML document by the keys that its reader asks for, and complains about every other key, every
// wrong type and every impossible value. For this room's sources.
#pragma once

#include <toml++/toml.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/diagnostic.h"

namespace smtpspec::target {

class TomlComplaints {
 public:
  TomlComplaints(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {}
  void add(const toml::source_region& where, std::string message, std::string suggestion = {});
  std::vector<base::Diagnostic> diagnostics;

 private:
  std::string_view text_;
  std::string file_;
};

class TomlSection {
 public:
  // name: "" for the document itself. A table that is not there reads as an empty one.
  TomlSection(TomlComplaints& complaints, const toml::table& document, std::string name);

  // Each leaves `value` alone if the key is not there or its value is of no use. True: `value` was read.
  bool read(const char* key, std::string& value);
  bool read(const char* key, bool& value);
  bool read(const char* key, int& value);                        // 0 and above
  bool read(const char* key, std::chrono::milliseconds& value);  // a number of milliseconds, 0 and above
  bool read(const char* key, std::vector<std::string>& value);
  bool read(const char* key, toml::date& value);
  // A table inside this one that somebody else reads.
  void has_table(const char* key) { known_.emplace_back(key); }

  const toml::node* node(const char* key) const { return table_ ? table_->get(key) : nullptr; }
  // After everything was asked for: the keys that nobody knows.
  void complain_about_others();

 private:
  const toml::node* ask(const char* key);
  void complain_type(const char* key, const toml::node& node, const char* wanted);

  TomlComplaints& complaints_;
  const toml::table* table_ = nullptr;
  std::string name_;
  std::vector<std::string> known_;
};

}  // namespace smtpspec::target
