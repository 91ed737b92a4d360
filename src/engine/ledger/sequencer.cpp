#include <jx/ledger/sequencer.hpp>
#include <jx/ledger/subjects.hpp>

#include "ledger_sql.hpp"
#include "store.hpp"

#include <algorithm>
#include <set>

namespace jx::ledger {
namespace {

constexpr Micros step_time_max{30'000'000};

std::unexpected<Error> another_was_faster() {
  return fail(ErrorCode::conflict, {"another program sequenced the ledger meanwhile", "其他程序已先行排序账本"});
}

// The right edge as the database has it. What was changed by hand there shows before anything is built on it.
Result<TreeEdge> load_edge(TileReader& reader, std::uint64_t size, const Hash& root) {
  JX_TRY(edge, TreeEdge::load(size, [&](unsigned level, std::uint64_t n, std::size_t width) -> Result<std::vector<Hash>> {
           JX_TRY(hashes, reader.tile(level, n));
           if (hashes.size() < width) return broken_tile(level, n);
           return std::vector(hashes.begin(), hashes.begin() + static_cast<std::ptrdiff_t>(width));
         }));
  if (edge.root() != root) {
    return fail(ErrorCode::corrupt, {"the tiles at the edge of the ledger do not give its root; run: junxian ledger verify",
                                     "账本边缘的块与根哈希不符；请执行 junxian ledger verify"});
  }
  return std::move(edge);
}

// Writes full tiles as they come and, at the end, the partial tile of every level that was touched.
class TileWriter {
 public:
  TileWriter(db::Tx& tx, std::int64_t log) : tx_(tx), log_(log) {}

  void full(unsigned level, std::uint64_t n, TileHashes hashes) {
    if (result_) result_ = put(level, n, hashes);
    grown_.insert(level + 1);
  }
  Result<> finish(const TreeEdge& edge) {
    JX_CHECK(std::move(result_));
    grown_.insert(0);
    for (const auto level : grown_) {
      if (level >= tile_levels_max || edge.partial(level).empty()) continue;
      JX_CHECK(put(level, edge.size() >> (tile_height * level) >> tile_height, edge.partial(level)));
    }
    return {};
  }

