// sqlite_database.hpp - SQLite: readers on snapshots, and one writer that commits waiting acts together.
//
// An act is answered only after the commit that holds it. The acts that wait are run one after another, each in its own savepoint,
// and committed together, so that one write to the disk serves many. Where that transaction is lost as a whole (the disk is full,
// an I/O error, a violated deferred constraint), each of its acts is run again alone and gets its own answer.
#pragma once
#include <jx/db/leader.hpp>

#include "connection_tx.hpp"
#include "sqlite_checkpoints.hpp"
#include "sqlite_connection.hpp"

#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

namespace jx::db {

class SqliteDatabase final : public Database {
 public:
  static Result<std::unique_ptr<Database>> open(const Options& options);
  ~SqliteDatabase() override;
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;

  [[nodiscard]] Dialect dialect() const override { return Dialect::sqlite; }
  [[nodiscard]] const Options& options() const override { return options_; }

 protected:
  Result<> run_read(Instant deadline, const Act& act) override;
  Result<> run_write(Instant deadline, const Act& act, const ActKey* key) override;
  Result<> run_guarded(Instant deadline, const Act& act, const ActKey* key) override { return run_write(deadline, act, key); }
  Result<> run_relaxed(Instant deadline, const Act& act) override { return run_write(deadline, act, nullptr); }
  Result<std::unique_ptr<Leader>> try_lead(std::string_view name) override;

 private:
  using SqliteTx = ConnectionTx<SqliteConnection, Dialect::sqlite>;

  class Read;

  /// An act on its way: lives on its caller's stack until it is answered.
  struct Waiting {
    const Act& act;
    Instant deadline;
    const ActKey* key;
    Result<> answer;
    std::promise<void> answered;      // a future waits on a futex at once, where a semaphore with a deadline would spin and sleep
    std::array<Waiting*, 2> wakes{};  // whom its caller wakes when it is woken; written before it is
  };
  using Batch = std::vector<Waiting*>;

  explicit SqliteDatabase(const Options& options) : options_(options) {}

  void take_over_checkpoints();
  void write_until_stopped();
  bool take(Batch& batch);
  void put_back(std::span<Waiting* const> batch);
  static void answer(Waiting& waiting);
  static void answer_all(const Batch& batch);
  std::size_t run(Batch& batch);
  std::optional<std::size_t> run_together(Batch& batch, bool apart);
  Result<> run_alone(const Waiting& waiting);
  Result<> run_in(const Waiting& waiting);
  Result<> begin(Instant give_up);
  void look_for_others();
  void turn();
  Result<> settle(Error below);
  void roll_back();

  const Options options_;

  std::mutex readers_mutex_;
  std::condition_variable reader_free_;
  std::vector<std::unique_ptr<SqliteConnection>> readers_;  // those not in use; guarded by readers_mutex_
  std::size_t readers_waiting_ = 0;                         // guarded by readers_mutex_

  std::mutex queue_mutex_;
  std::condition_variable queue_changed_;
  std::deque<Waiting*> queue_;  // guarded by queue_mutex_
  bool stopping_ = false;       // guarded by queue_mutex_

  std::unique_ptr<SqliteConnection> writer_;      // used by writer_thread_ alone
  std::atomic<std::uint64_t> generation_ = 1;     // Tx::generation of what is committed; raised before the acts that changed it are answered
  std::uint64_t turns_ = 0;                       // of the writer, when generation_ was raised last; used by writer_thread_ alone
  std::int64_t data_version_ = 0;                 // used by writer_thread_ alone
  int frames_ = 0;                                // pages in SQLite's log after the last commit; used by writer_thread_ alone
  std::optional<SqliteCheckpoints> checkpoints_;  // none: SQLite's own; used by writer_thread_ alone
  int apart_ = 0;                                 // so many more batches have a savepoint an act; used by writer_thread_ alone
  std::thread writer_thread_;
};

}  // namespace jx::db
