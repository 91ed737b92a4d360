// db.hpp - one small interface over SQLite and PostgreSQL: transactions, named queries, rows.
#pragma once
#include <jx/core.hpp>
#include <jx/db/query.hpp>

#include <array>
#include <cassert>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace jx::db {

enum class Dialect { sqlite, postgres };

inline constexpr std::size_t rows_max = 100'000;            // of one all(); each() has no such limit
inline constexpr std::size_t value_bytes_max = 64U << 20U;  // of one cell

/// A value bound to a query. Borrows text and bytes: they must live until the call returns.
/// Instant is stored as int64 microseconds, LocalDate as text yyyy-mm-dd, Id as 16 octets, Key as text, bool as 0 or 1.
class Param {
 public:
  using Value = std::variant<std::nullptr_t, std::int64_t, double, std::string_view, ByteView>;

  Param(std::nullptr_t) : value_(nullptr) {}  // NOLINT(*-explicit-*)
  template <class T>
    requires std::is_integral_v<T>
  Param(T value) : value_(static_cast<std::int64_t>(value)) {}                      // NOLINT(*-explicit-*)
  Param(double value) : value_(value) {}                                            // NOLINT(*-explicit-*)
  Param(std::string_view text) : value_(text) {}                                    // NOLINT(*-explicit-*)
  Param(const std::string& text) : value_(std::string_view(text)) {}                // NOLINT(*-explicit-*)
  Param(const char* text) : value_(std::string_view(text)) {}                       // NOLINT(*-explicit-*)
  Param(ByteView bytes) : value_(bytes) {}                                          // NOLINT(*-explicit-*)
  Param(const Bytes& bytes) : value_(ByteView(bytes)) {}                            // NOLINT(*-explicit-*)
  Param(Instant at) : value_(at.micros) {}                                          // NOLINT(*-explicit-*)
  Param(LocalDate date) : owned_(date.text()), value_(nullptr), is_owned_(true) {}  // NOLINT(*-explicit-*)
  template <class Tag>
  Param(const Id<Tag>& id) : value_(id.bytes()) {}  // NOLINT(*-explicit-*)
  template <class Tag>
  Param(const Key<Tag>& key) : value_(std::string_view(key.text())) {}  // NOLINT(*-explicit-*)
  template <class T>
  Param(const std::optional<T>& value) : Param(value ? Param(*value) : Param(nullptr)) {}  // NOLINT(*-explicit-*)

  [[nodiscard]] Value value() const { return is_owned_ ? Value(std::string_view(owned_)) : value_; }

 private:
  std::string owned_;
  Value value_;
  bool is_owned_ = false;
};

/// One row of an answer, owned. Columns count from 0. Reading a column as what it is not is a fault of the program (asserts).
class Row {
 public:
  using Cell = std::variant<std::nullptr_t, std::int64_t, double, std::string, Bytes>;

  explicit Row(std::vector<Cell> cells) : cells_(std::move(cells)) {}

  [[nodiscard]] std::size_t size() const { return cells_.size(); }
  [[nodiscard]] bool null(std::size_t column) const { return std::holds_alternative<std::nullptr_t>(cell(column)); }
  [[nodiscard]] std::int64_t integer(std::size_t column) const { return std::get<std::int64_t>(cell(column)); }
  [[nodiscard]] bool boolean(std::size_t column) const { return integer(column) != 0; }
  [[nodiscard]] double real(std::size_t column) const;
  [[nodiscard]] const std::string& text(std::size_t column) const { return std::get<std::string>(cell(column)); }
  [[nodiscard]] const Bytes& bytes(std::size_t column) const { return std::get<Bytes>(cell(column)); }
  [[nodiscard]] Instant instant(std::size_t column) const { return {integer(column)}; }
  [[nodiscard]] LocalDate date(std::size_t column) const;
  template <class IdType>
  [[nodiscard]] IdType id(std::size_t column) const {
    auto id = IdType::from_bytes(bytes(column));
    assert(id);
    return *id;
  }
  template <class KeyType>
  [[nodiscard]] KeyType key(std::size_t column) const {
    return KeyType::trusted(text(column));
  }
  [[nodiscard]] const Cell& cell(std::size_t column) const {
    assert(column < cells_.size());
    return cells_[column];
  }

