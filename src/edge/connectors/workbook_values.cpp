#include "workbook_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>

namespace jx::connectors {
namespace {

constexpr double serial_max = 2'958'466;  // the day after 9999-12-31 in the 1900 system
constexpr std::int64_t seconds_of_day = 86'400;
constexpr double whole_max = 1e15;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// The 1900 system counts a 29 February 1900 that never was.
std::chrono::sys_days day_of(std::int64_t serial, bool from_1904) {
  using namespace std::chrono;
  if (from_1904) return sys_days(year(1904) / 1 / 1) + days(serial);
  return sys_days(year(1899) / 12 / (serial < 60 ? 31 : 30)) + days(serial);
}

std::string shown_date(double serial, Shown as, bool from_1904) {
  auto day = static_cast<std::int64_t>(std::floor(serial));
  auto seconds = static_cast<std::int64_t>(std::llround((serial - std::floor(serial)) * seconds_of_day));
  if (as == Shown::date) seconds = 0;
  if (seconds == seconds_of_day) {
    ++day;
    seconds = 0;
  }
  auto time = fmt::format("{:02}:{:02}:{:02}", seconds / 3'600, seconds / 60 % 60, seconds % 60);
  if (as == Shown::time && day == 0) return time;
  const std::chrono::year_month_day date(day_of(day, from_1904));
  const auto text =
      fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return as == Shown::date ? text : text + "T" + time;
}

}  // namespace

Shown shown_by(int format) {
  if (format == 22) return Shown::date_time;
  if ((format >= 14 && format <= 17) || (format >= 27 && format <= 31) || format == 36 || (format >= 50 && format <= 54) ||
      (format >= 57 && format <= 58))
    return Shown::date;
  if ((format >= 18 && format <= 21) || (format >= 32 && format <= 35) || (format >= 45 && format <= 47) || format == 55 || format == 56)
    return Shown::time;
  return Shown::number;
}

Shown shown_by(std::string_view code) {
  bool date = false;
  bool time = false;
  bool month_or_minute = false;
  for (std::size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
    const char c = lower(code[i]);
    if (c == '"') {
      i = std::min(code.find('"', i + 1), code.size());
    } else if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else if (c == '[') {  // a colour, a condition, a language; or hours beyond 24
      const auto end = std::min(code.find(']', i), code.size());
      const char first = i + 1 < code.size() ? lower(code[i + 1]) : ' ';
      if (end == i + 2 || end == i + 3) time = time || first == 'h' || first == 'm' || first == 's';
      i = end;
    } else {
      date = date || c == 'y' || c == 'd';
      time = time || c == 'h' || c == 's';
      month_or_minute = month_or_minute || c == 'm';
    }
  }
  if (date && time) return Shown::date_time;
  if (time) return Shown::time;
  return date || month_or_minute ? Shown::date : Shown::number;
}

std::string shown(std::string_view number, Shown as, bool from_1904) {
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error != std::errc() || end != number.data() + number.size() || !std::isfinite(value)) return std::string(number);
  if (as != Shown::number && value >= 0 && value < serial_max - (from_1904 ? 1'462 : 0) - 1) return shown_date(value, as, from_1904);
  if (std::floor(value) == value && std::fabs(value) < whole_max) return std::to_string(static_cast<std::int64_t>(value));
  return fmt::format("{:.15g}", value);
}

std::optional<std::size_t> column_of(std::string_view reference) {
  std::size_t column = 0;
  std::size_t i = 0;
  for (; i < reference.size() && reference[i] >= 'A' && reference[i] <= 'Z' && i < 4; ++i)
    column = column * 26 + static_cast<std::size_t>(reference[i] - 'A' + 1);
  if (i == 0 || i > 3 || column > 16'384) return std::nullopt;
  return column - 1;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    unsigned value = 0;
    if (text.size() - i >= 7 && text[i] == '_' && text[i + 1] == 'x' && text[i + 6] == '_') {
      const auto [end, error] = std::from_chars(text.data() + i + 2, text.data() + i + 6, value, 16);
      if (error == std::errc() && end == text.data() + i + 6 && value < 0x80 && value != 0) {
        out.push_back(static_cast<char>(value));
        i += 7;
        continue;
      }
    }
    out.push_back(text[i++]);
  }
  return out;
}

}  // namespace jx::connectors
