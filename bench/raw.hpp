// raw.hpp - the statements of transactions, recorded, and sent again by the database's own library alone.
#pragma once
#include "county.hpp"

#include <libpq-fe.h>
#include <sqlite3.h>

#include <map>
#include <variant>

namespace jx::bench {

struct Statement {
  const db::Query* query = nullptr;
  std::vector<db::Row::Cell> params;
};
using Transaction = std::vector<Statement>;

/// Hands everything on, and writes down what it was.
class RecordingTx final : public db::Tx {
 public:
  RecordingTx(db::Tx& tx, Transaction& into) : tx_(tx), into_(into) { into_.clear(); }
  [[nodiscard]] db::Dialect dialect() const override { return tx_.dialect(); }
  Result<std::int64_t> execute(const db::Query& query, std::span<const db::Param> params, const std::function<Result<>(db::Row&&)>* take) override {
    write_down(query, params);
    return tx_.execute(query, params, take);
  }
  Result<> execute_later(const db::Query& query, std::span<const db::Param> params) override {
    write_down(query, params);
    return tx_.execute_later(query, params);
  }
  Result<> prepare(const db::Query& query) override { return tx_.prepare(query); }
  Result<> script(std::string_view sql) override { return tx_.script(sql); }

 private:
  void write_down(const db::Query& query, std::span<const db::Param> params) {
    Statement statement{&query, {}};
    for (const auto& param : params) {
      statement.params.push_back(std::visit(
          [](const auto& value) -> db::Row::Cell {
            using T = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<T, std::string_view>)
              return std::string(value);
            else if constexpr (std::is_same_v<T, ByteView>)
              return Bytes(value.begin(), value.end());
            else
              return value;
          },
          param.value()));
    }
    into_.push_back(std::move(statement));
  }

  db::Tx& tx_;
  Transaction& into_;
};

[[nodiscard]] inline std::size_t statements_of(const std::vector<Transaction>& acts) {
  std::size_t count = 0;
  for (const auto& act : acts) count += act.size();
  return count;
}

inline void raw_stop(const char* what) {
  std::fprintf(stderr, "raw: %s\n", what);
  std::exit(1);
}

/// Seconds. One connection, `together` acts a transaction, as the engine's writer groups them, with its pragmas.
inline double replay_sqlite(const std::string& file, const std::vector<const Transaction*>& acts, std::size_t together) {
  sqlite3* db = nullptr;
  if (sqlite3_open(file.c_str(), &db) != SQLITE_OK) raw_stop("open");
  const auto run = [&](const char* sql) {
    if (sqlite3_exec(db, sql, nullptr, nullptr, nullptr) != SQLITE_OK) raw_stop(sqlite3_errmsg(db));
  };
  run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON; PRAGMA cache_size = -32000");
  std::map<const db::Query*, sqlite3_stmt*> prepared;
  for (const auto* act : acts) {
    for (const auto& statement : *act) {
      auto& slot = prepared[statement.query];
      const auto sql = statement.query->sqlite;
      if (slot == nullptr && sqlite3_prepare_v2(db, sql.data(), static_cast<int>(sql.size()), &slot, nullptr) != SQLITE_OK)
        raw_stop(sqlite3_errmsg(db));
    }
  }
  const auto begin = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < acts.size(); ++i) {
    if (i % together == 0) run("BEGIN IMMEDIATE");
    for (const auto& statement : *acts[i]) {
      sqlite3_stmt* s = prepared.find(statement.query)->second;
      int at = 0;
      for (const auto& cell : statement.params) {
        ++at;
        if (const auto* n = std::get_if<std::int64_t>(&cell)) sqlite3_bind_int64(s, at, *n);
        if (const auto* r = std::get_if<double>(&cell)) sqlite3_bind_double(s, at, *r);
        if (const auto* t = std::get_if<std::string>(&cell)) sqlite3_bind_text64(s, at, t->data(), t->size(), SQLITE_STATIC, SQLITE_UTF8);
        if (const auto* b = std::get_if<Bytes>(&cell)) sqlite3_bind_blob64(s, at, b->data(), b->size(), SQLITE_STATIC);
      }
      int code = SQLITE_ROW;
      while (code == SQLITE_ROW) code = sqlite3_step(s);
      if (code != SQLITE_DONE) raw_stop(sqlite3_errmsg(db));
      sqlite3_reset(s);
      sqlite3_clear_bindings(s);
    }
    if ((i + 1) % together == 0 || i + 1 == acts.size()) run("COMMIT");
  }
  const double took = seconds_since(begin);
  for (auto& [query, statement] : prepared) sqlite3_finalize(statement);
  sqlite3_close(db);
  return took;
}

