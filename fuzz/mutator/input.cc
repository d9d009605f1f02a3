#include "fuzz/mutator/input.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "harness/base/octets.h"

namespace smtpspec::fuzz {

namespace {

char tag_of(const Step& step) {
  switch (step.kind) {
    case StepKind::line:
      return 'C';
    case StepKind::raw:
      return 'R';
    case StepKind::data:
      return step.is_last ? 'D' : 'd';
    case StepKind::chunk:
      return step.is_last ? 'L' : 'B';
    case StepKind::starttls:
      return 'T';
    case StepKind::auth:
      return 'A';
    case StepKind::half_close:
      return 'H';
    case StepKind::connection:
      return step.number == 2 ? '2' : '1';
  }
  return 'C';
}

std::string octets_of(std::string_view text) {
  if (text.find('\\') == std::string_view::npos) return std::string(text.substr(0, kMaxStepOctets));
  auto octets = base::unescape(text);
  if (!octets) octets = std::string(text);
  if (octets->size() > kMaxStepOctets) octets->resize(kMaxStepOctets);
  return std::move(*octets);
}

// What is no step by the form is a command line: a list of commands is an input, too.
Step command(std::string_view line) { return {StepKind::line, octets_of(line)}; }

Step chunk(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return command(line);
  Step step{StepKind::chunk, {}, line[0] == 'L'};
  std::string_view number = line.substr(1, colon - 1);
  if (!number.empty()) {
    if (number[0] == '+') number.remove_prefix(1);
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), step.number);
    if (error != std::errc() || end != number.data() + number.size()) return command(line);
    step.number = std::clamp(step.number, -kMaxSizeError, kMaxSizeError);
  }
  step.octets = octets_of(line.substr(colon + 1));
  return step;
}

Step step_of(std::string_view line) {
  if (line == "H") return {StepKind::half_close, {}};
  if (line == "1" || line == "2") return {StepKind::connection, {}, true, line[0] - '0'};
  if (line.starts_with('B') || line.starts_with('L')) return chunk(line);
  if (line.size() < 2 || line[1] != ':') return command(line);
  const std::string_view rest = line.substr(2);
  switch (line[0]) {
    case 'C':
      return {StepKind::line, octets_of(rest)};
    case 'R':
      return {StepKind::raw, octets_of(rest)};
    case 'D':
      return {StepKind::data, octets_of(rest)};
    case 'd':
      return {StepKind::data, octets_of(rest), false};
    case 'T':
      return {StepKind::starttls, octets_of(rest)};
    case 'A':
      return {StepKind::auth, octets_of(rest)};
    default:
      return command(line);
  }
}

}  // namespace

Input decode(std::string_view text) {
  Input input;
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  input.steps.reserve(std::min(lines, kMaxSteps));
  bool is_first = true;
  while (!text.empty() && input.steps.size() < kMaxSteps) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (std::exchange(is_first, false) && line == kInputVersion) continue;
    input.steps.push_back(step_of(line));
  }
  return input;
}

std::string encode(const Input& input) {
  std::string text(kInputVersion);
  text += '\n';
  for (const Step& step : input.steps) {
    text += tag_of(step);
    if (step.kind != StepKind::half_close && step.kind != StepKind::connection) {
      if (step.kind == StepKind::chunk && step.number != 0)
        text += (step.number > 0 ? "+" : "") + std::to_string(step.number);
      text += ':';
      text += base::escape(step.octets);
    }
    text += '\n';
  }
  return text;
}

std::string_view end_of_data_behind(std::string_view body) {
  return body.empty() || body.ends_with("\r\n") ? ".\r\n" : "\r\n.\r\n";
}

void append_wire_form(std::string& to, const Step& step) {
  switch (step.kind) {
    case StepKind::line:
      (to += step.octets) += "\r\n";
      return;
    case StepKind::raw:
      to += step.octets;
      return;
    case StepKind::data:
      to += step.octets;
      if (step.is_last) to += end_of_data_behind(step.octets);
      return;
    case StepKind::chunk: {
      const long announced = std::max(0L, static_cast<long>(step.octets.size()) + step.number);
      (to += "BDAT ") += std::to_string(announced);
      (to += step.is_last ? " LAST\r\n" : "\r\n") += step.octets;
      return;
    }
    case StepKind::starttls:
      (to += "STARTTLS\r\n") += step.octets;
      return;
    case StepKind::auth:
      ((to += "AUTH ") += step.octets) += "\r\n";
      return;
    case StepKind::half_close:
    case StepKind::connection:
      return;
  }
}

std::string wire_form(const Step& step) {
  std::string octets;
  append_wire_form(octets, step);
  return octets;
}

Input with_messages_as_lines(const Input& input) {
  Input lines;
  for (const Step& step : input.steps) {
    if (step.kind != StepKind::data) {
      lines.steps.push_back(step);
      continue;
    }
    const std::string octets = wire_form(step);
    std::string_view rest = octets;
    for (std::size_t end = rest.find("\r\n"); end != std::string_view::npos; end = rest.find("\r\n")) {
      lines.steps.push_back({StepKind::line, std::string(rest.substr(0, end))});
      rest.remove_prefix(end + 2);
    }
    if (!rest.empty()) lines.steps.push_back({StepKind::raw, std::string(rest)});
  }
  return lines;
}

Input with_starttls_apart(const Input& input) {
  Input apart;
  for (const Step& step : input.steps) {
    if (step.kind != StepKind::starttls || step.octets.empty()) {
      apart.steps.push_back(step);
      continue;
    }
    apart.steps.push_back({StepKind::line, "STARTTLS"});
    apart.steps.push_back({StepKind::raw, step.octets});
  }
  return apart;
}

}  // namespace smtpspec::fuzz
