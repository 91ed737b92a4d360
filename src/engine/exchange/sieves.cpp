#include "sieves.hpp"

#include <boost/json/value.hpp>

#include <algorithm>

namespace jx::exchange {
namespace {

using catalogue::FieldType;
using Is = Sieve::Kind;

/// Which way a part may err where it cannot be said: a row too many above, and, below a `none`, a row too few.
enum class Err { more, less };

/// A comparison with a value of the field's own kind; nothing for all others.
std::optional<Sieve> comparison(const catalogue::Resource& resource, Is kind, std::string_view name, const std::optional<Sieve::Value>& value) {
  const auto* field = resource.field(name);
  if (field == nullptr || !value) return std::nullopt;
  const bool number = field->type == FieldType::integer || field->type == FieldType::number;
  const bool text = field->type == FieldType::text || field->type == FieldType::date;
  const bool fits = std::holds_alternative<std::int64_t>(*value)  ? number
                    : std::holds_alternative<std::string>(*value) ? text && std::get<std::string>(*value).find('\0') == std::string::npos
                                                                  : field->type == FieldType::boolean && kind == Is::eq;
  if (!fits) return std::nullopt;
  Sieve sieve;
  sieve.kind = kind;
  sieve.column = field->column;
  sieve.type = field->type;
  sieve.value = *value;
  return sieve;
}

/// `all` of what errs the way that is asked for may do without a part that cannot be said; `any` may not; and the other way round.
std::optional<Sieve> joined(Is kind, Err err, std::vector<std::optional<Sieve>> parts) {
  const bool needs_all = (kind == Is::any) == (err == Err::more);
  Sieve sieve;
  sieve.kind = kind;
  for (auto& part : parts) {
    if (part)
      sieve.parts.push_back(std::move(*part));
    else if (needs_all)
      return std::nullopt;
  }
  return sieve.parts.empty() ? std::nullopt : std::optional(std::move(sieve));
}

std::optional<Sieve> none_of(std::optional<Sieve> part) {
  if (!part) return std::nullopt;
  Sieve sieve;
  sieve.kind = Is::none;
  sieve.parts.push_back(std::move(*part));
  return sieve;
}

Err other(Err err) { return err == Err::more ? Err::less : Err::more; }

// ---- of a filter -------------------------------------------------------------------------------------------------------------------

std::optional<Sieve::Value> value_of(const boost::json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_bool()) return value.get_bool();
  if (value.is_int64()) return value.get_int64();
  return std::nullopt;
}

std::optional<Sieve> of_filter(const catalogue::Resource& resource, const Filter& filter, Err err) {
  const auto compared = [&](Is kind, const boost::json::value& value) { return comparison(resource, kind, filter.field, value_of(value)); };
  std::vector<std::optional<Sieve>> parts;
  switch (filter.kind) {
    case Filter::Kind::all:
    case Filter::Kind::any:
      for (const auto& part : filter.parts) parts.push_back(of_filter(resource, part, err));
      return joined(filter.kind == Filter::Kind::all ? Is::all : Is::any, err, std::move(parts));
    case Filter::Kind::none: return none_of(of_filter(resource, filter.parts.front(), other(err)));
    case Filter::Kind::in:
      for (const auto& value : filter.values) parts.push_back(compared(Is::eq, value));
      return joined(Is::any, err, std::move(parts));
    case Filter::Kind::ne:  // of the value's kind, and not it
      return joined(Is::any, err, {compared(Is::lt, filter.values.front()), compared(Is::gt, filter.values.front())});
    case Filter::Kind::eq: return compared(Is::eq, filter.values.front());
    case Filter::Kind::lt: return compared(Is::lt, filter.values.front());
    case Filter::Kind::le: return compared(Is::le, filter.values.front());
    case Filter::Kind::gt: return compared(Is::gt, filter.values.front());
    case Filter::Kind::ge: return compared(Is::ge, filter.values.front());
  }
  return std::nullopt;
}

// ---- of a rule -----------------------------------------------------------------------------------------------------------------------

std::optional<Sieve::Value> value_of(const rules::Value& value, FieldType type) {
  switch (value.kind()) {
    case rules::Kind::boolean: return value.boolean();
    case rules::Kind::number:
      if (const auto whole = value.number().to_int()) return *whole;
      return std::nullopt;
    case rules::Kind::string: return type == FieldType::text ? std::optional<Sieve::Value>(std::string(value.string())) : std::nullopt;
    case rules::Kind::date: {
      constexpr std::int64_t first = LocalDate::of(1, 1, 1).days, last = LocalDate::of(9999, 12, 31).days;  // as a cell has it: four digits of a year
      const auto days = value.date().days;
      if (type != FieldType::date || days < first || days > last) return std::nullopt;
      return LocalDate{static_cast<std::int32_t>(days)}.text();
    }
    default: return std::nullopt;
  }
}

std::optional<Sieve> of_rule(const catalogue::Resource& resource, const rules::Condition& rule, Err err) {
  const auto compared = [&](Is kind) -> std::optional<Sieve> {
    const auto* field = resource.field(rule.name);
    if (field == nullptr) return std::nullopt;
    return comparison(resource, kind, rule.name, value_of(rule.value, field->type));
  };
  std::vector<std::optional<Sieve>> parts;
  switch (rule.kind) {
    case rules::Condition::Kind::all:
    case rules::Condition::Kind::any:
      for (const auto& part : rule.parts) parts.push_back(of_rule(resource, part, err));
      return joined(rule.kind == rules::Condition::Kind::all ? Is::all : Is::any, err, std::move(parts));
    case rules::Condition::Kind::none: return none_of(of_rule(resource, rule.parts.front(), other(err)));
    case rules::Condition::Kind::eq: return compared(Is::eq);
    case rules::Condition::Kind::lt: return compared(Is::lt);
    case rules::Condition::Kind::le: return compared(Is::le);
    case rules::Condition::Kind::gt: return compared(Is::gt);
    case rules::Condition::Kind::ge: return compared(Is::ge);
  }
  return std::nullopt;
}

}  // namespace

namespace {
std::size_t comparisons_in(const Sieve& sieve) {
  std::size_t count = sieve.parts.empty() ? 1 : 0;
  for (const auto& part : sieve.parts) count += comparisons_in(part);
  return count;
}
}  // namespace

std::optional<Sieve> sieve_of(const catalogue::Resource& resource, const std::optional<rules::Condition>& rule, const Filter* filter) {
  auto sieve =
      joined(Is::all, Err::more,
             {rule ? of_rule(resource, *rule, Err::more) : std::nullopt, filter != nullptr ? of_filter(resource, *filter, Err::more) : std::nullopt});
  if (sieve && comparisons_in(*sieve) > Sieve::comparisons_max) return std::nullopt;
  return sieve;
}

}  // namespace jx::exchange
