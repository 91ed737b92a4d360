#include "types.hpp"

#include "builtins.hpp"
#include "run.hpp"

#include <jx/rules/json.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace jx::rules {
namespace {

TypePtr make(Type::Data data) { return std::make_shared<const Type::Data>(std::move(data)); }

TypeKind kind_of(const Value& value) {
  switch (value.kind()) {
    case Kind::null: return TypeKind::null;
    case Kind::boolean: return TypeKind::boolean;
    case Kind::number: return TypeKind::number;
    case Kind::string: return TypeKind::string;
    case Kind::date: return TypeKind::date;
    case Kind::time: return TypeKind::time;
    case Kind::date_time: return TypeKind::date_time;
    case Kind::days_time_duration: return TypeKind::days_time_duration;
    case Kind::years_months_duration: return TypeKind::years_months_duration;
    case Kind::list: return TypeKind::list;
    case Kind::context: return TypeKind::context;
    case Kind::range: return TypeKind::range;
    case Kind::function: return TypeKind::function;
  }
  return TypeKind::any;
}

struct NamedType {
  std::string_view name;
  TypeKind kind;
};
constexpr NamedType named_types[] = {
    {"Any", TypeKind::any},
    {"Null", TypeKind::null},
    {"boolean", TypeKind::boolean},
    {"number", TypeKind::number},
    {"string", TypeKind::string},
    {"date", TypeKind::date},
    {"time", TypeKind::time},
    {"date and time", TypeKind::date_time},
    {"days and time duration", TypeKind::days_time_duration},
    {"years and months duration", TypeKind::years_months_duration},
    {"list", TypeKind::list},
    {"context", TypeKind::context},
    {"range", TypeKind::range},
    {"function", TypeKind::function},
    // as written by DMN 1.1 and by modelers
    {"dateTime", TypeKind::date_time},
    {"dayTimeDuration", TypeKind::days_time_duration},
    {"yearMonthDuration", TypeKind::years_months_duration},
    {"duration", TypeKind::duration},
    {"integer", TypeKind::number},
    {"long", TypeKind::number},
    {"double", TypeKind::number},
    {"float", TypeKind::number},
    {"decimal", TypeKind::number},
    {"int", TypeKind::number},
    {"short", TypeKind::number},
    {"any", TypeKind::any},
    {"", TypeKind::any},
};

}  // namespace

const Type::Data::Field* Type::Data::find(std::string_view field) const {
  for (const auto& f : fields)
    if (f.name == field) return &f;
  return nullptr;
}

TypePtr scalar_type(TypeKind kind) {
  static const auto types = [] {
    std::array<TypePtr, static_cast<std::size_t>(TypeKind::function) + 1> all;
    for (std::size_t i = 1; i < all.size(); ++i)
      all[i] =
          make({.kind = static_cast<TypeKind>(i), .name = {}, .element = nullptr, .fields = {}, .parameters = {}, .open = true, .allowed = nullptr});
    return all;  // [any] is nullptr
  }();
  return types[static_cast<std::size_t>(kind)];
}

TypePtr list_type(TypePtr element) {
  if (!element) return scalar_type(TypeKind::list);
  Type::Data data;
  data.kind = TypeKind::list;
  data.element = std::move(element);
  return make(std::move(data));
}

TypePtr range_type(TypePtr element) {
  Type::Data data;
  data.kind = TypeKind::range;
  data.element = std::move(element);
  return make(std::move(data));
}

TypePtr context_type(std::vector<Type::Data::Field> fields) {
  Type::Data data;
  data.kind = TypeKind::context;
  data.fields = std::move(fields);
  data.open = false;
  return make(std::move(data));
}

TypePtr function_type(std::vector<TypePtr> parameters, TypePtr result) {
  Type::Data data;
  data.kind = TypeKind::function;
  data.parameters = std::move(parameters);
  data.element = std::move(result);
  data.open = false;
  return make(std::move(data));
}

TypePtr common_type(const TypePtr& a, const TypePtr& b) {
  if (rules::kind_of(a) == TypeKind::null) return b;
  if (rules::kind_of(b) == TypeKind::null) return a;
  if (conforms(a, b)) return b;
  return conforms(b, a) ? a : nullptr;
}

std::optional<TypePtr> builtin_type(std::string_view name) {
  for (const auto& named : named_types)
    if (named.name == name) return scalar_type(named.kind);
  return std::nullopt;
}

std::string type_text(const TypePtr& type) {
  if (!type) return "Any";
  if (!type->name.empty()) return type->name;
  switch (type->kind) {
    case TypeKind::list: return type->element ? "list<" + type_text(type->element) + ">" : "list";
    case TypeKind::range: return type->element ? "range<" + type_text(type->element) + ">" : "range";
    case TypeKind::context: {
      if (type->open) return "context";
      std::string text = "context<";
      for (const auto& field : type->fields) text += (text.back() == '<' ? "" : ", ") + field.name + ": " + type_text(field.type);
      return text + ">";
    }
    case TypeKind::function: {
      if (type->open) return "function";
      std::string text = "function<";
      for (const auto& parameter : type->parameters) text += (text.back() == '<' ? "" : ", ") + type_text(parameter);
      return text + "> -> " + type_text(type->element);
    }
    default: break;
  }
  for (const auto& named : named_types)
    if (named.kind == type->kind) return std::string(named.name);
  return "Any";
}

