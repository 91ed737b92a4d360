// builtins_temporal.cpp - now, today, is, and the calendar functions (DMN 1.5, tables 77 and 79).
#include "builtins.hpp"
#include "run.hpp"

namespace jx::rules {
namespace {

std::optional<DateTime> now(const Call& call) {
  if (!call.run.options.now) {
    call.refuse(DiagnosticCode::missing, {"this evaluation has no clock", "本次计算没有时钟"});
    return std::nullopt;
  }
  const auto& name = call.run.options.zone;
  const auto zone = name == "UTC" ? std::optional(Zone::utc()) : Zone::named(name);
  return DateTime::at(*call.run.options.now, zone.value_or(Zone::utc()));
}

Value call_now(const Call& call) {
  const auto at = now(call);
  return at ? Value(*at) : Value();
}

Value call_today(const Call& call) {
  const auto at = now(call);
  return at ? Value(at->date()) : Value();
}

Value call_is(const Call& call) { return Value(call[0] == call[1]); }

std::optional<Date> day(const Call& call) {
  const Value* value = &call[0];
  if (value->is(Kind::list) && value->items().size() == 1) value = value->items().data();
  if (value->is(Kind::date)) return value->date();
  if (value->is(Kind::date_time)) return value->date_time().date();
  call.wrong_type(0);
  return std::nullopt;
}

Value call_day_of_year(const Call& call) {
  const auto date = day(call);
  if (!date) return {};
  return Value(date->days - Date::of(date->ymd().year, 1, 1)->days + 1);
}

Value call_day_of_week(const Call& call) {
  constexpr std::string_view names[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
  const auto date = day(call);
  return date ? Value(names[date->weekday() - 1]) : Value();
}

Value call_month_of_year(const Call& call) {
  constexpr std::string_view names[] = {"January", "February", "March",     "April",   "May",      "June",
                                        "July",    "August",   "September", "October", "November", "December"};
  const auto date = day(call);
  return date ? Value(names[date->ymd().month - 1]) : Value();
}

/// ISO 8601: the week that has the year's first Thursday is the first.
Value call_week_of_year(const Call& call) {
  const auto date = day(call);
  if (!date) return {};
  const Date thursday{date->days - date->weekday() + 4};
  const auto first = Date::of(thursday.ymd().year, 1, 1);
  return first ? Value((thursday.days - first->days) / 7 + 1) : call.refuse_value();
}

}  // namespace

void add_temporal_builtins(std::vector<Builtin>& table) {
  table.push_back({"now", call_now, {{{}, 0}}, false, TypeKind::date_time, false});
  table.push_back({"today", call_today, {{{}, 0}}, false, TypeKind::date, false});
  table.push_back({"is", call_is, {{{"value1", "value2"}, 2, true}}, false, TypeKind::boolean});
  table.push_back({"day of year", call_day_of_year, {{{"date"}, 1}}, false, TypeKind::number});
  table.push_back({"day of week", call_day_of_week, {{{"date"}, 1}}, false, TypeKind::string});
  table.push_back({"month of year", call_month_of_year, {{{"date"}, 1}}, false, TypeKind::string});
  table.push_back({"week of year", call_week_of_year, {{{"date"}, 1}}, false, TypeKind::number});
}

}  // namespace jx::rules
