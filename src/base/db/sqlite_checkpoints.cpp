#include "sqlite_checkpoints.hpp"

#include <chrono>

namespace jx::db {
namespace {

constexpr int frames_begin = 4'000;                         // of 4 KiB: when moving begins
constexpr int frames_again = 1'000;                         // and begins again where a reader kept the log from being begun anew
constexpr int frames_rest = 200;                            // so few are left to the writer
constexpr int frames_max = 64'000;                          // beyond, the writer waits: the disk does not keep up, or a reader does not end
constexpr int rounds_max = 4;                               // for what came while the ones before were moved
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
  if (frames < begun_at_) begun_at_ = 0;
  const auto stage = stage_.load(std::memory_order_acquire);
  if (stage == Stage::idle && frames - begun_at_ < frames_begin) return;
  std::unique_lock lock(mutex_);
  if (stage == Stage::moving && frames > frames_max) changed_.wait(lock, [this] { return stage_ != Stage::moving; });
  if (stage_ == Stage::idle) {
    stage_ = Stage::moving;
    if (!thread_.joinable()) thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    changed_.notify_all();
  } else if (stage_ == Stage::nearly) {
    // The log is begun anew only when nobody reads in it; reads that begin meanwhile read in the file. Whatever this answers, the log stays good.
    writer.until({SystemClock().now() + (frames > frames_max ? readers_wait_max : readers_wait)});
    const bool anew = sqlite3_wal_checkpoint_v2(writer.handle(), "main", SQLITE_CHECKPOINT_RESTART, nullptr, nullptr) == SQLITE_OK;
    writer.until(no_deadline);
    begun_at_ = anew ? frames : frames - frames_begin + frames_again;
    stage_ = Stage::idle;
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
