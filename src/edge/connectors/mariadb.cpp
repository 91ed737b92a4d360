// A department's MariaDB database. The session is read-only, and every statement a prepared one.
#include "makers.hpp"
#include "pool.hpp"
#include "says.hpp"
#include "sieve_sql.hpp"
#include "sql_tables.hpp"

#include <jx/wire/utf8.hpp>

#include <mysql.h>
#include <mysqld_error.h>
#include <errmsg.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <span>

namespace jx::connectors {
namespace {

constexpr std::size_t columns_max = 100'000;
constexpr std::size_t statements_max = 100;
constexpr std::int64_t statement_ms_max = 600'000;
constexpr std::size_t cell_bytes_max = 16U << 20U;
constexpr char escape = '|';  // no backslash: what that means depends on the server's mode

enum class Compared { text, number, time, as_text, never };

struct Column {
  std::string name;
  Compared compared = Compared::text;
  int key = 0;                  // its place in the primary key, from 1
  std::string type;             // the server's name of it
  bool natural = false;         // a whole number that may be beyond those of the program
  std::int64_t chars_max = -1;  // of a text
};
struct Table {
  std::vector<Column> columns;
  [[nodiscard]] const Column* column(std::string_view name) const {
    const auto found = std::ranges::find(columns, name, &Column::name);
    return found == columns.end() ? nullptr : &*found;
  }
};
using Schema = std::map<std::string, Table, std::less<>>;

/// What this user may see; the server leaves out the rest itself.
constexpr const char* schema_text =
    "SELECT c.TABLE_NAME, c.COLUMN_NAME, c.DATA_TYPE, COALESCE(k.ORDINAL_POSITION, 0), "
    "CASE WHEN c.DATA_TYPE = 'bigint' AND c.COLUMN_TYPE LIKE '%unsigned%' THEN 1 ELSE 0 END, "
    "CAST(COALESCE(c.CHARACTER_MAXIMUM_LENGTH, -1) AS CHAR) FROM information_schema.COLUMNS c "
    "LEFT JOIN information_schema.KEY_COLUMN_USAGE k ON k.CONSTRAINT_NAME = 'PRIMARY' AND k.TABLE_SCHEMA = c.TABLE_SCHEMA "
    "AND k.TABLE_NAME = c.TABLE_NAME AND k.COLUMN_NAME = c.COLUMN_NAME "
    "WHERE c.TABLE_SCHEMA = ? ORDER BY c.TABLE_NAME, c.ORDINAL_POSITION LIMIT 100001";

constexpr std::array session_texts{
    "SET SESSION TRANSACTION READ ONLY",
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO', time_zone = '+00:00', lock_wait_timeout = 2, "
    "innodb_lock_wait_timeout = 2, autocommit = 1, sql_select_limit = DEFAULT"};

std::string identifier(std::string_view name) {
  std::string out = "`";
  for (const char c : name) {
    if (c == '`') out.push_back('`');
    out.push_back(c);
  }
  return out + '`';
}

Compared compared_as(std::string_view type) {
  static const std::set<std::string_view> texts{"char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"};
  static const std::set<std::string_view> numbers{"tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double", "year"};
  static const std::set<std::string_view> times{"date", "datetime", "timestamp", "time"};
  static const std::set<std::string_view> codes{"uuid", "inet4", "inet6", "json"};
  if (texts.contains(type)) return Compared::text;
  if (numbers.contains(type)) return Compared::number;
  if (times.contains(type)) return Compared::time;
  return codes.contains(type) ? Compared::as_text : Compared::never;
}

/// The server would take the beginning of any text for a number.
bool is_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
}
/// And the beginning of any text for a time.
bool is_time(std::string_view text) {
  return !text.empty() && text.size() <= 32 &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || c == '-' || c == ':' || c == '.' || c == ' ' || c == 'T'; });
}

struct Close {
  void operator()(MYSQL* connection) const { mysql_close(connection); }
  void operator()(MYSQL_STMT* statement) const { mysql_stmt_close(statement); }
  void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
};
using Statement = std::unique_ptr<MYSQL_STMT, Close>;

