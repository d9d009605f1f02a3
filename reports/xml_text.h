// Any octets as text that XML 1.0 can hold. pugixml writes what it is given, and an XML reader refuses a control
// character, invalid UTF-8 or U+FFFE even as a reference; so every string goes through here first. Markup characters
// (< & > ") are the XML library's to escape.
#pragma once

#include <string>
#include <string_view>

namespace smtpspec::reports {

// For element content: LF stays, CR LF becomes LF, everything that XML forbids or that hides is escaped as \xHH.
std::string xml_text(std::string_view text);

// For an attribute: as xml_text(), and on one line; an XML reader would turn a newline into a space.
std::string xml_attribute(std::string_view text);

}  // namespace smtpspec::reports
