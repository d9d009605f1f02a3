// Build-time program: catalogue_compiler OUT.cc IN.toml...
// Turns the requirement catalogue into sorted constant arrays, so that the tool starts without reading a file. Refuses,
// as file:line: what is wrong, a level that nobody knows, an id that stands twice, a same_as that leads nowhere, an
// untested requirement that does not stand, repeats another or has no reason.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

namespace {

struct Place {
  std::string file;
  std::size_t line = 0;
};

struct Entry {
  Place place;
  std::map<std::string, std::string> text;
};

constexpr std::pair<std::string_view, std::string_view> kLevels[] = {
    {"MUST", "must"}, {"MUST NOT", "must_not"}, {"SHOULD", "should"},   {"SHOULD NOT", "should_not"},
    {"MAY", "may"},   {"IMPLIED", "implied"},   {"GRAMMAR", "grammar"},
};

std::optional<std::string_view> level_constant(std::string_view level) {
  for (const auto& [name, constant] : kLevels) {
    if (name == level) return constant;
  }
  return std::nullopt;
}

class Compiler {
 public:
  void read(const std::string& file) {
    toml::table table;
    try {
      table = toml::parse_file(file);
    } catch (const toml::parse_error& error) {
      complain({file, error.source().begin.line}, std::string(error.description()));
      return;
    }
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      if (name != "requirement" && name != "untested" && name != "keyword" && name != "enhanced_status" &&
          name != "reply") {
        complain({file, node.source().begin.line}, "unknown table '" + name + "'");
        continue;
      }
      const auto* rows = node.as_array();
      if (rows == nullptr) continue;
      for (const auto& row : *rows) {
        if (row.as_table() == nullptr) continue;
        auto entry = flatten(*row.as_table(), {file, row.source().begin.line});
        if (name == "requirement") add_requirement(std::move(entry));
        else if (name == "untested") add_untested(entry);
        else if (name == "keyword") add(keywords_, "keyword", std::move(entry));
        else if (name == "reply") add_reply(std::move(entry));
        else add(statuses_, "code", std::move(entry));
      }
    }
  }

  void resolve() {
    for (const auto& [id, entry] : requirements_) {
      const auto& primary = entry.text.at("same_as");
      if (primary.empty()) continue;
      const auto found = requirements_.find(primary);
      if (found == requirements_.end()) complain(entry.place, id + ": same_as names no entry: " + primary);
      else if (!found->second.text.at("same_as").empty())
        complain(entry.place, id + ": same_as names an entry that is not primary itself: " + primary);
    }
    for (const auto& [id, entry] : untested_) {
      const auto found = requirements_.find(id);
      if (found == requirements_.end()) complain(entry.place, "untested: the catalogue has no requirement " + id);
      else if (const auto& primary = found->second.text.at("same_as"); !primary.empty())
        complain(entry.place, "untested: " + id + " repeats " + primary + ", which counts; explain that one");
    }
    if (requirements_.empty() || untested_.empty() || keywords_.empty() || statuses_.empty() || replies_.empty())
      complain({"catalogue", 0},
               "no requirement, no untested one, no keyword, no enhanced status code or no reply code");
  }

  bool is_good() const { return is_good_; }

  void write(std::ostream& out) const {
    out << "// Made from scenarios/catalogue by harness/scenario/catalogue_compiler.cc.\n"
           "#include \"harness/scenario/catalogue.h\"\n\nnamespace smtpspec::scenario {\nnamespace {\n\n"
           "using verdict::Level;\n\nconstexpr Requirement kRequirements[] = {\n";
    for (const auto& [id, entry] : requirements_) {
      const auto& ruled = entry.text.at("ruling_level");
      out << "    {";
      for (const char* key : {"id", "document", "section", "extension"}) out << quoted(entry, key) << ", ";
      out << "Level::" << *level_constant(ruled.empty() ? entry.text.at("level") : ruled);
      for (const char* key : {"role", "summary", "observable", "how", "same_as", "ruling"})
        out << ", " << quoted(entry, key);
      out << "},\n";
    }
    out << "};\n\nconstexpr UntestedEntry kUntested[] = {\n";
    for (const auto& [id, entry] : untested_)
      out << "    {" << quoted(entry, "id") << ", " << quoted(entry, "reason") << "},\n";
    out << "};\n\nconstexpr KeywordEntry kKeywords[] = {\n";
    for (const auto& [name, entry] : keywords_) {
      out << "    {" << quoted(entry, "keyword") << ", " << entry.text.at("rfc") << ", " << entry.text.at("registered");
      for (const char* key : {"purpose", "status", "note", "param_regex", "verbs", "mail_params", "rcpt_params"})
        out << ", " << quoted(entry, key);
      out << ", " << entry.text.at("mail_line_increase") << ", " << entry.text.at("rcpt_line_increase") << "},\n";
    }
    out << "};\n\nconstexpr EnhancedStatusEntry kEnhancedStatuses[] = {\n";
    for (const auto& [name, entry] : statuses_)
      out << "    {" << quoted(entry, "code") << ", " << quoted(entry, "meaning") << ", " << entry.text.at("rfc")
          << ", " << quoted(entry, "note") << "},\n";
    out << "};\n\nconstexpr ReplyCodeEntry kReplyCodes[] = {\n";
    for (const auto& [code, entry] : replies_) {
      out << "    {" << code;
      for (const char* key : {"meaning", "client", "documents"}) out << ", " << quoted(entry, key);
      out << "},\n";
    }
    out << "};\n\n}  // namespace\n\n"
           "const Catalogue& built_in_catalogue() {\n"
           "  static const Catalogue catalogue{kRequirements};\n  return catalogue;\n}\n"
           "std::span<const UntestedEntry> built_in_untested() { return kUntested; }\n"
           "std::span<const KeywordEntry> built_in_keywords() { return kKeywords; }\n"
           "std::span<const EnhancedStatusEntry> built_in_enhanced_statuses() { return kEnhancedStatuses; }\n"
           "std::span<const ReplyCodeEntry> built_in_reply_codes() { return kReplyCodes; }\n\n"
           "}  // namespace smtpspec::scenario\n";
  }

