// A department's CSV files, in the encoding that its system writes.
#include "decode.hpp"
#include "files.hpp"
#include "makers.hpp"

#include <jx/wire/csv.hpp>
#include <jx/wire/utf8.hpp>

#include <unicode/ucnv.h>
#include <unicode/ustring.h>

namespace jx::connectors {
namespace {

class CsvConnector final : public FileConnector {
 public:
  using FileConnector::FileConnector;

 private:
  std::optional<std::string> file_of(const std::string& table) const override {
    const auto* found = described(table);
    return found == nullptr ? std::nullopt : found->path;
  }
  Result<std::vector<std::string>> names() override {
    std::vector<std::string> list;
    for (const auto& table : *source().tables) list.push_back(table.name);
    return list;
  }
  Result<Table> load(const std::string& table, const std::string& octets) const override {
    return read_csv(octets, source().encoding.value_or("utf-8"), described(table));
  }
};

char delimiter_of(const catalogue::SourceTable* table) {
  if (table == nullptr || !table->delimiter) return ',';
  return *table->delimiter == "tab" ? '\t' : table->delimiter->front();
}

}  // namespace

Result<Table> read_csv(const std::string& octets, const std::string& encoding, const catalogue::SourceTable* described) {
  JX_TRY(text, to_utf8(octets, encoding));
  JX_TRY(reader, wire::CsvReader::open(text, {}, {delimiter_of(described), described == nullptr ? 1 : described->header_row.value_or(1)}));
  Table table;
  table.columns = reader.columns();
  JX_CHECK(rename(table.columns, described));
  while (true) {
    JX_TRY(record, reader.next());
    if (!record) return table;
    table.rows.emplace_back(record->begin(), record->end());
  }
}

Result<std::string> to_utf8(const std::string& text, const std::string& encoding) {
  if (encoding == "utf-8") {
    if (wire::find_invalid_utf8(text)) return fail(ErrorCode::unavailable, {"the file is not in the encoding utf-8", "文件编码不是 utf-8"});
    return text.starts_with("\xef\xbb\xbf") ? text.substr(3) : text;
  }
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open(encoding.c_str(), &status), &ucnv_close);
  if (U_FAILURE(status)) return fail(ErrorCode::internal, "there is no converter for " + encoding);
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  std::u16string wide(text.size() + 1, u'\0');
  const auto length =
      ucnv_toUChars(converter.get(), wide.data(), static_cast<int32_t>(wide.size()), text.data(), static_cast<int32_t>(text.size()), &status);
  if (U_FAILURE(status)) return fail(ErrorCode::unavailable, {"the file is not in the encoding " + encoding, "文件编码不是 " + encoding});
  std::string out(static_cast<std::size_t>(length) * 3 + 1, '\0');
  int32_t bytes = 0;
  u_strToUTF8(out.data(), static_cast<int32_t>(out.size()), &bytes, wide.data(), length, &status);
  if (U_FAILURE(status)) return fail(ErrorCode::unavailable, {"the file is not in the encoding " + encoding, "文件编码不是 " + encoding});
  out.resize(static_cast<std::size_t>(bytes));
  return out;
}

std::unique_ptr<Connector> csv_connector(const catalogue::Source& source, const std::filesystem::path& data_folder) {
  return std::make_unique<CsvConnector>(source, data_folder);
}

}  // namespace jx::connectors
