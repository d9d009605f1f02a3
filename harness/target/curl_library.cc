#include "harness/target/curl_library.h"

#include <dlfcn.h>

#include <type_traits>

namespace smtpspec::target {
namespace {

constexpr const char* kSharedObject = "libcurl.so.4";  // the binary interface of the header that is compiled in

base::Result<CurlLibrary, std::string> load() {
  void* const object = dlopen(kSharedObject, RTLD_NOW | RTLD_LOCAL);
  if (object == nullptr)
    return base::make_unexpected(std::string("POP3 and IMAP mailboxes are read by libcurl, which cannot be loaded: ") +
                                 dlerror());
  CurlLibrary curl;
  std::string missing;
  const auto find = [&](const char* name, auto& function) {
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(object, name));
    if (function == nullptr) missing = name;
  };
  find("curl_global_init", curl.global_init);
  find("curl_easy_init", curl.easy_init);
  find("curl_easy_cleanup", curl.easy_cleanup);
  find("curl_easy_setopt", curl.easy_setopt);
  find("curl_easy_strerror", curl.easy_strerror);
  find("curl_multi_init", curl.multi_init);
  find("curl_multi_cleanup", curl.multi_cleanup);
  find("curl_multi_add_handle", curl.multi_add_handle);
  find("curl_multi_remove_handle", curl.multi_remove_handle);
  find("curl_multi_perform", curl.multi_perform);
  find("curl_multi_poll", curl.multi_poll);
  find("curl_multi_info_read", curl.multi_info_read);
  find("curl_multi_wakeup", curl.multi_wakeup);
  if (!missing.empty())
    return base::make_unexpected(std::string(kSharedObject) + " is too old: it has no function " + missing);
  if (const CURLcode code = curl.global_init(CURL_GLOBAL_DEFAULT); code != CURLE_OK)
    return base::make_unexpected(std::string("libcurl cannot be used: ") + curl.easy_strerror(code));
  return curl;
}

}  // namespace

base::Result<const CurlLibrary*, std::string> CurlLibrary::get() {
  static const auto loaded = load();
  if (!loaded) return base::make_unexpected(loaded.error());
  return &*loaded;
}

}  // namespace smtpspec::target
