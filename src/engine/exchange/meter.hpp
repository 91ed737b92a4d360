// meter.hpp - how many answered calls a grant had in the last minute; private to the gateway.
#pragma once
#include <jx/exchange.hpp>

#include <map>
#include <mutex>

namespace jx::exchange {

/// Answered calls by the second in which they were recorded, counted from the epoch.
using CallsBySecond = std::map<std::int64_t, std::int64_t>;

/// What the record said at most a second ago, and the calls of this program since. A minute that is known is not counted again: only its end, where
/// calls may still have been on their way to the record. Thread-safe.
class Meter {
 public:
  /// Takes one call's place, or says that there is none. `count(since)` asks the record; one caller at a time asks, and the others go by what is
  /// known.
  template <class Count>
  Result<bool> take(const GrantId& grant, Instant now, std::int64_t most, Count&& count) {
    std::unique_lock lock(mutex_);
    auto& one = grants_[grant];  // a map's elements stay where they are
    const bool known = one.asked_at && *one.asked_at <= now && now - *one.asked_at < (one.asking ? stale : fresh);
    if (known) return place(one, most);
    const auto from = first_second(one, now);
    const auto before = one.since;
    one.asking = true;
    lock.unlock();
    auto counted = count(Instant{from * second_us - 1});
    lock.lock();
    one.asking = false;
    if (!counted) return std::unexpected(std::move(counted).error());
    one.since -= std::min(before, one.since);  // these are on record; those that came meanwhile may be, and count twice for a second
    one.asked_at = now;
    note(one, from, *counted);
    return place(one, most);
  }
  /// The call was answered, or not; if not, its place is free again.
  void done(const GrantId& grant, bool answered) {
    const std::lock_guard lock(mutex_);
    auto& one = grants_[grant];
    --one.under_way;
    one.since += answered;
  }

 private:
  static constexpr std::int64_t second_us = 1'000'000;
  static constexpr std::int64_t minute_s = 60;
  static constexpr std::int64_t settled_s = 3;  // a call is on record within so many seconds of the time that its record bears
  static constexpr Micros fresh{1'000'000};
  static constexpr Micros stale{5'000'000};

  struct One {
    std::optional<Instant> asked_at;
    bool asking = false;
    CallsBySecond seconds;      // of the last minute, the first of them whole
    std::int64_t recorded = 0;  // their sum
    std::int64_t under_way = 0;
    std::int64_t since = 0;
  };
  static std::int64_t second_of(Instant at) { return at.micros / second_us; }
  static std::int64_t first_second(const One& one, Instant now) {
    const auto minute = second_of(now) - minute_s;
    return one.asked_at && *one.asked_at <= now ? std::max(minute, second_of(*one.asked_at) - settled_s) : minute;
  }
  static void note(One& one, std::int64_t from, const CallsBySecond& counted) {
    one.seconds.erase(one.seconds.lower_bound(from), one.seconds.end());
    one.seconds.insert(counted.begin(), counted.end());
    one.seconds.erase(one.seconds.begin(), one.seconds.lower_bound(second_of(*one.asked_at) - minute_s));
    one.recorded = 0;
    for (const auto& [second, calls] : one.seconds) one.recorded += calls;
  }
  static bool place(One& one, std::int64_t most) {
    if (one.recorded + one.since + one.under_way >= most) return false;
    ++one.under_way;
    return true;
  }
  std::mutex mutex_;
  std::map<GrantId, One> grants_;  // guarded by mutex_
};

}  // namespace jx::exchange