class RawPostgres {
 public:
  explicit RawPostgres(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
    if (PQstatus(connection_) != CONNECTION_OK) raw_stop(PQerrorMessage(connection_));
  }
  ~RawPostgres() { PQfinish(connection_); }
  RawPostgres(const RawPostgres&) = delete;
  RawPostgres& operator=(const RawPostgres&) = delete;

  /// All of it in one pipeline, and all its answers read.
  void run(const Transaction& act) {
    for (const auto& statement : act) prepare(*statement.query);
    PQenterPipelineMode(connection_);
    send("BEGIN ISOLATION LEVEL REPEATABLE READ");
    for (const auto& statement : act) send(statement);
    send("COMMIT");
    if (PQpipelineSync(connection_) != 1) raw_stop("sync");
    for (;;) {
      PGresult* result = PQgetResult(connection_);
      if (result == nullptr) continue;
      const auto status = PQresultStatus(result);
      if (status == PGRES_FATAL_ERROR) raw_stop(PQresultErrorMessage(result));
      PQclear(result);
      if (status == PGRES_PIPELINE_SYNC) break;
    }
    PQexitPipelineMode(connection_);
  }

 private:
  void prepare(const db::Query& query) {
    auto& name = names_[&query];
    if (!name.empty()) return;
    name = "s" + std::to_string(names_.size());
    PGresult* result = PQprepare(connection_, name.c_str(), std::string(query.postgres).c_str(), 0, nullptr);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) raw_stop(PQresultErrorMessage(result));
    PQclear(result);
  }
  void send(const char* sql) {
    if (PQsendQueryParams(connection_, sql, 0, nullptr, nullptr, nullptr, nullptr, 0) != 1) raw_stop("send");
  }
  void send(const Statement& statement) {
    std::vector<std::string> numbers;
    numbers.reserve(statement.params.size());
    std::vector<const char*> values;
    std::vector<int> lengths, formats;
    for (const auto& cell : statement.params) {
      const char* value = nullptr;
      std::size_t length = 0;
      if (const auto* n = std::get_if<std::int64_t>(&cell)) value = numbers.emplace_back(std::to_string(*n)).c_str();
      if (const auto* t = std::get_if<std::string>(&cell)) value = t->c_str();
      const auto* bytes = std::get_if<Bytes>(&cell);
      if (bytes != nullptr) value = reinterpret_cast<const char*>(bytes->data()), length = bytes->size();  // NOLINT(*-reinterpret-cast)
      values.push_back(value);
      lengths.push_back(static_cast<int>(length));
      formats.push_back(bytes != nullptr ? 1 : 0);
    }
    if (PQsendQueryPrepared(connection_, names_[statement.query].c_str(), static_cast<int>(values.size()), values.data(), lengths.data(),
                            formats.data(), 0) != 1)
      raw_stop(PQerrorMessage(connection_));
  }

  PGconn* connection_;
  std::map<const db::Query*, std::string> names_;
};

/// Seconds. An act a transaction; the acts of one case one after another, cases side by side.
inline double replay_postgres(const std::string& url, const std::vector<Transaction>& acts, std::size_t acts_a_case, int connections) {
  std::vector<std::unique_ptr<RawPostgres>> pool;
  for (int i = 0; i < connections; ++i) pool.push_back(std::make_unique<RawPostgres>(url));
  std::atomic<std::size_t> next{0};
  const auto begin = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> threads;
    for (auto& connection : pool) {
      threads.emplace_back([&acts, &next, acts_a_case, raw = connection.get()] {
        for (std::size_t n = next++; n < acts.size() / acts_a_case; n = next++) {
          for (std::size_t i = 0; i < acts_a_case; ++i) raw->run(acts[n * acts_a_case + i]);
        }
      });
    }
  }
  return seconds_since(begin);
}

}  // namespace jx::bench
