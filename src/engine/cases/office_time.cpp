#include "office_time.hpp"

#include <jx/rules/time.hpp>

#include <charconv>
#include <string>

namespace jx::cases {
namespace {

std::optional<int> whole(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0 || value > 10'000) return std::nullopt;
  return value;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

constexpr std::int64_t micros_max = 253'402'300'799'000'000;  // the end of the year 9999

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  Duration duration;
  if (const auto blank = text.find(' '); blank != std::string_view::npos) {
    const auto n = whole(text.substr(0, blank));
    const auto unit = trimmed(text.substr(blank));
    if (!n || (unit != "WD" && unit != "D")) return std::nullopt;
    (unit == "WD" ? duration.working_days : duration.days) = *n;
    duration.is_term = true;
    return duration;
  }
  if (!text.starts_with('P')) return std::nullopt;
  // P1Y2M3DT4H is a part of years and months and a part of days and time; FEEL reads each by itself.
  const auto t = text.find('T');
  const auto date_part = text.substr(1, t == std::string_view::npos ? std::string_view::npos : t - 1);
  const auto cut = date_part.find_last_of("YM");
  const auto months_part = cut == std::string_view::npos ? std::string_view{} : date_part.substr(0, cut + 1);
  const std::string rest = "P" + std::string(text.substr(1 + months_part.size()));
  if (!months_part.empty()) {
    const auto months = rules::Months::parse("P" + std::string(months_part));
    if (!months || months->months < 0) return std::nullopt;
    duration.months = months->months;
  }
  if (rest == "P" && !months_part.empty()) return duration;
  if (const auto weeks = rest.size() > 2 && rest.back() == 'W' ? whole(std::string_view(rest).substr(1, rest.size() - 2)) : std::nullopt; weeks) {
    duration.span = Micros{*weeks * 604'800'000'000LL};
    return duration;
  }
  const auto span = rules::Span::parse(rest);
  if (!span || span->seconds < 0 || span->seconds > micros_max / 1'000'000) return std::nullopt;
  duration.span = Micros{span->seconds * 1'000'000 + span->nanos / 1000};
  return duration;
}

std::optional<Cycle> parse_cycle(std::string_view text) {
  if (!text.starts_with('R')) return std::nullopt;
  Cycle cycle;
  auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  if (const auto count = text.substr(1, slash - 1); !count.empty()) {
    const auto n = whole(count);
    if (!n) return std::nullopt;
    cycle.repetitions = *n;
  }
  text.remove_prefix(slash + 1);
  slash = text.find('/');
  const auto first = text.substr(0, slash);
  const auto second = slash == std::string_view::npos ? std::string_view{} : text.substr(slash + 1);
  if (const auto step = parse_duration(first)) {
    cycle.step = *step;
    if (second.empty()) return cycle;
    cycle.end = parse_date(second, "UTC");
    return cycle.end ? std::optional(cycle) : std::nullopt;
  }
  cycle.start = parse_date(first, "UTC");
  const auto step = parse_duration(second);
  if (!cycle.start || !step) return std::nullopt;
  cycle.step = *step;
  return cycle;
}

std::optional<Instant> parse_date(std::string_view text, std::string_view zone) {
  auto parsed = rules::DateTime::parse(text);
  if (!parsed) {
    const auto date = rules::Date::parse(text);
    if (!date) return std::nullopt;
    parsed = rules::DateTime{date->days * 86'400, 0, {}};
  }
  if (parsed->zone.none()) parsed->zone = rules::Zone::named(zone).value_or(rules::Zone::utc());
  const auto seconds = parsed->utc_seconds();
  if (seconds > micros_max / 1'000'000 || seconds < -micros_max / 1'000'000) return std::nullopt;
  return Instant{seconds * 1'000'000 + parsed->nanos / 1000};
}

Result<Instant> after(const OfficeClock& office, Instant from, const Duration& duration) {
  if (duration.is_term)
    return duration.working_days > 0 ? office.term_end(from, duration.working_days, true) : office.term_end(from, duration.days, false);
  Instant at = from;
  if (duration.months > 0) {
    const auto zone = rules::Zone::named(office.zone()).value_or(rules::Zone::utc());
    auto local = rules::DateTime::at(from, zone);
    auto [year, month, day] = local.date().ymd();
    const std::int64_t total = year * 12 + (month - 1) + duration.months;
    std::optional<rules::Date> date;
    for (int d = day; !date && d > 27; --d) date = rules::Date::of(total / 12, static_cast<int>(total % 12) + 1, d);
    if (!date) date = rules::Date::of(total / 12, static_cast<int>(total % 12) + 1, day);
    if (!date) return fail(ErrorCode::invalid, {"the time is out of range", "时间超出范围"});
    local.seconds += (date->days - local.date().days) * 86'400;
    at = Instant{local.utc_seconds() * 1'000'000 + local.nanos / 1000};
  }
  if (at.micros > micros_max - duration.span.count()) return fail(ErrorCode::invalid, {"the time is out of range", "时间超出范围"});
  return at + duration.span;
}

}  // namespace jx::cases
