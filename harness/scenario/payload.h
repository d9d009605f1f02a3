// What is sent, as written in a scenario: `C: text with {name}` and `C| "octets\r\n" "x"*998 file("p") b64("…")`.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/scenario/cursor.h"
#include "harness/scenario/scenario.h"

namespace smtpspec::scenario {

// Names that the profile and the engine give a value, `recipients` with an index.
bool is_built_in_variable(std::string_view name);
const std::vector<std::string>& built_in_variables();

// How braces are read. In a pasted transcript only the names that the tool knows are variables; every other brace is
// text. In a value of `each` all are text.
enum class Braces { strict, transcript, literal };

// `{name}` becomes a variable, `{{` a brace; nothing else is special. `offset` is where `text` begins in `line`.
Template read_text(std::string_view text, const Line& line, std::size_t offset, Braces braces, Complaints& complaints);

// Gives the octets of `file("p")`, or says why not.
using FileReader = std::function<base::Result<std::string, std::string>(const std::string& path)>;

// `"…"` with escapes and variables, at the cursor. Empty after a complaint.
std::optional<Template> read_quoted(Cursor& cursor, Braces braces = Braces::strict);

// Pieces up to the end of the line or the first word that is none.
std::optional<Template> read_pieces(Cursor& cursor, const FileReader& files, Braces braces = Braces::strict);

// `text` as a template without variables. Adjacent octets are joined.
Template octets_template(std::string text);
void append(Template& to, const Template& pieces, std::size_t times = 1);

// The octets of a template that names no variable; nullopt if it does.
std::optional<std::string> fixed_octets(const Template& pieces);

// How many octets it comes to at least, variables counted as none.
std::size_t size_of(const Template& pieces);

}  // namespace smtpspec::scenario
