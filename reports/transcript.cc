#include "reports/transcript.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "harness/base/octets.h"
#include "reports/printable.h"

namespace smtpspec::reports {
namespace {

using verdict::CheckResult;
using verdict::Outcome;
using verdict::ScenarioResult;
using verdict::Verdict;
using verdict::WireEntry;
using verdict::WireKind;
using verdict::WireLog;

bool carries_lines(WireKind kind) {
  return kind == WireKind::client || kind == WireKind::server || kind == WireKind::mailbox_answer;
}

// Something that the server did or failed to do: what a verdict can rest on.
bool is_from_server(WireKind kind) {
  switch (kind) {
    case WireKind::connect_failed:
    case WireKind::server:
    case WireKind::tls_up:
    case WireKind::tls_failed:
    case WireKind::timed_out:
    case WireKind::peer_closed:
    case WireKind::reset:
    case WireKind::mailbox_answer:
      return true;
    case WireKind::connect:
    case WireKind::connected:
    case WireKind::client:
    case WireKind::start_tls:
    case WireKind::half_close:
    case WireKind::close:
    case WireKind::pause:
    case WireKind::ask_mailbox:
      return false;
  }
  return false;
}

std::string_view event_text(WireKind kind) {
  switch (kind) {
    case WireKind::connect:
      return "connecting";
    case WireKind::connected:
      return "connected";
    case WireKind::connect_failed:
      return "no connection";
    case WireKind::start_tls:
      return "TLS handshake begins";
    case WireKind::tls_up:
      return "TLS is up, all below is encrypted";
    case WireKind::tls_failed:
      return "TLS handshake failed";
    case WireKind::timed_out:
      return "timed out: nothing came from the server";
    case WireKind::peer_closed:
      return "the server closed the connection (FIN)";
    case WireKind::reset:
      return "the server reset the connection (RST)";
    case WireKind::half_close:
      return "we closed our side (FIN), still reading";
    case WireKind::close:
      return "we closed the connection";
    case WireKind::pause:
      return "waiting on purpose";
    case WireKind::ask_mailbox:
      return "asking the mailbox";
    case WireKind::mailbox_answer:
      return "the mailbox answered";
    case WireKind::client:
    case WireKind::server:
      break;
  }
  return "";
}

// Entries that continue an unfinished line of the same speaker are one entry here, with a remark of how it came.
struct Run {
  WireEntry entry;
  std::size_t pieces = 1;
  base::Microseconds last{0};
};

std::vector<Run> joined(const WireLog& wire) {
  std::vector<Run> runs;
  for (const auto& entry : wire) {
    const bool continues = !runs.empty() && entry.kind == runs.back().entry.kind && carries_lines(entry.kind) &&
                           entry.kind != WireKind::mailbox_answer && entry.connection == runs.back().entry.connection &&
                           entry.line == runs.back().entry.line && entry.redacted == runs.back().entry.redacted &&
                           !runs.back().entry.octets.ends_with('\n');
    if (!continues) {
      runs.push_back({entry, 1, entry.at});
      continue;
    }
    Run& run = runs.back();
    run.entry.octets += entry.octets;
    ++run.pieces;
    run.last = entry.at;
    if (run.entry.note.empty()) run.entry.note = entry.note;
  }
  return runs;
}

std::vector<std::string_view> split_lines(std::string_view octets) {
  std::vector<std::string_view> lines;
  while (!octets.empty()) {
    const std::size_t end = octets.find('\n');
    const std::size_t length = end == std::string_view::npos ? octets.size() : end + 1;
    lines.push_back(octets.substr(0, length));
    octets.remove_prefix(length);
  }
  return lines;
}

std::string shown_octets(std::string_view line, std::size_t max_octets) {
  const bool has_crlf = line.ends_with("\r\n");
  if (has_crlf) line.remove_suffix(2);
  const std::string_view shown = line.substr(0, max_octets);
  std::string out = shown.empty() ? "" : printable(" " + base::escape(shown));
  if (out.ends_with(' ')) out.replace(out.size() - 1, 1, "\\x20");
  if (line.size() > max_octets) {
    out += fmt::format(" ... {} octets more", line.size() - max_octets);
    if (!has_crlf && line.ends_with('\n')) out += ", then a bare \\n";
  }
  if (!has_crlf && !line.ends_with('\n')) out += "  (no line end)";
  return out;
}

// Whether a line of the server is the one that a check quotes; either may be the longer, but three octets must agree.
bool is_quoted(std::string_view line, std::string_view got) {
  line = line.substr(0, line.find_first_of("\r\n"));
  const std::string text = base::escape(line.substr(0, got.size()));
  const std::size_t shared = std::min(text.size(), got.size());
  return shared >= 3 && got.substr(0, shared) == std::string_view(text).substr(0, shared);
}

// Whether a line of a stored message is the one with which the excerpt begins that a check quotes: `..."line\r\n..."`.
bool begins_excerpt(std::string_view line, std::string_view got) {
  static constexpr std::string_view kLeftOut = "...\"";
  if (!got.starts_with(kLeftOut)) return false;  // it begins where the message does, and points at no line
  got.remove_prefix(kLeftOut.size());
  const std::string text = base::escape_quoted(line);
  const std::size_t shared = std::min(text.size(), got.size());
  return shared > 0 && text.substr(0, shared) == got.substr(0, shared);
}

// The first digits of a reply that a check expected to have another code: "5xx", "501|555|553".
bool is_code_pattern(std::string_view expected) {
  std::size_t digits = 0;
  for (const char c : expected) {
    if (c == '|' ? digits != 3 : !(base::is_digit(c) || (c == 'x' && digits > 0)) || digits == 3) return false;
    digits = c == '|' ? 0 : digits + 1;
  }
  return digits == 3;
}

// Which run, and which line of it, the verdict rests on. A line may be played many times (`repeat`), and one segment
// may hold many replies: what the check says it got chooses among them, else the last.
struct Place {
  std::size_t run = 0;
  std::size_t line = 0;
};

std::optional<Place> deciding_place(const std::vector<Run>& runs, const ScenarioResult& scenario,
                                    const CheckResult* check) {
  if (scenario.verdict == Verdict::pass || scenario.verdict == Verdict::none) return std::nullopt;
  const int wanted = check != nullptr && check->line > 0 ? check->line : scenario.reason_line;
  if (wanted == 0) return std::nullopt;
  const std::string_view got = check != nullptr ? std::string_view(check->got) : std::string_view();
  std::optional<Place> best;
  std::optional<Place> latest;  // in case that no entry carries the line
  bool best_matches = false;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const WireEntry& entry = runs[i].entry;
    if (!is_from_server(entry.kind)) continue;
    Place place{i, 0};
    if (entry.kind == WireKind::mailbox_answer) {
      const auto lines = split_lines(entry.octets);
      const auto line = std::find_if(lines.begin(), lines.end(), [&](auto each) { return begins_excerpt(each, got); });
      if (line != lines.end()) place.line = static_cast<std::size_t>(line - lines.begin()) + 1;  // 0: the event
    }
    latest = place;
    if (entry.line != wanted) continue;
    bool matches = false;
    if (entry.kind == WireKind::server) {
      const auto lines = split_lines(entry.octets);
      for (std::size_t j = 0; j < lines.size(); ++j) {
        if (!is_quoted(lines[j], got)) continue;
        place.line = j;
        matches = true;
        break;
      }
    }
    if (matches || !best_matches) best = place;
    best_matches = best_matches || matches;
  }
  return best ? best : latest;
}

class Writer {
 public:
  Writer(const ScenarioResult& scenario, TranscriptOptions options)
      : options_(options), check_(deciding_check(scenario)), runs_(joined(scenario.wire)) {
    place_ = deciding_place(runs_, scenario, check_);
    const int first = runs_.empty() ? 1 : runs_.front().entry.connection;
    names_connections_ =
        std::any_of(runs_.begin(), runs_.end(), [&](const Run& r) { return r.entry.connection != first; });
  }

