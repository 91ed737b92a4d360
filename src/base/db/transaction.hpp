// transaction.hpp - what both databases share about waiting and deadlines.
#pragma once
#include <jx/db.hpp>

#include <algorithm>
#include <chrono>

namespace jx::db {

/// Refuses a transaction inside another one of the same database: it would wait for itself.
class Enter {
 public:
  explicit Enter(const Database* database) : before_(inside), nested_(inside == database) { inside = database; }
  ~Enter() { inside = before_; }
  Enter(const Enter&) = delete;
  Enter& operator=(const Enter&) = delete;
  [[nodiscard]] bool nested() const { return nested_; }
  static bool within(const Database* database) { return inside == database; }

 private:
  static inline thread_local const Database* inside = nullptr;  // whose transaction this thread is running
  const Database* before_;
  bool nested_;
};

inline std::unexpected<Error> nested() { return fail(ErrorCode::internal, "a transaction was begun inside another one"); }
inline std::unexpected<Error> too_many() {
  return fail(ErrorCode::unavailable, {"too many requests wait for the database; try again soon", "系统繁忙，请稍后再试"});
}
inline std::unexpected<Error> too_late() {
  return fail(ErrorCode::timeout, {"the time for this ran out before it began; nothing was written", "操作超时，尚未执行，数据未写入"});
}
inline std::unexpected<Error> done_before() { return fail(ErrorCode::conflict, {"this was done already", "该操作已执行过"}); }

inline bool late(Instant deadline) { return deadline != no_deadline && SystemClock().now() >= deadline; }

/// Of the system clock, and near enough that the sum of it and an epoch fits.
inline std::chrono::system_clock::time_point time_point(Instant deadline) {
  const auto far = std::chrono::system_clock::now() + std::chrono::hours{24};
  if (deadline == no_deadline) return far;
  return std::min(far,
                  std::chrono::system_clock::time_point{std::chrono::duration_cast<std::chrono::system_clock::duration>(Micros{deadline.micros})});
}

}  // namespace jx::db
