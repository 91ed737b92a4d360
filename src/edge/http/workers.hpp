// workers.hpp - the threads that run handlers, and their bounded queue.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace jx::http {

class Workers {
 public:
  using Job = std::move_only_function<void()>;

  Workers(std::size_t threads, std::size_t queue_max);
  ~Workers() { stop(); }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// False if queue_max jobs wait already, or after stop().
  [[nodiscard]] bool submit(Job job) { return put(std::move(job), true); }
  /// For the next piece of what was admitted before: no limit, since each connection has one at most.
  [[nodiscard]] bool go_on(Job job) { return put(std::move(job), false); }
  [[nodiscard]] std::size_t waiting() const;
  /// Runs what is queued, then ends the threads.
  void stop();

 private:
  bool put(Job job, bool limited);
  void run();

  const std::size_t queue_max_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> queue_;  // guarded by mutex_
  bool stopping_ = false;  // guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace jx::http
