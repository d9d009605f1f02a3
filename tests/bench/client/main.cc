// bench_client mail|idle|replay: the client side of ci/bench.sh. Prints KEY=VALUE words on one line. not-replayable
// prints names of scenarios, divided by commas.
#include <fstream>
#include <iostream>
#include <sstream>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "reports/run_record_json.h"
#include "tests/bench/client/mail_load.h"
#include "tests/bench/client/replay.h"

namespace {

using namespace smtpspec;

int fail(const std::string& message) {
  std::cerr << "bench_client: " << message << '\n';
  return 1;
}

auto read_record(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  return reports::read_run_record(text.str());
}

int list_not_replayable(const std::string& record_file) {
  const auto record = read_record(record_file);
  if (!record) return fail(record.error());
  std::cout << fmt::format("{}\n", fmt::join(bench::not_replayable(*record), ","));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program{"The client side of ci/bench.sh"};
  program.require_subcommand(1);
  std::string target;
  bench::MailLoad load;
  std::string record_file;
  int jobs = 16;
  auto* mail = program.add_subcommand("mail", "Mail sessions, every reply validated");
  auto* idle = program.add_subcommand("idle", "Memory of idle sessions");
  auto* replay = program.add_subcommand("replay", "The conversations of a run record, judged by nobody");
  auto* not_replayable = program.add_subcommand("not-replayable", "What replay leaves out of a run record");
  for (auto* command : {mail, idle, replay}) command->add_option("--target", target, "HOST:PORT")->required();
  for (auto* command : {mail, idle}) command->add_option("--sessions", load.sessions, "In all")->capture_default_str();
  mail->add_option("--concurrency", load.concurrency, "Sessions at a time")->capture_default_str();
  mail->add_option("--mails", load.mails_per_session, "A session")->capture_default_str();
  mail->add_option("--octets", load.message_octets, "Of a message")->capture_default_str();
  mail->add_flag("--pipelined", load.is_pipelined, "MAIL, RCPT and DATA in one write");
  for (auto* command : {replay, not_replayable}) command->add_option("RECORD", record_file, "Run record")->required();
  replay->add_option("--jobs", jobs, "Conversations at a time")->capture_default_str();
  CLI11_PARSE(program, argc, argv);

  if (*not_replayable) return list_not_replayable(record_file);
  const auto endpoint = transport::parse_endpoint(target);
  if (!endpoint) return fail(endpoint.error());
  if (*mail) {
    load.endpoint = *endpoint;
    const auto result = bench::run_mail_load(load);
    std::cout << fmt::format("mails={} replies={} deviations={} refused={} seconds={:.4f} mails_per_second={:.0f}\n",
                             result.mails, result.replies, result.deviations, result.refused, result.seconds,
                             static_cast<double>(result.mails) / result.seconds);
    return result.refused == 0 ? 0 : 1;
  }
  if (*idle) {
    const double octets = bench::idle_octets_per_session(*endpoint, load.sessions);
    if (octets < 0) return fail("not every session was greeted");
    std::cout << fmt::format("sessions={} octets_per_session={:.0f}\n", load.sessions, octets);
    return 0;
  }
  const auto record = read_record(record_file);
  if (!record) return fail(record.error());
  const auto result = bench::replay(*record, *endpoint, jobs);
  std::cout << fmt::format("conversations={} left_out={} diverged={} seconds={:.4f}\n", result.conversations,
                           result.left_out, result.diverged, result.seconds);
  return result.conversations > 0 ? 0 : 1;
}
