// The defects by which a message loses or changes something small on its way to the mailbox: in one line, in one place,
// in one message of a session, or in what Return-Path repeats. Without defects nothing here changes anything.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/server/defect.h"
#include "harness/server/environment.h"

namespace smtpspec::server {

// `content` as it is stored: the message with number `message`, from 1, that the session has accepted; `is_eight_bit`
// if MAIL said BODY=8BITMIME.
std::string with_text_defects(const std::string& content, std::size_t message, bool is_eight_bit,
                              const DefectSet& defects);

// What Return-Path shows for `reverse_path`, without brackets.
std::string with_return_path_defects(std::string reverse_path, const DefectSet& defects);

// A mailbox whose local-part has lost its quotes and kept what stood between them.
std::string without_quotes(const std::string& mailbox);

// `content` with the new Received field, taken from the trace fields, below the one that it begins with; or "" if it
// begins with none.
std::string with_received_below_older(const std::string& content, std::vector<Delivery>& deliveries);

}  // namespace smtpspec::server
