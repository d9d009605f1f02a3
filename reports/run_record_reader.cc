// The reading half of run_record_json.h. A document may be anything: it is bounded before it is parsed, and every
// member is taken through one of the few functions below, which note the first thing that is wrong and where.
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/base/octets.h"
#include "reports/instant.h"
#include "reports/printable.h"
#include "reports/run_record_json.h"

namespace smtpspec::reports {
namespace {

using nlohmann::json;

constexpr double kMaxMilliseconds = 1e12;

std::size_t nesting_depth(std::string_view text) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      else if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

// A value with the path that leads to it. Taking a member from something that is not an object, or in the wrong type,
// notes the error and gives an empty value.
class Node {
 public:
  Node(const json& value, std::string path, std::string& error)
      : value_(value), path_(std::move(path)), error_(error) {}

  bool has(const char* name) const { return value_.is_object() && value_.contains(name); }

  Node member(const char* name) const {
    static const json kNothing;
    const std::string path = path_.empty() ? name : path_ + "." + name;
    if (!value_.is_object()) {
      complain(path_, "an object is expected");
      return {kNothing, path, error_};
    }
    const auto it = value_.find(name);
    return {it == value_.end() ? kNothing : *it, path, error_};
  }

  std::string text() const {
    if (value_.is_string()) return value_.get_ref<const std::string&>();
    complain(path_, "a string is expected");
    return "";
  }

  std::string octets() const {
    auto result = base::unescape(text());
    if (result) return *std::move(result);
    complain(path_, result.error().message);
    return "";
  }

  bool boolean() const {
    if (value_.is_boolean()) return value_.get<bool>();
    complain(path_, "true or false is expected");
    return false;
  }

  int integer() const {
    if (value_.is_number_integer()) {
      const bool fits = value_.is_number_unsigned()
                            ? value_.get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<int>::max())
                            : value_.get<std::int64_t>() >= std::numeric_limits<int>::min();
      if (fits) return value_.get<int>();
    }
    complain(path_, "a whole number is expected");
    return 0;
  }

  std::uint64_t count() const {
    if (value_.is_number_unsigned()) return value_.get<std::uint64_t>();
    complain(path_, "a whole number that is not negative is expected");
    return 0;
  }

  double number() const {
    if (value_.is_number()) return value_.get<double>();
    complain(path_, "a number is expected");
    return 0;
  }

  base::Microseconds milliseconds() const {
    if (value_.is_number() && std::abs(value_.get<double>()) <= kMaxMilliseconds)
      return base::Microseconds(std::llround(value_.get<double>() * 1000.0));
    complain(path_, "a number of milliseconds is expected");
    return base::Microseconds(0);
  }

  base::Microseconds microseconds() const {
    const std::uint64_t value = count();
    if (value <= static_cast<std::uint64_t>(kMaxMilliseconds * 1000)) return base::Microseconds(value);
    complain(path_, "a number of microseconds is expected");
    return base::Microseconds(0);
  }

  template <class T>
  T word(std::optional<T> (*parse)(std::string_view)) const {
    const std::string name = text();
    if (const auto value = parse(name)) return *value;
    complain(path_, fmt::format("unknown word '{}'", printable(name.substr(0, 40))));
    return T{};
  }

  template <class T, class Read>
  std::vector<T> list(Read read) const {
    std::vector<T> out;
    if (!value_.is_array()) {
      complain(path_, "a list is expected");
      return out;
    }
    out.reserve(value_.size());
    for (std::size_t i = 0; i < value_.size() && error_.empty(); ++i)
      out.push_back(read(Node(value_[i], fmt::format("{}[{}]", path_, i), error_)));
    return out;
  }

  std::vector<std::string> texts() const {
    return list<std::string>([](const Node& node) { return node.text(); });
  }

  std::map<std::string, std::string> text_map() const {
    std::map<std::string, std::string> out;
    if (!value_.is_object()) {
      complain(path_, "an object is expected");
      return out;
    }
    for (const auto& [name, value] : value_.items()) out[name] = Node(value, path_ + "." + name, error_).text();
    return out;
  }

