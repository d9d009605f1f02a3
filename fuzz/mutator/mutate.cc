#include "fuzz/mutator/mutate.h"

#include <algorithm>
#include <utility>

#include "fuzz/mutator/dictionary.h"
#include "fuzz/mutator/grammar.h"

namespace smtpspec::fuzz {

namespace {

using Steps = std::vector<Step>;

// A long talk is slow, and what its beginning does hides what is new at its end: from here on steps go more often.
constexpr std::size_t kManySteps = 16;

std::ptrdiff_t at(std::size_t place) { return static_cast<std::ptrdiff_t>(place); }

void trim(Input& input) {
  if (input.steps.size() > kMaxSteps) input.steps.resize(kMaxSteps);
  for (Step& step : input.steps)
    if (step.octets.size() > kMaxStepOctets) step.octets.resize(kMaxStepOctets);
}

bool has_octets(const Step& step) { return step.kind != StepKind::half_close && step.kind != StepKind::connection; }

// Replaces, doubles, moves or drops one of the words between blanks, "=", ":" and brackets.
void change_word(std::string& text, Random& random) {
  std::vector<std::pair<std::size_t, std::size_t>> words;  // begin, octets
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && std::string_view(" =:<>@,;").find(text[i]) == std::string_view::npos) continue;
    if (i > begin) words.emplace_back(begin, i - begin);
    begin = i + 1;
  }
  if (words.empty()) {
    text += random.pick(dictionary());
    return;
  }
  const auto [from, octets] = random.pick(words);
  switch (random.below(4)) {
    case 0:
      text.replace(from, octets, random.pick(dictionary()));
      return;
    case 1:
      text.insert(from, text.substr(from, octets) + " ");
      return;
    case 2:
      text.erase(from, octets);
      return;
    default: {
      const auto [other, length] = random.pick(words);
      text.replace(from, octets, text.substr(other, length));
    }
  }
}

void change_octets(Step& step, Random& random, Grammar& grammar, const OctetMutator& octets) {
  std::string& text = step.octets;
  switch (random.below(octets ? 8 : 6)) {
    case 0:
      text = grammar.twist(std::move(text));
      return;
    case 1:
    case 2:
      return change_word(text, random);
    case 3:
      if (text.empty()) return;
      text[random.below(text.size())] = static_cast<char>(random.below(256));
      return;
    case 4: {  // a part once more, up to many times
      if (text.empty()) return;
      const std::size_t from = random.below(text.size());
      const std::string part = text.substr(from, random.between(1, 32));
      for (std::size_t left = random.one_in(4) ? random.between(2, 200) : 1; left > 0; --left) text.insert(from, part);
      return;
    }
    case 5:
      if (step.kind == StepKind::data || step.kind == StepKind::chunk)
        text.insert(random.below(text.size() + 1), grammar.end_of_data_look_alike());
      else text.insert(random.below(text.size() + 1), random.pick(dictionary()));
      return;
    default:
      octets(text, std::max<std::size_t>(text.size() * 2, 64), random.next());
  }
}

void change_step(Step& step, Random& random, Grammar& grammar, const OctetMutator& octets) {
  switch (step.kind) {
    case StepKind::line:
      if (random.one_in(3)) {
        const wire::CommandLine line = wire::split_command(step.octets);
        step.octets = grammar.command(line.verb);
        return;
      }
      break;
    case StepKind::data:
    case StepKind::chunk:
      if (random.one_in(8)) step.is_last = !step.is_last;
      if (step.kind == StepKind::chunk && random.one_in(6)) step.number = static_cast<int>(random.below(41)) - 20;
      if (random.one_in(4)) {
        step.octets = grammar.body();
        return;
      }
      break;
    case StepKind::auth:
      if (random.one_in(2)) {
        step.octets = grammar.auth_exchange();
        return;
      }
      break;
    case StepKind::starttls:
      if (random.one_in(2)) {
        step.octets = random.one_in(2) ? std::string() : grammar.command() + "\r\n";
        return;
      }
      break;
    case StepKind::connection:
      step.number = 3 - step.number;
      return;
    case StepKind::half_close:
    case StepKind::raw:
      break;
  }
  if (has_octets(step)) change_octets(step, random, grammar, octets);
}

