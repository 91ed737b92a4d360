// clock.hpp - instants, dates, the clock and the source of randomness that are passed to all domain code.
#pragma once
#include <jx/core/result.hpp>

#include <atomic>
#include <chrono>
#include <compare>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

namespace jx {

using Micros = std::chrono::duration<std::int64_t, std::micro>;

/// A point of time: microseconds since 1970-01-01T00:00:00Z, without leap seconds. Stored as int64.
struct Instant {
  std::int64_t micros = 0;

  friend constexpr auto operator<=>(Instant, Instant) = default;
  friend constexpr Instant operator+(Instant at, Micros step) { return {at.micros + step.count()}; }
  friend constexpr Instant operator-(Instant at, Micros step) { return {at.micros - step.count()}; }
  friend constexpr Micros operator-(Instant later, Instant earlier) { return Micros{later.micros - earlier.micros}; }

  /// RFC 3339 in UTC with as many fractional digits as are needed: 2026-11-21T09:03:56.5Z.
  [[nodiscard]] std::string text() const;
  /// RFC 3339 with any offset. Errors: invalid.
  [[nodiscard]] static Result<Instant> parse(std::string_view text);
};

inline constexpr Instant no_deadline{INT64_MAX};

/// A day of the proleptic Gregorian calendar, in no zone. `days` counts from 1970-01-01.
struct LocalDate {
  std::int32_t days = 0;

  [[nodiscard]] static constexpr LocalDate of(int year, unsigned month, unsigned day) {
    return {static_cast<std::int32_t>(
        std::chrono::sys_days{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}}.time_since_epoch().count())};
  }
  [[nodiscard]] constexpr std::chrono::year_month_day ymd() const { return std::chrono::sys_days{std::chrono::days{days}}; }
  /// 0 = Sunday ... 6 = Saturday.
  [[nodiscard]] constexpr unsigned weekday() const { return std::chrono::weekday{std::chrono::sys_days{std::chrono::days{days}}}.c_encoding(); }

  friend constexpr auto operator<=>(LocalDate, LocalDate) = default;
  friend constexpr LocalDate operator+(LocalDate date, std::int32_t n) { return {date.days + n}; }
  friend constexpr LocalDate operator-(LocalDate date, std::int32_t n) { return {date.days - n}; }
  friend constexpr std::int32_t operator-(LocalDate later, LocalDate earlier) { return later.days - earlier.days; }

  /// ISO 8601: 2026-11-21.
  [[nodiscard]] std::string text() const;
  /// Exactly yyyy-mm-dd, a day that exists, years 0001 to 9999. Errors: invalid.
  [[nodiscard]] static Result<LocalDate> parse(std::string_view text);
};

/// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override;
};

/// A clock that stands until it is moved: for tests, scenarios, simulation and demo counties.
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(Instant start) : micros_(start.micros) {}
  [[nodiscard]] Instant now() const override { return {micros_.load()}; }
  /// Moves forward only; an earlier instant is ignored.
  void advance_to(Instant at);
  void advance(Micros step) { advance_to(now() + step); }

 private:
  std::atomic<std::int64_t> micros_;
};

/// The machine's clock, shifted by an offset; or, while it stands, the instant that it was set to. For a demonstration county and for the making of
/// its past: a real county's offset is 0.
class MovableClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override;
  /// Stands from now on, at this instant: earlier or later than before.
  void stand_at(Instant at) { standing_.store(at.micros); }
  /// Goes with the machine's time again.
  void go() { standing_.store(goes); }
  void shift_to(Micros offset) { offset_.store(offset.count()); }
  [[nodiscard]] Micros offset() const { return Micros{offset_.load()}; }

 private:
  static constexpr std::int64_t goes = INT64_MIN;
  std::atomic<std::int64_t> standing_{goes};
  std::atomic<std::int64_t> offset_{0};
};

/// Thread-safe source of random octets.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;
};

/// The kernel's generator (getrandom); aborts the program if there is none.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

/// The same octets for the same seed (SplitMix64). For tests and simulation; never for keys.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::uint8_t> out) override;

 private:
  std::mutex mutex_;
  std::uint64_t state_;  // guarded by mutex_
};

}  // namespace jx
