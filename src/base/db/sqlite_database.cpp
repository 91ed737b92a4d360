#include "sqlite_database.hpp"

#include "db_sql.hpp"
#include "late_read.hpp"
#include "transaction.hpp"

#include <algorithm>
#include <array>

namespace jx::db {
namespace {

constexpr std::size_t batch_acts_max = 256;                 // committed together
constexpr auto batch_time = std::chrono::milliseconds{20};  // after which the acts that were run are committed and the others wait
constexpr int batches_apart = 100;                          // after one in which an act failed when it had written
constexpr auto lock_wait = std::chrono::milliseconds{50};   // for another program's lock, before its acts go back to the queue
constexpr auto lock_wait_max = std::chrono::seconds{10};    // after which its acts are refused, where their deadlines are later

}  // namespace

Result<std::unique_ptr<Database>> SqliteDatabase::open(const Options& options) {
  if (options.url.find(":memory:") != std::string::npos || options.url.starts_with("file:")) {
    return fail(ErrorCode::invalid, {"name the database by the path of a file", "请用文件路径指定数据库"});
  }
  std::unique_ptr<SqliteDatabase> database(new SqliteDatabase(options));
  JX_TRY(writer, SqliteConnection::open(options.url, options.durable ? SqliteConnection::Mode::write : SqliteConnection::Mode::making));
  database->writer_ = std::move(writer);
  if (options.durable) database->take_over_checkpoints();
  for (std::size_t i = 0; i < std::max<std::size_t>(options.readers, 1); ++i) {
    JX_TRY(reader, SqliteConnection::open(options.url, SqliteConnection::Mode::read));
    database->readers_.push_back(std::move(reader));
  }
  database->writer_thread_ = std::thread([self = database.get()] { self->write_until_stopped(); });
  return database;
}

SqliteDatabase::~SqliteDatabase() {
  {
    const std::lock_guard lock(queue_mutex_);
    stopping_ = true;
  }
  queue_changed_.notify_all();
  if (writer_thread_.joinable()) writer_thread_.join();
}

class SqliteDatabase::Read final : public LateRead<SqliteTx> {
 public:
  Read(SqliteDatabase& database, Instant deadline) : LateRead(database.generation_), database_(database), deadline_(deadline) {}
  ~Read() override {
    if (!reader_) return;
    reader_->until(no_deadline);
    if (reader_->in_transaction()) (void)reader_->run(sql::rollback);  // ends a snapshot that has nothing to lose
    {
      const std::lock_guard lock(database_.readers_mutex_);
      database_.readers_.push_back(std::move(reader_));
    }
    database_.reader_free_.notify_one();
  }
  Read(const Read&) = delete;
  Read& operator=(const Read&) = delete;

  [[nodiscard]] Dialect dialect() const override { return Dialect::sqlite; }

  Result<> run(const Act& act) {
    auto done = guarded_act(act, *this);
    if (begun_ && !*begun_) return *begun_;
    return tx_ ? tx_->outcome(std::move(done)) : done;
  }

 private:
  Result<> take_and_begin() override {
    {
      std::unique_lock lock(database_.readers_mutex_);
      if (database_.readers_.empty() && database_.readers_waiting_ >= database_.options_.waiting_acts_max) return too_many();
      ++database_.readers_waiting_;
      const bool free = database_.reader_free_.wait_until(lock, time_point(deadline_), [&] { return !database_.readers_.empty(); });
      --database_.readers_waiting_;
      if (!free || late(deadline_)) return too_late();
      reader_ = std::move(database_.readers_.back());
      database_.readers_.pop_back();
    }
    reader_->until(deadline_);
    JX_CHECK(reader_->run(sql::begin_read));
    tx_.emplace(*reader_);
    return {};
  }