/// One column of the row that is read.
struct Slot {
  enum class Kind { whole, natural, real, text, none };
  Kind kind = Kind::text;
  std::int64_t whole = 0;
  double real = 0;
  std::string text;
  unsigned long length = 0;
  my_bool null = 0;
  my_bool cut = 0;

  [[nodiscard]] exchange::Cell cell() const {
    if (null != 0) return std::monostate();
    switch (kind) {
      case Kind::whole: return whole;
      case Kind::real: return std::isfinite(real) ? exchange::Cell(real) : exchange::Cell(std::monostate());
      case Kind::natural:
      case Kind::text: return wire::find_invalid_utf8(text) ? std::string_view("\xef\xbf\xbd") : std::string_view(text);
      case Kind::none: return std::monostate();
    }
    return std::monostate();
  }
};
using TakeSlots = std::function<Result<>(std::span<const Slot>)>;

struct AsJson {
  boost::json::value operator()(std::monostate) const { return nullptr; }
  boost::json::value operator()(bool value) const { return value; }
  boost::json::value operator()(std::int64_t value) const { return value; }
  boost::json::value operator()(double value) const { return value; }
  boost::json::value operator()(std::string_view value) const { return boost::json::string(value); }
};

Slot::Kind kind_of(const MYSQL_FIELD& field) {
  constexpr unsigned binary = 63;
  switch (field.type) {
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_YEAR: return Slot::Kind::whole;
    case MYSQL_TYPE_LONGLONG: return (field.flags & UNSIGNED_FLAG) != 0 ? Slot::Kind::natural : Slot::Kind::whole;
    case MYSQL_TYPE_FLOAT:
    case MYSQL_TYPE_DOUBLE: return Slot::Kind::real;
    case MYSQL_TYPE_BIT:
    case MYSQL_TYPE_GEOMETRY: return Slot::Kind::none;
    case MYSQL_TYPE_STRING:
    case MYSQL_TYPE_VAR_STRING:
    case MYSQL_TYPE_VARCHAR:
    case MYSQL_TYPE_TINY_BLOB:
    case MYSQL_TYPE_BLOB:
    case MYSQL_TYPE_MEDIUM_BLOB:
    case MYSQL_TYPE_LONG_BLOB: return field.charsetnr == binary ? Slot::Kind::none : Slot::Kind::text;
    default: return Slot::Kind::text;
  }
}

