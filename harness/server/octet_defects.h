// The defects that change octets of messages for which an extension promises that they stay: 8-bit text (RFC 6152),
// binary content and chunks (RFC 3030). Without defects nothing here changes anything.
#pragma once

#include <string>

#include "harness/server/defect.h"

namespace smtpspec::server {

// A message with BODY=8BITMIME.
std::string with_eight_bit_defects(std::string content, const DefectSet& defects);

// A message with BODY=BINARYMIME.
std::string with_binary_defects(std::string content, const DefectSet& defects);

// One chunk.
std::string with_chunk_defects(std::string chunk, const DefectSet& defects);

// A whole message that came in chunks.
std::string with_chunked_message_defects(std::string content, const DefectSet& defects);

}  // namespace smtpspec::server
