#include "sqlite_connection.hpp"

#include "db_sql.hpp"
#include "values.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <thread>

namespace jx::db {
namespace {

constexpr int application_id = 0x4A584442;     // "JXDB" in the file's header: a file that is ours
constexpr int instructions_per_look = 20'000;  // of SQLite's machine between two looks at the clock: well under a millisecond
constexpr auto busy_wait = std::chrono::milliseconds{2};

Words words_for(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {"another program holds the database file; stop it or try again", "数据库文件被其他程序占用，请停止该程序或稍后再试"};
    case SQLITE_FULL: return {"the disk is full; nothing was written; make room and try again", "磁盘空间已满，数据未写入，请清理磁盘后重试"};
    case SQLITE_IOERR: return {"the disk could not be read or written; have it checked", "磁盘读写失败，请检查磁盘"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return {"the database file is damaged; stop the program and restore a backup", "数据库文件已损坏，请停止程序并从备份恢复"};
    case SQLITE_READONLY:
      return {"the database file may not be written; give the program's user the right to write it and its folder",
              "数据库文件不可写，请授予程序用户对该文件及其目录的写权限"};
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {"the database file cannot be opened; see that its folder exists and may be written", "无法打开数据库文件，请确认目录存在且可写"};
    case SQLITE_INTERRUPT: return {"the time for this ran out; nothing was written", "操作超时，数据未写入"};
    case SQLITE_CONSTRAINT: return {"this contradicts what is stored already", "与已存数据冲突"};
    case SQLITE_TOOBIG: return {"a value is larger than the database may hold", "数值超出数据库允许的大小"};
    case SQLITE_NOMEM: return {"the machine has no memory left for the database", "内存不足，数据库无法完成操作"};
    default: return {"a query failed", "查询失败"};
  }
}

ErrorCode code_for(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_NOMEM: return ErrorCode::unavailable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ErrorCode::corrupt;
    case SQLITE_INTERRUPT: return ErrorCode::timeout;
    case SQLITE_CONSTRAINT: return code == SQLITE_CONSTRAINT_DATATYPE ? ErrorCode::internal : ErrorCode::conflict;
    case SQLITE_TOOBIG: return ErrorCode::too_large;
    default: return ErrorCode::internal;
  }
}

/// Leaves a statement ready for its next use, whatever happened.
class Reset {
 public:
  explicit Reset(sqlite3_stmt* statement) : statement_(statement) {}
  ~Reset() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  Reset(const Reset&) = delete;
  Reset& operator=(const Reset&) = delete;

 private:
  sqlite3_stmt* statement_;
};

std::unexpected<Error> cannot_open(const std::string& path, const std::string& why) {
  return fail(ErrorCode::unavailable, {"the database " + path + " cannot be opened: " + why, "无法打开数据库 " + path + "：" + why});
}

/// Makes the file readable by its owner alone, if there is none; SQLite gives its -wal and -shm files the same rights. One that is there is not
/// opened: closing it would drop every lock that SQLite holds on it for this process (fcntl(2)), and the next program to leave the database would
/// take the log away from under this one.
Result<> create_file(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  std::error_code ignored;
  if (!folder.empty() && !std::filesystem::is_directory(folder, ignored)) {
    return fail(ErrorCode::unavailable, {"the folder " + folder.string() + " of the database does not exist; make it first",
                                         "数据库所在目录 " + folder.string() + " 不存在，请先创建"});
  }
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) {
    if (errno == EEXIST && ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0) return {};
    if (errno == EACCES || errno == EROFS || errno == EPERM) {
      return fail(ErrorCode::unavailable,
                  {"the database " + path + " may not be written; give the program's user the right to write it and its folder",
                   "数据库 " + path + " 不可写，请授予程序用户对该文件及其目录的写权限"});
    }
    return cannot_open(path, std::strerror(errno));
  }
  ::close(file);
  return {};
}

/// Has SQLite keep no statistics of its memory: for them it takes one lock of the whole process at every allocation, which the writer and the
/// readers would wait for each other at. Without effect where the process has used SQLite before.
void keep_no_memory_statistics() {
  static const int done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)done;
}

}  // namespace

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& path, Mode mode) {
  keep_no_memory_statistics();
  if (mode == Mode::write || mode == Mode::making) JX_CHECK(create_file(path));
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection);
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  connection->db_.reset(db);
  if (code != SQLITE_OK) return cannot_open(path, sqlite3_errstr(code));
  connection->until({SystemClock().now() + std::chrono::seconds{5}});
  if (auto ready = connection->set_up(mode); !ready) {
    return fail_because(
        ready.error(), ready.error().code,
        {"the database " + path + " cannot be used: " + ready.error().message.en, "数据库 " + path + " 无法使用：" + ready.error().message.zh});
  }
  connection->until(no_deadline);
  return connection;
}

