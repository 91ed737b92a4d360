// zone.hpp - offsets of an IANA time zone, from ICU's table.
#pragma once
#include <jx/core/clock.hpp>
#include <jx/core/result.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace jx::calendar {

/// A zone. Cheap to copy, immutable, thread-safe.
class Zone {
 public:
  /// An IANA name such as `Asia/Shanghai`, or `UTC`. Errors: invalid (unknown name).
  [[nodiscard]] static Result<Zone> open(std::string_view name);

  [[nodiscard]] const std::string& name() const { return name_; }
  /// Seconds to add to UTC for local time.
  [[nodiscard]] int offset_seconds(Instant at) const;
  /// The offset of a local time. One that was skipped has the offset before the gap; one that came twice, the first. `second` counts from midnight, 0
  /// to 86'399.
  [[nodiscard]] int offset_seconds(LocalDate date, int second) const;

  [[nodiscard]] LocalDate date_of(Instant at) const;
  /// Seconds since local midnight, by the clock on the wall.
  [[nodiscard]] int second_of_day(Instant at) const;
  /// The instant of a local time; see offset_seconds for those that were skipped or came twice.
  [[nodiscard]] Instant at(LocalDate date, int second) const;
  /// The first instant of a day, and the first after it.
  [[nodiscard]] Instant start_of(LocalDate date) const { return at(date, 0); }
  [[nodiscard]] Instant end_of(LocalDate date) const { return start_of(date + 1); }

 private:
  struct Impl;
  Zone(std::string name, std::shared_ptr<const Impl> impl) : name_(std::move(name)), impl_(std::move(impl)) {}
  std::string name_;
  std::shared_ptr<const Impl> impl_;  // shared because copies of a zone are equal and it never changes
};

}  // namespace jx::calendar
