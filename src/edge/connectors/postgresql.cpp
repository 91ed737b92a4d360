// A department's PostgreSQL database. Every read is one READ ONLY transaction, sent in one go.
#include "makers.hpp"
#include "pool.hpp"
#include "says.hpp"
#include "sieve_sql.hpp"
#include "sql_tables.hpp"

#include <jx/wire/utf8.hpp>

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <span>

namespace jx::connectors {
namespace {

constexpr std::size_t columns_max = 100'000;  // of a schema
constexpr std::size_t statements_max = 100;   // kept prepared on one connection
constexpr std::int64_t statement_ms_max = 600'000;

// Of pg_type: what has no number there is handed on as text.
constexpr Oid bool_type = 16, bytea_type = 17, int8_type = 20, int2_type = 21, int4_type = 23, oid_type = 26, float4_type = 700, float8_type = 701,
              bpchar_type = 1042;

struct Column {
  std::string name;
  std::string type;    // as the server writes it, for a cast; empty: compared as text
  int key = 0;         // its place in the primary key, from 1
  bool loose = false;  // its collation takes different texts for the same
};
struct Table {
  char kind = 'r';  // of pg_class
  std::vector<Column> columns;
  [[nodiscard]] const Column* column(std::string_view name) const {
    const auto found = std::ranges::find(columns, name, &Column::name);
    return found == columns.end() ? nullptr : &*found;
  }
};
using Schema = std::map<std::string, Table, std::less<>>;

/// Of one schema, what this user may read, and the type that a value is cast to so that the column's index is used. Never one with a length: a cast
/// would cut the value. What has no equality (json, xml, a point) is compared by its text.
constexpr const char* schema_text =
    "SELECT c.relname, c.relkind, a.attname, "
    "CASE WHEN t.typcategory = 'S' THEN CASE WHEN t.typname = 'bpchar' THEN 'bpchar' ELSE 'text' END "
    "WHEN t.typcategory IN ('N','D','B','E','I','T') OR t.typname = 'uuid' "
    "THEN pg_catalog.format_type(CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END, -1) END, "
    "COALESCE((SELECT k.place FROM pg_catalog.pg_index i, pg_catalog.unnest(i.indkey) WITH ORDINALITY k(number, place) "
    "WHERE i.indrelid = c.oid AND i.indisprimary AND k.number = a.attnum), 0), "
    "COALESCE((SELECT NOT o.collisdeterministic FROM pg_catalog.pg_collation o WHERE o.oid = a.attcollation), false) "
    "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid "
    "JOIN pg_catalog.pg_type t ON t.oid = a.atttypid "
    "WHERE n.nspname = $1 AND c.relkind IN ('r','v','m','f','p') AND a.attnum > 0 AND NOT a.attisdropped "
    "AND pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT') ORDER BY c.relname, a.attnum LIMIT 100001";

/// What every session is set to; each transaction says READ ONLY once more.
constexpr const char* session_text =
    "SELECT pg_catalog.set_config('default_transaction_read_only', 'on', false), pg_catalog.set_config('search_path', 'pg_catalog', false), "
    "pg_catalog.set_config('DateStyle', 'ISO', false), pg_catalog.set_config('TimeZone', 'UTC', false), "
    "pg_catalog.set_config('IntervalStyle', 'iso_8601', false), pg_catalog.set_config('extra_float_digits', '1', false), "
    "pg_catalog.set_config('standard_conforming_strings', 'on', false), pg_catalog.set_config('lock_timeout', '2s', false), "
    "pg_catalog.set_config('idle_in_transaction_session_timeout', '60s', false), pg_catalog.set_config('jit', 'off', false)";

std::string identifier(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  return out + '"';
}

std::string one_line(const char* text) {
  std::string out(text == nullptr ? "" : text);
  while (!out.empty() && (out.back() == '\n' || out.back() == ' ')) out.pop_back();
  std::ranges::replace(out, '\n', ' ');
  return out;
}

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, Clear>;
using TakeTuple = std::function<Result<>(const PGresult*, int row)>;

/// A cell as text of its type says. `own` keeps a text that had to be changed.
exchange::Cell cell(const PGresult* result, int row, int column, bool check_text) {
  if (PQgetisnull(result, row, column) != 0) return std::monostate();
  std::string_view text(PQgetvalue(result, row, column), static_cast<std::size_t>(PQgetlength(result, row, column)));
  switch (PQftype(result, column)) {
    case bool_type: return text == "t";
    case bytea_type: return std::monostate();  // no datum of a catalogue field
    case int2_type:
    case int4_type:
    case int8_type:
    case oid_type: {
      std::int64_t value = 0;
      std::from_chars(text.data(), text.data() + text.size(), value);
      return value;
    }
    case float4_type:
    case float8_type: {
      double value = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (error != std::errc() || !std::isfinite(value)) return std::monostate();
      return value;
    }
    case bpchar_type:
      while (text.ends_with(' ')) text.remove_suffix(1);
      break;
    default: break;
  }
  if (check_text && wire::find_invalid_utf8(text)) return std::string_view("\xef\xbf\xbd");
  return text;
}

struct AsJson {
  boost::json::value operator()(std::monostate) const { return nullptr; }
  boost::json::value operator()(bool value) const { return value; }
  boost::json::value operator()(std::int64_t value) const { return value; }
  boost::json::value operator()(double value) const { return value; }
  boost::json::value operator()(std::string_view value) const { return boost::json::string(value); }
};

/// One connection, for one thread at a time, in pipeline mode.
class Connection {
  static constexpr const char* begin_name = "begin_read";
  static constexpr const char* commit_name = "end_read";

