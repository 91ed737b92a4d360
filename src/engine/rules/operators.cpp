// operators.cpp - equality, order, membership and arithmetic of values (DMN 1.5, tables 50 to 58).
#include "run.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace jx::rules {
namespace {

constexpr std::int64_t day_seconds = 86'400, second_nanos = 1'000'000'000, day_nanos = day_seconds * second_nanos;
constexpr __int128 seconds_max = 1'000'000'000'000'000'000;

__int128 nanos_of(const Span& span) { return static_cast<__int128>(span.seconds) * second_nanos + span.nanos; }

std::optional<Span> span_of(__int128 nanos) {
  __int128 seconds = nanos / second_nanos;
  auto rest = static_cast<std::int32_t>(nanos % second_nanos);
  if (rest < 0) {
    rest += static_cast<std::int32_t>(second_nanos);
    --seconds;
  }
  if (seconds > seconds_max || seconds < -seconds_max) return std::nullopt;
  return Span{static_cast<std::int64_t>(seconds), rest};
}

/// Nanoseconds since the epoch: in UTC where there is a zone, else local.
__int128 nanos_of(const DateTime& at) { return static_cast<__int128>(at.utc_seconds()) * second_nanos + at.nanos; }

/// A zone's offset at a bare time is that of 1970, except that a named zone keeps its wall clock.
std::int64_t utc_nanos(const Time& time) {
  return time.nanos - static_cast<std::int64_t>(time.zone.none() ? 0 : time.zone.offset_at_local(0)) * second_nanos;
}

/// Times are compared by the millisecond; what is finer is kept, and told apart by is().
__int128 millis(__int128 nanos) { return nanos >= 0 ? nanos / 1'000'000 : -((-nanos + 999'999) / 1'000'000); }

DateTime midnight_utc(const Date& date) { return {date.days * day_seconds, 0, Zone::utc()}; }

bool in_years(std::int64_t days) {
  constexpr std::int64_t limit = 365'242'498'900;  // beyond 999,999,999 years either way
  return days <= limit && days >= -limit;
}

std::optional<Date> plus_months(const Date& date, std::int64_t months) {
  const auto [year, month, day] = date.ymd();
  if (months > 12 * 2 * year_max || months < -12 * 2 * year_max) return std::nullopt;
  const std::int64_t total = year * 12 + month - 1 + months;
  const std::int64_t y = total >= 0 ? total / 12 : -((-total + 11) / 12);
  const int m = static_cast<int>(total - y * 12) + 1;
  for (int d = day; d >= 28; --d)
    if (const auto result = Date::of(y, m, d)) return result;
  return Date::of(y, m, day);
}

std::optional<DateTime> plus_months(const DateTime& at, std::int64_t months) {
  const Date date = at.date();
  const auto moved = plus_months(date, months);
  if (!moved) return std::nullopt;
  return DateTime{at.seconds + (moved->days - date.days) * day_seconds, at.nanos, at.zone};
}

std::optional<DateTime> plus_nanos(const DateTime& at, __int128 nanos) {
  // In a named zone the instant moves, so that a day on which the clocks change keeps its true length.
  const auto sum = span_of(static_cast<__int128>(at.zone.is_named() ? at.utc_seconds() : at.seconds) * second_nanos + at.nanos + nanos);
  if (!sum) return std::nullopt;
  const DateTime moved{sum->seconds + (at.zone.is_named() ? at.zone.offset_at_instant(sum->seconds) : 0), sum->nanos, at.zone};
  if (!in_years(moved.date().days)) return std::nullopt;
  return moved;
}

std::optional<Date> plus_nanos(const Date& date, __int128 nanos) {
  const auto moved = plus_nanos(midnight_utc(date), nanos);
  return moved ? std::optional(moved->date()) : std::nullopt;
}

Time plus_nanos(const Time& time, __int128 nanos) {
  auto sum = (time.nanos + nanos) % day_nanos;
  if (sum < 0) sum += day_nanos;
  return {static_cast<std::int64_t>(sum), time.zone};
}

Value out_of_range(Run& run, std::uint32_t at) { return run.report(DiagnosticCode::value, at, {"the result is out of range", "结果超出范围"}); }

Value refuse(Run& run, std::string_view verb, std::string_view zh, const Value& a, const Value& b, std::uint32_t at) {
  return run.report(
      DiagnosticCode::type, at,
      {fmt::format("cannot {} {} and {}", verb, name(a.kind()), name(b.kind())), fmt::format("{} 与 {} 不能{}", name(a.kind()), name(b.kind()), zh)});
}

template <class T>
Value checked(Run& run, const std::optional<T>& result, std::uint32_t at) {
  return result ? Value(*result) : out_of_range(run, at);
}

constexpr int pair_of(Kind a, Kind b) { return static_cast<int>(a) * 16 + static_cast<int>(b); }

Number number_of(__int128 value) {
  const bool negative = value < 0;
  return *Number::from_parts(negative, static_cast<unsigned __int128>(negative ? -value : value), 0);
}

std::optional<__int128> integer_part(const Number& number) {
  const auto whole = round(number, 0, Rounding::down);
  if (!whole || *whole > *Number::from_parts(false, static_cast<unsigned __int128>(seconds_max) * second_nanos, 0) ||
      *whole < *Number::from_parts(true, static_cast<unsigned __int128>(seconds_max) * second_nanos, 0))
    return std::nullopt;
  auto value = static_cast<__int128>(whole->coefficient());
  for (int e = whole->exponent(); e > 0; --e) value *= 10;
  for (int e = whole->exponent(); e < 0; ++e) value /= 10;
  return whole->is_negative() ? -value : value;
}

Value scaled_span(Run& run, const std::optional<Number>& nanos, std::uint32_t at) {
  const auto whole = nanos ? integer_part(*nanos) : std::nullopt;
  return whole ? checked(run, span_of(*whole), at) : out_of_range(run, at);
}

Value scaled_months(Run& run, const std::optional<Number>& months, std::uint32_t at) {
  const auto whole = months ? integer_part(*months) : std::nullopt;
  if (!whole || *whole > seconds_max || *whole < -seconds_max) return out_of_range(run, at);
  return Value(Months{static_cast<std::int64_t>(*whole)});
}

/// The difference of two points of time; nothing where one has a zone and the other has none.
std::optional<__int128> difference(const DateTime& a, const DateTime& b) {
  if (a.zone.none() != b.zone.none()) return std::nullopt;
  return nanos_of(a) - nanos_of(b);
}

Value subtract_points(Run& run, const Value& a, const Value& b, std::uint32_t at) {
  const DateTime x = a.is(Kind::date) ? midnight_utc(a.date()) : a.date_time();
  const DateTime y = b.is(Kind::date) ? midnight_utc(b.date()) : b.date_time();
  const auto nanos = difference(x, y);
  if (!nanos)
    return run.report(DiagnosticCode::value, at, {"one of the two has a time zone and the other has none", "两个时间中只有一个带时区，无法相减"});
  return checked(run, span_of(*nanos), at);
}

}  // namespace

std::optional<int> order(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return std::nullopt;
  const auto sign = [](auto ordering) { return ordering < 0 ? -1 : ordering > 0 ? 1 : 0; };
  switch (a.kind()) {
    case Kind::number: return sign(a.number() <=> b.number());
    case Kind::string: return sign(a.string() <=> b.string());  // UTF-8 sorts as its code points do
    case Kind::date: return sign(a.date() <=> b.date());
    case Kind::time: {
      const auto x = a.time(), y = b.time();
      if (x.zone.none() != y.zone.none()) return std::nullopt;
      return sign(millis(utc_nanos(x)) <=> millis(utc_nanos(y)));
    }
    case Kind::date_time: {
      const auto x = a.date_time(), y = b.date_time();
      if (x.zone.none() != y.zone.none()) return std::nullopt;
      return sign(millis(nanos_of(x)) <=> millis(nanos_of(y)));
    }
    case Kind::days_time_duration: return sign(a.span() <=> b.span());
    case Kind::years_months_duration: return sign(a.months() <=> b.months());
    default: return std::nullopt;
  }
}

Truth equal(Run& run, const Value& a, const Value& b) {
  const auto truth = [](bool yes) { return yes ? Truth::yes : Truth::no; };
  if (a.is_null() || b.is_null()) return truth(a.is_null() && b.is_null());
  if (a.kind() != b.kind()) {
    // A list of one is its item.
    if (a.is(Kind::list) && a.items().size() == 1 && !b.is(Kind::list)) return equal(run, a.items()[0], b);
    if (b.is(Kind::list) && b.items().size() == 1 && !a.is(Kind::list)) return equal(run, a, b.items()[0]);
    return Truth::unknown;
  }
  switch (a.kind()) {
    case Kind::boolean: return truth(a.boolean() == b.boolean());
    case Kind::list: {
      const auto x = a.items(), y = b.items();
      if (x.size() != y.size()) return Truth::no;
      Truth result = Truth::yes;
      for (std::size_t i = 0; i < x.size(); ++i) {
        if (!run.step()) return Truth::unknown;
        const Truth same = equal(run, x[i], y[i]);
        if (same == Truth::no) return same;
        if (same == Truth::unknown) result = same;
      }
      return result;
    }
    case Kind::context: {
      const auto entries = a.entries();
      if (entries.size() != b.entries().size()) return Truth::no;
      Truth result = Truth::yes;
      for (const auto& entry : entries) {
        if (!run.step()) return Truth::unknown;
        const Value* other = b.find(entry.key);
        if (!other) return Truth::no;
        const Truth same = equal(run, entry.value, *other);
        if (same == Truth::no) return same;
        if (same == Truth::unknown) result = same;
      }
      return result;
    }
    case Kind::range: {
      const auto &x = a.range(), &y = b.range();
      if (x.low_closed != y.low_closed || x.high_closed != y.high_closed || x.low_unbounded != y.low_unbounded ||
          x.high_unbounded != y.high_unbounded || x.single != y.single)
        return Truth::no;
      const Truth low = equal(run, x.low, y.low);
      return low == Truth::yes ? equal(run, x.high, y.high) : low;
    }
    case Kind::function: return truth(&a.function() == &b.function());
    default: return truth(order(a, b) == 0);  // times with and without a zone are different, not incomparable
  }
}

Truth contains(const RangeData& range, const Value& value) {
  if (!range.low_unbounded) {
    const auto low = order(value, range.low);
    if (!low) return Truth::unknown;
    if (*low < 0 || (*low == 0 && !range.low_closed)) return Truth::no;
  }
  if (!range.high_unbounded) {
    const auto high = order(value, range.high);
    if (!high) return Truth::unknown;
    if (*high > 0 || (*high == 0 && !range.high_closed)) return Truth::no;
  }
  return Truth::yes;
}

Truth is_in(Run& run, const Value& value, const Value& candidate) {
  if (candidate.is(Kind::range) && !value.is(Kind::range)) return contains(candidate.range(), value);
  if (!candidate.is(Kind::list)) return equal(run, value, candidate);
  if (value.is(Kind::list) && equal(run, value, candidate) == Truth::yes) return Truth::yes;
  Truth result = Truth::no;
  for (const auto& item : candidate.items()) {
    if (!run.step()) return Truth::unknown;
    const Truth found = item.is(Kind::range) && !value.is(Kind::range) ? contains(item.range(), value) : equal(run, value, item);
    if (found == Truth::yes) return found;
  }
  return result;
}

Value add_values(Run& run, const Value& a, const Value& b, std::uint32_t at) {
  switch (pair_of(a.kind(), b.kind())) {
    case pair_of(Kind::number, Kind::number): return checked(run, add(a.number(), b.number()), at);
    case pair_of(Kind::string, Kind::string): {
      std::string text;
      text.reserve(a.string().size() + b.string().size());
      text.append(a.string()).append(b.string());
      if (!run.steps(text.size() >> 8)) return {};
      return run.string(text, at);
    }
    case pair_of(Kind::days_time_duration, Kind::days_time_duration): return checked(run, span_of(nanos_of(a.span()) + nanos_of(b.span())), at);
    case pair_of(Kind::years_months_duration, Kind::years_months_duration): {
      const auto sum = static_cast<__int128>(a.months().months) + b.months().months;
      return sum > seconds_max || sum < -seconds_max ? out_of_range(run, at) : Value(Months{static_cast<std::int64_t>(sum)});
    }
    case pair_of(Kind::date, Kind::days_time_duration): return checked(run, plus_nanos(a.date(), nanos_of(b.span())), at);
    case pair_of(Kind::date, Kind::years_months_duration): return checked(run, plus_months(a.date(), b.months().months), at);
    case pair_of(Kind::date_time, Kind::days_time_duration): return checked(run, plus_nanos(a.date_time(), nanos_of(b.span())), at);
    case pair_of(Kind::date_time, Kind::years_months_duration): return checked(run, plus_months(a.date_time(), b.months().months), at);
    case pair_of(Kind::time, Kind::days_time_duration): return Value(plus_nanos(a.time(), nanos_of(b.span())));
    case pair_of(Kind::days_time_duration, Kind::date):
    case pair_of(Kind::years_months_duration, Kind::date):
    case pair_of(Kind::days_time_duration, Kind::date_time):
    case pair_of(Kind::years_months_duration, Kind::date_time):
    case pair_of(Kind::days_time_duration, Kind::time): return add_values(run, b, a, at);
    default: return refuse(run, "add", "相加", a, b, at);
  }
}

Value subtract_values(Run& run, const Value& a, const Value& b, std::uint32_t at) {
  switch (pair_of(a.kind(), b.kind())) {
    case pair_of(Kind::number, Kind::number): return checked(run, subtract(a.number(), b.number()), at);
    case pair_of(Kind::days_time_duration, Kind::days_time_duration): return checked(run, span_of(nanos_of(a.span()) - nanos_of(b.span())), at);
    case pair_of(Kind::years_months_duration, Kind::years_months_duration): {
      const auto sum = static_cast<__int128>(a.months().months) - b.months().months;
      return sum > seconds_max || sum < -seconds_max ? out_of_range(run, at) : Value(Months{static_cast<std::int64_t>(sum)});
    }
    case pair_of(Kind::date, Kind::date):
    case pair_of(Kind::date, Kind::date_time):
    case pair_of(Kind::date_time, Kind::date):
    case pair_of(Kind::date_time, Kind::date_time): return subtract_points(run, a, b, at);
    case pair_of(Kind::time, Kind::time): {
      const auto x = a.time(), y = b.time();
      if (x.zone.none() != y.zone.none()) return refuse(run, "subtract", "相减（只有一个带时区）", a, b, at);
      return checked(run, span_of(utc_nanos(x) - utc_nanos(y)), at);
    }
    case pair_of(Kind::date, Kind::days_time_duration): return checked(run, plus_nanos(a.date(), -nanos_of(b.span())), at);
    case pair_of(Kind::date, Kind::years_months_duration): return checked(run, plus_months(a.date(), -b.months().months), at);
    case pair_of(Kind::date_time, Kind::days_time_duration): return checked(run, plus_nanos(a.date_time(), -nanos_of(b.span())), at);
    case pair_of(Kind::date_time, Kind::years_months_duration): return checked(run, plus_months(a.date_time(), -b.months().months), at);
    case pair_of(Kind::time, Kind::days_time_duration): return Value(plus_nanos(a.time(), -nanos_of(b.span())));
    default: return refuse(run, "subtract", "相减", a, b, at);
  }
}

Value multiply_values(Run& run, const Value& a, const Value& b, std::uint32_t at) {
  switch (pair_of(a.kind(), b.kind())) {
    case pair_of(Kind::number, Kind::number): return checked(run, multiply(a.number(), b.number()), at);
    case pair_of(Kind::days_time_duration, Kind::number): return scaled_span(run, multiply(number_of(nanos_of(a.span())), b.number()), at);
    case pair_of(Kind::years_months_duration, Kind::number): return scaled_months(run, multiply(Number(a.months().months), b.number()), at);
    case pair_of(Kind::number, Kind::days_time_duration):
    case pair_of(Kind::number, Kind::years_months_duration): return multiply_values(run, b, a, at);
    default: return refuse(run, "multiply", "相乘", a, b, at);
  }
}

Value divide_values(Run& run, const Value& a, const Value& b, std::uint32_t at) {
  const auto by_zero = [&] { return run.report(DiagnosticCode::value, at, {"division by zero", "除数为零"}); };
  switch (pair_of(a.kind(), b.kind())) {
    case pair_of(Kind::number, Kind::number): return b.number().is_zero() ? by_zero() : checked(run, divide(a.number(), b.number()), at);
    case pair_of(Kind::days_time_duration, Kind::number):
      return b.number().is_zero() ? by_zero() : scaled_span(run, divide(number_of(nanos_of(a.span())), b.number()), at);
    case pair_of(Kind::years_months_duration, Kind::number):
      return b.number().is_zero() ? by_zero() : scaled_months(run, divide(Number(a.months().months), b.number()), at);
    case pair_of(Kind::days_time_duration, Kind::days_time_duration):
      return nanos_of(b.span()) == 0 ? by_zero() : checked(run, divide(number_of(nanos_of(a.span())), number_of(nanos_of(b.span()))), at);
    case pair_of(Kind::years_months_duration, Kind::years_months_duration):
      return b.months().months == 0 ? by_zero() : checked(run, divide(Number(a.months().months), Number(b.months().months)), at);
    default: return refuse(run, "divide", "相除", a, b, at);
  }
}

}  // namespace jx::rules
