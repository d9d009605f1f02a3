#include "harness/server/net/maildir.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace smtpspec::server {
namespace {

namespace fs = std::filesystem;

// A local-part may be anything, even "../..": as a folder it is one segment that goes nowhere else.
std::string segment(const std::string& name) {
  std::string result;
  for (char c : name) {
    if (c == '/' || c == '%' || c == '\0' || (c == '.' && result.empty())) {
      constexpr char kHex[] = "0123456789abcdef";
      const auto octet = static_cast<unsigned char>(c);
      result += {'%', kHex[octet >> 4], kHex[octet & 15]};
    } else {
      result += c;
    }
  }
  return result;
}

std::string problem(const fs::path& path, const std::string& reason) { return path.string() + ": " + reason; }

}  // namespace

base::Result<void, std::string> Maildir::store_all(const std::vector<StoredMessage>& messages,
                                                   const std::string& unique_id) {
  struct Place {
    fs::path written;
    fs::path final;
  };
  std::vector<Place> places;
  std::string failure;
  std::error_code error;
  for (const auto& message : messages) {
    const fs::path folder = fs::path(root_) / segment(message.folder);
    for (const char* part : {"tmp", "new", "cur"}) {
      fs::create_directories(folder / part, error);
      if (error && failure.empty()) failure = problem(folder / part, error.message());
    }
    if (!failure.empty()) break;
    const std::string name = unique_id + "." + std::to_string(places.size());
    places.push_back({folder / "tmp" / name, folder / "new" / name});
    std::ofstream stream(places.back().written, std::ios::binary | std::ios::trunc);
    stream << message.head << message.content;
    stream.close();
    if (!stream) {
      failure = problem(places.back().written, std::strerror(errno));
      break;
    }
  }
  std::size_t moved = 0;
  for (; failure.empty() && moved < places.size(); ++moved) {
    fs::rename(places[moved].written, places[moved].final, error);
    if (!error) continue;
    failure = problem(places[moved].final, error.message());
    break;
  }
  if (failure.empty()) return {};
  // All or nothing: what is there already goes again.
  std::error_code ignored;
  for (std::size_t i = 0; i < places.size(); ++i) fs::remove(i < moved ? places[i].final : places[i].written, ignored);
  return base::make_unexpected(failure);
}

}  // namespace smtpspec::server
