#include "reports/instant.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "harness/base/octets.h"

namespace smtpspec::reports {
namespace {

using std::chrono::days;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::string_view kShape = "0000-00-00T00:00:00";
constexpr std::size_t kMaxFractionDigits = 9;

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = 10 * value + (c - '0');
  return value;
}

bool has_shape(std::string_view text) {
  for (std::size_t i = 0; i < kShape.size(); ++i)
    if (kShape[i] == '0' ? !base::is_digit(text[i]) : text[i] != kShape[i]) return false;
  return true;
}

}  // namespace

std::string format_instant(base::WallTime time) {
  const auto whole = std::chrono::floor<seconds>(time);
  std::string out = base::to_iso8601(whole);
  const auto fraction = std::chrono::duration_cast<nanoseconds>(time - whole).count();
  if (fraction == 0) return out;
  out.pop_back();
  out += fmt::format(".{:09}", fraction);
  out.erase(out.find_last_not_of('0') + 1);
  return out + 'Z';
}

std::optional<base::WallTime> parse_instant(std::string_view text) {
  if (text.size() <= kShape.size() || !has_shape(text) || text.back() != 'Z') return std::nullopt;
  std::string fraction(text.substr(kShape.size(), text.size() - kShape.size() - 1));
  if (!fraction.empty()) {
    if (fraction[0] != '.' || fraction.size() == 1 || fraction.size() - 1 > kMaxFractionDigits) return std::nullopt;
    fraction.erase(0, 1);
    if (!std::all_of(fraction.begin(), fraction.end(), base::is_digit)) return std::nullopt;
  }
  fraction.resize(kMaxFractionDigits, '0');
  const std::chrono::year_month_day date(std::chrono::year(number(text.substr(0, 4))),
                                         std::chrono::month(static_cast<unsigned>(number(text.substr(5, 2)))),
                                         std::chrono::day(static_cast<unsigned>(number(text.substr(8, 2)))));
  const int hour = number(text.substr(11, 2));
  const int minute = number(text.substr(14, 2));
  const int second = number(text.substr(17, 2));
  if (!date.ok() || date.year() < std::chrono::year(1970) || date.year() > std::chrono::year(2199) || hour > 23 ||
      minute > 59 || second > 59)
    return std::nullopt;
  const auto time = std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
                    seconds(second) + nanoseconds(number(fraction));
  return std::chrono::time_point_cast<base::WallTime::duration>(time);
}

}  // namespace smtpspec::reports
