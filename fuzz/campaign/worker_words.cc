#include "fuzz/campaign/worker_words.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "harness/base/octets.h"

namespace smtpspec::fuzz {

namespace {

constexpr Mode kModes[] = {Mode::blast, Mode::grouped, Mode::lock_step};

// Fields with a tab behind each.
class Writer {
 public:
  explicit Writer(std::string_view kind) { add(kind); }
  Writer& add(std::string_view text) {
    line_ += base::escape(text) + '\t';
    return *this;
  }
  Writer& add(std::uint64_t number) { return add(std::to_string(number)); }
  std::string take() {
    line_.back() = '\n';
    return std::move(line_);
  }

 private:
  std::string line_;
};

// Once a field is not what it must be, is_good() is false for good.
class Reader {
 public:
  explicit Reader(std::string_view line) : rest_(line) {}

  std::string text() {
    const std::size_t end = rest_.find('\t');
    auto field = base::unescape(rest_.substr(0, end));
    is_good_ = is_good_ && !is_over_ && field;
    is_over_ = end == std::string_view::npos;
    rest_.remove_prefix(is_over_ ? rest_.size() : end + 1);
    return field ? std::move(*field) : std::string();
  }
  std::uint64_t number() {
    const std::string digits = text();
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    is_good_ = is_good_ && error == std::errc() && end == digits.data() + digits.size();
    return value;
  }
  bool is_good() const { return is_good_; }

 private:
  std::string_view rest_;
  bool is_over_ = false;
  bool is_good_ = true;
};

std::string encode_one(const Found& found) {
  const Finding& finding = found.finding;
  Writer writer("found");
  writer.add(static_cast<std::uint64_t>(found.earlier.size()));
  for (const Session& one : found.earlier) writer.add(encode(one.input)).add(to_string(one.mode));
  return writer.add(found.id)
      .add(to_string(finding.oracle))
      .add(finding.key)
      .add(finding.evidence)
      .add(finding.step ? std::to_string(*finding.step) : std::string())
      .add(finding.demand)
      .add(encode(found.input))
      .add(to_string(found.mode))
      .add(static_cast<std::uint64_t>(found.is_confirmed))
      .add(static_cast<std::uint64_t>(found.is_on_fresh_server))
      .add(static_cast<std::uint64_t>(found.plays))
      .add(static_cast<std::uint64_t>(found.shown))
      .add(found.session)
      .add(found.transcript)
      .take();
}

std::string encode_one(const Status& status) {
  return Writer("status")
      .add(static_cast<std::uint64_t>(status.elapsed.count()))
      .add(status.sessions)
      .add(status.replies)
      .add(status.features)
      .add(status.inputs_with_news)
      .add(status.findings)
      .add(status.unconfirmed)
      .add(status.restarts)
      .add(status.differences)
      .add(status.edges)
      .take();
}

std::string encode_one(const Trouble& trouble) { return Writer("trouble").add(trouble.text).take(); }

std::optional<Mode> parse_mode(std::string_view text) {
  const auto* known =
      std::find_if(std::begin(kModes), std::end(kModes), [&](Mode one) { return to_string(one) == text; });
  return known == std::end(kModes) ? std::nullopt : std::optional(*known);
}

std::optional<Word> decode_found(Reader& reader) {
  Found found;
  for (std::uint64_t left = reader.number(); left > 0 && reader.is_good(); --left) {
    Session& one = found.earlier.emplace_back(Session{decode(reader.text()), {}});
    const auto mode = parse_mode(reader.text());
    if (!mode) return std::nullopt;
    one.mode = *mode;
  }
  found.id = reader.text();
  const auto oracle = parse_oracle(reader.text());
  if (!oracle) return std::nullopt;
  found.finding.oracle = *oracle;
  found.finding.key = reader.text();
  found.finding.evidence = reader.text();
  const std::string step = reader.text();
  if (!step.empty()) found.finding.step = static_cast<std::size_t>(Reader(step).number());
  found.finding.demand = reader.text();
  found.input = decode(reader.text());
  const auto mode = parse_mode(reader.text());
  if (!mode) return std::nullopt;
  found.mode = *mode;
  found.is_confirmed = reader.number() != 0;
  found.is_on_fresh_server = reader.number() != 0;
  found.plays = static_cast<int>(reader.number());
  found.shown = static_cast<int>(reader.number());
  found.session = reader.number();
  found.transcript = reader.text();
  return found;
}

std::optional<Word> decode_status(Reader& reader) {
  Status status;
  status.elapsed = std::chrono::milliseconds(reader.number());
  status.sessions = reader.number();
  status.replies = reader.number();
  status.features = reader.number();
  status.inputs_with_news = reader.number();
  status.findings = reader.number();
  status.unconfirmed = reader.number();
  status.restarts = reader.number();
  status.differences = reader.number();
  status.edges = reader.number();
  return status;
}

}  // namespace

std::string encode_word(const Word& word) {
  return std::visit([](const auto& one) { return encode_one(one); }, word);
}

std::optional<Word> decode_word(std::string_view line) {
  Reader reader(line);
  const std::string kind = reader.text();
  std::optional<Word> word;
  if (kind == "found") word = decode_found(reader);
  else if (kind == "status") word = decode_status(reader);
  else if (kind == "trouble") word = Trouble{reader.text()};
  return reader.is_good() ? word : std::nullopt;
}

Status together(const std::vector<Status>& workers) {
  Status all;
  for (const Status& one : workers) {
    all.elapsed = std::max(all.elapsed, one.elapsed);
    all.features = std::max(all.features, one.features);
    all.sessions += one.sessions;
    all.replies += one.replies;
    all.inputs_with_news += one.inputs_with_news;
    all.findings += one.findings;
    all.unconfirmed += one.unconfirmed;
    all.restarts += one.restarts;
    all.edges = std::max(all.edges, one.edges);
    all.differences += one.differences;
  }
  return all;
}

}  // namespace smtpspec::fuzz