 public:
  static Result<std::unique_ptr<Connection>> open(const catalogue::Source& source, const std::filesystem::path& data_folder,
                                                  const catalogue::Secrets& secrets, Instant deadline) {
    JX_TRY(secret, secret_of(source, secrets));
    std::string password(secret ? secret->text() : std::string_view());
    const auto port = std::to_string(source.port.value_or(5432));
    const auto left = deadline == no_deadline ? 5 : std::clamp<std::int64_t>((deadline - SystemClock().now()).count() / 1'000'000 + 1, 2, 5);
    const auto seconds = std::to_string(left);
    const auto tls = catalogue::tls_of(source);
    const char* mode = tls == catalogue::SourceTls::off ? "disable" : tls == catalogue::SourceTls::require ? "require" : "verify-full";
    const auto roots = tls == catalogue::SourceTls::verify ? authorities(source, data_folder) : std::string();
    const std::array<const char*, 14> keys{"host",
                                           "port",
                                           "dbname",
                                           "user",
                                           "password",
                                           "passfile",
                                           "sslmode",
                                           "sslrootcert",
                                           "gssencmode",
                                           "connect_timeout",
                                           "tcp_user_timeout",
                                           "client_encoding",
                                           "application_name",
                                           nullptr};
    const std::array<const char*, 14> values{source.host->c_str(),
                                             port.c_str(),
                                             source.database->c_str(),
                                             source.user->c_str(),
                                             password.c_str(),
                                             "/dev/null/none",
                                             mode,
                                             roots.c_str(),
                                             "disable",
                                             seconds.c_str(),
                                             "30000",
                                             "UTF8",
                                             "junxian",
                                             nullptr};
    std::unique_ptr<Connection> made(new Connection(source.name));
    made->connection_.reset(PQconnectdbParams(keys.data(), values.data(), 0));
    crypto::wipe(password);
    PGconn* raw = made->connection_.get();
    if (raw == nullptr || PQstatus(raw) != CONNECTION_OK) return broken(source.name, one_line(PQerrorMessage(raw)));
    PQsetNoticeReceiver(raw, [](void*, const PGresult*) {}, nullptr);
    if (PQenterPipelineMode(raw) != 1 || PQsetnonblocking(raw, 1) != 0) return broken(source.name, one_line(PQerrorMessage(raw)));
    const char* encoding = PQparameterStatus(raw, "server_encoding");
    made->check_text_ = encoding == nullptr || std::string_view(encoding) == "SQL_ASCII";
    JX_CHECK(made->prepare_bounds(deadline));
    made->utf8_ = encoding != nullptr && std::string_view(encoding) == "UTF8";
    JX_CHECK(made->run(session_text, {}, deadline, false, {}));
    return made;
  }

  [[nodiscard]] bool usable() const {
    return !lost_ && PQstatus(connection_.get()) == CONNECTION_OK && PQtransactionStatus(connection_.get()) == PQTRANS_IDLE &&
           statements_.size() < statements_max;
  }
  [[nodiscard]] bool worth_retry() const { return worth_retry_; }
  /// The server said that a table or column is not there, or that it may not be read.
  [[nodiscard]] bool schema_differs() const { return state_ == "42P01" || state_ == "42703" || state_ == "42501" || state_ == "3F000"; }
  [[nodiscard]] bool check_text() const { return check_text_; }
  /// Its texts are in the order of their octets in UTF-8.
  [[nodiscard]] bool utf8() const { return utf8_; }

