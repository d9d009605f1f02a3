// Words that parsers of SMTP look for: what a blind octet mutation would need millions of tries to write.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace smtpspec::fuzz {

std::span<const std::string_view> dictionary();

// The same in the form of libFuzzer's -dict files; fuzz/dictionaries/smtp.dict holds this text.
std::string dictionary_file();

}  // namespace smtpspec::fuzz
