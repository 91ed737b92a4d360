#include "sqlite_checkpoints.hpp"

#include <chrono>

namespace jx::db {
namespace {

constexpr int frames_begin = 4'000;  // of 4 KiB: when moving begins
constexpr int frames_rest = 200;     // so few are left to the writer, and after so many more it tries again what a read kept it from
constexpr int frames_held = 32'000;  // beyond, it waits for the reads that are under way
constexpr int frames_max = 64'000;   // beyond, the writer waits: the disk does not keep up, or a reader does not end
constexpr int rounds_max = 4;        // for what came while the ones before were moved
constexpr std::chrono::milliseconds readers_wait{20};       // for the reads that are under way
constexpr std::chrono::milliseconds readers_wait_max{500};  // beyond frames_max

/// Has the disk take what was moved. A checkpoint of a part does not, and the writer's, which does, would wait for all of it.
void sync_file(sqlite3* db) {
  sqlite3_file* file = nullptr;
  if (sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || file == nullptr || file->pMethods == nullptr) return;
  (void)file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);  // the writer syncs again, and its word counts
}

}  // namespace

SqliteCheckpoints::~SqliteCheckpoints() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void SqliteCheckpoints::after_commit(SqliteConnection& writer, int frames) {
  frames_.store(frames, std::memory_order_relaxed);
  if (frames < begun_at_) begun_at_ = again_at_ = 0;
  const auto stage = stage_.load(std::memory_order_acquire);
  if (stage == Stage::idle && frames - begun_at_ < frames_begin) return;
  std::unique_lock lock(mutex_);
  if (stage == Stage::moving && frames > frames_max) changed_.wait(lock, [this] { return stage_ != Stage::moving; });
  if (stage_ == Stage::idle) {
    stage_ = Stage::moving;
    if (!thread_.joinable()) thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    changed_.notify_all();
  } else if (stage_ == Stage::nearly && frames >= again_at_) {
    // SQLite begins the log anew only when all of it was moved and nobody reads in it. Whatever this answers, the log stays good.
    const bool held = frames > frames_held;
    int in_log = 0, moved = 0;
    if (held) writer.until({SystemClock().now() + (frames > frames_max ? readers_wait_max : readers_wait)});
    const int code =
        sqlite3_wal_checkpoint_v2(writer.handle(), "main", held ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
    if (held) writer.until(no_deadline);
    const bool all = code == SQLITE_OK && moved == in_log;
    begun_at_ = frames;
    again_at_ = all ? 0 : frames + frames_rest;
    if (all || held) stage_ = Stage::idle;
  }
}

void SqliteCheckpoints::run(const std::stop_token& stop) {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [this] { return stage_ == Stage::moving; })) return;
    }
    move(stop);
    {
      const std::lock_guard lock(mutex_);
      stage_ = Stage::nearly;
    }
    changed_.notify_all();
  }
}

void SqliteCheckpoints::move(const std::stop_token& stop) {
  if (!connection_) {
    auto opened = SqliteConnection::open(path_, SqliteConnection::Mode::read);  // it changes no row, and may move pages
    if (!opened) return;                                                        // the writer moves all
    connection_ = std::move(*opened);
  }
  for (int round = 0; round < rounds_max && !stop.stop_requested(); ++round) {
    int moved = 0;
    if (sqlite3_wal_checkpoint_v2(connection_->handle(), "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, &moved) != SQLITE_OK) return;
    sync_file(connection_->handle());
    if (frames_.load(std::memory_order_relaxed) - moved <= frames_rest) return;
  }
}

}  // namespace jx::db
