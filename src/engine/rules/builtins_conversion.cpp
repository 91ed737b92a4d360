// builtins_conversion.cpp - conversion functions (DMN 1.5, table 71) and not().
#include "builtins.hpp"
#include "run.hpp"

#include <string>

namespace jx::rules {

std::string string_of(const Value& value, std::size_t bytes_max) {
  switch (value.kind()) {
    case Kind::string: return std::string(value.string());
    case Kind::date: return value.date().text();
    case Kind::time: return value.time().text();
    case Kind::date_time: return value.date_time().text();
    case Kind::days_time_duration: return value.span().text();
    case Kind::years_months_duration: return value.months().text();
    default: return value.text(bytes_max);
  }
}

namespace {

constexpr std::int64_t day_seconds = 86'400, second_nanos = 1'000'000'000;

Value call_string(const Call& call) {
  if (!call.has(0)) return {};
  const auto bytes_max = call.run.options.limits.string_bytes;
  return call.run.string(string_of(call[0], bytes_max), call.at);
}

/// number("1.234,5", ".", ","): group and decimal separators.
Value call_number(const Call& call) {
  const Value* from = call.arguments[0].is(Kind::number) && call.given == 1 ? &call.arguments[0] : call.want(0, Kind::string);
  if (!from) return {};
  if (from->is(Kind::number)) return *from;
  std::string grouping, decimal;
  if (call.given > 1) {
    for (std::size_t i = 1; i < call.given; ++i) {
      if (!call.has(i)) continue;
      const Value* separator = call.want(i, Kind::string);
      if (!separator) return {};
      (i == 1 ? grouping : decimal) = separator->string();
    }
    if (!grouping.empty() && grouping != " " && grouping != "," && grouping != ".") return call.refuse_value();
    if (!decimal.empty() && decimal != "," && decimal != ".") return call.refuse_value();
    if (!grouping.empty() && grouping == decimal) return call.refuse_value();
    if ((call.has(1) && grouping.empty()) || (call.has(2) && decimal.empty())) return call.refuse_value();
  }
  std::string text;
  for (const char c : from->string()) {
    if (!grouping.empty() && c == grouping[0]) continue;
    if (!decimal.empty() && c == decimal[0]) {
      text += '.';
    } else if (c == '.' && !decimal.empty()) {
      return call.refuse_value();
    } else {
      text += c;
    }
  }
  const auto number = Number::parse(text);
  if (!number) return call.refuse_value();
  return Value(*number);
}

Value call_date(const Call& call) {
  if (call.given == 1) {
    const Value& from = call[0];
    if (from.is(Kind::date)) return from;
    if (from.is(Kind::date_time)) return Value(from.date_time().date());
    const Value* text = call.want(0, Kind::string);
    return text ? call.give(Date::parse(text->string())) : Value();
  }
  if (call.given != 3) return call.refuse_value();
  std::int64_t parts[3];
  for (std::size_t i = 0; i < 3; ++i) {
    const Value* part = call.want(i, Kind::number);
    const auto number = part ? part->number().to_int() : std::nullopt;
    if (!number) return part ? call.refuse_value() : Value();
    parts[i] = *number;
  }
  if (parts[1] < 1 || parts[1] > 12 || parts[2] < 1 || parts[2] > 31) return call.refuse_value();
  return call.give(Date::of(parts[0], static_cast<int>(parts[1]), static_cast<int>(parts[2])));
}

Value call_time(const Call& call) {
  if (call.given == 1) {
    const Value& from = call[0];
    if (from.is(Kind::time)) return from;
    if (from.is(Kind::date_time)) return Value(from.date_time().time());
    if (from.is(Kind::date)) return Value(Time{0, Zone::utc()});
    const Value* text = call.want(0, Kind::string);
    return text ? call.give(Time::parse(text->string())) : Value();
  }
  if (call.given < 3) return call.refuse_value();
  const Value *hour = call.want(0, Kind::number), *minute = call.want(1, Kind::number), *second = call.want(2, Kind::number);
  if (!hour || !minute || !second) return {};
  const auto h = hour->number().to_int(), m = minute->number().to_int();
  const auto nanos = multiply(second->number(), Number(second_nanos));
  const auto whole = nanos ? round(*nanos, 0, Rounding::down) : std::nullopt;
  const auto n = whole ? whole->to_int() : std::nullopt;
  if (!h || !m || !n || *h < 0 || *h > 23 || *m < 0 || *m > 59 || *n < 0 || *n >= 60 * second_nanos) return call.refuse_value();
  Zone zone;
  if (call.has(3)) {
    const Value* offset = call.want(3, Kind::days_time_duration);
    if (!offset) return {};
    const auto seconds = offset->span().seconds;
    const auto known = seconds > -100'000 && seconds < 100'000 && offset->span().nanos == 0 ? Zone::offset(static_cast<int>(seconds)) : std::nullopt;
    if (!known) return call.refuse_value();
    zone = *known;
  }
  return Value(Time{(*h * 3600 + *m * 60) * second_nanos + *n, zone});
}

Value call_date_and_time(const Call& call) {
  if (call.given == 1) {
    const Value& from = call[0];
    if (from.is(Kind::date_time)) return from;
    if (from.is(Kind::date)) return Value(DateTime{from.date().days * day_seconds, 0, Zone{}});
    const Value* text = call.want(0, Kind::string);
    if (!text) return {};
    if (const auto date = Date::parse(text->string())) return Value(DateTime{date->days * day_seconds, 0, Zone{}});
    return call.give(DateTime::parse(text->string()));
  }
  const Value& day = call[0];
  const Value* time = call.want(1, Kind::time);
  if (!time) return {};
  if (!day.is(Kind::date) && !day.is(Kind::date_time)) return call.wrong_type(0);
  const Date date = day.is(Kind::date) ? day.date() : day.date_time().date();
  const Time at = time->time();
  return Value(DateTime{date.days * day_seconds + at.nanos / second_nanos, static_cast<std::int32_t>(at.nanos % second_nanos), at.zone});
}

Value call_duration(const Call& call) {
  if (call[0].is(Kind::days_time_duration) || call[0].is(Kind::years_months_duration)) return call[0];
  const Value* text = call.want(0, Kind::string);
  if (!text) return {};
  if (const auto months = Months::parse(text->string())) return Value(*months);
  return call.give(Span::parse(text->string()));
}

/// Whole months from one day to the other; the day of the month decides the last one, the time of day does not count.
Value call_years_and_months(const Call& call) {
  const auto day = [&](std::size_t i) -> std::optional<Date::Ymd> {
    const Value& value = call[i];
    if (value.is(Kind::date)) return value.date().ymd();
    if (value.is(Kind::date_time)) return value.date_time().date().ymd();
    call.wrong_type(i);
    return std::nullopt;
  };
  const auto from = day(0), to = from ? day(1) : std::nullopt;
  if (!to) return {};
  std::int64_t months = (to->year - from->year) * 12 + to->month - from->month;
  if (months > 0 && from->day > to->day) --months;
  if (months < 0 && from->day < to->day) ++months;
  return Value(Months{months});
}

Value call_not(const Call& call) {
  if (call[0].is_null()) return {};
  const Value* value = call.want(0, Kind::boolean);
  return value ? Value(!value->boolean()) : Value();
}

}  // namespace

void add_conversion_builtins(std::vector<Builtin>& table) {
  table.push_back({"string", call_string, {{{"from"}, 1}}, false, TypeKind::string});
  table.push_back({"number", call_number, {{{"from"}, 1}, {{"from", "grouping separator", "decimal separator"}, 3}}, false, TypeKind::number});
  table.push_back({"date", call_date, {{{"from"}, 1}, {{"year", "month", "day"}, 3}}, false, TypeKind::date});
  table.push_back({"time", call_time, {{{"from"}, 1}, {{"hour", "minute", "second", "offset"}, 3}}, false, TypeKind::time});
  table.push_back({"date and time", call_date_and_time, {{{"from"}, 1}, {{"date", "time"}, 2}}, false, TypeKind::date_time});
  table.push_back({"duration", call_duration, {{{"from"}, 1}}, false, TypeKind::any});
  table.push_back({"years and months duration", call_years_and_months, {{{"from", "to"}, 2}}, false, TypeKind::years_months_duration});
  table.push_back({"not", call_not, {{{"negand"}, 1}}, false, TypeKind::boolean});
}

}  // namespace jx::rules
