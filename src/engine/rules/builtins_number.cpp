// builtins_number.cpp - numeric functions (DMN 1.5, table 75).
#include "builtins.hpp"
#include "run.hpp"

namespace jx::rules {
namespace {

template <Rounding mode>
Value call_round(const Call& call) {
  const Value* number = call.want(0, Kind::number);
  if (!number) return {};
  std::int64_t scale = 0;
  if (call.given > 1) {
    const auto given = call.integer(1);
    if (!given) return {};
    scale = *given;
  }
  if (scale < -6111 || scale > 6176) return call.refuse_value();
  return call.give(round(number->number(), static_cast<int>(scale), mode));
}

Value call_abs(const Call& call) {
  const Value& value = call[0];
  if (value.is(Kind::years_months_duration)) return Value(Months{value.months().months < 0 ? -value.months().months : value.months().months});
  if (value.is(Kind::days_time_duration)) return value.span().seconds < 0 ? multiply_values(call.run, value, Value(-1), call.at) : value;
  const Value* number = call.want(0, Kind::number);
  return number ? Value(number->number().abs()) : Value();
}

Value call_modulo(const Call& call) {
  const Value *dividend = call.want(0, Kind::number), *divisor = call.want(1, Kind::number);
  return dividend && divisor ? call.give(modulo(dividend->number(), divisor->number())) : Value();
}

template <std::optional<Number> (*function)(const Number&)>
Value call_function(const Call& call) {
  const Value* number = call.want(0, Kind::number);
  return number ? call.give(function(number->number())) : Value();
}

template <bool odd>
Value call_parity(const Call& call) {
  const Value* number = call.want(0, Kind::number);
  if (!number) return {};
  const auto rest = modulo(number->number(), 2);
  return Value(rest && (odd ? *rest == Number(1) : rest->is_zero()));
}

}  // namespace

void add_number_builtins(std::vector<Builtin>& table) {
  const auto number = TypeKind::number;
  table.push_back({"decimal", call_round<Rounding::half_even>, {{{"n", "scale"}, 2}}, false, number});
  table.push_back({"floor", call_round<Rounding::floor>, {{{"n", "scale"}, 1}}, false, number});
  table.push_back({"ceiling", call_round<Rounding::ceiling>, {{{"n", "scale"}, 1}}, false, number});
  table.push_back({"round up", call_round<Rounding::up>, {{{"n", "scale"}, 2}}, false, number});
  table.push_back({"round down", call_round<Rounding::down>, {{{"n", "scale"}, 2}}, false, number});
  table.push_back({"round half up", call_round<Rounding::half_up>, {{{"n", "scale"}, 2}}, false, number});
  table.push_back({"round half down", call_round<Rounding::half_down>, {{{"n", "scale"}, 2}}, false, number});
  table.push_back({"abs", call_abs, {{{"n"}, 1}}, false, TypeKind::any});
  table.push_back({"modulo", call_modulo, {{{"dividend", "divisor"}, 2}}, false, number});
  table.push_back({"sqrt", call_function<square_root>, {{{"number"}, 1}}, false, number});
  table.push_back({"log", call_function<logarithm>, {{{"number"}, 1}}, false, number});
  table.push_back({"exp", call_function<exponential>, {{{"number"}, 1}}, false, number});
  table.push_back({"odd", call_parity<true>, {{{"number"}, 1}}, false, TypeKind::boolean});
  table.push_back({"even", call_parity<false>, {{{"number"}, 1}}, false, TypeKind::boolean});
}

}  // namespace jx::rules
