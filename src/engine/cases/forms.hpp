// forms.hpp - the JSON Schema (draft-07 vocabulary) of a form, compiled; a keyword that is not enforced is refused, never ignored.
#pragma once
#include <jx/core.hpp>

#include <boost/json/value.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace jx::cases {

inline constexpr std::size_t schema_bytes_max = 256 * 1024;
inline constexpr unsigned schema_depth_max = 32;  // of schemas within one another, references followed
inline constexpr std::size_t form_faults_max = 50;

struct FormFault {
  std::string pointer;  // JSON Pointer into the data
  Words message;
};

/// Immutable; thread-safe.
class FormSchema {
 public:
  /// Errors: invalid (Error::field is a JSON Pointer into the schema): a keyword that is unknown or of the wrong form, a pattern that cannot be read.
  [[nodiscard]] static Result<FormSchema> compile(const boost::json::value& schema);

  /// Every fault, in the order of the schema, at most form_faults_max.
  [[nodiscard]] std::vector<FormFault> validate(const boost::json::value& data) const;
  /// The first fault as an error: invalid, with `prefix` before its pointer.
  [[nodiscard]] Result<> check(const boost::json::value& data, std::string_view prefix) const;

  struct Node;

 private:
  explicit FormSchema(std::shared_ptr<const Node> root) : root_(std::move(root)) {}
  std::shared_ptr<const Node> root_;  // shared: a schema is copied into caches and outlives them in acts under way
};

}  // namespace jx::cases