 private:
  using Entries = std::map<std::string, Entry>;

  // Every value as text; a list's items divided by blanks.
  static Entry flatten(const toml::table& table, Place place) {
    Entry entry{std::move(place), {}};
    for (const auto& [key, node] : table) {
      std::string text;
      if (const auto string = node.value_exact<std::string>()) text = *string;
      else if (const auto number = node.value_exact<std::int64_t>()) text = std::to_string(*number);
      else if (const auto boolean = node.value_exact<bool>()) text = *boolean ? "true" : "false";
      else if (const auto* items = node.as_array()) {
        for (const auto& item : *items) text += (text.empty() ? "" : " ") + item.value_or(std::string());
      }
      entry.text.emplace(std::string(key.str()), std::move(text));
    }
    return entry;
  }

  void add_requirement(Entry entry) {
    for (const char* key : {"same_as", "ruling", "ruling_level", "extension", "rfc"}) entry.text.try_emplace(key, "");
    for (const char* key : {"id", "section", "level", "role", "summary", "observable", "how"}) {
      if (entry.text[key].empty()) return complain(entry.place, "a requirement without '" + std::string(key) + "'");
    }
    const auto& id = entry.text["id"];
    for (const char* key : {"level", "ruling_level"}) {
      const auto& level = entry.text[key];
      if (!level.empty() && !level_constant(level)) complain(entry.place, id + ": unknown level '" + level + "'");
    }
    if (!entry.text["ruling_level"].empty() && entry.text["ruling"].empty())
      complain(entry.place, id + ": a ruling_level needs a ruling that says why");
    entry.text["document"] = document_of(id, entry.text["rfc"]);
    add(requirements_, "id", std::move(entry));
  }

  void add_reply(Entry entry) {
    for (const char* key : {"code", "meaning", "client", "documents"}) {
      if (entry.text[key].empty()) return complain(entry.place, "a reply code without '" + std::string(key) + "'");
    }
    add(replies_, "code", std::move(entry));
  }

  // One entry for each requirement that it names.
  void add_untested(Entry& entry) {
    std::istringstream ids(entry.text["requirement"] + " " + entry.text["requirements"]);
    if (entry.text["reason"].find_first_not_of(" \t\n") == std::string::npos)
      return complain(entry.place, "an untested requirement without 'reason'");
    bool is_named = false;
    while (ids >> entry.text["id"]) {
      is_named = true;
      add(untested_, "id", entry);
    }
    if (!is_named) complain(entry.place, "an untested entry without 'requirement'");
  }

  // "RFC 1870"; entries without an RFC number of their own say it in their id.
  static std::string document_of(const std::string& id, const std::string& rfc) {
    if (!rfc.empty() && rfc != "0") return "RFC " + rfc;
    if (id.starts_with("RFC")) return "RFC " + id.substr(3, id.find('-') - 3);
    if (id.starts_with("5321bis")) return "RFC 5321bis draft";
    if (id.starts_with("DEFACTO")) return "common practice";
    if (id.starts_with("DRAFT")) return "Internet draft";
    return "no standard";
  }

  void add(Entries& entries, const char* key, Entry entry) {
    const std::string name = entry.text[key];
    if (name.empty()) return complain(entry.place, "an entry without '" + std::string(key) + "'");
    const auto [earlier, is_new] = entries.emplace(name, entry);
    if (!is_new)
      complain(entry.place, name + " stands already at " + earlier->second.place.file + ":" +
                                std::to_string(earlier->second.place.line));
  }

  void complain(const Place& place, const std::string& message) {
    std::cerr << place.file << ":" << place.line << ": error: " << message << "\n";
    is_good_ = false;
  }

  static std::string quoted(const Entry& entry, const char* key) {
    const auto found = entry.text.find(key);
    if (found == entry.text.end() || found->second.empty()) return "\"\"";
    std::string out = "\"";
    for (const char c : found->second) {
      if (c == '"' || c == '\\') out += '\\';
      if (c == '\n') out += "\\n";
      else out += c;
    }
    return out + "\"";
  }

  Entries requirements_;
  Entries untested_;
  Entries keywords_;
  Entries statuses_;
  Entries replies_;
  bool is_good_ = true;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: catalogue_compiler OUT.cc IN.toml...\n";
    return 2;
  }
  Compiler compiler;
  for (int i = 2; i < argc; ++i) compiler.read(argv[i]);
  compiler.resolve();
  if (!compiler.is_good()) return 1;
  std::ofstream out(argv[1], std::ios::binary);
  compiler.write(out);
  out.close();
  if (out) return 0;
  std::cerr << argv[1] << ": cannot be written\n";
  return 1;
}
