#include "files.hpp"
#include "says.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

namespace jx::connectors {
namespace {

Result<std::size_t> column_of(const std::string& table, const std::vector<std::string>& columns, const std::string& name) {
  const auto found = std::ranges::find(columns, name);
  if (found == columns.end()) return no_column(table + "." + name);
  return static_cast<std::size_t>(found - columns.begin());
}

}  // namespace

Result<> rename(std::vector<std::string>& columns, const catalogue::SourceTable* table) {
  if (table == nullptr || !table->headers) return {};
  std::set<std::string_view> seen;
  for (auto& column : columns) {
    if (const auto renamed = table->headers->find(column); renamed != table->headers->end()) column = renamed->second;
    if (!seen.insert(column).second)
      return fail(ErrorCode::invalid, {"two columns have the name " + column + " after `headers`", "按 headers 改名后有两列同名：" + column});
  }
  return {};
}

const catalogue::SourceTable* FileConnector::described(std::string_view table) const {
  if (!source_.tables) return nullptr;
  const auto found = std::ranges::find(*source_.tables, table, &catalogue::SourceTable::name);
  return found == source_.tables->end() ? nullptr : &*found;
}

Result<std::string> FileConnector::octets_of(const std::string& file) const {
  std::error_code failed;
  const auto path = folder_ / file;
  const auto bytes = std::filesystem::file_size(path, failed);
  if (failed) return fail(ErrorCode::unavailable, {failed.message()});
  if (bytes > file_bytes_max) return fail(ErrorCode::too_large, {"a file has at most 64 MiB", "文件不得超过64MiB"});
  std::ifstream in(path, std::ios::binary);
  std::string octets((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in.is_open() || in.bad()) return fail(ErrorCode::unavailable, {"the file cannot be read", "文件无法读取"});
  return octets;
}

/// Shared: a read goes on over the old rows while another loads the new ones.
Result<std::shared_ptr<const FileConnector::Loaded>> FileConnector::fresh(const std::string& name) {
  const auto file = file_of(name);
  if (!file) return no_table(name);
  std::error_code failed;
  const auto path = folder_ / *file;
  const auto changed_at = std::filesystem::last_write_time(path, failed);
  const auto bytes = failed ? 0 : std::filesystem::file_size(path, failed);
  if (failed) return broken(source_.name, failed.message());
  const std::lock_guard lock(mutex_);
  auto& loaded = tables_[name];
  if (loaded && loaded->changed_at == changed_at && loaded->bytes == bytes) return loaded;
  const auto octets = octets_of(*file);
  if (!octets) return broken(source_.name, octets.error().message.en);
  auto table = load(name, *octets);
  if (!table && table.error().code == ErrorCode::not_found) return no_table(name);
  if (!table) return broken(source_.name, table.error().message.en);
  loaded = std::make_shared<const Loaded>(std::move(*table), changed_at, bytes);
  return loaded;
}

Result<exchange::ReadRows> FileConnector::read(const exchange::Read& read, Instant) {
  JX_TRY(loaded, fresh(read.table));
  const auto& table = loaded->table;
  std::vector<std::size_t> columns;
  for (const auto& column : read.columns) {
    JX_TRY(index, column_of(read.table, table.columns, column));
    columns.push_back(index);
  }
  std::vector<std::size_t> tested;
  for (const auto& condition : read.where) {
    JX_TRY(index, column_of(read.table, table.columns, condition.column));
    tested.push_back(index);
  }
  exchange::ReadRows found;
  std::size_t matched = 0;
  for (const auto& row : table.rows) {
    bool all = true;
    for (std::size_t i = 0; all && i < tested.size(); ++i) all = holds(read.where[i], row[tested[i]]);
    if (!all || matched++ < read.offset) continue;
    if (found.rows.size() == read.limit) {
      found.more = true;
      break;
    }
    std::vector<boost::json::value> cells;
    cells.reserve(columns.size());
    for (const auto column : columns) cells.emplace_back(boost::json::string(row[column]));
    found.rows.push_back(std::move(cells));
  }
  return found;
}

Result<std::vector<exchange::TableShape>> FileConnector::shape(Instant) {
  std::vector<exchange::TableShape> list;
  auto all = names();
  if (!all) return broken(source_.name, all.error().message.en);
  for (const auto& name : *all) {
    JX_TRY(loaded, fresh(name));
    if (!loaded->table.columns.empty()) list.push_back({name, loaded->table.columns});  // an empty sheet is no table
  }
  return list;
}

Result<> FileConnector::scan(const std::string& name, Instant, const exchange::TakeRow& take) {
  JX_TRY(loaded, fresh(name));
  std::vector<exchange::Cell> cells;
  for (const auto& row : loaded->table.rows) {
    cells.clear();
    for (const auto& text : row) cells.emplace_back(std::string_view(text));
    JX_CHECK(take(cells));
  }
  return {};
}

}  // namespace jx::connectors
