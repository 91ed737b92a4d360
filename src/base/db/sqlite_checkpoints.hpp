// sqlite_checkpoints.hpp - moves what was committed from SQLite's log into its file while the writer goes on; private to the module.
//
// SQLite does this in the commit that makes the log long enough, and all acts wait meanwhile for thousands of pages and for the disk. Here a thread
// moves them, and has the disk take them; then the writer moves the few that came meanwhile, between two of its transactions, until a moment
// without reads in the log lets SQLite begin it anew; where that moment does not come, it waits for it.
#pragma once
#include "sqlite_connection.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace jx::db {

class SqliteCheckpoints {
 public:
  explicit SqliteCheckpoints(std::string path) : path_(std::move(path)) {}
  ~SqliteCheckpoints();
  SqliteCheckpoints(const SqliteCheckpoints&) = delete;
  SqliteCheckpoints& operator=(const SqliteCheckpoints&) = delete;

  /// For the writer's thread, between two transactions; `frames`: pages in the log. Waits for reads only where
  /// the log has grown far beyond what is usual.
  void after_commit(SqliteConnection& writer, int frames);

 private:
  enum class Stage { idle, moving, nearly };  // nearly: the rest is the writer's

  void run(const std::stop_token& stop);
  void move(const std::stop_token& stop);

  const std::string path_;
  int again_at_ = 0;  // frames from which the writer tries again; used by the writer alone
  int begun_at_ = 0;  // frames when the last round ended, or 0 when the log has begun anew since; used by the writer alone
  std::atomic<int> frames_ = 0;
  std::atomic<Stage> stage_ = Stage::idle;  // changed under mutex_
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::unique_ptr<SqliteConnection> connection_;  // used by thread_ alone
  std::jthread thread_;                           // begun when there is something to move
};

}  // namespace jx::db
