#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <random>
#include <set>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include "fuzz/campaign/campaign.h"
#include "fuzz/campaign/engine.h"
#include "fuzz/campaign/working_corpus.h"
#include "fuzz/mutator/scenario_form.h"
#include "fuzz/mutator/seeds.h"
#include "harness/cli/command.h"
#include "harness/cli/fuzz_record.h"
#include "harness/cli/fuzz_workers.h"
#include "harness/cli/report_files.h"
#include "harness/cli/suite.h"
#include "harness/cli/target_options.h"
#include "harness/cli/version.h"
#include "harness/verdict/gate.h"

namespace smtpspec::cli {
namespace {

namespace fs = std::filesystem;

constexpr double kStrangersRate = 10;  // sessions a second, off loopback, where nothing else is said
constexpr std::size_t kMostSeedOctets = 8 * 1024;
constexpr std::string_view kClaims = "claims";    // folder, below --output
constexpr std::uint64_t kSeedsApart = 1'000'003;  // of one worker and the next

struct FuzzOptions {
  TargetOptions target;
  std::string output = "smtpspec-fuzz";
  std::string suite;
  std::string mode = "mixed";
  std::string restart = "on-death";
  std::string against;
  double seconds = 60;
  std::uint64_t sessions = 0;
  double rate = 0;
  double hang_seconds = 0;
  double shrink_seconds = 30;
  std::uint64_t seed = 1;
  std::size_t workers = 1;
  int confirmations = 3;
  std::vector<std::string> reports;
  bool has_no_suite = false;
  bool stops_at_first = false;
  std::string working_corpus;  // that workers share
};

int usage_error(const std::string& message) {
  std::cerr << "smtpspec: " << message << '\n';
  return verdict::kExitUsage;
}

base::Result<void, std::string> read_words(const FuzzOptions& options, fuzz::CampaignOptions& campaign) {
  for (const fuzz::Mode mode : {fuzz::Mode::blast, fuzz::Mode::grouped, fuzz::Mode::lock_step})
    if (options.mode == to_string(mode)) campaign.mode = mode;
  if (!campaign.mode && options.mode != "mixed")
    return base::make_unexpected(std::string("--mode takes blast, grouped, lock-step or mixed"));
  if (options.restart == "never") campaign.restart = fuzz::RestartPolicy::never;
  else if (options.restart == "on-death") campaign.restart = fuzz::RestartPolicy::on_death;
  else if (!options.restart.empty() && options.restart.size() < 10 &&
           options.restart.find_first_not_of("0123456789") == std::string::npos && std::stoull(options.restart) > 0) {
    if (!options.target.target.empty())
      return base::make_unexpected(std::string("--restart with a number needs a server of its own: --spawn"));
    campaign.restart = fuzz::RestartPolicy::every;
    campaign.restart_every = std::stoull(options.restart);
  } else {
    return base::make_unexpected(std::string("--restart takes never, on-death or a number of sessions"));
  }
  return {};
}

fuzz::Vocabulary vocabulary_of(const Site& site) {
  const auto& addresses = site.profile.addresses;
  fuzz::Vocabulary words;
  words.sender = addresses.sender;
  words.recipient = addresses.recipient;
  words.unknown = addresses.unknown_recipient;
  words.relay = addresses.relay_recipient;
  words.domain = addresses.domain;
  words.client = addresses.client_name;
  words.user = site.profile.auth.user;
  words.password = site.password;
  words.is_lmtp = site.profile.role == target::Role::lmtp;
  return words;
}

// One file for each seed that differs, so that the engine reads them as a corpus. Workers share the suite out: what one
// finds worth keeping in its part, the others read from the corpus.
base::Result<void, std::string> write_seeds(const fs::path& folder, const FuzzOptions& options, std::size_t worker,
                                            const fuzz::Vocabulary& words) {
  std::set<std::string> seeds;
  for (const auto& input : fuzz::basic_seeds(words)) seeds.insert(encode(input));
  if (!options.has_no_suite) {
    const Suite suite = load_suite(options.suite, Linting::foreign_only);
    if (!suite.problem.empty()) return base::make_unexpected(suite.problem);
    std::size_t place = 0;
    for (const auto& scenario : suite.scenarios()) {
      if (place++ % options.workers != worker) continue;
      const std::string text = encode(from_scenario(scenario, words));
      if (text.size() <= kMostSeedOctets && !scenario.has_tag("slow")) seeds.insert(text);
    }
  }
  std::error_code error;
  fs::remove_all(folder, error);
  fs::create_directories(folder, error);
  fs::permissions(folder, fs::perms::owner_all, error);
  int number = 0;
  for (const auto& text : seeds) {
    std::ofstream file(folder / fmt::format("{:04}", ++number), std::ios::binary);
    if (!(file << text)) return base::make_unexpected("cannot write below " + folder.string());
  }
  return {};
}

// What an earlier campaign in this folder has told.
std::set<std::string> known_findings(const fs::path& folder) {
  std::set<std::string> ids;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) ids.insert(entry.path().stem().string());
  return ids;
}

void write_finding(const fs::path& folder, const fuzz::Found& found, const std::string& reproduce,
                   const fuzz::Vocabulary& words, const engine::Secrets& secrets) {
  std::error_code ignored;
  fs::create_directories(folder, ignored);
  const fs::path file = folder / (found.id + ".smtp");
  if (fs::exists(file, ignored)) return;  // another worker was faster
  std::ofstream(file, std::ios::binary) << without_password(
      scenario_of(found, fmt::format("{} {}", reproduce, file.string())), words, secrets);
  std::ofstream(folder / (found.id + ".txt"), std::ios::binary)
      << secrets.removed_from(fmt::format("{}\n\n{}\n{}", found.finding.evidence, inputs_of(found), found.transcript));
}

// Workers see the same findings; whoever is first looks into one, for all of them.
std::function<bool(const fuzz::Finding& seen, std::uint64_t times)> claims_in(const fs::path& output) {
  return [output](const fuzz::Finding& seen, std::uint64_t times) {
    const std::string id = id_of(seen);
    std::error_code ignored;
    if (is_told_by_key(seen.oracle) && fs::exists(output / "findings" / (id + ".smtp"), ignored)) return false;
    const fs::path file = output / kClaims / fmt::format("{}-{}", id, times);
    const int claim = open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (claim >= 0) close(claim);
    // Where nobody can claim anything, everybody looks.
    return claim >= 0 || errno != EEXIST;
  };
}

class StatusLine {
 public:
  void show(const fuzz::Status& status, bool is_last) {
    const auto seconds = status.elapsed.count() / 1000;
    if (!is_last && seconds < next_) return;
    next_ = seconds + (is_terminal_ ? 1 : 10);
    const double elapsed = std::max(static_cast<double>(status.elapsed.count()) / 1000, 0.001);
    std::cerr << (is_terminal_ ? "\r" : "")
              << fmt::format(
                     "fuzz: {} s, {} sessions ({:.0f}/s), {} replies, {} features, {} inputs with news, {} findings, "
                     "{} unconfirmed, {} restarts",
                     seconds, status.sessions, static_cast<double>(status.sessions) / elapsed, status.replies,
                     status.features, status.inputs_with_news, status.findings, status.unconfirmed, status.restarts)
              << (status.edges > 0 ? fmt::format(", {} edges", status.edges) : std::string())
              << (status.differences > 0 ? fmt::format(", {} free differences", status.differences) : std::string())
              << (is_terminal_ && !is_last ? "" : "\n") << std::flush;
  }

