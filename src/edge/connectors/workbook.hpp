// workbook.hpp - reads XLSX (ECMA-376 part 1, SpreadsheetML): sheets as tables; private to the module.
#pragma once
#include "files.hpp"

#include <functional>

namespace jx::connectors {

inline constexpr std::uint64_t unpacked_bytes_max = 256U << 20U;  // of one part, and of all together
inline constexpr int parts_max = 10'000;
inline constexpr std::size_t sheet_columns_max = 16'384;
inline constexpr std::size_t sheet_rows_max = 1'048'576;
inline constexpr std::size_t sheet_cells_max = 10'000'000;  // columns times rows, as they are held
inline constexpr std::size_t sheets_max = 200;

/// The text of a part of the archive, by its name without a leading slash. Errors: not_found; invalid; too_large.
using ReadPart = std::function<Result<std::string>(const std::string& name)>;

/// The parts of an archive, which `octets` outlives. Errors: invalid (not a ZIP archive), too_large.
[[nodiscard]] Result<ReadPart> open_parts(const std::string& octets);

/// The worksheets, in their order. Errors: invalid, too_large.
[[nodiscard]] Result<std::vector<std::string>> sheet_names(const ReadPart& parts);
[[nodiscard]] Result<std::vector<std::string>> sheet_names(const std::string& octets);

/// One sheet as a table: its head is row `header_row`, else the first row that has a cell; a column without a head is left out, and so is a row
/// without a cell. Everything is text: numbers with at most 15 digits, `true` and `false`, dates as ISO 8601 by the cell's number format, formulas as
/// what they gave last. Errors: not_found (no such sheet); invalid; too_large.
[[nodiscard]] Result<Table> read_sheet(const ReadPart& parts, const std::string& sheet, const std::optional<int>& header_row);

}  // namespace jx::connectors
