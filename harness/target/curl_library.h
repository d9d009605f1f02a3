// libcurl, loaded when the first POP3 or IMAP mailbox is opened and not when the program starts: it brings thirty
// libraries with it, which take a good part of the time from the program's start to its first verdict. For this room's
// sources.
#pragma once

#include <curl/curl.h>

#include <string>

#include "harness/base/result.h"

namespace smtpspec::target {

// The functions of libcurl by their own names, less `curl_`.
struct CurlLibrary {
  decltype(&::curl_global_init) global_init = nullptr;
  decltype(&::curl_easy_init) easy_init = nullptr;
  decltype(&::curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&::curl_easy_setopt) easy_setopt = nullptr;
  decltype(&::curl_easy_strerror) easy_strerror = nullptr;
  decltype(&::curl_multi_init) multi_init = nullptr;
  decltype(&::curl_multi_cleanup) multi_cleanup = nullptr;
  decltype(&::curl_multi_add_handle) multi_add_handle = nullptr;
  decltype(&::curl_multi_remove_handle) multi_remove_handle = nullptr;
  decltype(&::curl_multi_perform) multi_perform = nullptr;
  decltype(&::curl_multi_poll) multi_poll = nullptr;
  decltype(&::curl_multi_info_read) multi_info_read = nullptr;
  decltype(&::curl_multi_wakeup) multi_wakeup = nullptr;

  // Loaded and initialised once for the process, and kept; or why it cannot be used.
  static base::Result<const CurlLibrary*, std::string> get();
};

}  // namespace smtpspec::target