  SqliteDatabase& database_;
  const Instant deadline_;
  std::unique_ptr<SqliteConnection> reader_;
};

Result<> SqliteDatabase::run_read(Instant deadline, const Act& act) {
  const Enter enter(this);
  if (enter.nested()) return nested();
  if (late(deadline)) return too_late();
  return Read(*this, deadline).run(act);
}

Result<> SqliteDatabase::run_write(Instant deadline, const Act& act, const ActKey* key) {
  if (Enter::within(this)) return nested();
  Waiting waiting{act, deadline, key, {}, {}};
  const auto answered = waiting.answered.get_future();
  {
    const std::lock_guard lock(queue_mutex_);
    if (stopping_ || queue_.size() >= options_.waiting_acts_max) return too_many();
    queue_.push_back(&waiting);
  }
  queue_changed_.notify_one();
  if (answered.wait_until(time_point(deadline)) != std::future_status::ready) {
    {
      const std::lock_guard lock(queue_mutex_);
      if (std::erase(queue_, &waiting) == 1) return too_late();
    }
    answered.wait();  // it is being run, and its answer is near
  }
  for (auto* other : waiting.wakes) {
    if (other != nullptr) answer(*other);
  }
  return std::move(waiting.answer);
}

void SqliteDatabase::write_until_stopped() {
  const Enter enter(this);
  Batch batch;
  std::optional<Instant> locked_since;
  for (;;) {
    {
      std::unique_lock lock(queue_mutex_);
      queue_changed_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
    }
    batch.clear();
    take(batch);
    const auto now = SystemClock().now();
    const auto begun = begin(now + lock_wait);
    if (begun) {
      locked_since.reset();
      const auto rest = batch.begin() + static_cast<std::ptrdiff_t>(run(batch));
      put_back({rest, batch.end()});
      batch.erase(rest, batch.end());
      turn();
    } else if ((writer_->last_code() & 0xff) == SQLITE_BUSY && now - locked_since.value_or(now) < lock_wait_max) {
      // Another program writes. The acts wait in the queue, where each caller can leave at its deadline.
      locked_since = locked_since.value_or(now);
      std::erase_if(batch, [&](Waiting* waiting) {
        if (!late(waiting->deadline)) return false;
        waiting->answer = fail_because(begun.error(), ErrorCode::timeout, begun.error().message);
        return answer(*waiting), true;
      });
      put_back(batch);
      continue;
    } else {
      for (auto* waiting : batch) waiting->answer = begun;
    }
    answer_all(batch);
    if (checkpoints_) checkpoints_->after_commit(*writer_, frames_);
  }
}

void SqliteDatabase::take_over_checkpoints() {
  checkpoints_.emplace(options_.url);
  const auto note = [](void* self, sqlite3*, const char*, int frames) { return static_cast<SqliteDatabase*>(self)->frames_ = frames, SQLITE_OK; };
  sqlite3_wal_hook(writer_->handle(), note, this);  // takes the place of SQLite's own
}

/// Fills the batch from the queue. Answers whether there was anything to take.
bool SqliteDatabase::take(Batch& batch) {
  const std::lock_guard lock(queue_mutex_);
  const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(std::min(queue_.size(), batch_acts_max - batch.size()));
  const bool any = end != queue_.begin();
  batch.insert(batch.end(), queue_.begin(), end);
  queue_.erase(queue_.begin(), end);
  return any;
}

/// To the front of the queue.
void SqliteDatabase::put_back(std::span<Waiting* const> batch) {
  const std::lock_guard lock(queue_mutex_);
  queue_.insert(queue_.begin(), batch.begin(), batch.end());
}

void SqliteDatabase::answer(Waiting& waiting) {
  auto answered = std::move(waiting.answered);  // the caller's stack, where `waiting` lives, may be gone before set_value() returns
  answered.set_value();
}

/// Waking a thread costs as much as a statement, and the writer's time is the scarce one: it wakes the first caller, and each caller two more.
void SqliteDatabase::answer_all(const Batch& batch) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    for (std::size_t child = 2 * i + 1; child <= 2 * i + 2 && child < batch.size(); ++child) batch[i]->wakes[child - 2 * i - 1] = batch[child];
  }
  if (!batch.empty()) answer(*batch.front());
}

/// Runs acts of the batch, from its first, and those that come meanwhile, which it adds to it; begin() was done. Answers how many have their answers.
std::size_t SqliteDatabase::run(Batch& batch) {
  if (apart_ > 0) --apart_;
  if (const auto count = run_together(batch, apart_ > 0)) return *count;
  roll_back();
  if (apart_ == batches_apart && begin(SystemClock().now() + lock_wait_max)) {
    if (const auto count = run_together(batch, true)) return *count;
    roll_back();
  }
  for (auto* waiting : batch) waiting->answer = run_alone(*waiting);
  return batch.size();
}

