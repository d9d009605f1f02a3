// The files of a certificate, a folder on disk:
//
//   run.json               the run record             report.*, junit.xml, …   what is made from it
//   suite/                 the suite that was run     manifest.sha256          as sha256sum(1) writes it and checks it
//   attestation.dsse.json  the signed statement: its subjects are all other files
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/verdict/run_record.h"
#include "reports/attestation.h"

namespace smtpspec::cli {

inline constexpr const char* kRecordFile = "run.json";
inline constexpr const char* kSuiteFolder = "suite";
inline constexpr const char* kManifestFile = "manifest.sha256";
inline constexpr const char* kAttestationFile = "attestation.dsse.json";

using Files = std::map<std::string, std::string>;  // path with '/', relative; octets

// Every regular file below. A link, or anything else that is no file, is an error; so are more than `kMaxBundleOctets`.
inline constexpr std::size_t kMaxBundleOctets = 1u << 30;
base::Result<Files, std::string> read_folder(const std::string& folder);

// Whether write_folder() can do its work there: the folder is empty, or is not there and can be made.
base::Result<void, std::string> can_be_written(const std::string& folder);

// Into a folder that is not there yet, or is empty.
base::Result<void, std::string> write_folder(const std::string& folder, const Files& files);

// The record and the reports that are made from it, by their names in the bundle. The same record gives the same files.
Files report_bundle(const verdict::RunRecord& record);

std::vector<reports::Subject> subjects_of(const Files& files);
std::string manifest_of(const Files& files);

}  // namespace smtpspec::cli
