#include "fuzz/puzzles/puzzle.h"

#include <algorithm>

#include "harness/base/octets.h"

namespace smtpspec::fuzz {

namespace {

constexpr std::size_t kSmallLimit = 2000;
constexpr std::size_t kLineBuffer = 1000;

constexpr Puzzle kPuzzles[] = {
    {Plant::none, "none"},
    {Plant::crash_behind_three, "crash-behind-three"},
    {Plant::child_crash, "child-crash", true},
    {Plant::overrun_line, "overrun-line"},
    {Plant::endless_parser, "endless-parser", true},
    {Plant::split_verb, "split-verb"},
    {Plant::size_ignored, "size-ignored"},
    {Plant::wrapped_length, "wrapped-length"},
    {Plant::doubled_end_of_data, "doubled-end-of-data"},
    {Plant::leak, "leak"},
    {Plant::kept_recipients, "kept-recipients"},
    {Plant::inherited_mail, "inherited-mail"},
    {Plant::crash_behind_cut, "crash-behind-cut"},
};

bool has_huge_size(std::string_view line) {
  const std::string upper = base::to_upper(line);
  const std::size_t at = upper.find("SIZE=");
  if (at == std::string::npos) return false;
  const std::size_t end = upper.find_first_not_of("0123456789", at + 5);
  return std::min(end, upper.size()) - (at + 5) > 9;
}

bool has_open_quote(std::string_view line) {
  const std::size_t open = line.find("<\"");
  return open != std::string_view::npos && line.find('"', open + 2) == std::string_view::npos;
}

}  // namespace

std::span<const Puzzle> puzzles() { return kPuzzles; }

const Puzzle* find_puzzle(std::string_view name) {
  const auto found =
      std::find_if(std::begin(kPuzzles), std::end(kPuzzles), [&](const Puzzle& one) { return one.name == name; });
  return found == std::end(kPuzzles) ? nullptr : found;
}

server::Config puzzle_config(Plant plant) {
  server::Config config;
  config.extensions.starttls = false;
  config.max_message_octets = kSmallLimit;
  config.users = {{"alice", "correct horse"}};
  if (plant == Plant::size_ignored) config.defects.add(server::Defect::size_limit_not_enforced_in_data);
  if (plant == Plant::wrapped_length) config.defects.add(server::Defect::bdat_size_wraps);
  if (plant == Plant::doubled_end_of_data) config.defects.add(server::Defect::end_of_data_answered_twice);
  if (plant == Plant::kept_recipients) config.defects.add(server::Defect::rset_keeps_recipients);
  return config;
}

PuzzleSession::PuzzleSession(Plant plant, const server::Config& config, server::Environment& environment, Kept& kept)
    : plant_(plant), kept_(kept), session_(config, environment, {}) {}

void PuzzleSession::connection_lost() {
  session_.connection_lost();
  kept_.was_cut_off = kept_.was_cut_off || has_mail_;
  ended();
}

void PuzzleSession::read(std::string_view line) {
  const bool is_greeting = base::starts_with_ignoring_case(line, "EHLO ");
  const bool is_reset = base::starts_with_ignoring_case(line, "RSET");
  const bool is_mail = base::starts_with_ignoring_case(line, "MAIL FROM:<");
  has_greeted_ = has_greeted_ || is_greeting;
  if (is_reset) has_reset_ = has_greeted_;
  if (plant_ == Plant::crash_behind_cut && is_reset && kept_.was_cut_off) fate_ = Fate::crashes;
  if (is_greeting || is_reset || line == ".\r\n") has_mail_ = has_inherited_ = false;
  has_mail_ = has_mail_ || (has_greeted_ && is_mail);
  const bool crashes = plant_ == Plant::crash_behind_three || plant_ == Plant::child_crash;
  if (crashes && is_mail && has_reset_ && has_huge_size(line)) fate_ = Fate::crashes;
  if (plant_ == Plant::overrun_line && has_greeted_ && is_mail && line.size() > kLineBuffer) fate_ = Fate::crashes;
  if (plant_ == Plant::endless_parser && base::starts_with_ignoring_case(line, "RCPT TO:") && has_open_quote(line))
    fate_ = Fate::hangs;
}

server::Output PuzzleSession::feed(std::string_view octets) {
  server::Output before;
  for (std::size_t at = 0; at < octets.size(); ++at) {
    line_ += octets[at];
    if (octets[at] != '\n') continue;
    read(line_);
    // What another connection has said is said once more, and only the reply is kept from the client.
    if (plant_ == Plant::inherited_mail && kept_.has_mail && !has_mail_ && line_.size() <= at + 1 &&
        base::starts_with_ignoring_case(line_, "RCPT TO:<")) {
      before = session_.feed(octets.substr(0, at + 1 - line_.size()));
      octets.remove_prefix(at + 1 - line_.size());
      at = line_.size() - 1;
      session_.feed("MAIL FROM:<sender@example.org>\r\n");
      kept_.has_mail = false;
      has_mail_ = has_inherited_ = true;
    }
    line_.clear();
  }
  server::Output output = session_.feed(octets);
  output.octets.insert(0, before.octets);
  if (drops_reply_ && !output.octets.empty()) {
    output.octets.erase(0, output.octets.find('\n') + 1);
    drops_reply_ = false;
  }
  const bool is_in_verb = !line_.empty() && line_.size() < 4 && std::all_of(line_.begin(), line_.end(), base::is_alpha);
  if (plant_ == Plant::split_verb && has_greeted_ && is_in_verb) drops_reply_ = true;
  return output;
}

}  // namespace smtpspec::fuzz
