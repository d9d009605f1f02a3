// The style sheets and scripts of the pages, compiled in from the files beside this one (ci/cmake/EmbedPage.cmake).
#pragma once

#include <string_view>

namespace smtpspec::reports::html {

struct Asset {
  std::string_view text;
  std::string_view sha256;  // base64, as a content security policy names it
};

struct PageAssets {
  Asset style;
  Asset script;
};

extern const PageAssets kReportAssets;
extern const PageAssets kMatrixAssets;

}  // namespace smtpspec::reports::html