 private:
  const bool is_terminal_ = isatty(STDERR_FILENO) != 0;
  long next_ = 0;
};

void tell(const fuzz::Found& found) {
  std::cout << fmt::format("{}{}: {} ({}/{} on {}, session {})\n", found.is_confirmed ? "" : "unconfirmed ", found.id,
                           found.finding.evidence.substr(0, found.finding.evidence.find('\n')), found.shown,
                           found.plays, server_of(found), found.session)
            << std::flush;
}

// The server to compare with: the same role and login, and nothing that describes the one that is tested.
TargetOptions other_target(const FuzzOptions& options) {
  TargetOptions other;
  if (options.against != "reference") other.target = options.against;
  other.role = options.target.role;
  other.tls = options.target.tls;
  other.auth = options.target.auth;
  other.is_authorized = options.target.is_authorized;
  return other;
}

engine::Secrets secrets_of(const fuzz::Vocabulary& words) {
  engine::Secrets secrets;
  secrets.add_password(words.password);
  return secrets;
}

// The last words of a campaign, and its reports. Gives the exit code.
int conclude(const FuzzOptions& options, const Site& site, const std::vector<fuzz::Found>& all,
             const fuzz::Status& status, base::WallTime began, bool has_trouble) {
  const int exit_code = status.findings > 0 ? verdict::kExitFail
                        : has_trouble       ? verdict::kExitUnavailable
                                            : verdict::kExitGateMet;
  verdict::RunRecord record = fuzz_record(all, status, exit_code, secrets_of(vocabulary_of(site)));
  record.tool_version = kVersion;
  record.started = began;
  record.seed = options.seed;
  record.target.is_built_in = site.is_built_in;
  record.target.profile = site.profile.name;
  record.reproduce = fmt::format("smtpspec replay{} {}/{{scenario}}.smtp", site.reproduce_options,
                                 (fs::path(options.output) / "findings").string());
  const auto report_files = parse_reports(options.reports);
  const bool is_written = !report_files || write_reports(record, *report_files);
  std::cout << fmt::format("{} findings, {} unconfirmed; {}\n", status.findings, status.unconfirmed, options.output);
  return is_written ? exit_code : verdict::kExitUnavailable;
}

// `say`: of worker number `worker`, to whom nobody else listens. Without it, people do.
int fuzz_server(const FuzzOptions& options, std::size_t worker = 0, const Say& say = {}) {
  const auto complain = [&](const std::string& text, int exit_code) {
    fuzz::unshare_edges();
    if (say) say(fuzz::Trouble{text});
    else std::cerr << "smtpspec: " << text << '\n';
    return exit_code;
  };
  fuzz::CampaignOptions campaign_options;
  if (auto read = read_words(options, campaign_options); !read) return complain(read.error(), verdict::kExitUsage);
  // A server that was built for it counts its edges there; to any other it is a variable that it does not know.
  bool has_edges = false;
  if (!options.target.spawn.empty()) {
    const auto file = fuzz::share_edges();
    has_edges = file && setenv("SMTPSPEC_COVERAGE", file->c_str(), 1) == 0;
  }
  transport::EventLoop loop;
  auto site = open_site(loop, options.target);
  if (!site) return complain(site.error(), verdict::kExitUsage);
  if (!site->is_loopback && !options.target.is_authorized)
    return complain("this server is not on loopback: fuzzing it needs its owner's word, --i-am-authorized",
                    verdict::kExitUsage);
  campaign_options.duration = std::chrono::milliseconds(static_cast<long>(options.seconds * 1000));
  campaign_options.max_sessions = options.sessions;
  campaign_options.max_rate = options.rate > 0 ? options.rate : site->is_loopback ? 0 : kStrangersRate;
  campaign_options.stops_at_first = options.stops_at_first;
  campaign_options.confirmations = options.confirmations;
  campaign_options.shrink_time = std::chrono::milliseconds(static_cast<long>(options.shrink_seconds * 1000));
  const auto reply_timeout = site->profile.limits.reply_timeout;
  campaign_options.confirmed_hang_time = reply_timeout;
  campaign_options.hang_time = std::min<std::chrono::milliseconds>(reply_timeout, campaign_options.hang_time);
  if (options.hang_seconds > 0)
    campaign_options.hang_time = campaign_options.confirmed_hang_time =
        std::chrono::milliseconds(static_cast<long>(options.hang_seconds * 1000));

  const fs::path output = options.output;
  const fs::path seeds = output / (worker == 0 ? "seeds" : fmt::format("seeds-{}", worker + 1));
  const fuzz::Vocabulary words = vocabulary_of(*site);
  const engine::Secrets secrets = secrets_of(words);
  std::error_code error;
  fs::create_directories(output / "corpus", error);
  if (error) return complain("--output: " + error.message(), verdict::kExitUsage);
  // What is sent to log in stands in these as it is sent.
  fs::permissions(output / "corpus", fs::perms::owner_all, error);
  if (auto written = write_seeds(seeds, options, worker, words); !written)
    return complain(written.error(), verdict::kExitUsage);
  campaign_options.known = known_findings(output / "findings");

  fuzz::PlayerOptions player_options;
  player_options.is_lmtp = words.is_lmtp;
  player_options.is_implicit_tls = site->profile.tls.mode == target::TlsMode::implicit;
  player_options.start_time = site->profile.start_timeout;
  player_options.greeting_time = std::max<std::chrono::milliseconds>(reply_timeout, player_options.greeting_time);
  if (options.hang_seconds > 0) player_options.greeting_time = 4 * campaign_options.hang_time;
  if (options.workers > 1) campaign_options.claims = claims_in(output);
  fuzz::Player player(loop, *site->target, player_options);
  if (const auto started = player.start(); !started) return complain(started.error(), verdict::kExitUnavailable);

  std::optional<Site> other_site;
  std::optional<fuzz::Player> other;
  if (!options.against.empty()) {
    auto opened = open_site(loop, other_target(options));
    if (!opened) return complain("--against: " + opened.error(), verdict::kExitUsage);
    other_site = std::move(*opened);
    if (!other_site->is_loopback && !options.target.is_authorized)
      return complain("--against: this server is not on loopback, and needs --i-am-authorized", verdict::kExitUsage);
    other.emplace(loop, *other_site->target, player_options);
    if (const auto started = other->start(); !started)
      return complain("--against: " + started.error(), verdict::kExitUnavailable);
  }

  StatusLine status_line;
  std::vector<fuzz::Found> all;
  const std::string reproduce = "smtpspec replay" + site->reproduce_options;
  const auto began = base::SystemClock().wall();
  fuzz::Campaign campaign(loop, player, campaign_options, [&](fuzz::Found found) {
    write_finding(output / (found.is_confirmed ? "findings" : "unconfirmed"), found, reproduce, words, secrets);
    found.finding.evidence = secrets.removed_from(std::move(found.finding.evidence));
    if (say) say(found);
    else tell(found);
    all.push_back(found);
  });
  if (other) campaign.compare_with(*other);
  const transport::SignalWatch watch = loop.on_signals({SIGINT, SIGTERM}, [&](int) { campaign.interrupt(); });

  fuzz::EngineOptions engine;
  engine.seed = options.seed + worker * kSeedsApart;
  engine.words = words;
  engine.corpus = (output / "corpus").string();
  engine.seeds = {seeds.string()};
  engine.max_octets = kMostSeedOctets;
  engine.working_corpus = options.working_corpus;
  auto next_word = loop.now();
  fuzz::run_engine(engine, [&](std::string_view input) {
    const bool goes_on = campaign.run(input, fuzz::count_feature);
    fuzz::Status status = campaign.status();
    if (has_edges) status.edges = fuzz::covered_edges();
    if (!say) {
      status_line.show(status, !goes_on);
    } else if (!goes_on || loop.now() >= next_word) {
      if (!say(status)) campaign.interrupt();
      next_word = loop.now() + std::chrono::milliseconds(500);
    }
    if (goes_on) return;
    player.stop();
    std::error_code ignored;
    fs::remove_all(seeds, ignored);
    if (other) other->stop();
    if (other_site) other_site->target.reset();
    site->target.reset();  // its processes and its folder are gone before this one is
    const bool has_trouble = !campaign.trouble().empty();
    if (has_trouble) complain(campaign.trouble(), verdict::kExitUnavailable);
    if (say) fuzz::leave(has_trouble ? verdict::kExitUnavailable : verdict::kExitGateMet);
    fuzz::leave(conclude(options, *site, all, status, began, has_trouble));
  });
}

int fuzz_with_workers(const FuzzOptions& options) {
  if (!options.target.target.empty() || !options.target.pipe.empty())
    return usage_error("--workers needs servers of its own: --spawn, or the built-in one");
  if (!options.target.spawn.empty() && options.target.spawn.find("{port}") == std::string::npos)
    return usage_error("--workers needs {port} in --spawn: each worker starts a server of its own");
  const auto began = base::SystemClock().wall();
  // Of a campaign that was killed here, too.
  const fs::path claims = fs::path(options.output) / kClaims;
  std::error_code ignored;
  fs::remove_all(claims, ignored);
  fs::create_directories(claims, ignored);
  const fs::path corpus = fs::path(options.output) / "corpus";
  fs::create_directories(corpus, ignored);
  fs::permissions(corpus, fs::perms::owner_all, ignored);
  fuzz::WorkingCorpus working_corpus(corpus.string());
  StatusLine status_line;
  std::vector<fuzz::Found> all;
  std::set<std::string> ids;
  std::set<std::string> troubles;
  fuzz::Status status;
  FuzzOptions part = options;
  part.sessions = (options.sessions + options.workers - 1) / options.workers;
  part.rate = options.rate / static_cast<double>(options.workers);
  part.working_corpus = working_corpus.folder();
  Workers workers;
  workers.count = options.workers;
  workers.work = [&](std::size_t index, const Say& say) { return fuzz_server(part, index, say); };
  workers.on_found = [&](const fuzz::Found& found) {
    if (!ids.insert(found.id).second) return true;
    tell(found);
    all.push_back(found);
    return !options.stops_at_first || !found.is_confirmed;
  };
  workers.on_status = [&](const fuzz::Status& now) {
    status = now;
    // The same finding of two workers is one.
    status.findings = static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [](const auto& one) { return one.is_confirmed; }));
    status.unconfirmed = all.size() - status.findings;
    status_line.show(status, false);
    working_corpus.keep_if_due();
  };
  workers.on_trouble = [&](const std::string& text) {
    if (troubles.insert(text).second) std::cerr << "smtpspec: " << text << '\n';
  };
  const auto ended = run_workers(workers);
  fs::remove_all(claims, ignored);
  if (!ended) {
    std::cerr << "smtpspec: " << ended.error() << '\n';
    return verdict::kExitUnavailable;
  }
  if (*ended == verdict::kExitUsage) return verdict::kExitUsage;
  status_line.show(status, true);
  transport::EventLoop loop;
  const auto site = open_site(loop, options.target);
  if (!site) return usage_error(site.error());
  return conclude(options, *site, all, status, began, *ended != 0);
}