Result<> SqliteConnection::set_up(Mode mode) {
  sqlite3_progress_handler(db_.get(), instructions_per_look, [](void* self) { return static_cast<SqliteConnection*>(self)->late() ? 1 : 0; }, this);
  sqlite3_busy_handler(
      db_.get(),
      [](void* self, int) {
        if (static_cast<SqliteConnection*>(self)->late()) return 0;
        std::this_thread::sleep_for(busy_wait);
        return 1;
      },
      this);
  for (const int option : {SQLITE_DBCONFIG_DQS_DDL, SQLITE_DBCONFIG_DQS_DML, SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION}) {
    sqlite3_db_config(db_.get(), option, 0, nullptr);
  }
  sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_limit(db_.get(), SQLITE_LIMIT_LENGTH, static_cast<int>(2 * value_bytes_max));
  if (mode == Mode::scratch) JX_CHECK(script("PRAGMA journal_mode = OFF"));
  if (mode == Mode::write || mode == Mode::making) {
    if (sqlite3_db_readonly(db_.get(), "main") == 1) return error(SQLITE_READONLY, "open");
    JX_CHECK(adopt());
    JX_CHECK(
        script("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 67108864; PRAGMA "
               "wal_autocheckpoint = 4000"));
    if (mode == Mode::making) JX_CHECK(script("PRAGMA synchronous = OFF"));
  }
  // LIKE tells case apart and text is compared by octets, as on PostgreSQL with COLLATE "C".
  JX_CHECK(
      script("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON; PRAGMA case_sensitive_like = ON;"
             "PRAGMA cache_size = -32000"));
  if (mode == Mode::read) {
    read_only_ = true;
    return script("PRAGMA query_only = ON");
  }
  return {};
}

/// Marks an empty file as ours; refuses a file that has tables and is not ours.
Result<> SqliteConnection::adopt() {
  std::int64_t id = 0;
  std::int64_t tables = 0;
  const std::function<Result<>(Row&&)> take_id = [&](Row&& row) -> Result<> { return id = row.integer(0), Result<>(); };
  const std::function<Result<>(Row&&)> take_tables = [&](Row&& row) -> Result<> { return tables = row.integer(0), Result<>(); };
  JX_CHECK(execute({"db.application_id", "PRAGMA application_id", ""}, {}, &take_id));
  JX_CHECK(execute({"db.tables", "SELECT count(*) FROM sqlite_schema", ""}, {}, &take_tables));
  if (id == application_id) return {};
  if (id != 0 || tables != 0) {
    return fail(ErrorCode::invalid, {"the file holds another program's data; name a new file", "该文件存放的是其他程序的数据，请指定新文件"});
  }
  return script("PRAGMA application_id = " + std::to_string(application_id));
}

bool SqliteConnection::late() const { return deadline_ != no_deadline && SystemClock().now() >= deadline_; }

std::unexpected<Error> SqliteConnection::error(int code, std::string_view what) {
  last_code_ = code;
  const std::string detail = std::string(what) + ": " + sqlite3_errmsg(db_.get()) + " (SQLite " + std::to_string(code) + ")";
  if ((code & 0xff) == SQLITE_READONLY && read_only_) return fail(ErrorCode::internal, "a read may not change anything: " + detail);
  // Waiting for a lock ends at the deadline and so tells of both.
  if ((code & 0xff) == SQLITE_BUSY && late()) return fail_because({ErrorCode::unavailable, detail, {}, nullptr}, ErrorCode::timeout, words_for(code));
  return fail_because({code_for(code), detail, {}, nullptr}, code_for(code), words_for(code));
}

Result<> SqliteConnection::script(std::string_view sql) {
  ++scripts_;
  ++turns_;
  const std::string text(sql);
  const char* rest = text.c_str();
  while (*rest != '\0') {
    sqlite3_stmt* raw = nullptr;
    const char* tail = nullptr;
    if (const int code = sqlite3_prepare_v2(db_.get(), rest, -1, &raw, &tail); code != SQLITE_OK) return error(code, "script");
    const std::unique_ptr<sqlite3_stmt, Finalize> statement(raw);
    rest = tail;
    if (!statement) continue;  // a comment or white space
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW) code = sqlite3_step(statement.get());
    if (code != SQLITE_DONE) return error(code, "script");
  }
  return {};
}

