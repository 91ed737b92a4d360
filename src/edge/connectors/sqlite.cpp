// A department's SQLite file, opened read-only.
#include <jx/connectors.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <set>

namespace jx::connectors {
namespace {

constexpr int busy_ms_max = 2'000;
constexpr int steps_between_checks = 10'000;

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Handle = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

std::string identifier(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  return out + '"';
}

/// The pattern of a LIKE with ESCAPE '\'.
std::string pattern(const exchange::Condition& condition) {
  std::string out = condition.op == exchange::Op::contains ? "%" : "";
  for (const char c : condition.value) {
    if (c == '%' || c == '_' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + '%';
}

boost::json::value cell(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER: return sqlite3_column_int64(statement, column);
    case SQLITE_FLOAT: return sqlite3_column_double(statement, column);
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));  // NOLINT(*-reinterpret-cast)
      return boost::json::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
    }
    default: return nullptr;  // a blob is no datum of a catalogue field
  }
}

class SqliteConnector final : public Connector {
 public:
  SqliteConnector(const catalogue::Source& source, const std::filesystem::path& folder)
      : name_(source.name), path_(folder / source.path.value_or("")) {}

  Result<exchange::ReadRows> read(const exchange::Read& read, Instant deadline) override {
    const std::lock_guard lock(mutex_);
    JX_CHECK(open());
    deadline_ = deadline;
    JX_CHECK(check_columns(read));
    return select(read);
  }

  Result<std::vector<exchange::TableShape>> shape(Instant deadline) override {
    const std::lock_guard lock(mutex_);
    JX_CHECK(open());
    deadline_ = deadline;
    std::vector<exchange::TableShape> list;
    JX_CHECK(each(
        "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite\\_%' "
        "ESCAPE '\\' ORDER BY m.name, c.cid",
        [&](sqlite3_stmt* row) -> Result<> {
          const auto text = [&](int column) { return std::string(std::get<std::string_view>(borrowed(row, column))); };
          if (list.empty() || list.back().name != text(0)) list.push_back({text(0), {}});
          list.back().columns.push_back(text(1));
          return {};
        }));
    return list;
  }

  Result<> scan(const std::string& table, Instant deadline, const exchange::TakeRow& take) override {
    JX_TRY(tables, shape(deadline));
    const auto found = std::ranges::find(tables, table, &exchange::TableShape::name);
    if (found == tables.end()) return fail(ErrorCode::unavailable, {"the data source has no table " + table, "数据源中没有表 " + table});
    const std::lock_guard lock(mutex_);
    std::vector<exchange::Cell> cells(found->columns.size());
    std::string text = "SELECT ";
    for (std::size_t i = 0; i < cells.size(); ++i) text += (i > 0 ? ", " : "") + identifier(found->columns[i]);
    return each(text + " FROM " + identifier(table), [&](sqlite3_stmt* row) -> Result<> {
      for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = borrowed(row, static_cast<int>(i));
      return take(cells);
    });
  }