 private:
  std::vector<Cell> cells_;
};

/// A transaction that is under way. Used by one thread; valid only inside the function that was given it.
/// After a statement has failed nothing more can be done in it: every later call answers that first error, and so does the act.
/// What may be there already is therefore asked for, or written with ON CONFLICT, and not tried.
class Tx {
 public:
  virtual ~Tx() = default;

  [[nodiscard]] virtual Dialect dialect() const = 0;
  /// A number that every commit changes, except those that wrote nothing but records (Query::aside): what was read at one generation need not be read
  /// again at the same one. Nothing where it is not known: on PostgreSQL, which others write too, and behind a write that is not committed yet.
  [[nodiscard]] virtual std::optional<std::uint64_t> generation() const { return std::nullopt; }

  /// All rows. Errors: too_large beyond rows_max; unavailable, timeout; conflict on a violated constraint.
  template <class... P>
  [[nodiscard]] Result<std::vector<Row>> all(const Query& query, const P&... params) {
    std::vector<Row> rows;
    JX_CHECK(each(
        query,
        [&](Row&& row) -> Result<> {
          if (rows.size() >= rows_max) return fail(ErrorCode::too_large, "more rows than one call may answer");
          rows.push_back(std::move(row));
          return {};
        },
        params...));
    return rows;
  }
  /// The first row, or nothing.
  template <class... P>
  [[nodiscard]] Result<std::optional<Row>> one(const Query& query, const P&... params) {
    std::optional<Row> first;
    JX_CHECK(each(
        query,
        [&](Row&& row) -> Result<> {
          if (!first) first = std::move(row);
          return {};
        },
        params...));
    return first;
  }
  /// How many rows were changed.
  template <class... P>
  [[nodiscard]] Result<std::int64_t> run(const Query& query, const P&... params) {
    const std::array<Param, sizeof...(P)> list{Param(params)...};
    return execute(query, list, nullptr);
  }
  /// Has a statement run in its turn, but without waiting for it: nothing is known of it until a later statement or the commit, whose error its
  /// error becomes. For writes whose count nobody needs; PostgreSQL is sent them together.
  template <class... P>
  [[nodiscard]] Result<> later(const Query& query, const P&... params) {
    const std::array<Param, sizeof...(P)> list{Param(params)...};
    return execute_later(query, list);
  }
  /// Hands each row to `take` until it fails. `take` must not use this Tx.
  template <class... P>
  [[nodiscard]] Result<> each(const Query& query, const std::function<Result<>(Row&&)>& take, const P&... params) {
    const std::array<Param, sizeof...(P)> list{Param(params)...};
    JX_CHECK(execute(query, list, &take));
    return {};
  }
  /// The same with a list of parameters made at run time.
  [[nodiscard]] virtual Result<std::int64_t> execute(const Query& query, std::span<const Param> params,
                                                     const std::function<Result<>(Row&&)>* take) = 0;

  [[nodiscard]] virtual Result<> execute_later(const Query& query, std::span<const Param> params) = 0;

  /// Has the database read and check a query without running it.
  [[nodiscard]] virtual Result<> prepare(const Query& query) = 0;
  /// Statements without parameters, one after another. For migrations.
  [[nodiscard]] virtual Result<> script(std::string_view sql) = 0;
};

struct Options {
  std::string url;                      // a file's path (SQLite), or postgresql://...
  std::size_t readers = 4;              // SQLite: reading connections
  std::size_t connections = 16;         // PostgreSQL: connections in all
  std::size_t waiting_acts_max = 4096;  // beyond: unavailable
  std::size_t act_retries_max = 20;     // PostgreSQL: on 40001 and 40P01
};

/// The caller's idempotency key of an act, at most 64 octets. With it, an act is done once however often it is asked for.
struct ActKey {
  Bytes octets;
};

class Leader;

