// names.hpp - the names of FEEL: which characters they hold, and the one spelling by which they are compared.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace jx::rules {

/// The code point at `at`, which moves behind it; U+FFFD for a malformed octet.
[[nodiscard]] char32_t next_character(std::string_view text, std::size_t& at);
void append_utf8(std::string& out, char32_t c);
/// The text is well-formed UTF-8.
[[nodiscard]] bool is_utf8(std::string_view text);
/// Code points of a well-formed text.
[[nodiscard]] std::size_t character_count(std::string_view text);

/// DMN 1.5 grammar rules 27 to 29.
[[nodiscard]] bool name_start(char32_t c);
[[nodiscard]] bool name_part(char32_t c);
/// White space of grammar rule 61 and the vertical space of 62.
[[nodiscard]] bool white_space(char32_t c);
/// One word, no spaces and no operators: needs no quotes as the key of a context.
[[nodiscard]] bool is_name(std::string_view text);
/// White space trimmed and inner runs of it made one space: `  first\n name` is `first name`.
[[nodiscard]] std::string normal_name(std::string_view text);

}  // namespace jx::rules