/// One connection, for one thread at a time.
class Connection {
 public:
  static Result<std::unique_ptr<Connection>> open(const catalogue::Source& source, const std::filesystem::path& data_folder,
                                                  const catalogue::Secrets& secrets, Instant deadline) {
    static const int started = mysql_library_init(0, nullptr, nullptr);
    if (started != 0) return broken(source.name, "the client library does not start");
    JX_TRY(secret, secret_of(source, secrets));
    std::string password(secret ? secret->text() : std::string_view());
    std::unique_ptr<Connection> made(new Connection(source.name));
    made->connection_.reset(mysql_init(nullptr));
    MYSQL* raw = made->connection_.get();
    if (raw == nullptr) return broken(source.name, "out of memory");
    const auto left = deadline == no_deadline ? 5 : std::clamp<std::int64_t>((deadline - SystemClock().now()).count() / 1'000'000 + 1, 1, 5);
    const auto connect_s = static_cast<unsigned>(left);
    const unsigned silence_s = statement_ms_max / 1'000;
    const unsigned tcp = MYSQL_PROTOCOL_TCP;
    const unsigned off = 0;
    const my_bool no = 0;
    const my_bool yes = 1;
    mysql_options(raw, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
    mysql_options(raw, MYSQL_OPT_READ_TIMEOUT, &silence_s);
    mysql_options(raw, MYSQL_OPT_WRITE_TIMEOUT, &connect_s);
    mysql_options(raw, MYSQL_OPT_PROTOCOL, &tcp);
    mysql_options(raw, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    mysql_options(raw, MYSQL_OPT_LOCAL_INFILE, &off);
    mysql_options(raw, MYSQL_OPT_RECONNECT, &no);
    mysql_options(raw, MYSQL_REPORT_DATA_TRUNCATION, &yes);
    mysql_optionsv(raw, MARIADB_OPT_RESTRICTED_AUTH, "mysql_native_password,client_ed25519,caching_sha2_password,sha256_password");
    const auto tls = catalogue::tls_of(source);
    const auto roots = authorities(source, data_folder);
    const my_bool encrypted = tls == catalogue::SourceTls::off ? 0 : 1;
    const my_bool verified = tls == catalogue::SourceTls::verify ? 1 : 0;
    mysql_optionsv(raw, MYSQL_OPT_SSL_ENFORCE, &encrypted);
    mysql_optionsv(raw, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verified);
    if (verified != 0) mysql_optionsv(raw, MYSQL_OPT_SSL_CA, roots.c_str());
    const auto* connected = mysql_real_connect(raw, source.host->c_str(), source.user->c_str(), password.c_str(), source.database->c_str(),
                                               static_cast<unsigned>(source.port.value_or(3306)), nullptr, 0);
    crypto::wipe(password);
    if (connected == nullptr) return broken(source.name, mysql_error(raw));
    if (encrypted != 0 && mysql_get_ssl_cipher(raw) == nullptr) return broken(source.name, "the server offers no TLS");
    for (const char* text : session_texts) {
      if (mysql_query(raw, text) != 0) return made->failed(mysql_errno(raw), mysql_error(raw));
    }
    return made;
  }
  ~Connection() { drop(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] bool usable() const { return !lost_; }
  [[nodiscard]] bool worth_retry() const { return worth_retry_; }
  [[nodiscard]] bool schema_differs() const {
    return code_ == ER_NO_SUCH_TABLE || code_ == ER_BAD_FIELD_ERROR || code_ == ER_TABLEACCESS_DENIED_ERROR || code_ == ER_COLUMNACCESS_DENIED_ERROR;
  }

  /// Runs a prepared statement, and hands over a row at a time. Errors: unavailable, timeout; those of `take`.
  Result<> run(const std::string& text, std::span<const std::string> values, Instant deadline, const TakeSlots& take) {
    worth_retry_ = handed_out_ = false;
    code_ = 0;
    auto done = exchange(text, values, deadline, take);
    if (!done && !schema_differs()) lost_ = true;
    return done;
  }

 private:
  explicit Connection(const LocalizedText& name) : name_(name) {}

  /// What is on its way is not waited for.
  void drop() {
    if (connection_ && lost_) ::shutdown(mysql_get_socket(connection_.get()), SHUT_RDWR);
    statements_.clear();
    connection_.reset();
  }

  std::unexpected<Error> failed(unsigned code, const char* what) {
    code_ = code;
    if (code == ER_STATEMENT_TIMEOUT || code == ER_QUERY_INTERRUPTED) return late(name_);
    if (code == CR_SERVER_GONE_ERROR || code == CR_SERVER_LOST || code == ER_CONNECTION_KILLED || code == ER_SERVER_SHUTDOWN ||
        code == ER_NEED_REPREPARE)
      worth_retry_ = !handed_out_;
    return broken(name_, std::string(what) + " (" + std::to_string(code) + ")");
  }
  std::unexpected<Error> failed(MYSQL_STMT* statement) { return failed(mysql_stmt_errno(statement), mysql_stmt_error(statement)); }

  /// The server's limit on a statement, changed only where it does not do any more.
  Result<> set_limit(Instant deadline) {
    const auto left_ms =
        deadline == no_deadline ? statement_ms_max : std::clamp<std::int64_t>((deadline - SystemClock().now()).count() / 1'000, 1, statement_ms_max);
    if (left_ms == limit_ms_) return {};
    const auto text = "SET SESSION max_statement_time = " + std::to_string(left_ms / 1'000) + "." + std::to_string(1'000 + left_ms % 1'000).substr(1);
    if (mysql_query(connection_.get(), text.c_str()) != 0) return failed(mysql_errno(connection_.get()), mysql_error(connection_.get()));
    limit_ms_ = left_ms;
    return {};
  }

  Result<MYSQL_STMT*> prepared(const std::string& text) {
    if (const auto found = statements_.find(text); found != statements_.end()) return found->second.get();
    Statement statement(mysql_stmt_init(connection_.get()));
    if (!statement) return failed(CR_OUT_OF_MEMORY, "out of memory");
    if (mysql_stmt_prepare(statement.get(), text.data(), static_cast<unsigned long>(text.size())) != 0) return failed(statement.get());
    if (statements_.size() >= statements_max) statements_.clear();
    return (statements_[text] = std::move(statement)).get();
  }

  Result<> exchange(const std::string& text, std::span<const std::string> values, Instant deadline, const TakeSlots& take) {
    JX_CHECK(set_limit(deadline));
    JX_TRY(statement, prepared(text));
    std::vector<MYSQL_BIND> given(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      given[i].buffer_type = MYSQL_TYPE_STRING;
      given[i].buffer = const_cast<char*>(values[i].data());  // NOLINT(*-const-cast): it is only read
      given[i].buffer_length = static_cast<unsigned long>(values[i].size());
    }
    if (!given.empty() && mysql_stmt_bind_param(statement, given.data()) != 0) return failed(statement);
    if (mysql_stmt_execute(statement) != 0) return failed(statement);
    auto done = rows(statement, deadline, take);
    if (done) mysql_stmt_free_result(statement);
    return done;
  }

  Result<> rows(MYSQL_STMT* statement, Instant deadline, const TakeSlots& take) {
    const std::unique_ptr<MYSQL_RES, Close> described(mysql_stmt_result_metadata(statement));
    if (!described) return failed(statement);
    std::vector<Slot> slots(mysql_num_fields(described.get()));
    std::vector<MYSQL_BIND> bound(slots.size());
    for (std::size_t i = 0; i < slots.size(); ++i) {
      auto& slot = slots[i];
      slot.kind = kind_of(*mysql_fetch_field_direct(described.get(), static_cast<unsigned>(i)));
      bound[i].is_null = &slot.null;
      bound[i].length = &slot.length;
      bound[i].error = &slot.cut;
      const bool whole = slot.kind == Slot::Kind::whole;
      const bool real = slot.kind == Slot::Kind::real;
      bound[i].buffer_type = whole ? MYSQL_TYPE_LONGLONG : real ? MYSQL_TYPE_DOUBLE : MYSQL_TYPE_STRING;
      bound[i].buffer = whole ? static_cast<void*>(&slot.whole) : real ? static_cast<void*>(&slot.real) : nullptr;  // a text's length is known first
    }
    if (mysql_stmt_bind_result(statement, bound.data()) != 0) return failed(statement);
    for (;;) {
      const int code = mysql_stmt_fetch(statement);
      if (code == MYSQL_NO_DATA) return {};
      if (code != 0 && code != MYSQL_DATA_TRUNCATED) return failed(statement);
      JX_CHECK(fetch_texts(statement, slots));
      handed_out_ = true;
      JX_CHECK(take(slots));
      if (SystemClock().now() > deadline) return late(name_);
    }
  }

  Result<> fetch_texts(MYSQL_STMT* statement, std::vector<Slot>& slots) {
    for (std::size_t i = 0; i < slots.size(); ++i) {
      auto& slot = slots[i];
      if (slot.null != 0 || (slot.kind != Slot::Kind::text && slot.kind != Slot::Kind::natural)) continue;
      if (slot.length > cell_bytes_max) return broken(name_, "a cell of more than 16 MiB");
      slot.text.assign(slot.length, '\0');
      if (slot.length == 0) continue;
      MYSQL_BIND into{};
      unsigned long length = 0;
      my_bool null = 0;
      my_bool cut = 0;
      into.buffer_type = MYSQL_TYPE_STRING;
      into.buffer = slot.text.data();
      into.buffer_length = slot.length;
      into.length = &length;
      into.is_null = &null;
      into.error = &cut;
      if (mysql_stmt_fetch_column(statement, &into, static_cast<unsigned>(i), 0) != 0) return failed(statement);
    }
    return {};
  }

  LocalizedText name_;
  std::unique_ptr<MYSQL, Close> connection_;
  std::map<std::string, Statement, std::less<>> statements_;  // by their text; gone before the connection is
  std::int64_t limit_ms_ = 0;
  unsigned code_ = 0;  // of what failed last
  bool lost_ = false;
  bool worth_retry_ = false;
  bool handed_out_ = false;
};

class MariadbConnector final : public Connector {
 public:
  MariadbConnector(catalogue::Source source, std::filesystem::path folder, catalogue::Secrets secrets)
      : source_(std::move(source)),
        folder_(std::move(folder)),
        secrets_(std::move(secrets)),
        pool_([this](Instant deadline) { return Connection::open(source_, folder_, secrets_, deadline); }) {}

  Result<exchange::ReadRows> read(const exchange::Read& read, Instant deadline) override {
    return pool_.with(deadline, [&](Connection& connection) -> Result<exchange::ReadRows> {
      auto found = select(connection, read, deadline);
      if (found || !connection.schema_differs()) return found;
      JX_TRY(schema, look(connection, deadline));  // it was changed after it was looked at
      if (auto lack = lack_of(*schema, read)) return std::unexpected(std::move(*lack));
      return found;
    });
  }

  Result<std::vector<exchange::TableShape>> shape(Instant deadline) override {
    return pool_.with(deadline, [&](Connection& connection) -> Result<std::vector<exchange::TableShape>> {
      JX_TRY(schema, look(connection, deadline));
      return shapes_of(*schema);
    });
  }

  Result<> scan(const std::string& name, Instant deadline, const exchange::TakeRow& take) override {
    return scan_these(name, std::nullopt, deadline, take);
  }
  Result<> scan_columns(const std::string& name, std::span<const std::string> columns, Instant deadline, const exchange::TakeRow& take) override {
    return scan_these(name, columns, deadline, take);
  }

 private:
  /// All columns, or those that are asked for.
  Result<> scan_these(const std::string& name, std::optional<std::span<const std::string>> wanted, Instant deadline, const exchange::TakeRow& take) {
    return pool_.with(deadline, [&](Connection& connection) -> Result<> {
      JX_TRY(schema, look(connection, deadline));
      const auto table = schema->find(name);
      if (table == schema->end()) return no_table(name);
      JX_TRY(columns, chosen_columns(name, table->second, wanted));
      std::vector<exchange::Cell> cells(columns.size());
      return connection.run("SELECT " + listed(columns, identifier) + " FROM " + from(name) + order(table->second), {}, deadline,
                            [&](std::span<const Slot> slots) -> Result<> {
                              for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = slots[i].cell();
                              return take(cells);
                            });
    });
  }

  [[nodiscard]] std::string from(const std::string& table) const { return identifier(*source_.database) + "." + identifier(table); }

  /// By the primary key; else as the server gives them.
  static std::string order(const Table& table) {
    const auto key = primary_key(table);
    return key.empty() ? "" : " ORDER BY " + listed(key, identifier);
  }

  /// The order that is wished for, where the server's is the program's: whole numbers, truth values, texts by octets, dates; what is absent comes
  /// first here, too. A table without a key has no order of its own that what is alike could keep, and of long texts the server compares only the
  /// beginning.
  static std::optional<std::string> order_of(const Table& table, const exchange::Read& read) {
    using catalogue::FieldType;
    static const std::set<std::string_view> wholes{"tinyint", "smallint", "mediumint", "int", "bigint"};
    constexpr std::int64_t chars_sorted_max = 250;  // four octets each, of the 1,024 of max_sort_length
    const auto own = order(table);
    if (read.order.empty() || own.empty()) return std::nullopt;
    std::string terms;
    for (const auto& by : read.order) {
      const auto* column = table.column(by.column);
      if (column == nullptr) return std::nullopt;
      const auto name = identifier(column->name);
      const bool whole = wholes.contains(column->type) && !column->natural;
      const bool words = (column->type == "char" || column->type == "varchar") && column->chars_max >= 0 && column->chars_max <= chars_sorted_max;
      std::string term;
      if (whole && (by.type == FieldType::integer || by.type == FieldType::number)) term = name;
      if (whole && by.type == FieldType::boolean) term = name + " <> 0";
      if (column->type == "date" && by.type == FieldType::date) term = name;
      if (words && (by.type == FieldType::text || by.type == FieldType::date)) {
        term = "CONVERT(" + name + " USING utf8mb4) COLLATE utf8mb4_nopad_bin";
        if (by.type == FieldType::date) term = "NULLIF(" + term + ", '')";  // an empty date is none
      }
      if (term.empty()) return std::nullopt;
      terms += term + (by.descending ? " DESC, " : ", ");
    }
    return " ORDER BY " + terms + own.substr(std::string_view(" ORDER BY ").size());
  }

  /// A column's collation may take é for e, and blanks at the end for nothing: the first comparison serves the index, the second is exact.
  static std::string condition_text(const Column& column, const exchange::Condition& condition, std::vector<std::string>& values) {
    const auto name = identifier(column.name);
    const auto exact = "CONVERT(" + name + " USING utf8mb4) COLLATE utf8mb4_nopad_bin";
    if (condition.op != exchange::Op::eq) {
      values.push_back(like_pattern(condition, escape));
      return "LOWER(CONVERT(" + name + " USING utf8mb4)) COLLATE utf8mb4_nopad_bin LIKE LOWER(?) ESCAPE '|'";
    }
    values.push_back(condition.value);
    if (column.compared == Compared::text) {
      values.push_back(condition.value);
      return name + " = ? AND " + exact + " = ?";
    }
    return column.compared == Compared::as_text ? exact + " = ?" : name + " = ?";
  }

  /// Whether no row can fulfil it, whatever there is.
  static bool hopeless(const Column& column, const exchange::Condition& condition) {
    if (wire::find_invalid_utf8(condition.value) || column.compared == Compared::never) return true;
    if (condition.op != exchange::Op::eq) return false;
    return (column.compared == Compared::number && !is_number(condition.value)) || (column.compared == Compared::time && !is_time(condition.value));
  }

  /// Comparisons whose outcome is the program's own, by what the column is: whole numbers, texts by octets, dates as texts.
  struct Sieved {
    const Table& table;
    std::vector<std::string>& values;

    std::string operator()(const exchange::Sieve& sieve, Err err) {
      using catalogue::FieldType;
      constexpr std::int64_t exact_max = std::int64_t{1} << 53;  // a larger number the program may compare as a double
      static const std::set<std::string_view> wholes{"tinyint", "smallint", "mediumint", "int", "bigint"};
      const auto* column = table.column(sieve.column);
      if (column == nullptr) return "";
      const auto name = identifier(column->name);
      const auto compared = std::string(operator_of(sieve.kind));
      const auto* number = std::get_if<std::int64_t>(&sieve.value);
      const bool whole = wholes.contains(column->type);
      const bool texts = (column->compared == Compared::text && (sieve.type == FieldType::text || sieve.type == FieldType::date)) ||
                         (column->type == "date" && sieve.type == FieldType::date);
      std::string text;
      if (whole && number != nullptr && *number <= exact_max && *number >= -exact_max) {
        text = name + compared + "CAST(? AS SIGNED)";
      } else if (whole && column->type != "bigint" && sieve.type == FieldType::boolean) {
        text = "(" + name + " <> 0) = CAST(? AS SIGNED)";
      } else if (const auto* value = std::get_if<std::string>(&sieve.value); texts && value != nullptr && !wire::find_invalid_utf8(*value)) {
        const auto exact = "CONVERT(" + name + " USING utf8mb4) COLLATE utf8mb4_nopad_bin";
        text = exact + compared + "?";
        if (sieve.type == FieldType::date) text += " AND " + exact + " <> ''";  // an empty date is none
      }
      if (text.empty()) return "";
      values.push_back(text_of_value(sieve.value));
      return err == Err::more ? text : "(" + text + ") IS TRUE";
    }
  };

  Result<exchange::ReadRows> select(Connection& connection, const exchange::Read& read, Instant deadline) {
    JX_TRY(schema, known(connection, deadline));
    auto lack = lack_of(*schema, read);
    if (lack) {  // perhaps it is there since
      JX_TRY(fresh, look(connection, deadline));
      schema = fresh;
      lack = lack_of(*schema, read);
    }
    if (lack) return std::unexpected(std::move(*lack));
    const auto& table = schema->find(read.table)->second;
    std::string text = "SELECT " + listed(read.columns, identifier) + " FROM " + from(read.table);
    std::vector<std::string> values;
    for (std::size_t i = 0; i < read.where.size(); ++i) {
      const auto& column = *table.column(read.where[i].column);
      if (hopeless(column, read.where[i])) return exchange::ReadRows();
      text += (i == 0 ? " WHERE " : " AND ") + condition_text(column, read.where[i], values);
    }
    if (read.sieve) {
      Sieved sieved{table, values};
      text += (read.where.empty() ? " WHERE " : " AND ") + sieve_text(*read.sieve, Err::more, sieved);
    }
    const auto wished = order_of(table, read);
    text += (wished ? *wished : order(table)) + " LIMIT " + std::to_string(read.limit + 1) + " OFFSET " + std::to_string(read.offset);
    exchange::ReadRows found;
    found.ordered = wished.has_value();
    JX_CHECK(connection.run(text, values, deadline, [&](std::span<const Slot> slots) -> Result<> {
      if (found.rows.size() == read.limit) {
        found.more = true;
        return {};
      }
      std::vector<boost::json::value> cells;
      cells.reserve(slots.size());
      for (const auto& slot : slots) cells.push_back(std::visit(AsJson(), slot.cell()));
      found.rows.push_back(std::move(cells));
      return {};
    }));
    return found;
  }

  static std::optional<Error> lack_of(const Schema& schema, const exchange::Read& read) {
    const auto table = schema.find(read.table);
    if (table == schema.end()) return no_table(read.table).error();
    for (const auto& column : read.columns) {
      if (table->second.column(column) == nullptr) return no_column(read.table + "." + column).error();
    }
    for (const auto& condition : read.where) {
      if (table->second.column(condition.column) == nullptr) return no_column(read.table + "." + condition.column).error();
    }
    return std::nullopt;
  }

  Result<std::shared_ptr<const Schema>> known(Connection& connection, Instant deadline) {
    {
      const std::lock_guard lock(mutex_);
      if (schema_) return schema_;
    }
    return look(connection, deadline);
  }
  Result<std::shared_ptr<const Schema>> look(Connection& connection, Instant deadline) {
    auto schema = std::make_shared<Schema>();
    std::size_t count = 0;
    const std::array<std::string, 1> values{*source_.database};
    JX_CHECK(connection.run(schema_text, values, deadline, [&](std::span<const Slot> row) -> Result<> {
      if (++count > columns_max) return fail(ErrorCode::too_large, {"the database has more than 100,000 columns", "该数据库的列超过10万"});
      const auto number = [&](std::size_t at) { return row[at].kind == Slot::Kind::whole ? row[at].whole : std::atoll(row[at].text.c_str()); };
      (*schema)[row[0].text].columns.push_back(
          {row[1].text, compared_as(row[2].text), static_cast<int>(number(3)), row[2].text, number(4) != 0, number(5)});
      return {};
    }));
    const std::lock_guard lock(mutex_);
    schema_ = schema;
    return std::shared_ptr<const Schema>(schema);
  }

  catalogue::Source source_;
  std::filesystem::path folder_;
  catalogue::Secrets secrets_;
  Pool<Connection> pool_;
  std::mutex mutex_;
  std::shared_ptr<const Schema> schema_;  // guarded by mutex_; shared: a read goes on over what another looks up anew
};

}  // namespace

std::unique_ptr<Connector> mariadb_connector(const catalogue::Source& source, const std::filesystem::path& data_folder,
                                             const catalogue::Secrets& secrets) {
  return std::make_unique<MariadbConnector>(source, data_folder, secrets);
}

}  // namespace jx::connectors