 private:
  /// Runs a statement without parameters. Errors: of the source; of `take`.
  template <class Take>
  Result<> each(const std::string& text, Take&& take) {
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v2(handle_.get(), text.c_str(), static_cast<int>(text.size()), &raw, nullptr) != SQLITE_OK)
      return broken(sqlite3_errmsg(handle_.get()));
    const Statement statement(raw);
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(raw)) == SQLITE_ROW) JX_CHECK(take(raw));
    if (code != SQLITE_DONE) return broken(sqlite3_errmsg(handle_.get()));
    return {};
  }

  static exchange::Cell borrowed(sqlite3_stmt* statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
      case SQLITE_INTEGER: return static_cast<std::int64_t>(sqlite3_column_int64(statement, column));
      case SQLITE_FLOAT: return sqlite3_column_double(statement, column);
      case SQLITE_TEXT: {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));  // NOLINT(*-reinterpret-cast)
        return std::string_view(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
      }
      default: return std::monostate();  // a blob is no datum of a catalogue field
    }
  }

  [[nodiscard]] std::unexpected<Error> broken(const std::string& what) {
    const bool interrupted = sqlite3_errcode(handle_.get()) == SQLITE_INTERRUPT;
    handle_.reset();  // the next call opens it anew
    if (interrupted)
      return fail(ErrorCode::timeout,
                  {"the data source did not answer in time: " + std::string(name_.in("en")), "数据源响应超时：" + std::string(name_.in("zh-CN"))});
    return fail_because(
        {ErrorCode::unavailable, {what}, {}, nullptr}, ErrorCode::unavailable,
        {"the data source cannot be read now: " + std::string(name_.in("en")), "数据源暂时无法读取：" + std::string(name_.in("zh-CN"))});
  }

  Result<> open() {
    if (handle_) return {};
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(path_.c_str(), &raw, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
    handle_.reset(raw);
    if (code != SQLITE_OK) return broken(sqlite3_errmsg(raw));
    sqlite3_busy_timeout(raw, busy_ms_max);
    sqlite3_progress_handler(raw, steps_between_checks, [](void* self) { return static_cast<SqliteConnector*>(self)->late() ? 1 : 0; }, this);
    return {};
  }

  [[nodiscard]] bool late() const { return SystemClock().now() > deadline_; }

  Result<> check_columns(const exchange::Read& read) {
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v2(handle_.get(), "SELECT name FROM pragma_table_info(?1)", -1, &raw, nullptr) != SQLITE_OK)
      return broken(sqlite3_errmsg(handle_.get()));
    const Statement statement(raw);
    sqlite3_bind_text(raw, 1, read.table.data(), static_cast<int>(read.table.size()), SQLITE_STATIC);
    std::set<std::string, std::less<>> columns;
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(raw)) == SQLITE_ROW)
      columns.insert(reinterpret_cast<const char*>(sqlite3_column_text(raw, 0)));  // NOLINT(*-reinterpret-cast)
    if (code != SQLITE_DONE) return broken(sqlite3_errmsg(handle_.get()));
    const auto has = [&](const std::string& column) { return columns.contains(column); };
    for (const auto& column : read.columns) {
      if (!has(column)) return lacks(read.table + "." + column);
    }
    for (const auto& condition : read.where) {
      if (!has(condition.column)) return lacks(read.table + "." + condition.column);
    }
    return {};
  }

  [[nodiscard]] std::unexpected<Error> lacks(const std::string& what) const {
    return fail(ErrorCode::unavailable, {"the data source has changed: it has no column " + what, "数据源结构已变更：缺少 " + what});
  }

  Result<exchange::ReadRows> select(const exchange::Read& read) {
    std::string text = "SELECT ";
    for (std::size_t i = 0; i < read.columns.size(); ++i) text += (i > 0 ? ", " : "") + identifier(read.columns[i]);
    text += " FROM " + identifier(read.table);
    for (std::size_t i = 0; i < read.where.size(); ++i) {
      text +=
          (i > 0 ? " AND " : " WHERE ") + identifier(read.where[i].column) + (read.where[i].op == exchange::Op::eq ? " = ?" : " LIKE ? ESCAPE '\\'");
    }
    text += " ORDER BY rowid LIMIT ? OFFSET ?";

    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v2(handle_.get(), text.c_str(), static_cast<int>(text.size()), &raw, nullptr) != SQLITE_OK)
      return broken(sqlite3_errmsg(handle_.get()));
    const Statement statement(raw);
    int index = 0;
    for (const auto& condition : read.where) {
      const auto value = condition.op == exchange::Op::eq ? condition.value : pattern(condition);
      sqlite3_bind_text(raw, ++index, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
    }
    sqlite3_bind_int64(raw, ++index, static_cast<sqlite3_int64>(read.limit) + 1);
    sqlite3_bind_int64(raw, ++index, static_cast<sqlite3_int64>(read.offset));

    exchange::ReadRows found;
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(raw)) == SQLITE_ROW) {
      if (found.rows.size() == read.limit) {
        found.more = true;
        break;
      }
      std::vector<boost::json::value> row;
      for (int column = 0; column < static_cast<int>(read.columns.size()); ++column) row.push_back(cell(raw, column));
      found.rows.push_back(std::move(row));
    }
    if (code != SQLITE_DONE && code != SQLITE_ROW) return broken(sqlite3_errmsg(handle_.get()));
    return found;
  }

  LocalizedText name_;
  std::filesystem::path path_;
  std::mutex mutex_;
  Handle handle_;     // guarded by mutex_
  Instant deadline_;  // guarded by mutex_; of the read under way
};

}  // namespace

std::unique_ptr<Connector> sqlite_connector(const catalogue::Source& source, const std::filesystem::path& data_folder) {
  return std::make_unique<SqliteConnector>(source, data_folder);
}

}  // namespace jx::connectors
