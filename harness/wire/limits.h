// Every size limit of RFC 5321 §4.5.3.1 and of the extensions, in octets unless the name says otherwise. A parser takes
// what is beyond them and says so; whether that matters is the judge's decision.
#pragma once

#include <cstddef>

namespace smtpspec::wire {

inline constexpr std::size_t kMaxLocalPartOctets = 64;     // RFC 5321 §4.5.3.1.1
inline constexpr std::size_t kMaxDomainOctets = 255;       // RFC 5321 §4.5.3.1.2
inline constexpr std::size_t kMaxDomainLabelOctets = 63;   // RFC 1035 §2.3.4
inline constexpr std::size_t kMaxPathOctets = 256;         // with brackets and separators, RFC 5321 §4.5.3.1.3
inline constexpr std::size_t kMaxCommandLineOctets = 512;  // with verb and CRLF, RFC 5321 §4.5.3.1.4
inline constexpr std::size_t kMaxReplyLineOctets = 512;    // with code and CRLF, RFC 5321 §4.5.3.1.5
inline constexpr std::size_t kMaxTextLineOctets = 1000;    // with CRLF, without the stuffed dot, RFC 5321 §4.5.3.1.6
inline constexpr std::size_t kMinMessageOctets = 65'536;   // a server must take this much, RFC 5321 §4.5.3.1.7
inline constexpr std::size_t kMinRecipients = 100;         // a server must take this many, RFC 5321 §4.5.3.1.8
inline constexpr std::size_t kMaxAuthLineOctets = 12'288;  // with CRLF, RFC 4954 §4
inline constexpr std::size_t kMaxMechanismOctets = 20;     // RFC 4422 §3.1

}  // namespace smtpspec::wire
