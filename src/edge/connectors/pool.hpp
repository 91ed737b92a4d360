// pool.hpp - the open connections of one source, each for one thread at a time; private to the module.
#pragma once
#include <jx/core.hpp>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace jx::connectors {

inline constexpr std::size_t connections_max = 8;  // of one source: a department's database serves others too

/// `Connection` has `bool usable() const`, whether it can serve again, and `bool worth_retry() const`, whether what failed is likely past with a new
/// one.
template <class Connection>
class Pool {
 public:
  using Open = std::function<Result<std::unique_ptr<Connection>>(Instant deadline)>;
  explicit Pool(Open open) : open_(std::move(open)) {}

  /// Waits for one of connections_max, and runs `f` on it. What failed on a kept connection that was lost meanwhile is tried once more on a new one,
  /// if `f` has not begun to hand out what it found. Errors: of `f`; of opening; limited (none became free in time).
  template <class F>
  auto with(Instant deadline, F&& f) -> std::invoke_result_t<F, Connection&> {
    JX_TRY(kept, take(deadline));
    if (kept) {
      auto answer = f(*kept);
      const bool again = !answer && kept->worth_retry();
      if (!again) {
        give_back(std::move(kept));
        return answer;
      }
      const std::lock_guard lock(mutex_);
      idle_.clear();  // most likely lost, too
    }
    auto opened = open_(deadline);
    if (!opened) {
      give_back(nullptr);
      return std::unexpected(std::move(opened).error());
    }
    auto answer = f(**opened);
    give_back(std::move(*opened));
    return answer;
  }

 private:
  /// A kept connection, or the right to open one (null).
  Result<std::unique_ptr<Connection>> take(Instant deadline) {
    std::unique_lock lock(mutex_);
    const auto may = [&] { return busy_ < connections_max; };
    const auto left = deadline == no_deadline ? std::chrono::microseconds(wait_max) : deadline - SystemClock().now();
    if (!free_.wait_for(lock, std::min<std::chrono::microseconds>(left, wait_max), may)) {
      return fail(ErrorCode::limited, {"too many calls wait for this data source; try again", "等待该数据源的请求过多，请稍后再试"});
    }
    ++busy_;
    if (idle_.empty()) return std::unique_ptr<Connection>();
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
  }

  void give_back(std::unique_ptr<Connection> connection) {
    {
      const std::lock_guard lock(mutex_);
      --busy_;
      if (connection && connection->usable()) idle_.push_back(std::move(connection));
    }
    free_.notify_one();
  }

  static constexpr std::chrono::microseconds wait_max{30'000'000};

  Open open_;
  std::mutex mutex_;
  std::condition_variable free_;
  std::vector<std::unique_ptr<Connection>> idle_;  // guarded by mutex_
  std::size_t busy_ = 0;                           // guarded by mutex_
};

}  // namespace jx::connectors