  /// Runs a statement in a read-only transaction of its own. `streamed`: a row at a time, so that no more than one is held.
  /// A value that the column's type cannot hold is found in no row: then nothing is taken. Errors: unavailable, timeout; those of `take`.
  Result<> run(const std::string& text, std::span<const std::string> values, Instant deadline, bool streamed, const TakeTuple& take) {
    deadline_ = deadline;
    worth_retry_ = handed_out_ = false;
    state_.clear();
    auto done = exchange(text, values, streamed, take);
    if (!done && !data_exception()) lost_ = true;
    if (!done && !lost_) {
      roll_back();
      return {};
    }
    return done;
  }

 private:
  struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  explicit Connection(const LocalizedText& name) : name_(name) {}

  /// What each statement's transaction begins and ends with.
  Result<> prepare_bounds(Instant deadline) {
    deadline_ = deadline;
    PGconn* raw = connection_.get();
    if (PQsendPrepare(raw, begin_name, "BEGIN TRANSACTION READ ONLY", 0, nullptr) != 1 ||
        PQsendPrepare(raw, commit_name, "COMMIT", 0, nullptr) != 1 || PQpipelineSync(raw) != 1)
      return lost();
    JX_CHECK(flush());
    for (int step = 0; step < 3; ++step) JX_CHECK(answers(false, {}));  // the last is of the sync
    return {};
  }

  [[nodiscard]] bool data_exception() const { return state_.starts_with("22"); }

  Result<> exchange(const std::string& text, std::span<const std::string> values, bool streamed, const TakeTuple& take) {
    PGconn* raw = connection_.get();
    const auto wanted_ms = limit_ms();
    const bool other_limit = wanted_ms != limit_ms_;
    const auto limit = "SET statement_timeout = " + std::to_string(wanted_ms);
    const auto known = statements_.find(text);
    const bool fresh = known == statements_.end();
    const auto name = fresh ? "s" + std::to_string(statements_.size()) : known->second;
    std::vector<const char*> pointers;
    for (const auto& value : values) pointers.push_back(value.c_str());
    const auto plain = [&](const char* sql) { return PQsendQueryParams(raw, sql, 0, nullptr, nullptr, nullptr, nullptr, 0) == 1; };
    const auto bound = [&](const char* known_name) { return PQsendQueryPrepared(raw, known_name, 0, nullptr, nullptr, nullptr, 0) == 1; };
    const bool sent = (!other_limit || plain(limit.c_str())) && bound(begin_name) &&
                      (!fresh || PQsendPrepare(raw, name.c_str(), text.c_str(), 0, nullptr) == 1) &&
                      PQsendQueryPrepared(raw, name.c_str(), static_cast<int>(pointers.size()), pointers.data(), nullptr, nullptr, 0) == 1 &&
                      bound(commit_name) && PQpipelineSync(raw) == 1;
    if (!sent) return lost();
    JX_CHECK(flush());
    const int begun = other_limit ? 2 : 1;
    const int before = begun + (fresh ? 1 : 0);
    Result<> first;
    for (int step = 0; step < before + 2; ++step) {
      const bool rows = step == before;
      auto done = answers(rows && streamed, rows ? take : TakeTuple());
      if (!done && (worth_retry_ || state_.empty())) return done;  // lost, late, or `take` wants no more
      if (!done && first) first = std::move(done);
      if (first && fresh && step == begun) statements_.emplace(text, name);
    }
    JX_CHECK(answers(false, {}));  // of the sync
    if (first) limit_ms_ = wanted_ms;
    return first;
  }

  /// The server's own limit for a statement whose client went away: at or a little above what is left, so that it rarely changes.
  [[nodiscard]] std::int64_t limit_ms() const {
    if (deadline_ == no_deadline) return statement_ms_max;
    const auto left = (deadline_ - SystemClock().now()).count() / 1'000;
    std::int64_t limit = 500;
    while (limit < left && limit < statement_ms_max) limit *= 2;
    return std::min(limit, statement_ms_max);
  }