int fuzz(const FuzzOptions& options) {
  if (!fuzz::has_engine())
    return usage_error("this program was built without libFuzzer's archive (Debian: libclang-rt-14-dev)");
  if (const auto files = parse_reports(options.reports); !files) return usage_error(files.error());
  return options.workers > 1 ? fuzz_with_workers(options) : fuzz_server(options);
}

}  // namespace

void add_fuzz_command(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<FuzzOptions>();
  CLI::App* command = program.add_subcommand(
      "fuzz",
      "Fuzz a server over the network, guided by its replies.\n\n"
      "  smtpspec fuzz --spawn 'myserver -p {port}' --seconds 300 --output findings\n"
      "  smtpspec replay findings/findings/lost-reply-1a2b3c4d.smtp --spawn 'myserver -p {port}'\n\n"
      "Exit codes: 0 nothing was found, 1 a confirmed finding, 3 usage, 4 target or tool.");
  options->target.add_to(*command);
  const std::string group = "Fuzzing";
  command->add_option("--seconds", options->seconds, "How long; 0: until it is interrupted")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str()
      ->group(group);
  command->add_option("--sessions", options->sessions, "How many sessions at most; 0: any number")
      ->capture_default_str()
      ->group(group);
  command->add_option("--rate", options->rate, "Sessions a second at most; 0: any, 10 off loopback")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str()
      ->group(group);
  command->add_option("--seed", options->seed, "The same seed and the same replies give the same inputs")
      ->capture_default_str()
      ->group(group);
  command
      ->add_option("--workers", options->workers,
                   "Campaigns side by side, each with a server of its own; they share corpus and findings")
      ->check(CLI::Range(1, 256))
      ->capture_default_str()
      ->group(group);
  command->add_option("--mode", options->mode, "blast, grouped, lock-step or mixed")
      ->capture_default_str()
      ->group(group);
  command
      ->add_option("--against", options->against,
                   "HOST:PORT, or reference: tell all to this server, too, in lock-step, and where the two differ")
      ->group(group);
  command->add_option("--restart", options->restart, "never, on-death, or a number: every so many sessions")
      ->capture_default_str()
      ->group(group);
  command
      ->add_option("--hang-timeout", options->hang_seconds,
                   "Seconds of silence that are a hang; default: the profile's")
      ->check(CLI::NonNegativeNumber)
      ->group(group);
  command->add_option("--confirm", options->confirmations, "Plays on a fresh server that must all show a finding")
      ->check(CLI::Range(1, 100))
      ->capture_default_str()
      ->group(group);
  command->add_option("--minimize", options->shrink_seconds, "Seconds that making a finding's input smaller may take")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str()
      ->group(group);
  command->add_option("--output", options->output, "Folder for corpus and findings; what is there is gone on with")
      ->capture_default_str()
      ->group(group);
  command
      ->add_option("--suite", options->suite, "Folder of scenarios to begin with; default: the suite of this program")
      ->group(group);
  command->add_flag("--no-suite", options->has_no_suite, "Begin with a dozen plain sessions instead")->group(group);
  command->add_flag("--first", options->stops_at_first, "End at the first confirmed finding")->group(group);
  command->add_option("--report", options->reports, "FORMAT:PATH, repeatable")->group(group);
  command->callback([options, &chosen] { chosen = [options] { return fuzz(*options); }; });
}

}  // namespace smtpspec::cli
