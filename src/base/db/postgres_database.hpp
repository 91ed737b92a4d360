// postgres_database.hpp - PostgreSQL: a pool of connections; acts SERIALIZABLE and run again where they collide.
//
// A connection that is lost before COMMIT was sent has written nothing, and the act is run again. One that is lost during COMMIT leaves
// it open whether the act was done: the server is asked for the fate of the transaction by its number or, where it has crashed or a
// standby has taken over since, so that numbers may have been given twice, by the row that a keyed act leaves.
#pragma once
#include <jx/db/leader.hpp>

#include "connection_tx.hpp"
#include "postgres_connection.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace jx::db {

class PostgresDatabase final : public Database {
 public:
  static Result<std::unique_ptr<Database>> open(const Options& options);

  [[nodiscard]] Dialect dialect() const override { return Dialect::postgres; }
  [[nodiscard]] const Options& options() const override { return options_; }

 protected:
  Result<> run_read(Instant deadline, const Act& act) override;
  Result<> run_write(Instant deadline, const Act& act, const ActKey* key) override;
  Result<> run_guarded(Instant deadline, const Act& act, const ActKey* key) override;
  Result<> run_relaxed(Instant deadline, const Act& act) override;
  Result<std::unique_ptr<Leader>> try_lead(std::string_view name) override;

 private:
  using PostgresTx = ConnectionTx<PostgresConnection, Dialect::postgres>;
  using Kind = PostgresConnection::Kind;
  class Lease;
  class Read;

  /// What follows one run of an act: its answer counts, or it is run again, at once or when the server can be reached.
  enum class Next { answer, run_again, reach_again };
  struct Run {
    Result<> answer;
    Next next;
  };
  /// What is known of a transaction whose COMMIT was not answered.
  struct Doubt {
    std::string xid;
    std::string epoch;
    const ActKey* key;
    Bytes attempt;
    Error why;
  };

  explicit PostgresDatabase(const Options& options) : options_(options) {}

  Result<> run(Kind kind, Instant deadline, const Act& act, const ActKey* key);
  Run run_once(Kind kind, Instant deadline, const Act& act, const ActKey* key, const Bytes& attempt);
  Run resolve(const Doubt& doubt, Instant deadline);
  enum class Fate { open, committed, not_done, unknowable };
  Fate look_up(const Doubt& doubt, Instant deadline);
  Result<std::unique_ptr<PostgresConnection>> reserve(Instant deadline);
  void give_back(std::unique_ptr<PostgresConnection> connection);

  const Options options_;
  std::atomic<std::uint64_t> generation_ = 1;  // of what this program has committed; what others have is seen when what is remembered is a second old
  std::mutex mutex_;
  std::condition_variable free_;
  std::vector<std::unique_ptr<PostgresConnection>> idle_;  // guarded by mutex_
  std::size_t in_use_ = 0;                                 // guarded by mutex_
  std::size_t waiting_ = 0;                                // guarded by mutex_
};

}  // namespace jx::db
