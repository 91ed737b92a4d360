// office_time.hpp - the times that a model writes: ISO 8601 dates, durations and cycles, and terms in working days.
#pragma once
#include <jx/core.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace jx::cases {

/// `P1Y2M`, `P1DT2H`, `PT0.5S`, `-PT1S` is refused; or `10 WD` (working days) or `30 D` (days of all kinds).
struct Duration {
  std::int64_t months = 0;
  Micros span{0};
  int working_days = 0;
  int days = 0;          // of `30 D`: ends at the end of the day, on a working day
  bool is_term = false;  // of the last two kinds
};
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);

/// `R4/PT10S`, `R/2026-01-01T00:00:00Z/P1D`, `R2/P1D/2026-02-01T00:00:00Z`.
struct Cycle {
  std::int64_t repetitions = -1;  // how often it fires in all; -1: without end
  Duration step;
  std::optional<Instant> start;
  std::optional<Instant> end;
};
[[nodiscard]] std::optional<Cycle> parse_cycle(std::string_view text);

/// `2026-11-21T09:00:00+08:00`; without an offset it is local time of `zone_offset`; a bare date is its first instant.
[[nodiscard]] std::optional<Instant> parse_date(std::string_view text, std::string_view zone);

/// What a deadline needs of the office: its zone, and its working days.
class OfficeClock {
 public:
  virtual ~OfficeClock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
  [[nodiscard]] virtual std::string_view zone() const = 0;  // IANA
  /// The end of the n-th working day (or of the n-th day, moved to a working day) after the day of `from`.
  [[nodiscard]] virtual Result<Instant> term_end(Instant from, int n, bool working) const = 0;
};
/// Errors: those of the calendar; invalid (beyond the year 9999).
[[nodiscard]] Result<Instant> after(const OfficeClock& office, Instant from, const Duration& duration);

}  // namespace jx::cases
