#include "fuzz/targets/target.h"

namespace smtpspec::fuzz {

std::span<const Target> targets() {
  static constexpr Target kTargets[] = {
      {"reply_parser", fuzz_reply_parser},
      {"command_parser", fuzz_command_parser},
      {"data_parser", fuzz_data_parser},
      {"scenario_parser", fuzz_scenario_parser},
      {"server_session", fuzz_server_session},
      {"run_record", fuzz_run_record},
      {"profile", fuzz_profile},
      {"waivers", fuzz_waivers},
      {"mailbox", fuzz_mailbox},
      {"attestation", fuzz_attestation},
  };
  return kTargets;
}

}  // namespace smtpspec::fuzz
