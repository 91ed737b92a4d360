// sqlite_connection.hpp - one SQLite connection: its settings, its prepared statements, strict values. Used by one thread at a time.
#pragma once
#include <jx/db.hpp>

#include <sqlite3.h>

#include <memory>
#include <string>
#include <unordered_map>

namespace jx::db {

inline constexpr std::size_t statements_max = 1024;  // prepared on one connection; beyond, all are dropped and made again

class SqliteConnection {
 public:
  enum class Mode { read, write, scratch };  // scratch: in memory, of this connection alone

  /// Errors: invalid (not a Junxian database); unavailable (no folder, no permission, locked); corrupt.
  static Result<std::unique_ptr<SqliteConnection>> open(const std::string& path, Mode mode);

  /// Runs one prepared statement. Answers how many rows it changed, or read.
  Result<std::int64_t> execute(const Query& query, std::span<const Param> params, const std::function<Result<>(Row&&)>* take);
  Result<> execute_later(const Query& query, std::span<const Param> params) {
    JX_CHECK(execute(query, params, nullptr));
    return {};
  }
  Result<> run(const Query& query);
  Result<> prepare(const Query& query);
  /// Statements without parameters, one after another.
  Result<> script(std::string_view sql);

  /// Statements that run beyond this fail with `timeout`; so does waiting for another program's lock.
  void until(Instant deadline) { deadline_ = deadline; }
  /// False after SQLite itself has rolled back, as it does on a full disk, an I/O error or an interrupt.
  [[nodiscard]] bool in_transaction() const { return sqlite3_get_autocommit(db_.get()) == 0; }
  /// Grows with every row that is changed and every script that is run.
  [[nodiscard]] std::int64_t writes() const { return sqlite3_total_changes64(db_.get()) + scripts_; }
  /// Grows with every statement that changed a row and is not Query::aside.
  [[nodiscard]] std::uint64_t turns() const { return turns_; }
  /// SQLite's extended code of the last failure.
  [[nodiscard]] int last_code() const { return last_code_; }
  [[nodiscard]] sqlite3* handle() const { return db_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  struct Prepared {
    std::string sql;
    std::unique_ptr<sqlite3_stmt, Finalize> statement;
  };

  SqliteConnection() = default;
  Result<> set_up(Mode mode);
  Result<> adopt();
  Result<sqlite3_stmt*> prepared(const Query& query);
  Result<> bind(const Query& query, sqlite3_stmt* statement, std::span<const Param> params);
  Result<Row> row(const Query& query, sqlite3_stmt* statement);
  std::unexpected<Error> error(int code, std::string_view what);
  [[nodiscard]] bool late() const;

  std::unique_ptr<sqlite3, Close> db_;                    // before the statements: they must go first
  std::unordered_map<const char*, Prepared> statements_;  // by the address of the text, which is checked on each use
  Instant deadline_ = no_deadline;
  int last_code_ = SQLITE_OK;
  std::int64_t scripts_ = 0;
  std::uint64_t turns_ = 0;
  bool read_only_ = false;
};

}  // namespace jx::db
