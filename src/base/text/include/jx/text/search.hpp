// search.hpp - the forms under which a text is searched: letters made alike, and how Chinese sounds.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace jx::text {

/// case_fold(), and traditional characters as simplified ones (CLDR).
[[nodiscard]] std::string search_form(std::string_view text);

/// Whether all of it is Chinese characters (and there is one).
[[nodiscard]] bool is_han(std::string_view text);

/// The syllable of each Chinese character in pinyin without tones (CLDR; the most usual reading of each, ü as u); other characters are left out.
[[nodiscard]] std::vector<std::string> syllables(std::string_view text);

}  // namespace jx::text
