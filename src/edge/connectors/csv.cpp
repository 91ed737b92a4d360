// A department's CSV files, in the encoding that its system writes.
#include <jx/connectors.hpp>
#include <jx/wire/csv.hpp>
#include <jx/wire/utf8.hpp>

#include "decode.hpp"

#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace jx::connectors {
namespace {

constexpr std::uintmax_t file_bytes_max = 64U << 20U;

struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  std::filesystem::file_time_type changed_at;
  std::uintmax_t bytes = 0;
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool same_letter(char a, char b) { return lower(a) == lower(b); }

bool holds(const exchange::Condition& condition, const std::string& cell) {
  switch (condition.op) {
    case exchange::Op::eq: return cell == condition.value;
    case exchange::Op::starts_with:
      return cell.size() >= condition.value.size() &&
             std::ranges::equal(std::string_view(cell).substr(0, condition.value.size()), condition.value, same_letter);
    case exchange::Op::contains: return !std::ranges::search(cell, condition.value, same_letter).empty();
  }
  return false;
}

class CsvConnector final : public Connector {
 public:
  CsvConnector(catalogue::Source source, std::filesystem::path folder) : source_(std::move(source)), folder_(std::move(folder)) {}

  Result<exchange::ReadRows> read(const exchange::Read& read, Instant) override {
    JX_TRY(table, fresh(read.table));
    std::vector<std::size_t> columns;
    for (const auto& column : read.columns) {
      JX_TRY(index, column_of(*table, column));
      columns.push_back(index);
    }
    std::vector<std::size_t> tested;
    for (const auto& condition : read.where) {
      JX_TRY(index, column_of(*table, condition.column));
      tested.push_back(index);
    }
    exchange::ReadRows found;
    std::size_t matched = 0;
    for (const auto& row : table->rows) {
      bool all = true;
      for (std::size_t i = 0; all && i < tested.size(); ++i) all = holds(read.where[i], row[tested[i]]);
      if (!all || matched++ < read.offset) continue;
      if (found.rows.size() == read.limit) {
        found.more = true;
        break;
      }
      std::vector<boost::json::value> cells;
      for (const auto column : columns) cells.emplace_back(boost::json::string(row[column]));
      found.rows.push_back(std::move(cells));
    }
    return found;
  }

  Result<std::vector<exchange::TableShape>> shape(Instant) override {
    std::vector<exchange::TableShape> list;
    for (const auto& described : *source_.tables) {
      JX_TRY(table, fresh(described.name));
      list.push_back({described.name, table->columns});
    }
    return list;
  }

  Result<> scan(const std::string& name, Instant, const exchange::TakeRow& take) override {
    JX_TRY(table, fresh(name));
    std::vector<exchange::Cell> cells;
    for (const auto& row : table->rows) {
      cells.clear();
      for (const auto& text : row) cells.emplace_back(std::string_view(text));
      JX_CHECK(take(cells));
    }
    return {};
  }

  Result<> scan_columns(const std::string& name, std::span<const std::string> columns, Instant, const exchange::TakeRow& take) override {
    JX_TRY(table, fresh(name));
    std::vector<std::size_t> picked;
    for (const auto& column : columns) {
      JX_TRY(index, column_of(*table, column));
      picked.push_back(index);
    }
    std::vector<exchange::Cell> cells(picked.size());
    for (const auto& row : table->rows) {
      for (std::size_t i = 0; i < picked.size(); ++i) cells[i] = std::string_view(row[picked[i]]);
      JX_CHECK(take(cells));
    }
    return {};
  }

 private:
  [[nodiscard]] std::unexpected<Error> broken(Error why) const {
    return fail_because(std::move(why), ErrorCode::unavailable,
                        {"the data source cannot be read now: " + std::string(source_.name.in("en")),
                         "数据源暂时无法读取：" + std::string(source_.name.in("zh-CN"))});
  }

  static Result<std::size_t> column_of(const Table& table, const std::string& name) {
    const auto found = std::ranges::find(table.columns, name);
    if (found == table.columns.end())
      return fail(ErrorCode::unavailable, {"the data source has changed: it has no column " + name, "数据源结构已变更：缺少 " + name});
    return static_cast<std::size_t>(found - table.columns.begin());
  }

  /// The table as the file is now. Shared: a read goes on over the old rows while another loads the new ones.
  Result<std::shared_ptr<const Table>> fresh(const std::string& name) {
    const auto& tables = *source_.tables;
    const auto described = std::ranges::find(tables, name, &catalogue::SourceTable::name);
    if (described == tables.end()) return fail(ErrorCode::unavailable, {"the data source has no table " + name, "数据源中没有表 " + name});
    const auto path = folder_ / described->path;
    std::error_code failed;
    const auto changed_at = std::filesystem::last_write_time(path, failed);
    const auto bytes = failed ? 0 : std::filesystem::file_size(path, failed);
    if (failed) return broken({ErrorCode::unavailable, {failed.message()}, {}, nullptr});
    const std::lock_guard lock(mutex_);
    auto& table = tables_[name];
    if (table && table->changed_at == changed_at && table->bytes == bytes) return table;
    auto loaded = load(path, bytes);
    if (!loaded) return broken(std::move(loaded).error());
    loaded->changed_at = changed_at;
    loaded->bytes = bytes;
    table = std::make_shared<const Table>(std::move(*loaded));
    return table;
  }

  Result<Table> load(const std::filesystem::path& path, std::uintmax_t bytes) const {
    if (bytes > file_bytes_max) return fail(ErrorCode::too_large, {"a CSV file has at most 64 MiB", "CSV 文件不得超过64MiB"});
    std::ifstream in(path, std::ios::binary);
    const std::string octets((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (in.bad()) return fail(ErrorCode::unavailable, "the file cannot be read");
    JX_TRY(text, to_utf8(octets, source_.encoding.value_or("utf-8")));
    JX_TRY(reader, wire::CsvReader::open(text));
    Table table;
    table.columns = reader.columns();
    while (true) {
      JX_TRY(record, reader.next());
      if (!record) return table;
      table.rows.emplace_back(record->begin(), record->end());
    }
  }

  catalogue::Source source_;
  std::filesystem::path folder_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Table>> tables_;  // guarded by mutex_
};

}  // namespace

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
