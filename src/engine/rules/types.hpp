// types.hpp - the types of FEEL: what conforms to what (DMN 1.5, 10.3.2.9), and how a value is fitted to one (10.3.2.9.4).
#pragma once
#include <jx/rules.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace jx::rules {

struct Run;
using TypePtr = std::shared_ptr<const Type::Data>;  // shared: types name one another; nullptr is Any

enum class TypeKind : std::uint8_t {
  any,
  null,
  boolean,
  number,
  string,
  date,
  time,
  date_time,
  days_time_duration,
  years_months_duration,
  duration,
  list,
  range,
  context,
  function
};

/// Allowed values or a type constraint of an item definition.
class Constraint {
 public:
  virtual ~Constraint() = default;
  [[nodiscard]] virtual bool allows(Run& run, const Value& value) const = 0;
  [[nodiscard]] virtual const std::string& text() const = 0;
};

struct Type::Data {
  struct Field {
    std::string name;
    TypePtr type;
  };
  TypeKind kind = TypeKind::any;
  std::string name;           // of an item definition, or empty
  TypePtr element;            // of a list or range; the result of a function
  std::vector<Field> fields;  // of a context
  std::vector<TypePtr> parameters;
  bool open = true;                           // context: any fields (plain `context`)
  std::shared_ptr<const Constraint> allowed;  // of the value itself; shared with the types derived from it

  [[nodiscard]] const Field* find(std::string_view field) const;
};

[[nodiscard]] TypePtr scalar_type(TypeKind kind);
[[nodiscard]] TypePtr list_type(TypePtr element);
[[nodiscard]] TypePtr range_type(TypePtr element);
[[nodiscard]] TypePtr context_type(std::vector<Type::Data::Field> fields);
[[nodiscard]] TypePtr function_type(std::vector<TypePtr> parameters, TypePtr result);
[[nodiscard]] inline TypeKind kind_of(const TypePtr& type) { return type ? type->kind : TypeKind::any; }
/// The type of both, or Any.
[[nodiscard]] TypePtr common_type(const TypePtr& a, const TypePtr& b);
/// `number`, `days and time duration`, also the names of DMN 1.1 and of modelers (`integer`, `dateTime`); nullopt if it is none of FEEL's own.
[[nodiscard]] std::optional<TypePtr> builtin_type(std::string_view name);
[[nodiscard]] std::string type_text(const TypePtr& type);
/// Conformance of types: list<number> to list<Any>, a context with more fields to one with fewer.
[[nodiscard]] bool conforms(const TypePtr& a, const TypePtr& b);
/// Conformance of a value; null conforms to everything. Constraints are not asked.
[[nodiscard]] bool conforms(const Value& value, const TypePtr& type);
/// As `instance of`: null is an instance of nothing but Null and Any… of no type.
[[nodiscard]] bool instance_of(const Value& value, const TypePtr& type);
/// The value as `type`: itself, out of or into a list of one, a date as a date and time. nullopt if it does not conform.
[[nodiscard]] std::optional<Value> fit(const Value& value, const TypePtr& type);
/// What comes from outside, as `type`: also a text as the date, time or duration that is declared. Reports under `name`, and gives null, if it does
/// not fit.
[[nodiscard]] Value bind_input(Run& run, const Value& value, const TypePtr& type, std::string_view name);
/// Constraints of the type and of what it holds; the text of the one broken, or nullptr.
[[nodiscard]] const std::string* broken_constraint(Run& run, const Value& value, const TypePtr& type);

}  // namespace jx::rules
