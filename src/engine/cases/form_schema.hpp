// form_schema.hpp - the JSON Schema (draft-07) of a form, compiled; a keyword that is not enforced is refused by name, never ignored.
#pragma once
#include <jx/core.hpp>
#include <jx/core/fault.hpp>

#include <boost/json/value.hpp>

#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace jx::cases {

inline constexpr std::size_t schema_bytes_max = 256 * 1024;
inline constexpr unsigned schema_depth_max = 32;          // of schemas within one another
inline constexpr std::size_t schema_nodes_max = 20'000;   // schemas in one
inline constexpr std::size_t form_faults_max = 50;        // told of one form
inline constexpr std::uint64_t form_steps_max = 500'000;  // values held against schemas while one form is checked

/// Immutable; thread-safe.
class FormSchema {
 public:
  /// Or all that is wrong, by JSON Pointer into the schema: a keyword that is unknown, of a later draft or of the wrong form, a pattern that cannot
  /// be read, a reference that leads nowhere.
  [[nodiscard]] static std::expected<FormSchema, Faults> compile(const boost::json::value& schema);

  /// Every fault, in the order of the schema, at most form_faults_max. Fault::code is the keyword.
  [[nodiscard]] Faults validate(const boost::json::value& data) const;

  struct Compiled;

 private:
  explicit FormSchema(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const Compiled> compiled_;  // shared: a schema is copied into caches and outlives them in acts under way
};

/// The first of some faults as an error: invalid. `faults` is not empty.
[[nodiscard]] Error first_of(const Faults& faults);

}  // namespace jx::cases
