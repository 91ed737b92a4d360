// builtins_context.cpp - functions on contexts (DMN 1.5, table 80).
#include "builtins.hpp"
#include "run.hpp"

#include <fmt/format.h>

namespace jx::rules {
namespace {

Value call_get_value(const Call& call) {
  const Value *context = call.want(0, Kind::context), *key = context ? call.want(1, Kind::string) : nullptr;
  if (!key) return {};
  const Value* entry = context->find(key->string());
  if (entry) return *entry;
  return call.refuse(DiagnosticCode::missing, {fmt::format("there is no entry '{}'", key->string()), fmt::format("没有条目“{}”", key->string())});
}

Value call_get_entries(const Call& call) {
  const Value* context = call.want(0, Kind::context);
  if (!context) return {};
  std::vector<Value> list;
  for (const auto& entry : context->entries()) list.push_back(Value::context({{"key", Value(entry.key)}, {"value", entry.value}}));
  return call.run.list(std::move(list), call.at);
}

Value made(const Call& call, std::vector<Entry> entries) {
  auto context = Value::context(std::move(entries));
  return context.is_null() ? call.run.stop(call.at, {"contexts are nested too deeply or hold too much", "上下文嵌套过深或内容过多"}) : context;
}

Value call_context(const Call& call) {
  const auto list = call.list(0);
  if (!list) return {};
  std::vector<Entry> entries;
  for (const auto& item : *list) {
    if (!call.run.step()) return {};
    const Value *key = item.find("key"), *value = item.find("value");
    if (!key || !value || !key->is(Kind::string)) return call.refuse_value();
    for (const auto& entry : entries)
      if (entry.key == key->string()) return call.refuse_value();
    entries.push_back({std::string(key->string()), *value});
  }
  return made(call, std::move(entries));
}

std::vector<Entry> with(const Value& context, std::string_view key, Value value) {
  std::vector<Entry> entries(context.entries().begin(), context.entries().end());
  entries.push_back({std::string(key), std::move(value)});  // of equal keys the last value wins
  return entries;
}

Value put(const Call& call, const Value& context, std::span<const Value> keys) {
  if (!keys[0].is(Kind::string)) return call.refuse_value();
  const auto key = keys[0].string();
  if (keys.size() == 1) return made(call, with(context, key, call[2]));
  const Value* inner = context.find(key);
  if (!inner || !inner->is(Kind::context)) return call.refuse_value();
  Value changed = put(call, *inner, keys.subspan(1));
  return changed.is_null() ? Value() : made(call, with(context, key, std::move(changed)));
}

Value call_context_put(const Call& call) {
  const Value* context = call.want(0, Kind::context);
  if (!context) return {};
  if (call[1].is(Kind::string)) return put(call, *context, {&call[1], 1});
  if (!call[1].is(Kind::list) || call[1].items().empty() || call[1].items().size() > value_depth_max) return call.wrong_type(1);
  return put(call, *context, call[1].items());
}

/// By name: `key` is a text, `keys` a list. The signature with `key` has an unnamed fourth place, which tells them apart.
Value call_context_put_key(const Call& call) {
  if (call.given == 4 && call.has(3)) return call.refuse(DiagnosticCode::arguments, {"too many arguments", "参数过多"});
  return call.given == 4 && call[1].is(Kind::list) ? call.wrong_type(1) : call_context_put(call);
}

Value call_context_merge(const Call& call) {
  const auto list = call.list(0);
  if (!list) return {};
  std::vector<Entry> entries;
  for (const auto& item : *list) {
    if (!call.run.step()) return {};
    if (!item.is(Kind::context)) return call.refuse_value();
    entries.insert(entries.end(), item.entries().begin(), item.entries().end());
  }
  return made(call, std::move(entries));
}

}  // namespace

void add_context_builtins(std::vector<Builtin>& table) {
  table.push_back({"get value", call_get_value, {{{"m", "key"}, 2}}});
  table.push_back({"get entries", call_get_entries, {{{"m"}, 1}}, false, TypeKind::list});
  table.push_back({"context", call_context, {{{"entries"}, 1}}, false, TypeKind::context});
  table.push_back(
      {"context put", call_context_put_key, {{{"context", "keys", "value"}, 3}, {{"context", "key", "value", ""}, 3}}, false, TypeKind::context});
  table.push_back({"context merge", call_context_merge, {{{"contexts"}, 1}}, false, TypeKind::context});
}

}  // namespace jx::rules