/// A database that is open. Thread-safe.
class Database {
 public:
  virtual ~Database() = default;
  /// Opens, does not migrate. Errors: unavailable (missing folder, locked, no server), corrupt, invalid (url).
  [[nodiscard]] static Result<std::unique_ptr<Database>> open(const Options& options);

  [[nodiscard]] virtual Dialect dialect() const = 0;
  /// As it was opened. The URL may hold a password: it goes into no log.
  [[nodiscard]] virtual const Options& options() const = 0;

  /// Runs `f(Tx&)` on one snapshot. `f` returns a Result. Errors: those of `f`; unavailable; timeout.
  template <class F>
  auto read(Instant deadline, F&& f) -> std::invoke_result_t<F, Tx&> {
    return typed(std::forward<F>(f), [&](const Act& act) { return run_read(deadline, act); });
  }
  /// Runs an act: all of it or nothing, answered only after the commit. `f` may run more than once and touches nothing outside
  /// its Tx. Errors: those of `f` (nothing is written); unavailable (too many waiting, disk full, lost connection: nothing is
  /// written); timeout (not begun, or rolled back). Where the connection is lost during COMMIT the outcome is looked up, not guessed.
  template <class F>
  auto write(Instant deadline, F&& f) -> std::invoke_result_t<F, Tx&> {
    return typed(std::forward<F>(f), [&](const Act& act) { return run_write(deadline, act, nullptr); });
  }
  /// The same under a key: conflict if an act with this key was done before.
  template <class F>
  auto write(Instant deadline, const ActKey& key, F&& f) -> std::invoke_result_t<F, Tx&> {
    return typed(std::forward<F>(f), [&](const Act& act) { return run_write(deadline, act, &key); });
  }
  /// For acts whose checks rest on rows that the act itself writes (a case's row, by its version) or that never change, or on what may change a moment
  /// later as well (a right): two acts that write the same row exclude each other, reads are one snapshot. REPEATABLE READ on PostgreSQL, where
  /// SERIALIZABLE takes two acts on rows of one index page for a conflict (docs/decisions/0004); on SQLite the same as write.
  template <class F>
  auto write_guarded(Instant deadline, F&& f) -> std::invoke_result_t<F, Tx&> {
    return typed(std::forward<F>(f), [&](const Act& act) { return run_guarded(deadline, act, nullptr); });
  }
  /// The same under a key, as write() takes one.
  template <class F>
  auto write_guarded(Instant deadline, const ActKey& key, F&& f) -> std::invoke_result_t<F, Tx&> {
    return typed(std::forward<F>(f), [&](const Act& act) { return run_guarded(deadline, act, &key); });
  }
  /// For leasing (FOR UPDATE SKIP LOCKED) and ledger sequencing only: READ COMMITTED on PostgreSQL; on SQLite the same as write.
  template <class F>
  auto write_relaxed(Instant deadline, F&& f) -> std::invoke_result_t<F, Tx&> {
    return typed(std::forward<F>(f), [&](const Act& act) { return run_relaxed(deadline, act); });
  }

 protected:
  using Act = std::function<Result<>(Tx&)>;
  virtual Result<> run_read(Instant deadline, const Act& act) = 0;
  virtual Result<> run_write(Instant deadline, const Act& act, const ActKey* key) = 0;
  virtual Result<> run_guarded(Instant deadline, const Act& act, const ActKey* key) = 0;
  virtual Result<> run_relaxed(Instant deadline, const Act& act) = 0;
  virtual Result<std::unique_ptr<Leader>> try_lead(std::string_view name) = 0;
  friend class Leader;

 private:
  template <class F, class Run>
  static auto typed(F&& f, Run&& run) -> std::invoke_result_t<F, Tx&> {
    using Answer = std::invoke_result_t<F, Tx&>;
    std::optional<Answer> answer;
    const Act act = [&](Tx& tx) -> Result<> {
      answer.emplace(f(tx));
      if (!*answer) return std::unexpected(answer->error());
      return {};
    };
    if (auto done = run(act); !done) return std::unexpected(std::move(done).error());
    return std::move(*answer);
  }
};

}  // namespace jx::db
