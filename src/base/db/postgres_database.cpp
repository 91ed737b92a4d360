#include "postgres_database.hpp"

#include "db_sql.hpp"
#include "late_read.hpp"
#include "transaction.hpp"

#include <jx/crypto.hpp>

#include <random>
#include <thread>

namespace jx::db {
namespace {

constexpr auto server_wait_max = std::chrono::seconds{5};  // for a server that cannot be reached, where the deadline is later
constexpr auto resolve_grace = std::chrono::seconds{2};    // beyond the deadline, to learn how a COMMIT ended
constexpr auto resolve_max = std::chrono::seconds{60};     // where there is no deadline
constexpr auto look_again = std::chrono::milliseconds{20};
constexpr std::size_t attempt_bytes = 16;

/// Waits a random part of a time that doubles with each run, so that acts that collided do not collide again.
void back_off(std::size_t runs) {
  thread_local std::minstd_rand random(std::random_device{}());
  const auto most = std::int64_t{500} << std::min<std::size_t>(runs, 8);  // microseconds; at most 128 ms
  std::this_thread::sleep_for(Micros{std::uniform_int_distribution<std::int64_t>(0, most)(random)});
}

}  // namespace

/// A place in the pool and its connection, which go back with it.
class PostgresDatabase::Lease {
 public:
  Lease(PostgresDatabase& pool, std::unique_ptr<PostgresConnection> connection) : pool_(pool), connection_(std::move(connection)) {}
  ~Lease() { pool_.give_back(std::move(connection_)); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  Result<> connect(Instant deadline) {
    if (connection_) return {};
    JX_TRY(made, PostgresConnection::open(pool_.options_.url, deadline));
    connection_ = std::move(made);
    return {};
  }
  PostgresConnection& operator*() { return *connection_; }
  PostgresConnection* operator->() { return connection_.get(); }

 private:
  PostgresDatabase& pool_;
  std::unique_ptr<PostgresConnection> connection_;
};

/// Acts know no generation: other programs write, too, and an act must see what is there.
class PostgresDatabase::Read final : public LateRead<PostgresTx> {
 public:
  Read(PostgresDatabase& pool, Instant deadline) : LateRead(pool.generation_), pool_(pool), deadline_(deadline) {}
  ~Read() override { tx_.reset(); }  // before the connection that it is on
  Read(const Read&) = delete;
  Read& operator=(const Read&) = delete;

  [[nodiscard]] Dialect dialect() const override { return Dialect::postgres; }

  Run run(const Act& act) {
    if (late(deadline_)) return {too_late(), Next::answer};
    auto done = guarded_act(act, *this);
    if (begun_ && !*begun_) return {*begun_, next_};
    if (!tx_) return {std::move(done), Next::answer};
    done = tx_->outcome(std::move(done));
    (*lease_)->roll_back();
    return {std::move(done), (*lease_)->worth_retry() ? Next::run_again : Next::answer};
  }

 private:
  Result<> take_and_begin() override {
    JX_TRY(reserved, pool_.reserve(deadline_));
    lease_.emplace(pool_, std::move(reserved));
    if (auto reached = lease_->connect(deadline_); !reached) {
      if (reached.error().code == ErrorCode::unavailable) next_ = Next::reach_again;
      return reached;
    }
    if (auto begun = (*lease_)->begin(Kind::read, deadline_); !begun) {
      if ((*lease_)->worth_retry()) next_ = Next::run_again;
      return begun;
    }
    tx_.emplace(**lease_);
    return {};
  }