  void roll_back() {
    PGconn* raw = connection_.get();
    if (PQtransactionStatus(raw) == PQTRANS_IDLE) return;
    const auto state = std::exchange(state_, {});
    const bool done = PQsendQueryParams(raw, "ROLLBACK", 0, nullptr, nullptr, nullptr, nullptr, 0) == 1 && PQpipelineSync(raw) == 1 && flush() &&
                      answers(false, {}) && answers(false, {});
    if (!done) lost_ = true;
    state_ = state;
  }

  /// The answers to one step, up to the NULL that ends them; that of a sync has none.
  Result<> answers(bool streamed, const TakeTuple& take) {
    PGconn* raw = connection_.get();
    if (streamed) PQsetSingleRowMode(raw);
    Result<> done;
    for (;;) {
      JX_TRY(answer, next());
      if (!answer) return done;
      switch (PQresultStatus(answer.get())) {
        case PGRES_PIPELINE_SYNC: return done;
        case PGRES_PIPELINE_ABORTED:
        case PGRES_COMMAND_OK: break;
        case PGRES_SINGLE_TUPLE:
        case PGRES_TUPLES_OK:
          for (int row = 0; take && row < PQntuples(answer.get()); ++row) {
            handed_out_ = true;
            JX_CHECK(take(answer.get(), row));
          }
          break;
        default:
          if (done) done = failed(answer.get());
      }
    }
  }

