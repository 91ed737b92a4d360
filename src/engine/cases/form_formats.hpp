// form_formats.hpp - the formats of draft-07, and those of the codes that people and firms carry here.
#pragma once
#include <jx/core.hpp>

#include <string>
#include <string_view>

namespace jx::cases {

/// One format: `cn.citizen-id`, `date` ...
struct FormFormat {
  std::string_view name;
  bool (*fits)(std::string_view text);
  Words noun;  // "this is not …"
};

/// Null: there is no such format.
[[nodiscard]] const FormFormat* find_format(std::string_view name);
/// The names, for a message.
[[nodiscard]] std::string format_names();

/// Where `reference` leads from `base` (RFC 3986, section 5), without its fragment, which is percent-decoded. Errors: invalid (no URI reference).
struct Target {
  std::string document;
  std::string fragment;
};
[[nodiscard]] Result<Target> resolve_reference(std::string_view base, std::string_view reference);

}  // namespace jx::cases
