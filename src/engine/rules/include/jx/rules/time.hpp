// time.hpp - the dates, times and durations of FEEL (DMN 1.5, 10.3.2.3.4 to 10.3.2.3.8). Proleptic Gregorian, years +-999,999,999.
#pragma once
#include <jx/core/clock.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jx::rules {

inline constexpr std::int64_t year_max = 999'999'999;

/// What a time is relative to: nothing, a fixed offset, or a zone of the IANA database (from ICU). 4 octets.
class Zone {
 public:
  constexpr Zone() = default;
  [[nodiscard]] static std::optional<Zone> offset(int seconds);              // nullopt beyond +-18:00
  [[nodiscard]] static std::optional<Zone> named(std::string_view iana_id);  // nullopt if ICU knows none of this name
  [[nodiscard]] static constexpr Zone utc() { return Zone(offset_zero); }

  [[nodiscard]] bool none() const { return code_ == 0; }
  [[nodiscard]] bool is_offset() const { return code_ > 0; }
  [[nodiscard]] bool is_named() const { return code_ < 0; }
  [[nodiscard]] int offset_seconds() const { return code_ - offset_zero; }  // of is_offset()
  [[nodiscard]] std::string name() const;                                   // of is_named()
  /// Seconds east of Greenwich at a local time (seconds since 1970-01-01T00:00:00 local). Of two readings the earlier instant.
  [[nodiscard]] int offset_at_local(std::int64_t local_seconds) const;
  [[nodiscard]] int offset_at_instant(std::int64_t utc_seconds) const;
  /// "", "Z", "+08:00", "@Asia/Shanghai".
  [[nodiscard]] std::string text() const;

  friend bool operator==(Zone, Zone) = default;

 private:
  static constexpr std::int32_t offset_zero = 100'000;
  constexpr explicit Zone(std::int32_t code) : code_(code) {}
  std::int32_t code_ = 0;  // 0 none; positive: offset + 100,000; negative: index of a name in a table of the program
};

struct Date {
  std::int64_t days = 0;  // since 1970-01-01
  [[nodiscard]] static std::optional<Date> of(std::int64_t year, int month, int day);
  struct Ymd {
    std::int64_t year;
    int month, day;
  };
  [[nodiscard]] Ymd ymd() const;
  [[nodiscard]] int weekday() const;  // 1 = Monday ... 7 = Sunday
  [[nodiscard]] std::string text() const;
  [[nodiscard]] static std::optional<Date> parse(std::string_view text);
  friend auto operator<=>(const Date&, const Date&) = default;
};

struct Time {
  std::int64_t nanos = 0;  // of the local day
  Zone zone;
  [[nodiscard]] std::string text() const;
  [[nodiscard]] static std::optional<Time> parse(std::string_view text);
};

struct DateTime {
  std::int64_t seconds = 0;  // local, since 1970-01-01T00:00:00
  std::int32_t nanos = 0;    // 0 to 999,999,999
  Zone zone;
  [[nodiscard]] std::int64_t utc_seconds() const;  // local where there is no zone
  [[nodiscard]] Date date() const;
  [[nodiscard]] Time time() const;
  [[nodiscard]] static DateTime at(Instant instant, Zone zone);
  [[nodiscard]] std::string text() const;
  [[nodiscard]] static std::optional<DateTime> parse(std::string_view text);
};

struct Months {  // years and months duration
  std::int64_t months = 0;
  [[nodiscard]] std::string text() const;
  [[nodiscard]] static std::optional<Months> parse(std::string_view text);
  friend auto operator<=>(const Months&, const Months&) = default;
};

struct Span {                // days and time duration
  std::int64_t seconds = 0;  // floor
  std::int32_t nanos = 0;    // 0 to 999,999,999, added to seconds
  [[nodiscard]] std::string text() const;
  [[nodiscard]] static std::optional<Span> parse(std::string_view text);
  friend auto operator<=>(const Span&, const Span&) = default;
};

}  // namespace jx::rules
