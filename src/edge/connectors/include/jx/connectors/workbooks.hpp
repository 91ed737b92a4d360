// workbooks.hpp - XLSX workbooks as sheets of texts, for lists that people exchange.
#pragma once
#include <jx/core.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace jx::connectors {

struct TextSheet {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

/// Every sheet, its head in row `header_row` (from 1); columns without a head and rows without a cell are left out. Sheets without that row are left
/// out. Errors: invalid (not a workbook), too_large.
[[nodiscard]] Result<std::vector<TextSheet>> read_workbook(const std::string& octets, int header_row);

/// Writes the sheets with their `columns` as row 1, in bold and fixed, and every cell as text. A file that is there is replaced.
/// Errors: invalid (a name that a sheet cannot have, a text of more than 32,767 characters); unavailable (it cannot be written).
[[nodiscard]] Result<> write_workbook(const std::filesystem::path& file, const std::vector<TextSheet>& sheets);

}  // namespace jx::connectors
