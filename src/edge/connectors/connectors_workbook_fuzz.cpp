// A workbook from anywhere is a table of valid text within the limits, or refused. The parts are divided by lines of `--`: workbook, its
// relationships, shared strings, styles, sheet; an input that begins as an archive does is taken for one.
#include "workbook.hpp"

#include <jx/wire/utf8.hpp>

#include <cstdlib>

namespace {

void check(const jx::connectors::ReadPart& parts) {
  const auto names = jx::connectors::sheet_names(parts);
  if (!names) return;
  for (const auto& name : *names) {
    const auto table = jx::connectors::read_sheet(parts, name, std::nullopt);
    if (!table) continue;
    for (const auto& row : table->rows) {
      if (row.size() != table->columns.size()) std::abort();
      for (const auto& cell : row) {
        if (jx::wire::find_invalid_utf8(cell)) std::abort();
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(jx::text_of({data, size}));
  if (text.starts_with("PK")) {
    if (const auto parts = jx::connectors::open_parts(text)) check(*parts);
    return 0;
  }
  static const char* const names[] = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/styles.xml",
                                      "xl/worksheets/sheet1.xml"};
  std::map<std::string, std::string> parts;
  std::size_t from = 0;
  for (const auto* name : names) {
    const auto end = std::min(text.find("\n--\n", from), text.size());
    parts[name] = text.substr(from, end - from);
    from = std::min(end + 4, text.size());
  }
  check([&](const std::string& name) -> jx::Result<std::string> {
    const auto found = parts.find(name);
    return found == parts.end() ? jx::Result<std::string>(jx::fail(jx::ErrorCode::invalid, "none")) : found->second;
  });
  return 0;
}