  std::vector<TranscriptLine> lines() {
    for (std::size_t i = 0; i < runs_.size(); ++i) add_run(i);
    return shortened();
  }

 private:
  std::string speaker(const WireEntry& entry) const {
    const std::string letter = entry.kind == WireKind::client ? "C" : "S";
    return names_connections_ ? fmt::format("{}{}:", letter, entry.connection) : letter + ":";
  }

  static TranscriptLine::Kind kind_of(WireKind kind) {
    if (kind == WireKind::client) return TranscriptLine::Kind::client;
    if (kind == WireKind::tls_up) return TranscriptLine::Kind::tls_boundary;
    return kind == WireKind::server ? TranscriptLine::Kind::server : TranscriptLine::Kind::event;
  }

  // `mark` is what stands before the octets, or before the words of an event; `tail` is our remark behind them.
  void add(std::size_t run, std::size_t line, std::string_view head, std::string_view mark, std::string_view octets,
           std::string_view tail) {
    const bool decides = place_ && place_->run == run && place_->line == line;
    if (decides) deciding_ = lines_.size();
    TranscriptLine shown;
    shown.text = fmt::format("{} {}{}{}{}", decides ? '>' : ' ', head, mark, octets, tail);
    shown.decides = decides;
    shown.kind = kind_of(runs_[run].entry.kind);
    shown.is_encrypted = is_encrypted_;
    shown.body = 2 + head.size();
    if (decides) {
      shown.marked = shown.body + mark.size() + (octets.starts_with(' ') ? 1 : 0);
      shown.marked_until = std::max(shown.marked, shown.body + mark.size() + octets.size());
      if (check_ != nullptr && shown.kind == TranscriptLine::Kind::server && is_code_pattern(check_->expected))
        shown.marked_until = std::min(shown.marked_until, shown.marked + 3);
    }
    lines_.push_back(std::move(shown));
    if (!decides || check_ == nullptr || check_->expected.empty()) return;
    const std::size_t colon = mark.find(':');
    const std::size_t indent = 2 + head.size() + (mark.starts_with("--") || colon > 3 ? 3 : colon + 2);
    TranscriptLine remark{std::string(indent, ' ') + "^ expected " + printable(check_->expected), true};
    remark.is_encrypted = is_encrypted_;
    remark.body = indent;
    lines_.push_back(std::move(remark));
  }

