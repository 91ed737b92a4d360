// form_layout.hpp - a form's layout with its rules in FEEL, compiled: what is shown, what must be filled in, what is computed, what must hold.
#pragma once
#include "form_shape.hpp"

#include <jx/cases/forms.hpp>
#include <jx/core.hpp>

#include <expected>
#include <memory>
#include <string>
#include <vector>

namespace jx::cases {

inline constexpr std::size_t layout_fields_max = 500;
inline constexpr std::size_t layout_rules_max = 200;         // rules, and computed values
inline constexpr std::size_t layout_feel_bytes_max = 4'000;  // of one expression
inline constexpr std::size_t layout_options_max = 200;       // of a field whose options are conditional

/// Immutable; thread-safe.
class FormLayout {
 public:
  /// How a layout is read: `strict` also refuses what is unknown and what the types say cannot be right; for a pack that is checked.
  enum class Reading { strict, stored };
  /// Or all that is wrong, by JSON Pointer into the layout, with line and column within an expression.
  [[nodiscard]] static std::expected<FormLayout, Faults> compile(const boost::json::value& schema, const boost::json::value& layout, Reading reading);

  /// Computes, hides and judges by rules and conditions; the schema is not asked. `now` and `zone` are those of today() and now().
  [[nodiscard]] FormCheck evaluate(boost::json::object data, Instant now, std::string_view zone) const;

  /// Pointers of the fields, in order; and of those that are computed.
  [[nodiscard]] const std::vector<std::string>& fields() const;
  [[nodiscard]] std::vector<std::string> computed() const;
  /// How many fields the schema has, at any depth, groups not counted.
  [[nodiscard]] std::size_t leaves() const;
  /// Whether a server has to be asked while somebody types: there is a rule, a condition or a computed value.
  [[nodiscard]] bool has_rules() const;

  struct Data;

 private:
  explicit FormLayout(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  std::shared_ptr<const Data> data_;  // shared: copied into caches
};

/// Whether a fault at `pointer` concerns what is not shown: a field itself, what lies in it, or a group all of whose fields are hidden.
[[nodiscard]] bool is_hidden(const std::vector<std::string>& hidden, const std::vector<std::string>& fields, std::string_view pointer);

}  // namespace jx::cases