bool conforms(const TypePtr& a, const TypePtr& b) {
  if (!b || b->kind == TypeKind::any || a == b) return true;
  if (!a) return false;
  if (a->kind == TypeKind::null) return true;
  if (b->kind == TypeKind::duration)
    return a->kind == TypeKind::days_time_duration || a->kind == TypeKind::years_months_duration || a->kind == b->kind;
  if (a->kind != b->kind) return false;
  switch (a->kind) {
    case TypeKind::list:
    case TypeKind::range: return conforms(a->element, b->element);
    case TypeKind::context:
      return b->open || std::ranges::all_of(b->fields, [&](const auto& field) {
               const auto* own = a->find(field.name);
               return own && conforms(own->type, field.type);
             });
    case TypeKind::function:
      if (b->open) return true;
      if (a->parameters.size() != b->parameters.size() || !conforms(a->element, b->element)) return false;
      for (std::size_t i = 0; i < a->parameters.size(); ++i)
        if (!conforms(b->parameters[i], a->parameters[i])) return false;
      return true;
    default: return true;
  }
}

bool conforms(const Value& value, const TypePtr& type) {
  if (!type || type->kind == TypeKind::any || value.is_null()) return true;
  if (type->kind == TypeKind::duration) return value.is(Kind::days_time_duration) || value.is(Kind::years_months_duration);
  if (kind_of(value) != type->kind) return false;
  switch (type->kind) {
    case TypeKind::list:
      return !type->element || std::ranges::all_of(value.items(), [&](const Value& item) { return conforms(item, type->element); });
    case TypeKind::range: return conforms(value.range().low, type->element) && conforms(value.range().high, type->element);
    case TypeKind::context:
      return type->open || std::ranges::all_of(type->fields, [&](const auto& field) {
               const Value* entry = value.find(field.name);
               return entry && conforms(*entry, field.type);
             });
    case TypeKind::function: {
      if (type->open) return true;
      const auto& function = value.function();
      if (function.returns && !conforms(function.returns, type->element)) return false;
      if (function.builtin) return function.builtin->takes(type->parameters.size());  // it may have several signatures, of no declared types
      if (function.parameters.size() != type->parameters.size()) return false;
      for (std::size_t i = 0; i < type->parameters.size(); ++i)
        if (!conforms(type->parameters[i], function.parameters[i].type)) return false;
      return true;
    }
    default: return true;
  }
}

bool instance_of(const Value& value, const TypePtr& type) {
  if (value.is_null()) return rules::kind_of(type) == TypeKind::null;
  return conforms(value, type);
}

std::optional<Value> fit(const Value& value, const TypePtr& type) {
  if (conforms(value, type)) return value;
  if (value.is(Kind::list) && value.items().size() == 1 && type->kind != TypeKind::list) return fit(value.items()[0], type);
  if (type->kind == TypeKind::list && !value.is(Kind::list)) {
    if (const auto item = fit(value, type->element)) return Value::list({*item});
    return std::nullopt;
  }
  if (type->kind == TypeKind::date_time && value.is(Kind::date)) return Value(DateTime{value.date().days * 86'400, 0, Zone::utc()});
  return std::nullopt;
}

Value bind_input(Run& run, const Value& value, const TypePtr& type, std::string_view name) {
  if (conforms(value, type) && !(type && (type->allowed || type->kind >= TypeKind::list))) return value;  // the usual case
  auto fitted = fit(coerce(value, Type(type)), type);
  const std::string* broken = fitted ? broken_constraint(run, *fitted, type) : nullptr;
  if (fitted && !broken) return std::move(*fitted);
  if (broken)
    return run.report(
        DiagnosticCode::value, 0,
        {fmt::format("'{}' is not among the allowed values: {}", name, *broken), fmt::format("“{}”不在允许的取值之内：{}", name, *broken)});
  return run.report(DiagnosticCode::type, 0,
                    {fmt::format("'{}' is {}, not {}", name, rules::name(value.kind()), type_text(type)),
                     fmt::format("“{}”是 {}，应为 {}", name, rules::name(value.kind()), type_text(type))});
}

const std::string* broken_constraint(Run& run, const Value& value, const TypePtr& type) {
  if (!type || value.is_null()) return nullptr;
  if (type->allowed && !type->allowed->allows(run, value)) return &type->allowed->text();
  if (type->kind == TypeKind::list && type->element && value.is(Kind::list)) {
    for (const auto& item : value.items())
      if (const auto* broken = broken_constraint(run, item, type->element)) return broken;
  }
  if (type->kind == TypeKind::context && value.is(Kind::context)) {
    for (const auto& field : type->fields)
      if (const Value* entry = value.find(field.name))
        if (const auto* broken = broken_constraint(run, *entry, field.type)) return broken;
  }
  return nullptr;
}

}  // namespace jx::rules