/// Nothing if the transaction was lost: nothing of it is written and no answer counts. A savepoint an act costs a fifth of an act (SQLite keeps a
/// copy of every page that is changed within it), and is of use only where an act fails after it has written. So they are taken, `apart`, only after
/// such a one.
std::optional<std::size_t> SqliteDatabase::run_together(Batch& batch, bool apart) {
  const auto until = std::chrono::steady_clock::now() + batch_time;
  std::size_t count = 0;
  while (count < batch.size() || take(batch)) {  // what came meanwhile shares the commit
    if (count > 0 && std::chrono::steady_clock::now() >= until) break;
    auto* waiting = batch[count++];
    if (late(waiting->deadline)) {
      waiting->answer = too_late();
      continue;
    }
    if (apart && !writer_->run(sql::savepoint)) return std::nullopt;
    const auto writes = writer_->writes();
    waiting->answer = run_in(*waiting);
    if (!writer_->in_transaction()) return std::nullopt;
    if (!apart && !waiting->answer && writer_->writes() != writes) {
      apart_ = batches_apart;
      return std::nullopt;
    }
    if (apart && !waiting->answer && !writer_->run(sql::rollback_to)) return std::nullopt;
    if (apart && !writer_->run(sql::release)) return std::nullopt;
  }
  if (!writer_->run(sql::commit)) return std::nullopt;
  return count;
}

Result<> SqliteDatabase::run_alone(const Waiting& waiting) {
  if (late(waiting.deadline)) return too_late();
  JX_CHECK(begin(std::min(waiting.deadline, SystemClock().now() + lock_wait_max)));
  if (auto done = run_in(waiting); !done) return roll_back(), done;
  if (auto done = writer_->run(sql::commit); !done) {
    const int code = writer_->last_code();
    roll_back();
    return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC ? settle(std::move(done).error()) : done;
  }
  return {};
}

/// The act itself, in the transaction that is open.
Result<> SqliteDatabase::run_in(const Waiting& waiting) {
  writer_->until(waiting.deadline);
  const auto generation = [this] { return writer_->turns() == turns_ ? std::optional(generation_.load()) : std::nullopt; };
  auto done = SqliteTx(*writer_, generation).run([&](Tx& tx) -> Result<> {
    if (waiting.key != nullptr) {
      JX_TRY(claimed, tx.run(sql::claim_key, waiting.key->octets, Bytes{}, SystemClock().now()));
      if (claimed == 0) return done_before();
    }
    return waiting.act(tx);
  });
  writer_->until(no_deadline);
  return done;
}

Result<> SqliteDatabase::begin(Instant give_up) {
  writer_->until(give_up);
  auto begun = writer_->run(sql::begin_write);
  if (begun) look_for_others();
  writer_->until(no_deadline);
  return begun;
}

/// What another program has committed is seen from here on by what acts read; and by what reads remember, a second later (remembered.hpp).
void SqliteDatabase::look_for_others() {
  std::int64_t version = data_version_;
  const std::function<Result<>(Row&&)> take = [&](Row&& row) -> Result<> { return version = row.integer(0), Result<>(); };
  const auto looked = writer_->execute(sql::data_version, {}, &take);
  if (!looked || version != data_version_) ++generation_;
  data_version_ = version;
}

/// After a batch: whoever is answered now finds nobody who goes by what was before.
void SqliteDatabase::turn() {
  if (writer_->turns() == turns_) return;
  turns_ = writer_->turns();
  ++generation_;
}

void SqliteDatabase::roll_back() {
  if (writer_->in_transaction()) (void)writer_->run(sql::rollback);
}

/// After a commit whose record is in the log but was not synced: SQLite has forgotten it, yet would find it again after a crash.
/// Another commit in the same place makes sure that it does not.
Result<> SqliteDatabase::settle(Error below) {
  if (writer_->script("PRAGMA user_version = 0")) return std::unexpected(std::move(below));
  return fail_because(
      std::move(below), ErrorCode::unavailable,
      {"the disk failed while this was being saved, and it is not known whether it was; have the disk checked, then look before doing it again",
       "保存时磁盘出错，无法确定是否已保存；请检查磁盘，确认结果后再重试"});
}

}  // namespace jx::db
