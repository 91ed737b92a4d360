// leader.hpp - one of several programs on a database does what only one may do at a time, such as sequencing the ledger.
#pragma once
#include <jx/db.hpp>

namespace jx::db {

/// Leadership under a name, held as long as this object and, on PostgreSQL, its own connection live: an advisory lock there, a lock on
/// `<database>.<name>.lock` beside an SQLite file. A program that dies gives it up. Used by one thread at a time.
class Leader {
 public:
  virtual ~Leader() = default;

  /// Nothing (nullptr) if another object, of this program or another, leads under this name. `name` is a key.
  /// Errors: invalid (name); unavailable (no server, the lock file cannot be made).
  [[nodiscard]] static Result<std::unique_ptr<Leader>> try_become(Database& database, std::string_view name);

  /// Asks whether it still leads; false for good once the connection is lost. True is out of date the moment it is answered, so
  /// what a leader writes is guarded by compare-and-swap as well. Waits at most two seconds.
  [[nodiscard]] virtual bool leads() = 0;
};

}  // namespace jx::db
