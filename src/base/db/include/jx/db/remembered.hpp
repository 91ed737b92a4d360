// remembered.hpp - answers of the database that need not be asked for again while nothing was committed that could change them.
#pragma once
#include <jx/core.hpp>
#include <jx/db.hpp>

#include <chrono>
#include <map>
#include <mutex>

namespace jx::db {

inline constexpr auto remembered_for = std::chrono::seconds{1};  // at most: another program may have written
inline constexpr std::size_t remembered_max = 10'000;            // keys; beyond, all are forgotten

/// What was read under a key, for as long as Tx::generation stays the same. Whatever is answered may depend on the key and on rows of the database,
/// and on nothing else. Thread-safe.
template <class Key, class T>
class Remembered {
 public:
  /// `read()` asks the database. Errors: its, which are not remembered.
  template <class Read>
  Result<T> of(const Tx& tx, const Key& key, Read&& read) {
    const auto generation = tx.generation();
    const auto now = Clock::now();
    if (generation) {
      const std::lock_guard lock(mutex_);
      const auto found = held_.find(key);
      if (found != held_.end() && found->second.generation == *generation && now - found->second.read_at < remembered_for) return found->second.value;
    }
    Result<T> value = read();
    if (!value || !generation) return value;
    const std::lock_guard lock(mutex_);
    if (held_.size() >= remembered_max) held_.clear();
    held_.insert_or_assign(key, One{*generation, now, *value});
    return value;
  }

 private:
  using Clock = std::chrono::steady_clock;
  struct One {
    std::uint64_t generation;
    Clock::time_point read_at;
    T value;
  };
  std::mutex mutex_;
  std::map<Key, One, std::less<>> held_;  // guarded by mutex_
};

}  // namespace jx::db
