// workbook_values.hpp - how XLSX writes values: number formats, serial dates, references, escapes; private to the module.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace jx::connectors {

enum class Shown { number, date, time, date_time };

/// How a number with this built-in format is shown (ECMA-376 part 1, 18.8.30, with those for Chinese).
[[nodiscard]] Shown shown_by(int format);
/// The same by the code of a format of one's own, such as `yyyy"年"m"月"d"日"`.
[[nodiscard]] Shown shown_by(std::string_view code);

/// A number as its cell shows it, at most 15 digits; dates as ISO 8601. Text that is no number stays as it is.
[[nodiscard]] std::string shown(std::string_view number, Shown as, bool from_1904);

/// Column (from 0) of a reference such as `AB12`; nothing if it is none or beyond XFD.
[[nodiscard]] std::optional<std::size_t> column_of(std::string_view reference);

/// `_x000D_` and the like undone.
[[nodiscard]] std::string unescaped(std::string_view text);

}  // namespace jx::connectors
