#include <jx/exchange/sheets.hpp>
#include <jx/wire/utf8.hpp>

#include <fmt/format.h>

namespace jx::exchange {
namespace {

struct AsText {
  std::string operator()(std::monostate) const { return ""; }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return fmt::format("{}", value); }  // the shortest that gives the same number
  std::string operator()(std::string_view text) const { return wire::find_invalid_utf8(text) ? "\xef\xbf\xbd" : std::string(text); }  // U+FFFD
};

}  // namespace

Result<std::vector<catalogue::Sheet>> read_sheets(Sources& sources, const catalogue::Source& source, Instant deadline) {
  JX_TRY(shapes, sources.shape(source, deadline));
  std::vector<catalogue::Sheet> sheets;
  std::size_t bytes = 0;
  for (auto& shape : shapes) {
    catalogue::Sheet sheet{shape.name, std::move(shape.columns), {}, true};
    const auto taken = sources.scan(source, shape.name, deadline, [&](std::span<const Cell> row) -> Result<> {
      if (bytes > catalogue::examined_bytes_max) {
        sheet.whole = false;
        return fail(ErrorCode::too_large, "enough was read");  // ends the scan
      }
      std::vector<std::string> cells;
      cells.reserve(row.size());
      for (const auto& cell : row) {
        cells.push_back(std::visit(AsText{}, cell));
        bytes += sizeof(std::string) + cells.back().size();
      }
      sheet.rows.push_back(std::move(cells));
      return {};
    });
    if (!taken && sheet.whole) return std::unexpected(taken.error());
    sheets.push_back(std::move(sheet));
  }
  return sheets;
}

}  // namespace jx::exchange
