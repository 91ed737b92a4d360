// builtins.hpp - the functions of FEEL (DMN 1.5, 10.3.4).
#pragma once
#include "function.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace jx::rules {

struct Run;

/// One call of a built-in function. Arguments are in the order of the signature; those not given are null.
struct Call {
  Run& run;
  std::span<const Value> arguments;
  std::size_t given;  // how many were given by position; all of the signature where they were named
  std::uint32_t at;   // where in the text, for diagnostics
  const Builtin& builtin;

  [[nodiscard]] const Value& operator[](std::size_t i) const { return arguments[i]; }
  /// Whether the argument was given and is not null.
  [[nodiscard]] bool has(std::size_t i) const { return i < arguments.size() && !arguments[i].is_null(); }
  /// The argument as this kind, out of a list of one if need be; nullptr, and reported, if it is not.
  [[nodiscard]] const Value* want(std::size_t i, Kind kind) const;
  /// The argument as a whole number, what is behind the point dropped; reported if it is not.
  [[nodiscard]] std::optional<std::int64_t> integer(std::size_t i) const;
  /// The items of a list; a single value is a list of one; null is refused.
  [[nodiscard]] std::optional<std::span<const Value>> list(std::size_t i) const;
  /// Of a variadic function: the items of the only list, or the arguments.
  [[nodiscard]] std::optional<std::span<const Value>> items() const;
  /// Report and give null.
  Value refuse(DiagnosticCode code, Words message) const;
  Value refuse_value() const;  // an argument that cannot be used
  Value wrong_type(std::size_t argument) const;
  template <class T>
  Value give(const std::optional<T>& result) const {
    return result ? Value(*result) : refuse_value();
  }
};

struct Signature {
  std::vector<std::string_view> names;
  std::size_t required;
  bool optional_by_name = false;  // by name none is required; those left out are null
  [[nodiscard]] std::size_t required_by_name() const { return optional_by_name ? 0 : required; }
};

struct Builtin {
  std::string_view name;
  Value (*call)(const Call&);
  std::vector<Signature> signatures;
  bool variadic = false;  // any number of arguments by position, from 1
  TypeKind result = TypeKind::any;
  bool pure = true;  // the same for the same arguments: may be computed while compiling

  /// Whether it may be called with so many arguments by position.
  [[nodiscard]] bool takes(std::size_t count) const;
};

[[nodiscard]] const Builtin* find_builtin(std::string_view name);
[[nodiscard]] std::span<const Builtin> all_builtins();

// One table a file.
void add_conversion_builtins(std::vector<Builtin>& table);
void add_string_builtins(std::vector<Builtin>& table);
void add_number_builtins(std::vector<Builtin>& table);
void add_list_builtins(std::vector<Builtin>& table);
void add_context_builtins(std::vector<Builtin>& table);
void add_temporal_builtins(std::vector<Builtin>& table);
void add_range_builtins(std::vector<Builtin>& table);

}  // namespace jx::rules