  bool is_missing() const { return value_.is_null(); }
  void complain(const std::string& path, std::string_view what) const {
    if (error_.empty()) error_ = fmt::format("{}: {}", path.empty() ? "the document" : path, what);
  }

 private:
  const json& value_;
  std::string path_;
  std::string& error_;
};

// Members that the format gained after its first version, or that are written only when they say something.
std::string optional_text(const Node& node) { return node.is_missing() ? "" : node.text(); }

verdict::CheckResult read_check(const Node& node) {
  verdict::CheckResult check;
  check.requirement = node.member("requirement").text();
  check.level = node.member("level").word(verdict::parse_level);
  check.outcome = node.member("outcome").word(verdict::parse_outcome);
  check.expected = node.member("expected").text();
  check.got = node.member("got").text();
  check.line = node.member("line").integer();
  return check;
}

std::optional<verdict::LineEnds> parse_line_ends(std::string_view word) {
  if (word == "kept") return verdict::LineEnds::kept;
  if (word == "lf") return verdict::LineEnds::lf;
  if (word == "unknown") return verdict::LineEnds::unknown;
  return std::nullopt;
}

verdict::LoggedMessage read_message(const Node& node) {
  verdict::LoggedMessage message;
  message.octets = node.member("octets").count();
  message.artefacts.line_ends = node.member("line_ends").word(parse_line_ends);
  const auto may = [&](const char* name) { return node.has(name) && node.member(name).boolean(); };
  message.artefacts.may_quote_from = may("may_quote_from");
  message.artefacts.may_change_last_line_end = may("may_change_last_line_end");
  message.artefacts.may_drop_last_empty_line = may("may_drop_last_empty_line");
  message.artefacts.may_add_delivery_fields = may("may_add_delivery_fields");
  message.artefacts.may_replace_nul = may("may_replace_nul");
  if (node.has("envelope")) {
    const Node envelope = node.member("envelope");
    message.envelope.emplace();
    message.envelope->mail = envelope.member("mail").octets();
    message.envelope->rcpts = envelope.member("rcpt").list<std::string>([](const Node& rcpt) { return rcpt.octets(); });
  }
  return message;
}

verdict::WireEntry read_wire(const Node& node) {
  verdict::WireEntry entry;
  entry.at = node.member("t_us").microseconds();
  entry.connection = node.member("connection").integer();
  entry.kind = node.member("direction").word(verdict::parse_wire_kind);
  entry.octets = node.member("octets").octets();
  entry.note = optional_text(node.member("note"));
  if (const Node line = node.member("line"); !line.is_missing()) entry.line = line.integer();
  if (const Node redacted = node.member("redacted"); !redacted.is_missing()) entry.redacted = redacted.boolean();
  if (node.has("left_out")) entry.left_out = node.member("left_out").count();
  if (node.has("written_us")) entry.written = node.member("written_us").microseconds();
  if (node.has("own_refusal")) entry.is_own_refusal = node.member("own_refusal").boolean();
  if (node.has("tls")) {
    const Node tls = node.member("tls");
    entry.tls.version = tls.member("version").integer();
    entry.tls.is_resumed = tls.member("resumed").boolean();
    entry.tls.is_certificate_current = tls.member("certificate_current").boolean();
    entry.tls.is_certificate_named = tls.member("certificate_named").boolean();
  }
  if (node.has("messages")) entry.messages = node.member("messages").list<verdict::LoggedMessage>(read_message);
  return entry;
}

verdict::ScenarioResult read_scenario(const Node& node) {
  verdict::ScenarioResult scenario;
  scenario.id = node.member("id").text();
  scenario.title = node.member("title").text();
  scenario.why = node.member("why").text();
  scenario.file = node.member("file").text();
  scenario.line = node.member("line").integer();
  scenario.requirements = node.member("requirements").texts();
  scenario.tags = node.member("tags").texts();
  scenario.verdict = node.member("verdict").word(verdict::parse_verdict);
  scenario.cause = node.member("cause").word(verdict::parse_cause);
  scenario.reason = node.member("reason").text();
  scenario.reason_line = node.member("reason_line").integer();
  scenario.duration = node.member("duration_ms").milliseconds();
  scenario.attempts = node.member("attempts").integer();
  scenario.is_flaky = node.member("flaky").boolean();
  scenario.is_waived = node.member("waived").boolean();
  scenario.waiver_reason = node.member("waiver_reason").text();
  scenario.likely_causes = node.member("likely_causes").texts();
  scenario.checks = node.member("checks").list<verdict::CheckResult>(read_check);
  scenario.token = optional_text(node.member("token"));
  scenario.wire = node.member("wire").list<verdict::WireEntry>(read_wire);
  return scenario;
}

verdict::RequirementResult read_requirement(const Node& node) {
  verdict::RequirementResult requirement;
  requirement.id = node.member("id").text();
  requirement.level = node.member("level").word(verdict::parse_level);
  requirement.section = node.member("section").text();
  requirement.summary = node.member("summary").text();
  requirement.ruling = node.member("ruling").text();
  requirement.outcome = node.member("outcome").word(verdict::parse_requirement_outcome);
  requirement.scenarios = node.member("scenarios").texts();
  requirement.extension = optional_text(node.member("extension"));
  return requirement;
}

verdict::WireFinding read_finding(const Node& node) {
  verdict::WireFinding finding;
  finding.id = node.member("id").text();
  finding.requirement = node.member("requirement").text();
  // A record of an earlier version has them with the requirements, or not at all.
  if (node.has("section")) finding.section = node.member("section").text();
  if (node.has("summary")) finding.summary = node.member("summary").text();
  finding.level = node.member("level").word(verdict::parse_level);
  finding.outcome = node.member("outcome").word(verdict::parse_outcome);
  finding.replies = node.member("replies").count();
  finding.findings = node.member("findings").count();
  finding.example = node.member("example").text();
  finding.scenario = node.member("scenario").text();
  finding.is_waived = node.member("waived").boolean();
  finding.waiver_reason = node.member("waiver_reason").text();
  return finding;
}

verdict::CrashResult read_crash(const Node& node) {
  verdict::CrashResult crash;
  crash.kind = node.member("kind").text();
  crash.scenario = node.member("scenario").text();
  crash.confirmed = node.member("confirmed").boolean();
  crash.output_tail = node.member("output_tail").octets();
  return crash;
}

verdict::TargetDescription read_target(const Node& node) {
  verdict::TargetDescription target;
  target.address = node.member("address").text();
  target.role = node.member("role").text();
  target.is_built_in = node.member("built_in").boolean();
  target.reachability = node.member("reachability").word(verdict::parse_reachability);
  target.reachability_reason = node.member("reachability_reason").text();
  target.banner = node.member("banner").text();
  const Node ehlo = node.member("ehlo");
  target.ehlo_plain = ehlo.member("plain").texts();
  target.ehlo_tls = ehlo.member("tls").texts();
  target.ehlo_auth = ehlo.member("auth").texts();
  target.profile = node.member("profile").text();
  target.profile_digest = node.member("profile_digest").text();
  return target;
}

verdict::Conditions read_conditions(const Node& node) {
  verdict::Conditions conditions;
  conditions.select = node.member("select").text();
  conditions.exclude = node.member("exclude").text();
  conditions.shard.index = node.member("shard").member("index").integer();
  conditions.shard.total = node.member("shard").member("total").integer();
  conditions.defects = node.member("defects").integer();
  conditions.waivers = node.member("waivers").integer();
  conditions.confirmations = node.member("confirmations").integer();
  conditions.repeat = node.member("repeat").integer();
  const Node policy = node.member("policy");
  conditions.policy.fail_on = policy.member("fail_on").word(verdict::parse_fail_on);
  conditions.policy.min_conclusive_percent = policy.member("min_conclusive_percent").number();
  conditions.policy.stale_waivers = policy.member("stale_waivers").integer();
  if (policy.has("minimum_judged")) conditions.policy.minimum_judged = policy.member("minimum_judged").integer();
  if (policy.has("maximum_not_applicable_percent"))
    conditions.policy.maximum_not_applicable_percent = policy.member("maximum_not_applicable_percent").number();
  conditions.variables = node.member("variables").text_map();
  conditions.recipients = node.member("recipients").texts();
  conditions.has_password = node.member("has_password").boolean();
  conditions.reply_timeout = node.member("reply_timeout_ms").milliseconds();
  conditions.time_scale = node.member("time_scale").number();
  conditions.demands_tls = node.member("demands_tls").boolean();
  conditions.demands_auth = node.member("demands_auth").boolean();
  return conditions;
}

verdict::Summary read_summary(const Node& node) {
  verdict::Summary summary;
  summary.pass = node.member("pass").integer();
  summary.warn = node.member("warn").integer();
  summary.fail = node.member("fail").integer();
  summary.inconclusive = node.member("inconclusive").integer();
  summary.error = node.member("error").integer();
  summary.not_applicable = node.member("not_applicable").integer();
  summary.skipped = node.member("skipped").integer();
  summary.flaky = node.member("flaky").integer();
  summary.crash = node.member("crash").integer();
  summary.waived = node.member("waived").integer();
  return summary;
}

verdict::RunRecord read_record(const Node& node) {
  verdict::RunRecord record;
  record.tool_version = node.member("tool").member("version").text();
  record.suite_version = node.member("suite").member("version").text();
  record.suite_digest = node.member("suite").member("digest").text();
  record.started = node.member("started").word(parse_instant);
  record.duration = node.member("duration_ms").milliseconds();
  record.seed = node.member("seed").count();
  record.was_interrupted = node.member("interrupted").boolean();
  record.given_up = optional_text(node.member("given_up"));
  record.target = read_target(node.member("target"));
  record.summary = read_summary(node.member("summary"));
  record.gate.exit_code = node.member("gate").member("exit_code").integer();
  record.gate.reason = node.member("gate").member("reason").text();
  record.reproduce = node.member("reproduce").text();
  if (node.has("conditions")) record.conditions = read_conditions(node.member("conditions"));
  record.requirements = node.member("requirements").list<verdict::RequirementResult>(read_requirement);
  record.scenarios = node.member("scenarios").list<verdict::ScenarioResult>(read_scenario);
  record.wire_findings = node.member("wire_findings").list<verdict::WireFinding>(read_finding);
  record.crashes = node.member("crashes").list<verdict::CrashResult>(read_crash);
  return record;
}

}  // namespace

base::Result<verdict::RunRecord, std::string> read_run_record(std::string_view document) {
  if (document.size() > kMaxRunRecordOctets)
    return base::make_unexpected(fmt::format("the document is larger than {} octets", kMaxRunRecordOctets));
  if (nesting_depth(document) > kMaxRunRecordDepth)
    return base::make_unexpected(fmt::format("the document is nested deeper than {}", kMaxRunRecordDepth));
  const json root = json::parse(document.begin(), document.end(), nullptr, /*allow_exceptions=*/false);
  if (root.is_discarded()) return base::make_unexpected(std::string("the document is not JSON"));
  std::string error;
  const Node node(root, "", error);
  const std::string schema = node.member("schema").text();
  if (error.empty() && schema != "smtpspec-run/1")
    error = fmt::format("schema: '{}' is not known, 'smtpspec-run/1' is", printable(schema.substr(0, 40)));
  if (!error.empty()) return base::make_unexpected(error);
  verdict::RunRecord record = read_record(node);
  if (!error.empty()) return base::make_unexpected(error);
  return record;
}

}  // namespace smtpspec::reports
