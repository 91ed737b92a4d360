// postgres_connection.hpp - one connection to PostgreSQL: prepared statements, binary values, a deadline on every wait. Used by one
// thread at a time. A connection that was lost, or given up at a deadline, is not used again.
//
// It is always in pipeline mode: BEGIN, the question for the transaction's number, what was to be done later and the next statement whose answer is
// wanted go to the server together.
#pragma once
#include <jx/db.hpp>

#include <libpq-fe.h>

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace jx::db {

/// How a COMMIT ended. `unknown`: the connection was lost before the server's answer came.
enum class Outcome { committed, refused, unknown };

class PostgresConnection {
 public:
  enum class Kind { read, write, guarded, relaxed };

  /// Errors: unavailable (no server, no such database, refused); invalid (not PostgreSQL 15 or newer, not UTF-8, a malformed URL).
  static Result<std::unique_ptr<PostgresConnection>> open(const std::string& url, Instant deadline);

  /// The transaction begins with its first statement.
  Result<> begin(Kind kind, Instant deadline);
  Result<std::int64_t> execute(const Query& query, std::span<const Param> params, const std::function<Result<>(Row&&)>* take);
  /// Sent with what comes next; its error is told there.
  Result<> execute_later(const Query& query, std::span<const Param> params);
  /// A SELECT, sent with what comes next; its rows are kept for execute(). Nothing at READ COMMITTED, where it would see less than when it is asked.
  Result<> ask_ahead(const Query& query, std::span<const Param> params);
  Result<> prepare(const Query& query);
  /// Grows with every statement that is neither a SELECT nor Query::aside.
  [[nodiscard]] std::uint64_t turns() const { return turns_; }
  Result<> script(std::string_view sql);
  /// `why` is set unless committed.
  Outcome commit(std::optional<Error>& why);
  void roll_back();

  /// Whether it can serve another transaction.
  [[nodiscard]] bool usable() const;
  /// Whether this transaction failed for what is past when it is run again: 40001, 40P01, a lost connection.
  [[nodiscard]] bool worth_retry() const { return worth_retry_; }
  [[nodiscard]] bool lost() const { return lost_; }
  /// The number of the transaction (xid8, in decimal), empty if nothing was run in it.
  [[nodiscard]] const std::string& xid() const { return xid_; }
  /// The server's epoch (act_epoch) when this connection was made: while it is the same, xid() means the same. Empty before the first migration.
  [[nodiscard]] const std::string& epoch() const { return epoch_; }
  /// libpq's connection out of pipeline mode, for COPY; the transaction goes on. From then on it is used in no other way.
  [[nodiscard]] PGconn* plain();

 private:
  struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  using Answer = std::unique_ptr<PGresult, Clear>;
  struct Prepared {
    std::string sql;
    std::string name;
    std::vector<Oid> types;
  };
  struct Ahead {
    std::string_view name;
    std::string key;  // of a question whose rows are kept; else empty
  };
  enum class State { idle, pending, sent, open };  // pending: begin() was called and BEGIN not yet sent; sent: and not yet answered

  PostgresConnection() = default;
  Result<> set_up();
  [[nodiscard]] static const Query& begin_of(Kind kind);
  Result<> start();
  Result<> set_timeout();
  Result<> read_epoch();
  Result<const Prepared*> prepared(const Query& query);
  void count_turn(const Query& query) { turns_ += query.aside || query.postgres.starts_with("SELECT") ? 0 : 1; }
  std::uint64_t turns_ = 0;
  Result<> send(const Query& query, const Prepared& statement, std::span<const Param> params);
  Result<> sync();
  Result<Answer> next();
  Result<> wait(bool to_write);
  Result<> begun();
  Result<> answers_ahead();
  Result<std::optional<std::vector<Row>>> answered_ahead(const Query& query, std::span<const Param> params);
  void drop_ahead();
  Result<> settle();
  Result<std::int64_t> answers(std::string_view name, const std::function<Result<>(Row&&)>* take);
  Result<> drain();
  Error error(const PGresult* result, std::string_view what);
  Error broken(std::string_view what);

  std::unique_ptr<PGconn, Finish> connection_;
  std::unordered_map<const char*, Prepared> statements_;  // by the address of the text, which is checked on each use
  std::size_t names_ = 0;
  State state_ = State::idle;
  Kind kind_ = Kind::read;
  Instant deadline_ = no_deadline;
  std::int64_t statement_timeout_ms_ = 0;                   // what the session is set to
  std::vector<Ahead> ahead_;                                // the statements that were sent and whose answers were not read
  std::unordered_map<std::string, std::vector<Row>> kept_;  // rows of questions that were asked ahead, by Ahead::key
  std::string xid_;
  std::string epoch_;
  bool lost_ = false;
  bool worth_retry_ = false;
};

}  // namespace jx::db
