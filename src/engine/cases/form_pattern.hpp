// form_pattern.hpp - the regular expressions of JSON Schema: ECMA-262 with the flag u, matched within a limit of time.
//
// ICU reads another dialect (its `$` stands before a last line break, its `\d` takes every digit of Unicode, its sets nest), so a pattern is read
// here by the grammar of ECMA-262 and written anew for ICU. What ECMA-262 has not is refused.
#pragma once
#include <jx/core.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace jx::cases {

inline constexpr std::size_t pattern_bytes_max = 1'000;

class FormPattern {
 public:
  /// Errors: invalid (says at which character); too_large.
  [[nodiscard]] static Result<FormPattern> compile(std::string_view pattern);

  /// Whether it matches anywhere in `text`. Errors: timeout: it takes too long on this text.
  [[nodiscard]] Result<bool> found_in(std::string_view text) const;

 private:
  struct Data;
  explicit FormPattern(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  std::shared_ptr<const Data> data_;  // shared: a compiled schema is copied
};

/// The pattern in ICU's syntax. Errors: as FormPattern::compile.
[[nodiscard]] Result<std::string> icu_pattern_of(std::string_view ecma);

}  // namespace jx::cases
