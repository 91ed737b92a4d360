// time.cpp - calendar arithmetic and the lexical forms of dates, times and durations (XML Schema 1.1 part 2; DMN 1.5 table 61).
#include <jx/rules/time.hpp>

#include <fmt/format.h>

#include <limits>

namespace jx::rules {
namespace {

constexpr std::int64_t day_seconds = 86'400, second_nanos = 1'000'000'000;
constexpr std::int64_t duration_max = 1'000'000'000'000'000'000;  // of seconds or months

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

bool leap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }
int month_days(std::int64_t year, int month) {
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && leap(year) ? 29 : days[month - 1];
}

/// Reads a text from the left.
struct Reader {
  std::string_view text;
  std::size_t at = 0;

  [[nodiscard]] bool done() const { return at == text.size(); }
  [[nodiscard]] char peek() const { return at < text.size() ? text[at] : '\0'; }
  bool take(char c) { return peek() == c && !done() ? (++at, true) : false; }
  /// Exactly `count` digits, or any number of them from 1 to 18 if `count` is 0; -1 if there are none.
  std::int64_t digits(std::size_t count = 0) {
    std::int64_t value = 0;
    const std::size_t start = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9' && at - start < (count ? count : 18)) value = value * 10 + (text[at++] - '0');
    return at == start || (count && at - start != count) ? -1 : value;
  }
  /// `.123` as nanoseconds; digits beyond the ninth are dropped. 0 if there is no point, -1 if nothing follows it.
  std::int64_t fraction() {
    if (!take('.')) return 0;
    std::int64_t value = 0, scale = second_nanos;
    const std::size_t start = at;
    for (; peek() >= '0' && peek() <= '9'; ++at) {
      if (scale > 1) {
        scale /= 10;
        value += (peek() - '0') * scale;
      }
    }
    return at == start ? -1 : value;
  }
};

std::optional<Date> read_date(Reader& in) {
  const bool negative = in.take('-');
  const std::size_t start = in.at;
  const std::int64_t year = in.digits();
  const std::size_t length = in.at - start;
  if (year < 0 || length < 4 || (length > 4 && in.text[start] == '0') || !in.take('-')) return std::nullopt;
  const auto month = in.digits(2);
  if (month < 0 || !in.take('-')) return std::nullopt;
  const auto day = in.digits(2);
  if (day < 0) return std::nullopt;
  return Date::of(negative ? -year : year, static_cast<int>(month), static_cast<int>(day));
}

std::optional<Zone> read_zone(Reader& in) {
  if (in.done()) return Zone{};
  if (in.take('Z') || in.take('z')) return Zone::utc();
  if (in.take('@')) {
    const auto zone = Zone::named(in.text.substr(in.at));
    in.at = in.text.size();
    return zone;
  }
  const bool negative = in.peek() == '-';
  if (!in.take('-') && !in.take('+')) return std::nullopt;
  const auto hours = in.digits(2);
  if (hours < 0 || !in.take(':')) return std::nullopt;
  const auto minutes = in.digits(2);
  std::int64_t seconds = 0;
  if (minutes < 0 || minutes > 59) return std::nullopt;
  if (in.take(':')) {
    seconds = in.digits(2);
    if (seconds < 0 || seconds > 59) return std::nullopt;
  }
  const auto offset = static_cast<int>(hours * 3600 + minutes * 60 + seconds);
  return Zone::offset(negative ? -offset : offset);
}

/// 24:00:00 is read as one whole day.
std::optional<Time> read_time(Reader& in) {
  const auto hour = in.digits(2);
  if (hour < 0 || !in.take(':')) return std::nullopt;
  const auto minute = in.digits(2);
  if (minute < 0 || !in.take(':')) return std::nullopt;
  const auto second = in.digits(2);
  const auto nanos = in.fraction();
  if (second < 0 || nanos < 0 || hour > 24 || minute > 59 || second > 59) return std::nullopt;
  if (hour == 24 && (minute != 0 || second != 0 || nanos != 0)) return std::nullopt;
  const auto zone = read_zone(in);
  if (!zone || !in.done()) return std::nullopt;
  return Time{(hour * 3600 + minute * 60 + second) * second_nanos + nanos, *zone};
}

std::string fraction_text(std::int64_t nanos) {
  if (nanos == 0) return {};
  std::string text = fmt::format(".{:09}", nanos);
  while (text.back() == '0') text.pop_back();
  return text;
}

std::string clock_text(std::int64_t seconds, std::int64_t nanos) {
  return fmt::format("{:02}:{:02}:{:02}{}", seconds / 3600, seconds / 60 % 60, seconds % 60, fraction_text(nanos));
}

}  // namespace

// Days of the civil calendar, counted in eras of 400 years that begin on 1 March.
std::optional<Date> Date::of(std::int64_t year, int month, int day) {
  if (year < -year_max || year > year_max || month < 1 || month > 12 || day < 1 || day > month_days(year, month)) return std::nullopt;
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t era = floor_div(y, 400), year_of_era = y - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return Date{era * 146'097 + day_of_era - 719'468};
}

Date::Ymd Date::ymd() const {
  const std::int64_t shifted = days + 719'468, era = floor_div(shifted, 146'097), day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t part = (5 * day_of_year + 2) / 153;
  const auto month = static_cast<int>(part < 10 ? part + 3 : part - 9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, static_cast<int>(day_of_year - (153 * part + 2) / 5 + 1)};
}

