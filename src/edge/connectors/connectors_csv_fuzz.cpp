// A CSV file of any encoding, delimiter and head row is a table of valid text, or refused.
#include "files.hpp"

#include <jx/wire/utf8.hpp>

#include <array>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  static const std::array encodings{"utf-8", "gb18030", "windows-1252"};
  static const std::array delimiters{",", ";", "|", "tab"};
  jx::catalogue::SourceTable described{"t"};
  described.delimiter = delimiters[data[0] / 4 % 4];
  described.header_row = 1 + data[1] % 4;
  if (data[1] > 128) described.headers = std::map<std::string, std::string>{{"a", "b"}};
  const auto table = jx::connectors::read_csv(std::string(jx::text_of({data + 2, size - 2})), encodings[data[0] % 3], &described);
  if (!table) return 0;
  for (const auto& row : table->rows) {
    if (row.size() != table->columns.size()) std::abort();
    for (const auto& cell : row) {
      if (jx::wire::find_invalid_utf8(cell)) std::abort();
    }
  }
  return 0;
}
