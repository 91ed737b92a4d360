// A department's SQLite file, opened read-only.
#include "makers.hpp"
#include "says.hpp"
#include "sieve_sql.hpp"

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

/// One connection, for one thread at a time. Its statements are kept: SQLite prepares them anew by itself when the schema changes.
class Connection {
 public:
  Connection(const LocalizedText& name, const std::filesystem::path& path) : name_(name), path_(path) {}

  Result<> open() {
    if (handle_) return {};
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(path_.c_str(), &raw, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
    handle_.reset(raw);
    if (code != SQLITE_OK) return broken();
    sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);  // a quoted name that is no column is an error, and not a text
    sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_busy_timeout(raw, busy_ms_max);
    sqlite3_progress_handler(raw, steps_between_checks, [](void* self) { return static_cast<Connection*>(self)->late() ? 1 : 0; }, this);
    return each("PRAGMA encoding", {}, [&](sqlite3_stmt* row) -> Result<> {
      utf8_ = std::get<std::string_view>(borrowed(row, 0)) == "UTF-8";
      return {};
    });
  }
  void until(Instant deadline) { deadline_ = deadline; }

  Result<exchange::ReadRows> select(const exchange::Read& read) {
    Sieved sieve{utf8_};
    if (read.sieve) sieve.text = sieve_text(*read.sieve, Err::more, sieve);
    const auto order = order_of(read);
    const auto text = select_text(read, sieve.text, order);
    if (!statements_.contains(text)) JX_CHECK(check_columns(read));  // `rowid` would be understood without being a column
    JX_TRY(statement, prepared(text));
    if (statement == nullptr) return lacks(read);
    const Reset reset{statement};
    int index = 0;
    for (const auto& condition : read.where) {
      const auto value = condition.op == exchange::Op::eq ? condition.value : like_pattern(condition, '\\');
      sqlite3_bind_text(statement, ++index, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
    }
    for (const auto& value : sieve.values) {
      if (const auto* words = std::get_if<std::string>(&value))
        sqlite3_bind_text(statement, ++index, words->data(), static_cast<int>(words->size()), SQLITE_TRANSIENT);
      else
        sqlite3_bind_int64(statement, ++index, std::holds_alternative<bool>(value) ? std::get<bool>(value) : std::get<std::int64_t>(value));
    }
    sqlite3_bind_int64(statement, ++index, static_cast<sqlite3_int64>(read.limit) + 1);
    sqlite3_bind_int64(statement, ++index, static_cast<sqlite3_int64>(read.offset));

    exchange::ReadRows found;
    found.ordered = order.has_value();
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
      if (found.rows.size() == read.limit) {
        found.more = true;
        break;
      }
      if (found.rows.empty() && order && !orderly(statement, static_cast<int>(read.columns.size()), *order)) {
        auto unordered = read;
        unordered.order.clear();
        return select(unordered);
      }
      std::vector<boost::json::value> row;
      row.reserve(read.columns.size());
      for (int column = 0; column < static_cast<int>(read.columns.size()); ++column) row.push_back(cell(statement, column));
      found.rows.push_back(std::move(row));
    }
    if (code == SQLITE_ERROR) return lacks(read);  // a kept statement that the new schema does not have
    if (code != SQLITE_DONE && code != SQLITE_ROW) return broken();
    return found;
  }