void change(Input& input, Random& random, Grammar& grammar, const OctetMutator& octets) {
  Steps& steps = input.steps;
  if (steps.size() > kManySteps && random.one_in(2)) {
    const std::size_t from = random.below(steps.size());
    const std::size_t to = std::min(steps.size(), from + random.between(1, steps.size() / 2));
    steps.erase(steps.begin() + at(from), steps.begin() + at(to));
    return;
  }
  const std::size_t place = random.below(steps.size() + 1);
  if (steps.empty() || random.one_in(5)) {
    Steps more = random.one_in(2) ? grammar.phrase() : Steps{grammar.step()};
    steps.insert(steps.begin() + at(place), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    return;
  }
  const std::size_t one = random.below(steps.size());
  switch (random.below(10)) {
    case 0:
      steps.erase(steps.begin() + at(one), steps.begin() + at(std::min(steps.size(), one + random.between(1, 3))));
      return;
    case 1: {  // once more, somewhere
      Step copy = steps[one];
      steps.insert(steps.begin() + at(place), std::move(copy));
      return;
    }
    case 2:
      std::swap(steps[one], steps[random.below(steps.size())]);
      return;
    case 3:
      steps[one] = grammar.step();
      return;
    case 4: {  // the whole talk once more, as a client that tries again
      if (steps.size() > kManySteps) return;
      const Steps copy(steps.begin() + at(one), steps.end());
      steps.insert(steps.end(), copy.begin(), copy.end());
      return;
    }
    default:
      change_step(steps[one], random, grammar, octets);
  }
}

// Whole steps go, so that what is left still is what it was.
std::string fit(Input& input, std::size_t max_octets) {
  trim(input);
  std::string text = encode(input);
  while (text.size() > max_octets && !input.steps.empty()) {
    input.steps.pop_back();
    text = encode(input);
  }
  if (text.size() > max_octets) text.resize(max_octets);
  return text;
}

}  // namespace

Input generate(Random& random, const Vocabulary& words) {
  Grammar grammar(random, words);
  Input input;
  if (!random.one_in(8)) input.steps = grammar.greeting();
  for (std::size_t left = random.between(1, 3); left > 0; --left)
    for (Step& step : grammar.phrase()) input.steps.push_back(std::move(step));
  trim(input);
  return input;
}

void mutate(Input& input, Random& random, const Vocabulary& words, const OctetMutator& octets) {
  Grammar grammar(random, words);
  for (std::size_t left = random.between(1, 4); left > 0; --left) change(input, random, grammar, octets);
  trim(input);
}

Input cross(const Input& one, const Input& other, Random& random) {
  Input child;
  const std::size_t cut = random.below(one.steps.size() + 1);
  const std::size_t from = random.below(other.steps.size() + 1);
  const std::size_t to = random.one_in(2) ? other.steps.size() : random.between(from, other.steps.size());
  child.steps.assign(one.steps.begin(), one.steps.begin() + at(cut));
  child.steps.insert(child.steps.end(), other.steps.begin() + at(from), other.steps.begin() + at(to));
  if (random.one_in(2)) child.steps.insert(child.steps.end(), one.steps.begin() + at(cut), one.steps.end());
  trim(child);
  return child;
}

std::string mutate_text(std::string_view text, std::size_t max_octets, std::uint64_t seed, const Vocabulary& words,
                        const OctetMutator& octets) {
  Random random(seed);
  Input input = decode(text);
  if (random.one_in(64)) input = generate(random, words);
  else mutate(input, random, words, octets);
  return fit(input, max_octets);
}

std::string cross_text(std::string_view one, std::string_view other, std::size_t max_octets, std::uint64_t seed) {
  Random random(seed);
  Input child = cross(decode(one), decode(other), random);
  return fit(child, max_octets);
}

}  // namespace smtpspec::fuzz