 private:
  Result<> put(unsigned level, std::uint64_t n, TileHashes hashes) {
    JX_CHECK(tx_.run(sql::put_tile, log_, level, n, tile_octets(hashes)));
    return {};
  }
  db::Tx& tx_;
  std::int64_t log_;
  std::set<unsigned> grown_;
  Result<> result_;
};

// The hashes of the leaves that were just given the places from `first` on.
Result<std::vector<Hash>> new_leaves(db::Tx& tx, std::int64_t log, std::uint64_t first, std::uint64_t count) {
  std::vector<Hash> hashes;
  hashes.reserve(count);
  JX_CHECK(tx.each(
      sql::leaves,
      [&](db::Row&& row) -> Result<> {
        Leaf leaf{row.instant(1), {}};
        if (row.bytes(2).size() != leaf.hash.size()) return fail(ErrorCode::corrupt, "an entry of the ledger has no hash of 32 octets");
        std::ranges::copy(row.bytes(2), leaf.hash.begin());
        hashes.push_back(leaf_hash(bytes_of(leaf.text())));
        return {};
      },
      log, first, first + count));
  if (hashes.size() != count) return fail(ErrorCode::corrupt, "an entry of the ledger that was given a place is gone");
  return hashes;
}

struct Integrated {
  LogInfo log;  // after it
  std::uint64_t count = 0;
};

Result<Integrated> integrate(db::Tx& tx, LogInfo log, std::uint64_t batch_max) {
  JX_TRY(locked, tx.one(sql::lock_log, log.log));
  JX_TRY(newest, tx.one(sql::newest_log_number));
  const bool unchanged = locked && newest->integer(0) == log.log && static_cast<std::uint64_t>(locked->integer(0)) == log.size &&
                         std::ranges::equal(locked->bytes(1), log.root);
  if (!unchanged) return another_was_faster();
  TileReader reader(tx, log.log);
  JX_TRY(edge, load_edge(reader, log.size, log.root));

  JX_TRY(given, tx.run(sql::assign_places, log.log, log.size, batch_max));
  const auto count = static_cast<std::uint64_t>(given);
  if (count == 0) return Integrated{std::move(log), 0};
  JX_CHECK(tx.run(sql::release_pending, log.log, log.size));
  JX_TRY(hashes, new_leaves(tx, log.log, log.size, count));
  TileWriter writer(tx, log.log);
  for (const auto& hash : hashes) edge.append(hash, [&](unsigned level, std::uint64_t n, TileHashes full) { writer.full(level, n, full); });
  JX_CHECK(writer.finish(edge));

  const auto root = edge.root();
  JX_TRY(swapped, tx.run(sql::swap_tree, log.log, edge.size(), ByteView(root), log.size));
  if (swapped != 1) return another_was_faster();
  log.size = edge.size();
  log.root = root;
  return Integrated{std::move(log), count};
}

struct Seen {
  LogInfo log;
  bool pending = false;
};

}  // namespace

Sequencer::Sequencer(db::Database& database, const Signer& signer, Options options) : database_(database), signer_(signer), options_(options) {}

Sequencer::~Sequencer() { stop(); }

void Sequencer::start() {
  if (!thread_.joinable()) thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Sequencer::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void Sequencer::wake() {
  {
    const std::lock_guard lock(mutex_);
    wake_ = true;
  }
  woken_.notify_one();
}

void Sequencer::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      woken_.wait_for(lock, stop, options_.poll_ms, [&] { return wake_; });
      wake_ = false;
    }
    if (stop.stop_requested() || !lead()) continue;
    (void)step_until_done(SystemClock().now() + step_time_max);  // status() and the log say how it went
    if (const auto now = std::chrono::steady_clock::now(); now - indexed_at_ >= options_.index_ms) {
      (void)index(SystemClock().now() + step_time_max);
      indexed_at_ = now;
    }
    std::unique_lock lock(mutex_);
    woken_.wait_for(lock, stop, options_.pause_ms, [] { return false; });
  }
  leader_.reset();
}

bool Sequencer::lead() {
  if (leader_ && !leader_->leads()) leader_.reset();
  if (!leader_) {
    auto leader = db::Leader::try_become(database_, "ledger");
    if (leader) leader_ = std::move(*leader);
  }
  const std::lock_guard lock(mutex_);
  status_.leading = leader_ != nullptr;
  return status_.leading;
}

// Whatever becomes of the tree: who asks for the entries about something looks through all that is not in the index.
Result<> Sequencer::index(Instant deadline) {
  auto indexed = index_subjects(database_, deadline);
  if (indexed && options_.also_index) indexed = options_.also_index(deadline);
  if (!indexed && options_.log != nullptr) options_.log->error("ledger.index_failed", {{"error", indexed.error()}});
  return indexed;
}

Result<Sequencer::Step> Sequencer::step(Instant deadline) {
  const auto indexed = index(deadline);
  auto step = step_until_done(deadline);
  if (step && !indexed) return std::unexpected(indexed.error());
  return step;
}

Result<Sequencer::Step> Sequencer::step_until_done(Instant deadline) {
  constexpr int tries_max = 8;
  Result<Step> step = another_was_faster();
  for (int i = 0; i < tries_max && !step && (step.error().code == ErrorCode::conflict || step.error().code == ErrorCode::stale); ++i)
    step = step_once(deadline);
  note(step);
  return step;
}

void Sequencer::note(const Result<Step>& step) {
  bool new_refusal = false;
  {
    const std::lock_guard lock(mutex_);
    if (step) {
      status_.size = status_.published = step->size;
      status_.refusal.reset();
      status_.refused_since.reset();
    } else {
      new_refusal = !status_.refusal || status_.refusal->code != step.error().code;
      status_.refusal = step.error();
      if (!status_.refused_since) status_.refused_since = SystemClock().now();
    }
  }
  stepped_.notify_all();
  if (new_refusal && options_.log != nullptr) options_.log->error("ledger.step_failed", {{"error", step.error()}});
}