  /// Runs a statement with at most one parameter. Errors: of the source; of `take`.
  template <class Take>
  Result<> each(const std::string& text, std::string_view parameter, Take&& take) {
    JX_TRY(statement, prepared(text));
    if (statement == nullptr) return broken();
    const Reset reset{statement};
    if (sqlite3_bind_parameter_count(statement) > 0)
      sqlite3_bind_text(statement, 1, parameter.data(), static_cast<int>(parameter.size()), SQLITE_TRANSIENT);
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) JX_CHECK(take(statement));
    if (code != SQLITE_DONE) return broken();
    return {};
  }

 private:
  static constexpr std::size_t statements_max = 100;

  struct Reset {
    sqlite3_stmt* statement;
    explicit Reset(sqlite3_stmt* of) : statement(of) {}
    ~Reset() {
      sqlite3_reset(statement);
      sqlite3_clear_bindings(statement);
    }
    Reset(const Reset&) = delete;
    Reset& operator=(const Reset&) = delete;
  };

  [[nodiscard]] bool late() const { return SystemClock().now() > deadline_; }

  /// A cell has a type of its own here, whatever its column says. What is not stored as the field's type has it (a number in a text) is left to the
  /// program. The plus takes the column's affinity away, by which SQLite would turn the value into another one.
  struct Sieved {
    bool utf8;
    std::string text = {};
    std::vector<exchange::Sieve::Value> values = {};

    std::string operator()(const exchange::Sieve& sieve, Err err) {
      const auto name = identifier(sieve.column), type = "typeof(" + name + ")";
      const auto compared = std::string(operator_of(sieve.kind)) + "?";
      const auto or_left = [&](std::string plain, std::string_view left) {
        return err == Err::less ? plain : plain + " OR " + type + " IN (" + std::string(left) + ")";
      };
      values.push_back(sieve.value);
      switch (sieve.type) {
        case catalogue::FieldType::boolean: return or_left(type + " = 'integer' AND (" + name + " <> 0) = ?", "'text'");
        case catalogue::FieldType::integer:
        case catalogue::FieldType::number: return or_left(type + " = 'integer' AND +" + name + compared, "'text', 'real'");
        case catalogue::FieldType::text:
        case catalogue::FieldType::date: break;
      }
      if (sieve.kind != exchange::Sieve::Kind::eq && !utf8) return values.pop_back(), "";             // UTF-16 has another order
      const std::string_view there = sieve.type == catalogue::FieldType::date ? " <> '' AND +" : "";  // an empty date is none
      return or_left(type + " = 'text' AND +" + name + (there.empty() ? "" : std::string(there) + name) + " COLLATE BINARY" + compared, "'integer'");
    }
  };

  /// The terms of an ORDER BY that is the program's, and what has to be seen first of columns that may hold anything.
  struct Ordering {
    std::string terms;
    std::vector<std::string> guards;  // two of each column of numbers: whether it holds what is no whole number, and what is no fraction
  };

  /// What is absent first, then truth values, numbers, texts by octets, as the program has it after it has given each cell its field's type. Nothing
  /// where the database is not in UTF-8.
  std::optional<Ordering> order_of(const exchange::Read& read) const {
    if (read.order.empty() || !utf8_) return std::nullopt;
    Ordering out;
    const auto term = [&](const std::string& expression, bool descending) { out.terms += expression + (descending ? " DESC, " : ", "); };
    for (const auto& by : read.order) {
      const auto name = identifier(by.column), type = "typeof(" + name + ")";
      const auto none = "WHEN " + type + " IN ('null', 'blob') THEN 0 ";
      switch (by.type) {
        case catalogue::FieldType::integer:
        case catalogue::FieldType::number:
          for (const auto* other : {"integer", "real"})
            out.guards.push_back("EXISTS (SELECT 1 FROM " + identifier(read.table) + " WHERE " + type + " NOT IN ('" + other + "', 'null', 'blob'))");
          term("CASE " + none + "ELSE 2 END", by.descending);
          term("CASE WHEN " + type + " <> 'blob' THEN +" + name + " END", by.descending);
          continue;
        case catalogue::FieldType::boolean:
          term("CASE " + none + "WHEN " + type + " = 'integer' THEN 1 WHEN " + type + " = 'real' THEN 2 WHEN +" + name + " = '' THEN 0 WHEN +" +
                   name + " IN ('true', 'false') THEN 1 ELSE 3 END",
               by.descending);
          term("CASE " + type + " WHEN 'integer' THEN " + name + " <> 0 WHEN 'text' THEN +" + name + " = 'true' END", by.descending);
          break;
        case catalogue::FieldType::date:
        case catalogue::FieldType::text:
          term("CASE " + none + "WHEN " + type + " = 'real' THEN 2 " +
                   (by.type == catalogue::FieldType::date ? "WHEN +" + name + " = '' THEN 0 " : std::string()) + "ELSE 3 END",
               by.descending);
          break;
      }
      term("CASE WHEN " + type + " = 'real' THEN +" + name + " END", by.descending);
      const auto is_text = type + " = 'text' AND +" + name;
      const auto words = by.type == catalogue::FieldType::text   ? type + " IN ('integer', 'text')"
                         : by.type == catalogue::FieldType::date ? type + " = 'integer' OR (" + is_text + " <> '')"
                                                                 : is_text + " NOT IN ('', 'true', 'false')";
      term("CASE WHEN " + words + " THEN CAST(" + name + " AS TEXT) END COLLATE BINARY", by.descending);
    }
    return out;
  }

  /// SQLite compares a whole number with a fraction, and a number in a text, as the program does not.
  static bool orderly(sqlite3_stmt* row, int first, const Ordering& order) {
    for (int i = 0; i < static_cast<int>(order.guards.size()); i += 2) {
      if (sqlite3_column_int(row, first + i) != 0 && sqlite3_column_int(row, first + i + 1) != 0) return false;
    }
    return true;
  }

  static std::string select_text(const exchange::Read& read, const std::string& sieve, const std::optional<Ordering>& order) {
    std::string text = "SELECT ";
    for (std::size_t i = 0; i < read.columns.size(); ++i) text += (i > 0 ? ", " : "") + identifier(read.columns[i]);
    for (const auto& guard : order ? order->guards : std::vector<std::string>()) text += ", " + guard;
    text += " FROM " + identifier(read.table);
    for (std::size_t i = 0; i < read.where.size(); ++i) {
      text +=
          (i > 0 ? " AND " : " WHERE ") + identifier(read.where[i].column) + (read.where[i].op == exchange::Op::eq ? " = ?" : " LIKE ? ESCAPE '\\'");
    }
    if (!sieve.empty()) text += (read.where.empty() ? " WHERE " : " AND ") + sieve;
    return text + " ORDER BY " + (order ? order->terms : std::string()) + "rowid LIMIT ? OFFSET ?";
  }

  /// Nothing where the schema has not what the text names.
  Result<sqlite3_stmt*> prepared(const std::string& text) {
    if (const auto found = statements_.find(text); found != statements_.end()) return found->second.get();
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(handle_.get(), text.c_str(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    if (code == SQLITE_ERROR) return nullptr;
    if (code != SQLITE_OK) return broken();
    if (statements_.size() >= statements_max) statements_.clear();
    return (statements_[text] = Statement(raw)).get();
  }

  /// Errors: unavailable (says which column is not there).
  Result<> check_columns(const exchange::Read& read) {
    std::set<std::string, std::less<>> columns;
    JX_CHECK(each("SELECT name FROM pragma_table_info(?1)", read.table, [&](sqlite3_stmt* row) -> Result<> {
      columns.emplace(std::get<std::string_view>(borrowed(row, 0)));
      return {};
    }));
    const auto missing = [](const std::string& what) {
      return fail(ErrorCode::unavailable, {"the data source has changed: it has no column " + what, "数据源结构已变更：缺少 " + what});
    };
    for (const auto& column : read.columns) {
      if (!columns.contains(column)) return missing(read.table + "." + column);
    }
    for (const auto& condition : read.where) {
      if (!columns.contains(condition.column)) return missing(read.table + "." + condition.column);
    }
    return {};
  }
  std::unexpected<Error> lacks(const exchange::Read& read) {
    if (auto checked = check_columns(read); !checked) return std::unexpected(std::move(checked).error());
    return broken();
  }

  [[nodiscard]] std::unexpected<Error> broken() {
    const std::string what = handle_ ? sqlite3_errmsg(handle_.get()) : "out of memory";
    const bool interrupted = handle_ && sqlite3_errcode(handle_.get()) == SQLITE_INTERRUPT;
    statements_.clear();
    handle_.reset();  // the next call opens it anew
    if (interrupted)
      return fail(ErrorCode::timeout,
                  {"the data source did not answer in time: " + std::string(name_.in("en")), "数据源响应超时：" + std::string(name_.in("zh-CN"))});
    return fail_because(
        {ErrorCode::unavailable, {what}, {}, nullptr}, ErrorCode::unavailable,
        {"the data source cannot be read now: " + std::string(name_.in("en")), "数据源暂时无法读取：" + std::string(name_.in("zh-CN"))});
  }

 public:
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

 private:
  const LocalizedText& name_;
  const std::filesystem::path& path_;
  Handle handle_;
  std::map<std::string, Statement, std::less<>> statements_;  // by their text; gone before the handle is
  Instant deadline_ = no_deadline;
  bool utf8_ = false;
};

class SqliteConnector final : public Connector {
 public:
  SqliteConnector(const catalogue::Source& source, const std::filesystem::path& folder)
      : name_(source.name), path_(folder / source.path.value_or("")) {}

  Result<exchange::ReadRows> read(const exchange::Read& read, Instant deadline) override {
    return with(deadline, [&](Connection& connection) { return connection.select(read); });
  }

  Result<std::vector<exchange::TableShape>> shape(Instant deadline) override {
    return with(deadline, [&](Connection& connection) -> Result<std::vector<exchange::TableShape>> {
      std::vector<exchange::TableShape> list;
      JX_CHECK(
          connection.each("SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type IN ('table', 'view') AND m.name NOT "
                          "LIKE 'sqlite\\_%' "
                          "ESCAPE '\\' ORDER BY m.name, c.cid",
                          {}, [&](sqlite3_stmt* row) -> Result<> {
                            const auto text = [&](int column) { return std::string(std::get<std::string_view>(Connection::borrowed(row, column))); };
                            if (list.empty() || list.back().name != text(0)) list.push_back({text(0), {}});
                            list.back().columns.push_back(text(1));
                            return {};
                          }));
      return list;
    });
  }

  Result<> scan(const std::string& table, Instant deadline, const exchange::TakeRow& take) override {
    JX_TRY(columns, columns_of(table, deadline));
    return scan_all(table, columns, deadline, take);
  }

  Result<> scan_columns(const std::string& table, std::span<const std::string> columns, Instant deadline, const exchange::TakeRow& take) override {
    JX_TRY(there, columns_of(table, deadline));
    for (const auto& column : columns) {
      if (std::ranges::find(there, column) == there.end())
        return fail(ErrorCode::unavailable,
                    {"the data source has changed: it has no column " + table + "." + column, "数据源结构已变更：缺少 " + table + "." + column});
    }
    return scan_all(table, columns, deadline, take);
  }

 private:
  static constexpr std::size_t idle_max = 32;  // to open one and to read its schema costs as much as many calls

  Result<std::vector<std::string>> columns_of(const std::string& table, Instant deadline) {
    JX_TRY(tables, shape(deadline));
    const auto found = std::ranges::find(tables, table, &exchange::TableShape::name);
    if (found == tables.end()) return fail(ErrorCode::unavailable, {"the data source has no table " + table, "数据源中没有表 " + table});
    return std::move(found->columns);
  }

  /// `columns` are there.
  Result<> scan_all(const std::string& table, std::span<const std::string> columns, Instant deadline, const exchange::TakeRow& take) {
    std::vector<exchange::Cell> cells(columns.size());
    std::string text = "SELECT ";
    for (std::size_t i = 0; i < cells.size(); ++i) text += (i > 0 ? ", " : "") + identifier(columns[i]);
    return with(deadline, [&](Connection& connection) {
      return connection.each(text + " FROM " + identifier(table), {}, [&](sqlite3_stmt* row) -> Result<> {
        for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = Connection::borrowed(row, static_cast<int>(i));
        return take(cells);
      });
    });
  }

  /// A connection of the pool for this call; reads run side by side.
  template <class F>
  auto with(Instant deadline, F&& f) -> std::invoke_result_t<F, Connection&> {
    std::unique_ptr<Connection> connection;
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        connection = std::move(idle_.back());
        idle_.pop_back();
      }
    }
    if (!connection) connection = std::make_unique<Connection>(name_, path_);
    JX_CHECK(connection->open());
    connection->until(deadline);
    auto answer = f(*connection);
    const std::lock_guard lock(mutex_);
    if (idle_.size() < idle_max) idle_.push_back(std::move(connection));
    return answer;
  }

  LocalizedText name_;
  std::filesystem::path path_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;  // guarded by mutex_
};

}  // namespace

std::unique_ptr<Connector> sqlite_connector(const catalogue::Source& source, const std::filesystem::path& data_folder) {
  return std::make_unique<SqliteConnector>(source, data_folder);
}

}  // namespace jx::connectors
