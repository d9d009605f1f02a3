#include "harness/server/defect.h"

#include <cassert>

#include "harness/server/defect_table.h"

namespace smtpspec::server {
namespace {

std::vector<DefectInfo> all_parts() {
  std::vector<DefectInfo> table;
  for (auto part : {greeting_defects,    session_defects,
                    commands_defects,    inquiry_defects,
                    replies_defects,     envelope_defects,
                    syntax_defects,      envelope_reply_defects,
                    transaction_defects, buffer_defects,
                    data_defects,        extensions_defects,
                    notice_defects,      advertisement_defects,
                    pipelining_defects,  code_defects,
                    storage_defects,     text_defects,
                    refusal_defects,     helo_session_defects,
                    relay_defects,       size_defects,
                    dsn_defects,         auth_defects,
                    starttls_defects,    chunking_defects,
                    report_defects,      status_code_defects,
                    utf8_defects,        etrn_defects,
                    lmtp_defects,        protocol_defects,
                    treatment_defects,   unoffered_parameter_defects,
                    submission_defects,  message_format_defects,
                    scram_defects}) {
    for (DefectInfo& info : part()) table.push_back(std::move(info));
  }
  return table;
}

}  // namespace

const std::vector<DefectInfo>& all_defects() {
  static const std::vector<DefectInfo> table = all_parts();
  return table;
}

const DefectInfo& info_of(Defect defect) {
  const auto index = static_cast<std::size_t>(defect);
  assert(index < all_defects().size());
  return all_defects()[index];
}

std::optional<Defect> find_defect(std::string_view name) {
  for (const DefectInfo& info : all_defects()) {
    if (info.name == name) return info.defect;
  }
  return std::nullopt;
}

std::vector<std::string> defect_names() {
  std::vector<std::string> names;
  for (const DefectInfo& info : all_defects()) names.emplace_back(info.name);
  return names;
}

}  // namespace smtpspec::server