Result<sqlite3_stmt*> SqliteConnection::prepared(const Query& query) {
  if (auto found = statements_.find(query.sqlite.data()); found != statements_.end()) {
    if (found->second.sql == query.sqlite) return found->second.statement.get();
    statements_.erase(found);
  }
  if (query.sqlite.empty()) return fail(ErrorCode::internal, "the query " + std::string(query.name) + " is not for SQLite");
  if (statements_.size() >= statements_max) statements_.clear();
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v3(db_.get(), query.sqlite.data(), static_cast<int>(query.sqlite.size()), SQLITE_PREPARE_PERSISTENT, &raw, &tail);
  std::unique_ptr<sqlite3_stmt, Finalize> statement(raw);
  if (code != SQLITE_OK) return error(code, query.name);
  const auto rest = query.sqlite.substr(static_cast<std::size_t>(tail - query.sqlite.data()));
  if (!statement || rest.find_first_not_of("; \t\r\n") != std::string_view::npos) {
    return fail(ErrorCode::internal, "the query " + std::string(query.name) + " is not exactly one statement");
  }
  statements_[query.sqlite.data()] = {std::string(query.sqlite), std::move(statement)};
  return raw;
}

Result<> SqliteConnection::prepare(const Query& query) {
  JX_CHECK(prepared(query));
  return {};
}

Result<> SqliteConnection::bind(const Query& query, sqlite3_stmt* statement, std::span<const Param> params) {
  if (static_cast<std::size_t>(sqlite3_bind_parameter_count(statement)) != params.size()) {
    return fail(ErrorCode::internal, std::string(query.name) + " takes " + std::to_string(sqlite3_bind_parameter_count(statement)) +
                                         " parameters and was given " + std::to_string(params.size()));
  }
  JX_CHECK(check_params(query, params));
  for (std::size_t i = 0; i < params.size(); ++i) {
    const int at = static_cast<int>(i) + 1;
    const auto value = params[i].value();
    int code = SQLITE_OK;
    if (const auto* number = std::get_if<std::int64_t>(&value))
      code = sqlite3_bind_int64(statement, at, *number);
    else if (const auto* real = std::get_if<double>(&value))
      code = sqlite3_bind_double(statement, at, *real);
    else if (const auto* text = std::get_if<std::string_view>(&value)) {
      code = sqlite3_bind_text64(statement, at, text->empty() ? "" : text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
    } else if (const auto* bytes = std::get_if<ByteView>(&value)) {
      code =
          bytes->empty() ? sqlite3_bind_zeroblob(statement, at, 0) : sqlite3_bind_blob64(statement, at, bytes->data(), bytes->size(), SQLITE_STATIC);
    }  // else null, which an unbound parameter is
    if (code != SQLITE_OK) return error(code, query.name);
  }
  return {};
}

Result<Row> SqliteConnection::row(const Query& query, sqlite3_stmt* statement) {
  std::vector<Row::Cell> cells;
  const int count = sqlite3_column_count(statement);
  cells.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    switch (sqlite3_column_type(statement, i)) {
      case SQLITE_INTEGER: cells.emplace_back(static_cast<std::int64_t>(sqlite3_column_int64(statement, i))); break;
      case SQLITE_FLOAT: cells.emplace_back(sqlite3_column_double(statement, i)); break;
      case SQLITE_TEXT: {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));  // NOLINT(*-reinterpret-cast)
        if (text == nullptr) return error(SQLITE_NOMEM, query.name);
        cells.emplace_back(std::in_place_type<std::string>, text, static_cast<std::size_t>(sqlite3_column_bytes(statement, i)));
        break;
      }
      case SQLITE_BLOB: {
        const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement, i));
        cells.emplace_back(std::in_place_type<Bytes>, bytes, bytes + sqlite3_column_bytes(statement, i));
        break;
      }
      default: cells.emplace_back(nullptr);
    }
  }
  return Row(std::move(cells));
}

Result<std::int64_t> SqliteConnection::execute(const Query& query, std::span<const Param> params, const std::function<Result<>(Row&&)>* take) {
  JX_TRY(statement, prepared(query));
  const Reset reset(statement);
  JX_CHECK(bind(query, statement, params));
  std::int64_t rows = 0;
  int code = sqlite3_step(statement);
  for (; code == SQLITE_ROW; code = sqlite3_step(statement)) {
    ++rows;
    if (take == nullptr) continue;
    JX_TRY(one, row(query, statement));
    JX_CHECK((*take)(std::move(one)));
  }
  if (code != SQLITE_DONE) return error(code, query.name);
  if (sqlite3_stmt_readonly(statement) != 0) return rows;
  const auto changed = sqlite3_changes64(db_.get());
  if (changed > 0 && !query.aside) ++turns_;
  return changed;
}

Result<> SqliteConnection::run(const Query& query) {
  JX_CHECK(execute(query, {}, nullptr));
  return {};
}

}  // namespace jx::db
