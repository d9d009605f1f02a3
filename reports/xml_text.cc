#include "reports/xml_text.h"

#include "reports/printable.h"

namespace smtpspec::reports {

// What printable() lets through is a subset of XML 1.0 §2.2 Char.
std::string xml_text(std::string_view text) { return printable_lines(text); }
std::string xml_attribute(std::string_view text) { return printable(text); }

}  // namespace smtpspec::reports