int Date::weekday() const { return static_cast<int>(((days + 3) % 7 + 7) % 7) + 1; }  // 1970-01-01 was a Thursday

std::string Date::text() const {
  const auto [year, month, day] = ymd();
  return fmt::format("{}{:04}-{:02}-{:02}", year < 0 ? "-" : "", year < 0 ? -year : year, month, day);
}

std::optional<Date> Date::parse(std::string_view text) {
  Reader in{text};
  const auto date = read_date(in);
  return date && in.done() ? date : std::nullopt;
}

std::string Time::text() const { return clock_text(nanos / second_nanos, nanos % second_nanos) + zone.text(); }

std::optional<Time> Time::parse(std::string_view text) {
  Reader in{text};
  auto time = read_time(in);
  if (time) time->nanos %= day_seconds * second_nanos;
  return time;
}

std::int64_t DateTime::utc_seconds() const { return seconds - (zone.none() ? 0 : zone.offset_at_local(seconds)); }

Date DateTime::date() const { return {floor_div(seconds, day_seconds)}; }

Time DateTime::time() const { return {(seconds - floor_div(seconds, day_seconds) * day_seconds) * second_nanos + nanos, zone}; }

DateTime DateTime::at(Instant instant, Zone zone) {
  const std::int64_t utc = floor_div(instant.micros, 1'000'000);
  const auto nanos = static_cast<std::int32_t>((instant.micros - utc * 1'000'000) * 1000);
  return {utc + zone.offset_at_instant(utc), nanos, zone};
}

std::string DateTime::text() const { return date().text() + "T" + time().text(); }

std::optional<DateTime> DateTime::parse(std::string_view text) {
  Reader in{text};
  const auto date = read_date(in);
  if (!date || !in.take('T')) return std::nullopt;
  const auto time = read_time(in);
  if (!time) return std::nullopt;
  return DateTime{date->days * day_seconds + time->nanos / second_nanos, static_cast<std::int32_t>(time->nanos % second_nanos), time->zone};
}

std::string Months::text() const {
  const auto magnitude = months < 0 ? -months : months;
  std::string text = months < 0 ? "-P" : "P";
  if (magnitude / 12 != 0) text += fmt::format("{}Y", magnitude / 12);
  if (magnitude % 12 != 0 || magnitude == 0) text += fmt::format("{}M", magnitude % 12);
  return text;
}

std::optional<Months> Months::parse(std::string_view text) {
  Reader in{text};
  const bool negative = in.take('-');
  if (!in.take('P')) return std::nullopt;
  __int128 months = 0;
  auto amount = in.digits();
  if (amount < 0) return std::nullopt;
  if (in.take('Y')) {
    months = static_cast<__int128>(amount) * 12;
    amount = in.done() ? -1 : in.digits();
    if (amount < 0 && !in.done()) return std::nullopt;
  }
  if (amount >= 0) {
    if (!in.take('M')) return std::nullopt;
    months += amount;
  }
  if (!in.done() || months > duration_max) return std::nullopt;
  return Months{static_cast<std::int64_t>(negative ? -months : months)};
}

std::string Span::text() const {
  const bool negative = seconds < 0;
  std::int64_t whole = seconds, part = nanos;
  if (negative) {
    whole = part == 0 ? -whole : -whole - 1;
    part = part == 0 ? 0 : second_nanos - part;
  }
  if (whole == 0 && part == 0) return "PT0S";
  std::string text = negative ? "-P" : "P";
  if (whole >= day_seconds) text += fmt::format("{}D", whole / day_seconds);
  whole %= day_seconds;
  if (whole == 0 && part == 0) return text;
  text += 'T';
  if (whole >= 3600) text += fmt::format("{}H", whole / 3600);
  if (whole / 60 % 60 != 0) text += fmt::format("{}M", whole / 60 % 60);
  if (whole % 60 != 0 || part != 0) text += fmt::format("{}{}S", whole % 60, fraction_text(part));
  return text;
}

std::optional<Span> Span::parse(std::string_view text) {
  Reader in{text};
  const bool negative = in.take('-');
  if (!in.take('P')) return std::nullopt;
  __int128 total = 0;
  std::int64_t nanos = 0;
  bool any = false;
  if (in.peek() != 'T') {
    const auto days = in.digits();
    if (days < 0 || !in.take('D')) return std::nullopt;
    total = static_cast<__int128>(days) * day_seconds;
    any = true;
  }
  if (in.take('T')) {
    any = false;
    constexpr std::pair<char, int> units[] = {{'H', 3600}, {'M', 60}, {'S', 1}};
    std::size_t unit = 0;
    while (!in.done()) {
      const auto amount = in.digits();
      if (amount < 0) return std::nullopt;
      const bool point = in.peek() == '.';
      nanos = in.fraction();
      if (nanos < 0) nanos = 0;  // `0.` is an unsignedDecimalPtNumeral
      while (unit < 3 && units[unit].first != in.peek()) ++unit;
      if (unit == 3 || (point && units[unit].first != 'S')) return std::nullopt;
      ++in.at;
      total += static_cast<__int128>(amount) * units[unit++].second;
      any = true;
    }
  }
  if (!any || !in.done() || total > duration_max) return std::nullopt;
  if (!negative) return Span{static_cast<std::int64_t>(total), static_cast<std::int32_t>(nanos)};
  return nanos == 0 ? Span{static_cast<std::int64_t>(-total), 0}
                    : Span{static_cast<std::int64_t>(-total - 1), static_cast<std::int32_t>(second_nanos - nanos)};
}

}  // namespace jx::rules
