// The parts of the defect table, one file for each area; defect.cc puts them together in this order.
#pragma once

#include <vector>

#include "harness/server/defect.h"

namespace smtpspec::server {

std::vector<DefectInfo> greeting_defects();
std::vector<DefectInfo> session_defects();
std::vector<DefectInfo> commands_defects();
std::vector<DefectInfo> inquiry_defects();
std::vector<DefectInfo> replies_defects();
std::vector<DefectInfo> envelope_defects();
std::vector<DefectInfo> syntax_defects();
std::vector<DefectInfo> envelope_reply_defects();
std::vector<DefectInfo> transaction_defects();
std::vector<DefectInfo> buffer_defects();
std::vector<DefectInfo> data_defects();
std::vector<DefectInfo> extensions_defects();
std::vector<DefectInfo> notice_defects();
std::vector<DefectInfo> advertisement_defects();
std::vector<DefectInfo> pipelining_defects();
std::vector<DefectInfo> code_defects();
std::vector<DefectInfo> storage_defects();
std::vector<DefectInfo> text_defects();
std::vector<DefectInfo> relay_defects();
std::vector<DefectInfo> size_defects();
std::vector<DefectInfo> dsn_defects();
std::vector<DefectInfo> auth_defects();
std::vector<DefectInfo> starttls_defects();
std::vector<DefectInfo> chunking_defects();
std::vector<DefectInfo> report_defects();
std::vector<DefectInfo> status_code_defects();
std::vector<DefectInfo> utf8_defects();
std::vector<DefectInfo> etrn_defects();
std::vector<DefectInfo> lmtp_defects();
std::vector<DefectInfo> protocol_defects();
std::vector<DefectInfo> treatment_defects();
std::vector<DefectInfo> unoffered_parameter_defects();
std::vector<DefectInfo> submission_defects();
std::vector<DefectInfo> message_format_defects();
std::vector<DefectInfo> scram_defects();
std::vector<DefectInfo> refusal_defects();
std::vector<DefectInfo> helo_session_defects();

}  // namespace smtpspec::server