Result<Sequencer::Step> Sequencer::step_once(Instant deadline) {
  JX_TRY(seen, database_.read(deadline, [](db::Tx& tx) -> Result<Seen> {
    JX_TRY(log, newest_log(tx));
    JX_TRY(pending, tx.one(sql::any_pending));
    return Seen{std::move(log), pending.has_value()};
  }));
  auto log = std::move(seen.log);
  const bool signed_whole = log.checkpoint && log.checkpoint_size == log.size;
  if (checked_ && !seen.pending && signed_whole) return Step{0, log.size, false};

  JX_CHECK(signer_.check(log.log, log.size, root_reader(log.log, deadline)));
  checked_ = true;
  Step step{0, log.size, false};
  for (bool more = seen.pending; more;) {
    JX_TRY(done, database_.write_relaxed(deadline, [&](db::Tx& tx) { return integrate(tx, log, options_.batch_max); }));
    log = std::move(done.log);
    step.integrated += done.count;
    more = done.count == options_.batch_max;
  }
  step.size = log.size;
  if (!log.checkpoint || log.checkpoint_size < log.size) {
    JX_TRY(published, publish(log, deadline));
    step.published = published;
  }
  return step;
}

Result<bool> Sequencer::publish(const LogInfo& log, Instant deadline) {
  const auto roots = root_reader(log.log, deadline);
  if (log.checkpoint) {  // what this database published must be the beginning of its tree, whoever signed it
    JX_TRY(note, Note::parse(*log.checkpoint));
    JX_TRY(published, Checkpoint::parse(note.text));
    JX_TRY(root, roots(published.size));
    if (root != published.root) {
      return fail(ErrorCode::corrupt, {"the ledger differs from the checkpoint that it published; run: junxian ledger verify",
                                       "账本与其已发布的检查点不符；请执行 junxian ledger verify"});
    }
  }
  JX_TRY(note, signer_.sign(log.log, {log.origin, log.size, log.root}, roots));
  return database_.write_relaxed(deadline, [&](db::Tx& tx) -> Result<bool> {
    JX_TRY(rows, tx.run(sql::publish, log.log, log.size, note));
    return rows == 1;
  });
}

Signer::RootAt Sequencer::root_reader(std::int64_t log, Instant deadline) {
  return [this, log, deadline](std::uint64_t size) {
    return database_.read(deadline, [&](db::Tx& tx) -> Result<Hash> {
      JX_TRY(row, tx.one(sql::log_by_number, log));
      if (!row) return fail(ErrorCode::not_found, {"there is no such ledger", "没有这个账本"});
      return root_at(tx, log_of(*row), size);
    });
  };
}

Sequencer::Status Sequencer::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

Result<> Sequencer::wait_for(EntryId id, std::chrono::milliseconds wait_ms_max) {
  const auto until = std::chrono::steady_clock::now() + wait_ms_max;
  wake();
  for (;;) {
    const auto proof = database_.read(no_deadline, [&](db::Tx& tx) { return prove(tx, id); });
    if (proof || proof.error().code != ErrorCode::unavailable) return proof ? Result<>() : std::unexpected(proof.error());
    if (std::chrono::steady_clock::now() >= until) {
      return fail(ErrorCode::timeout, {"the entry is not under a checkpoint yet", "该记录尚未纳入检查点"});
    }
    std::unique_lock lock(mutex_);
    stepped_.wait_until(lock, std::min(until, std::chrono::steady_clock::now() + options_.poll_ms));
  }
}

Result<> check_signed(db::Database& database, const Signer& signer) {
  const auto newest = [&] { return database.read(no_deadline, [](db::Tx& tx) { return newest_log(tx); }); };
  for (;;) {
    JX_TRY(log, newest());
    auto checked = signer.check(log.log, log.size,
                                [&](std::uint64_t size) { return database.read(no_deadline, [&](db::Tx& tx) { return root_at(tx, log, size); }); });
    if (checked) return checked;
    JX_TRY(after, newest());
    if (after.log == log.log && after.size == log.size) return checked;  // else what was signed may have come after the tree that was looked at
  }
}

}  // namespace jx::ledger
