#include "workers.hpp"

#include <utility>

namespace jx::http {

Workers::Workers(std::size_t threads, std::size_t queue_max) : queue_max_(queue_max) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

std::size_t Workers::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

bool Workers::put(Job job, bool limited) {
  const std::lock_guard lock(mutex_);
  if (stopping_ || (limited && queue_.size() >= queue_max_)) return false;
  if (idle_.empty()) {
    queue_.push_back(std::move(job));
    return true;
  }
  Idle& one = *idle_.back();
  idle_.pop_back();
  one.job = std::move(job);
  one.wake.notify_one();
  return true;
}

void Workers::run() {
  Idle self;
  std::unique_lock lock(mutex_);
  while (true) {
    Job job;
    if (!queue_.empty()) {
      job = std::move(queue_.front());
      queue_.pop_front();
    } else {
      if (stopping_) return;
      idle_.push_back(&self);
      self.wake.wait(lock, [&] { return stopping_ || self.job; });
      if (!self.job) return;
      job = std::exchange(self.job, nullptr);
    }
    lock.unlock();
    job();
    job = nullptr;  // what it holds is let go outside the lock
    lock.lock();
  }
}

void Workers::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (auto* one : idle_) one->wake.notify_one();
    idle_.clear();
  }
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace jx::http