  PostgresDatabase& pool_;
  const Instant deadline_;
  Next next_ = Next::answer;  // where it could not be begun
  std::optional<Lease> lease_;
};

Result<std::unique_ptr<Database>> PostgresDatabase::open(const Options& options) {
  std::unique_ptr<PostgresDatabase> database(new PostgresDatabase(options));
  JX_TRY(first, PostgresConnection::open(options.url, no_deadline));
  database->idle_.push_back(std::move(first));
  return database;
}

/// A place in the pool, with the connection that is there, if any.
Result<std::unique_ptr<PostgresConnection>> PostgresDatabase::reserve(Instant deadline) {
  std::unique_lock lock(mutex_);
  const auto available = [&] { return !idle_.empty() || in_use_ < std::max<std::size_t>(options_.connections, 1); };
  if (!available() && waiting_ >= options_.waiting_acts_max) return too_many();
  ++waiting_;
  const bool got = free_.wait_until(lock, time_point(deadline), available);
  --waiting_;
  if (!got || late(deadline)) return too_late();
  ++in_use_;
  if (idle_.empty()) return nullptr;
  auto connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

void PostgresDatabase::give_back(std::unique_ptr<PostgresConnection> connection) {
  std::vector<std::unique_ptr<PostgresConnection>> stale;  // closed outside the lock
  {
    const std::lock_guard lock(mutex_);
    --in_use_;
    if (connection && connection->usable())
      idle_.push_back(std::move(connection));
    else if (connection && connection->lost())
      stale.swap(idle_);  // where one was lost, the others mostly are, too
  }
  free_.notify_one();
}

Result<> PostgresDatabase::run_read(Instant deadline, const Act& act) { return run(Kind::read, deadline, act, nullptr); }
Result<> PostgresDatabase::run_write(Instant deadline, const Act& act, const ActKey* key) { return run(Kind::write, deadline, act, key); }
Result<> PostgresDatabase::run_guarded(Instant deadline, const Act& act, const ActKey* key) { return run(Kind::guarded, deadline, act, key); }
Result<> PostgresDatabase::run_relaxed(Instant deadline, const Act& act) { return run(Kind::relaxed, deadline, act, nullptr); }

Result<> PostgresDatabase::run(Kind kind, Instant deadline, const Act& act, const ActKey* key) {
  const Enter enter(this);
  if (enter.nested()) return nested();
  const auto server_deadline = SystemClock().now() + server_wait_max;
  Bytes attempt;
  if (key != nullptr) attempt = crypto::random_bytes(attempt_bytes);
  Result<> before;  // why the last run failed: says more than that it is late
  for (std::size_t runs = 0;; ++runs) {
    auto run = run_once(kind, deadline, act, key, attempt);
    if (run.next == Next::answer) {
      const bool only_late = !run.answer && run.answer.error().code == ErrorCode::timeout && !before;
      return only_late ? std::move(before) : std::move(run.answer);
    }
    if (run.next == Next::reach_again ? late(server_deadline) : runs >= options_.act_retries_max) return std::move(run.answer);
    back_off(runs);
    before = std::move(run.answer);
    if (late(deadline)) return before;
  }
}

PostgresDatabase::Run PostgresDatabase::run_once(Kind kind, Instant deadline, const Act& act, const ActKey* key, const Bytes& attempt) {
  if (kind == Kind::read) return Read(*this, deadline).run(act);
  const auto next = [](const PostgresConnection& connection) { return connection.worth_retry() ? Next::run_again : Next::answer; };
  auto reserved = reserve(deadline);
  if (!reserved) return {std::unexpected(std::move(reserved).error()), Next::answer};
  std::optional<Doubt> doubt;
  {
    Lease connection(*this, std::move(*reserved));
    if (auto reached = connection.connect(deadline); !reached) {
      const bool down = reached.error().code == ErrorCode::unavailable;
      return {std::move(reached), down ? Next::reach_again : Next::answer};
    }
    if (auto begun = connection->begin(kind, deadline); !begun) return {std::move(begun), next(*connection)};
    const auto before = connection->turns();
    auto done = PostgresTx(*connection).run([&](Tx& tx) -> Result<> {
      if (key != nullptr) {
        JX_TRY(claimed, tx.run(sql::claim_key, key->octets, attempt, SystemClock().now()));
        if (claimed == 0) return done_before();
      }
      return act(tx);
    });
    if (!done || connection->worth_retry()) {
      connection->roll_back();
      return {std::move(done), next(*connection)};
    }
    std::optional<Error> why;
    const auto outcome = connection->commit(why);
    if (connection->turns() != before) ++generation_;  // before the act is answered
    switch (outcome) {
      case Outcome::committed: return {{}, Next::answer};
      case Outcome::refused: return {std::unexpected(std::move(*why)), next(*connection)};
      case Outcome::unknown: doubt = Doubt{connection->xid(), connection->epoch(), key, attempt, std::move(*why)};
    }
  }
  return resolve(*doubt, deadline);
}

/// Finds out what became of a COMMIT that was not answered.
PostgresDatabase::Run PostgresDatabase::resolve(const Doubt& doubt, Instant deadline) {
  const auto now = SystemClock().now();
  const auto give_up = deadline == no_deadline ? now + resolve_max : std::max(deadline, now) + resolve_grace;
  auto fate = Fate::open;
  while (fate == Fate::open && !late(give_up)) {
    fate = look_up(doubt, give_up);
    if (fate == Fate::open) std::this_thread::sleep_for(look_again);
  }
  if (fate == Fate::committed) return {{}, Next::answer};
  if (fate == Fate::not_done) return {std::unexpected(doubt.why), Next::run_again};
  const std::string name = doubt.key != nullptr ? "key " + to_hex(doubt.key->octets) : "transaction " + doubt.xid;
  return {fail_because(doubt.why, ErrorCode::unavailable,
                       {"the connection to the database was lost while this was being saved, and it is not known whether it was; ask for " + name +
                            " before doing it again",
                        "保存时与数据库的连接中断，无法确定是否已保存；请先查询 " + name + "，再决定是否重做"}),
          Next::answer};
}

/// `open` while the server cannot be asked, or the transaction is still under way there.
PostgresDatabase::Fate PostgresDatabase::look_up(const Doubt& doubt, Instant deadline) {
  auto reserved = reserve(deadline);
  if (!reserved) return Fate::open;
  Lease connection(*this, std::move(*reserved));
  if (!connection.connect(deadline) || !connection->begin(Kind::read, deadline)) return Fate::open;
  const bool same_numbers = !doubt.epoch.empty() && connection->epoch() == doubt.epoch;
  auto fate = Fate::open;
  (void)PostgresTx(*connection).run([&](Tx& tx) -> Result<> {
    if (same_numbers) {
      JX_TRY(row, tx.one(sql::status_of_xid, doubt.xid));
      const auto status = row->null(0) ? "" : row->text(0);
      if (status == "committed") fate = Fate::committed;
      if (status == "aborted") fate = Fate::not_done;
    } else if (doubt.key != nullptr) {
      JX_TRY(row, tx.one(sql::attempt_of_key, doubt.key->octets));
      fate = row && row->bytes(0) == doubt.attempt ? Fate::committed : Fate::not_done;
    } else {
      fate = Fate::unknowable;
    }
    return {};
  });
  connection->roll_back();
  return fate;
}

}  // namespace jx::db
