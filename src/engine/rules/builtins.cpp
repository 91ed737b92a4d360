#include "builtins.hpp"

#include "run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace jx::rules {
namespace {

struct Table {
  std::vector<Builtin> functions;
  std::unordered_map<std::string_view, const Builtin*> by_name;

  Table() {
    add_conversion_builtins(functions);
    add_string_builtins(functions);
    add_number_builtins(functions);
    add_list_builtins(functions);
    add_context_builtins(functions);
    add_temporal_builtins(functions);
    add_range_builtins(functions);
    for (const auto& function : functions) by_name.emplace(function.name, &function);
  }
};

const Table& table() {
  static const Table all;  // never changed
  return all;
}

}  // namespace

const Builtin* find_builtin(std::string_view name) {
  const auto& names = table().by_name;
  const auto at = names.find(name);
  return at == names.end() ? nullptr : at->second;
}

std::span<const Builtin> all_builtins() { return table().functions; }

bool Builtin::takes(std::size_t count) const {
  if (variadic) return count >= 1;
  return std::ranges::any_of(signatures, [&](const Signature& s) { return count >= s.required && count <= s.names.size(); });
}

const Value* Call::want(std::size_t i, Kind kind) const {
  const Value* value = &arguments[i];
  if (value->is(kind)) return value;
  if (value->is(Kind::list) && value->items().size() == 1 && value->items()[0].is(kind)) return value->items().data();
  wrong_type(i);
  return nullptr;
}

std::optional<std::int64_t> Call::integer(std::size_t i) const {
  const Value* value = want(i, Kind::number);
  if (!value) return std::nullopt;
  const auto whole = round(value->number(), 0, Rounding::down);
  const auto number = whole ? whole->to_int() : std::nullopt;
  if (!number) refuse_value();
  return number;
}

std::optional<std::span<const Value>> Call::list(std::size_t i) const {
  const Value& value = arguments[i];
  if (value.is(Kind::list)) return value.items();
  if (!value.is_null()) return std::span(&value, 1);
  wrong_type(i);
  return std::nullopt;
}

std::optional<std::span<const Value>> Call::items() const {
  if (given == 1) return list(0);
  return arguments.first(given);
}

Value Call::refuse(DiagnosticCode code, Words message) const {
  message.en = fmt::format("{}: {}", builtin.name, message.en);
  message.zh = fmt::format("{}：{}", builtin.name, message.zh);
  return run.report(code, at, std::move(message));
}

Value Call::refuse_value() const { return refuse(DiagnosticCode::value, {"there is no result for these arguments", "这些参数没有对应的结果"}); }

Value Call::wrong_type(std::size_t argument) const {
  const auto kind = name(arguments[argument].kind());
  return refuse(DiagnosticCode::type, {fmt::format("argument {} is {}", argument + 1, kind), fmt::format("第 {} 个参数是 {}", argument + 1, kind)});
}

}  // namespace jx::rules
