// workers.hpp - the threads that run handlers, and their bounded queue. The one that became idle last is the first to work again: its stack and its
// share of the heap are still in the processor's caches, and those that were needed in a busy hour only are left alone.
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
  struct Idle {
    std::condition_variable wake;
    Job job;  // given by put()
  };

  bool put(Job job, bool limited);
  void run();

  const std::size_t queue_max_;
  mutable std::mutex mutex_;
  std::vector<Idle*> idle_;  // guarded by mutex_, as is what they point to
  std::deque<Job> queue_;    // guarded by mutex_; empty while somebody is idle
  bool stopping_ = false;    // guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace jx::http