  std::unexpected<Error> failed(const PGresult* result) {
    const char* field = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    state_ = field == nullptr ? "08006" : field;
    if (state_ == "57014") return late(name_);
    if (state_ == "0A000" || state_ == "26000" || state_.starts_with("57P") || state_.starts_with("08")) worth_retry_ = !handed_out_;
    // Of class 22 the text may quote what a person wrote.
    const auto detail = data_exception() ? std::string("a value does not fit") : one_line(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
    return broken(name_, detail + " (SQLSTATE " + state_ + ")");
  }

  std::unexpected<Error> lost() {
    lost_ = true;
    worth_retry_ = !handed_out_;
    return broken(name_, one_line(PQerrorMessage(connection_.get())));
  }

  Result<> wait(short events) {
    pollfd socket{PQsocket(connection_.get()), events, 0};
    const auto left_ms = deadline_ == no_deadline
                             ? statement_ms_max
                             : std::clamp<std::int64_t>(((deadline_ - SystemClock().now()).count() + 999) / 1'000, 0, statement_ms_max);
    const int ready = left_ms == 0 ? 0 : ::poll(&socket, 1, static_cast<int>(left_ms));
    if (ready < 0 && errno != EINTR) return lost();
    if (ready != 0) return {};
    lost_ = true;  // the server ends it by its own limit; nobody waits for that
    return late(name_);
  }

  Result<> flush() {
    for (;;) {
      const int left = PQflush(connection_.get());
      if (left == 0) return {};
      if (left < 0) return lost();
      JX_CHECK(wait(POLLIN | POLLOUT));
      if (PQconsumeInput(connection_.get()) != 1) return lost();
    }
  }

  Result<Answer> next() {
    while (PQisBusy(connection_.get()) != 0) {
      JX_CHECK(wait(POLLIN));
      if (PQconsumeInput(connection_.get()) != 1) return lost();
    }
    Answer answer(PQgetResult(connection_.get()));
    if (!answer && PQstatus(connection_.get()) != CONNECTION_OK) return lost();
    return answer;
  }

  LocalizedText name_;
  std::unique_ptr<PGconn, Finish> connection_;
  std::map<std::string, std::string, std::less<>> statements_;  // by their text: under which name they are prepared
  Instant deadline_ = no_deadline;
  std::int64_t limit_ms_ = 0;  // the statement_timeout of the session
  std::string state_;          // SQLSTATE of what failed last
  bool check_text_ = false;
  bool utf8_ = false;
  bool lost_ = false;
  bool worth_retry_ = false;
  bool handed_out_ = false;  // a row of the statement that runs
};

class PostgresqlConnector final : public Connector {
 public:
  PostgresqlConnector(catalogue::Source source, std::filesystem::path folder, catalogue::Secrets secrets)
      : source_(std::move(source)),
        folder_(std::move(folder)),
        secrets_(std::move(secrets)),
        pool_([this](Instant deadline) { return Connection::open(source_, folder_, secrets_, deadline); }) {}

  Result<exchange::ReadRows> read(const exchange::Read& read, Instant deadline) override {
    return pool_.with(deadline, [&](Connection& connection) -> Result<exchange::ReadRows> {
      auto found = select(connection, read, deadline);
      if (found || !connection.schema_differs()) return found;
      forget();  // it was changed after it was looked at
      return std::unexpected(lacks(read, std::move(found).error(), deadline));
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
      const auto text = "SELECT " + listed(columns, identifier) + " FROM " + from(name) + order(table->second);
      std::vector<exchange::Cell> cells(columns.size());
      return connection.run(text, {}, deadline, true, [&](const PGresult* result, int row) -> Result<> {
        for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = cell(result, row, static_cast<int>(i), connection.check_text());
        return take(cells);
      });
    });
  }

  [[nodiscard]] std::string from(const std::string& table) const { return identifier(source_.schema.value_or("public")) + "." + identifier(table); }

  /// By the primary key; a table without one in the order in which it lies. A view has the order that it gives itself.
  static std::string order(const Table& table) {
    const auto key = primary_key(table);
    if (!key.empty()) return " ORDER BY " + listed(key, identifier);
    if (table.kind == 'r' || table.kind == 'm') return " ORDER BY ctid";
    return table.kind == 'p' ? " ORDER BY tableoid, ctid" : "";
  }

  /// The order that is wished for, where the server's is the program's: whole numbers, truth values, texts by octets, dates as texts; what is absent
  /// first. What is alike in it keeps the order above.
  static std::optional<std::string> order_of(const Table& table, const exchange::Read& read, bool utf8) {
    using catalogue::FieldType;
    const auto own = order(table);
    if (read.order.empty() || own.empty()) return std::nullopt;
    std::string terms;
    for (const auto& by : read.order) {
      const auto* column = table.column(by.column);
      if (column == nullptr) return std::nullopt;
      const auto name = identifier(column->name);
      const bool whole = column->type == "smallint" || column->type == "integer" || column->type == "bigint";
      const bool as_text = utf8 && ((column->type == "text" && (by.type == FieldType::text || by.type == FieldType::date)) ||
                                    (column->type == "date" && by.type == FieldType::date));
      std::string term;
      if (whole && (by.type == FieldType::integer || by.type == FieldType::number)) term = name;
      if (column->type == "boolean" && by.type == FieldType::boolean) term = name;
      if (as_text)
        term = (by.type == FieldType::date ? "NULLIF(" + name + "::text, '')" : name + "::text") + " COLLATE \"C\"";  // an empty date is none
      if (term.empty()) return std::nullopt;
      terms += term + (by.descending ? " DESC NULLS LAST, " : " ASC NULLS FIRST, ");
    }
    return " ORDER BY " + terms + own.substr(std::string_view(" ORDER BY ").size());
  }

  /// Comparisons whose outcome is the program's own, by what the column is: whole numbers, truth values, texts and dates as texts.
  struct Sieved {
    const Table& table;
    std::vector<std::string>& values;
    bool check_text;  // a text may come as another one than the server holds
    bool utf8;

    std::string operator()(const exchange::Sieve& sieve, Err err) {
      using catalogue::FieldType;
      const auto* column = table.column(sieve.column);
      if (column == nullptr) return "";
      const auto name = identifier(column->name), parameter = "$" + std::to_string(values.size() + 1);
      const auto compared = std::string(operator_of(sieve.kind)) + parameter;
      std::string text;
      const bool whole = column->type == "smallint" || column->type == "integer" || column->type == "bigint";
      if (whole && (sieve.type == FieldType::integer || sieve.type == FieldType::number)) {
        text = name + compared + "::bigint";
      } else if (column->type == "boolean" && sieve.type == FieldType::boolean) {
        text = name + compared + "::boolean";
      } else if (!check_text && ((column->type == "text" && (sieve.type == FieldType::text || sieve.type == FieldType::date)) ||
                                 (column->type == "date" && sieve.type == FieldType::date))) {
        const auto* value = std::get_if<std::string>(&sieve.value);
        if (value == nullptr || wire::find_invalid_utf8(*value)) return "";
        if (sieve.kind != exchange::Sieve::Kind::eq && !utf8) return "";  // it has another order
        const bool by_index = sieve.kind == exchange::Sieve::Kind::eq && column->type == "text" && !column->loose;
        text = by_index ? name + compared + "::text" : name + "::text COLLATE \"C\"" + compared + "::text";
        if (sieve.type == FieldType::date) text += " AND " + name + "::text <> ''";  // an empty date is none
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
    for (const auto& condition : read.where) {
      if (condition.value.find('\0') != std::string::npos || wire::find_invalid_utf8(condition.value)) return exchange::ReadRows();  // in no text
      const auto& column = *table.column(condition.column);
      const auto number = std::to_string(values.size() + 1);
      text += values.empty() ? " WHERE " : " AND ";
      if (condition.op != exchange::Op::eq) {
        text += identifier(column.name) + "::text COLLATE \"default\" ILIKE $" + number + "::text ESCAPE '\\'";
        values.push_back(like_pattern(condition, '\\'));
        continue;
      }
      text += identifier(column.name) + (column.type.empty() ? "::text = $" + number + "::text" : " = $" + number + "::" + column.type);
      if (column.loose) text += " AND " + identifier(column.name) + "::text COLLATE \"C\" = $" + number + "::text";
      values.push_back(condition.value);
    }
    if (read.sieve) {
      Sieved sieved{table, values, connection.check_text(), connection.utf8()};
      const auto first = values.empty() ? " WHERE " : " AND ";
      text += first + sieve_text(*read.sieve, Err::more, sieved);
    }
    const auto limit = std::to_string(values.size() + 1), offset = std::to_string(values.size() + 2);
    const auto wished = order_of(table, read, connection.utf8());
    text += (wished ? *wished : order(table)) + " LIMIT $" + limit + "::bigint OFFSET $" + offset + "::bigint";
    values.push_back(std::to_string(read.limit + 1));
    values.push_back(std::to_string(read.offset));
    exchange::ReadRows found;
    found.ordered = wished.has_value();
    JX_CHECK(connection.run(text, values, deadline, false, [&](const PGresult* result, int row) -> Result<> {
      if (found.rows.size() == read.limit) {
        found.more = true;
        return {};
      }
      std::vector<boost::json::value> cells;
      cells.reserve(read.columns.size());
      for (int i = 0; i < static_cast<int>(read.columns.size()); ++i)
        cells.push_back(std::visit(AsJson(), cell(result, row, i, connection.check_text())));
      found.rows.push_back(std::move(cells));
      return {};
    }));
    return found;
  }

  /// Which table or column of the read is not there; nothing where all are.
  static std::optional<Error> lack_of(const Schema& schema, const exchange::Read& read) {
    const auto table = schema.find(read.table);
    if (table == schema.end()) return no_table(read.table).error();
    const auto absent = [&](const std::string& name) { return table->second.column(name) == nullptr; };
    for (const auto& column : read.columns) {
      if (absent(column)) return no_column(read.table + "." + column).error();
    }
    for (const auto& condition : read.where) {
      if (absent(condition.column)) return no_column(read.table + "." + condition.column).error();
    }
    return std::nullopt;
  }

  Error lacks(const exchange::Read& read, Error what, Instant deadline) {
    auto again = Connection::open(source_, folder_, secrets_, deadline);
    if (!again) return what;
    auto schema = look(**again, deadline);
    if (!schema) return what;
    return lack_of(**schema, read).value_or(std::move(what));
  }

  Result<std::shared_ptr<const Schema>> known(Connection& connection, Instant deadline) {
    {
      const std::lock_guard lock(mutex_);
      if (schema_) return schema_;
    }
    return look(connection, deadline);
  }
  void forget() {
    const std::lock_guard lock(mutex_);
    schema_.reset();
  }
  Result<std::shared_ptr<const Schema>> look(Connection& connection, Instant deadline) {
    auto schema = std::make_shared<Schema>();
    std::size_t count = 0;
    const std::array<std::string, 1> values{source_.schema.value_or("public")};
    JX_CHECK(connection.run(schema_text, values, deadline, false, [&](const PGresult* result, int row) -> Result<> {
      if (++count > columns_max) return fail(ErrorCode::too_large, {"the schema has more than 100,000 columns", "该模式的列超过10万"});
      const auto text = [&](int column) { return std::string(PQgetvalue(result, row, column)); };
      auto& table = (*schema)[text(0)];
      table.kind = text(1)[0];
      Column column{text(2), text(3), 0, text(5) == "t"};
      const auto place = text(4);
      std::from_chars(place.data(), place.data() + place.size(), column.key);
      table.columns.push_back(std::move(column));
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

std::unique_ptr<Connector> postgresql_connector(const catalogue::Source& source, const std::filesystem::path& data_folder,
                                                const catalogue::Secrets& secrets) {
  return std::make_unique<PostgresqlConnector>(source, data_folder, secrets);
}

}  // namespace jx::connectors