  void add_run(std::size_t index) {
    const auto& [entry, pieces, last] = runs_[index];
    is_encrypted_ = std::find(encrypted_.begin(), encrypted_.end(), entry.connection) != encrypted_.end();
    if (entry.kind == WireKind::tls_up) encrypted_.push_back(entry.connection);
    const std::string head =
        fmt::format("{:>6} {:>8.3f}  ", entry.line > 0 ? std::to_string(entry.line) : std::string(),
                    static_cast<double>(entry.at.count()) / 1e6);
    const std::string same_entry(head.size(), ' ');
    std::string remark;
    if (entry.redacted) remark = fmt::format("  (secret, {} octets)", entry.octets.size());
    if (pieces > 1)
      remark += fmt::format("  (in {} pieces, the last at {:.3f})", pieces, static_cast<double>(last.count()) / 1e6);
    if (!entry.note.empty()) remark += "  (" + printable(entry.note) + ")";
    if (entry.kind == WireKind::client || entry.kind == WireKind::server) {
      const auto parts = split_lines(entry.octets);
      for (std::size_t j = 0; j < parts.size(); ++j)
        add(index, j, j == 0 ? head : same_entry, speaker(entry), shown_octets(parts[j], options_.max_line_octets),
            j + 1 == parts.size() ? remark : "");
      if (parts.empty()) add(index, 0, head, speaker(entry), "", remark);
      return;
    }
    const std::string where = names_connections_ ? fmt::format("[{}] ", entry.connection) : std::string();
    add(index, 0, head, "-- " + where, event_text(entry.kind), remark);
    if (entry.kind != WireKind::mailbox_answer) return;
    std::size_t number = 0;
    for (const auto line : split_lines(entry.octets))
      add(index, ++number, same_entry, "   |", shown_octets(line, options_.max_line_octets), "");
  }

  // Keeps the beginning, the end and the neighbourhood of the deciding line.
  std::vector<TranscriptLine> shortened() {
    const std::size_t limit = std::max<std::size_t>(options_.max_lines, 9);
    if (lines_.size() <= limit) return std::move(lines_);
    const std::size_t third = limit / 3;
    std::vector<bool> keeps(lines_.size(), false);
    for (std::size_t i = 0; i < third; ++i) keeps[i] = keeps[lines_.size() - 1 - i] = true;
    const std::size_t middle = deciding_.value_or(0);
    for (std::size_t i = middle > third / 2 ? middle - third / 2 : 0; i < lines_.size() && i < middle + third / 2 + 1;
         ++i)
      keeps[i] = true;
    // A line that stands alone among those that are kept takes no more room than a remark that it is left out.
    for (std::size_t i = 1; i + 1 < keeps.size(); ++i) keeps[i] = keeps[i] || (keeps[i - 1] && keeps[i + 1]);
    std::vector<TranscriptLine> out;
    std::size_t left_out = 0;
    for (std::size_t i = 0; i <= lines_.size(); ++i) {
      if (i < lines_.size() && !keeps[i] && !lines_[i].decides) {
        ++left_out;
        continue;
      }
      if (left_out > 0) out.push_back({.text = fmt::format("  ... {} lines left out ...", left_out)});
      left_out = 0;
      if (i < lines_.size()) out.push_back(std::move(lines_[i]));
    }
    return out;
  }

  TranscriptOptions options_;
  const CheckResult* check_;
  std::vector<Run> runs_;
  std::optional<Place> place_;
  std::vector<int> encrypted_;  // connections on which TLS is up
  bool is_encrypted_ = false;
  bool names_connections_ = false;
  std::vector<TranscriptLine> lines_;
  std::optional<std::size_t> deciding_;
};

std::optional<Outcome> outcome_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::fail:
      return Outcome::violated;
    case Verdict::warn:
      return Outcome::warned;
    case Verdict::inconclusive:
      return Outcome::inconclusive;
    case Verdict::none:
    case Verdict::pass:
    case Verdict::error:
    case Verdict::not_applicable:
    case Verdict::skipped:
      break;
  }
  return std::nullopt;
}

}  // namespace

const CheckResult* deciding_check(const ScenarioResult& scenario) {
  const auto wanted = outcome_of(scenario.verdict);
  const CheckResult* first = nullptr;
  for (const auto& check : scenario.checks) {
    if (!wanted || check.outcome != *wanted) continue;
    if (first == nullptr) first = &check;
    if (scenario.reason_line > 0 && check.line == scenario.reason_line) return &check;
  }
  return first;
}

std::vector<TranscriptLine> transcript_lines(const ScenarioResult& scenario, TranscriptOptions options) {
  return Writer(scenario, options).lines();
}

std::string annotated_transcript(const ScenarioResult& scenario, TranscriptOptions options) {
  std::string out;
  for (const auto& line : transcript_lines(scenario, options)) (out += line.text) += '\n';
  return out;
}

}  // namespace smtpspec::reports
