#include <jx/connectors/workbooks.hpp>

#include "workbook.hpp"

#include <xlsxwriter.h>

#include <algorithm>

namespace jx::connectors {
namespace {

constexpr double column_width = 22;  // characters

/// Errors: invalid.
Result<> write_sheet(lxw_workbook* book, lxw_format* bold, const TextSheet& sheet) {
  auto* page = workbook_add_worksheet(book, sheet.name.c_str());
  if (page == nullptr) return fail(ErrorCode::invalid, {"a sheet cannot be called `" + sheet.name + "`", "工作表不能命名为“" + sheet.name + "”"});
  const auto put = [&](std::size_t row, std::size_t column, const std::string& text, lxw_format* format) -> Result<> {
    if (text.empty()) return {};
    if (worksheet_write_string(page, static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(column), text.c_str(), format) != LXW_NO_ERROR)
      return fail(ErrorCode::invalid,
                  {"a cell holds at most 32,767 characters, a sheet 1,048,576 rows", "单元格至多 32767 个字符，每表至多 1048576 行"});
    return {};
  };
  for (std::size_t c = 0; c < sheet.columns.size(); ++c) JX_CHECK(put(0, c, sheet.columns[c], bold));
  for (std::size_t r = 0; r < sheet.rows.size(); ++r) {
    for (std::size_t c = 0; c < sheet.rows[r].size(); ++c) JX_CHECK(put(r + 1, c, sheet.rows[r][c], nullptr));
  }
  worksheet_freeze_panes(page, 1, 0);
  if (!sheet.columns.empty()) worksheet_set_column(page, 0, static_cast<lxw_col_t>(sheet.columns.size() - 1), column_width, nullptr);
  return {};
}

}  // namespace

Result<std::vector<TextSheet>> read_workbook(const std::string& octets, int header_row) {
  JX_TRY(parts, open_parts(octets));
  JX_TRY(names, sheet_names(parts));
  std::vector<TextSheet> sheets;
  for (const auto& name : names) {
    auto table = read_sheet(parts, name, header_row);
    if (!table) {
      if (table.error().code == ErrorCode::too_large) return std::unexpected(std::move(table).error());
      continue;
    }
    sheets.push_back({name, std::move(table->columns), std::move(table->rows)});
  }
  return sheets;
}

Result<> write_workbook(const std::filesystem::path& file, const std::vector<TextSheet>& sheets) {
  auto* book = workbook_new(file.c_str());
  if (book == nullptr) return fail(ErrorCode::unavailable, {"the workbook cannot be written", "无法写入工作簿"});
  auto* bold = workbook_add_format(book);
  format_set_bold(bold);
  Result<> written;
  for (const auto& sheet : sheets) {
    written = write_sheet(book, bold, sheet);
    if (!written) break;
  }
  const auto closed = workbook_close(book);
  if (!written) return written;
  if (closed != LXW_NO_ERROR)
    return fail(ErrorCode::unavailable, {"the workbook cannot be written: " + std::string(lxw_strerror(closed)), "无法写入工作簿"});
  return {};
}

}  // namespace jx::connectors
