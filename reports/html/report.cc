#include "reports/html/report.h"

#include <ostream>

#include "reports/html/chapters.h"
#include "reports/html/page.h"

namespace smtpspec::reports {

void write_html(const verdict::RunRecord& record, std::ostream& out) {
  const html::Index index(record);
  html::begin_page(out, html::name_of(record) + " \xe2\x80\x94 SMTP conformance", html::kReportAssets);
  out << "<a class=\"skip\" href=\"#findings\">To the findings</a>\n";
  html::write_masthead(out, index);
  html::write_filters(out, index);
  out << "<main>\n<section id=\"findings\">\n";
  html::write_findings(out, index);
  out << "</section>\n";
  html::write_specifications(out, index);
  html::write_extensions(out, index);
  html::write_requirements(out, index);
  out << "<section id=\"scenarios\">\n";
  html::write_rest(out, index);
  out << "</section>\n";
  html::write_environment(out, index);
  out << "</main>\n";
  html::end_page(out, html::kReportAssets);
}

}  // namespace smtpspec::reports
