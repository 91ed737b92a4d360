#include <jx/calendar/zone.hpp>

#include <unicode/basictz.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

namespace jx::calendar {
namespace {

constexpr std::int64_t micros_per_second = 1'000'000;
constexpr std::int64_t seconds_per_day = 86'400;

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

struct Zone::Impl {
  std::unique_ptr<const icu::BasicTimeZone> zone;  // its const functions are thread-safe
};

Result<Zone> Zone::open(std::string_view name) {
  const auto unknown = [&] {
    const std::string shown(name.substr(0, 64));
    return fail(ErrorCode::invalid, {"'" + shown + "' is not a time zone of the IANA database, such as Asia/Shanghai",
                                     "“" + shown + "”不是IANA时区名称（例如 Asia/Shanghai）"});
  };
  if (name.empty() || name.size() > 64) return unknown();
  const auto id = icu::UnicodeString::fromUTF8({name.data(), static_cast<std::int32_t>(name.size())});
  std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(id));
  icu::UnicodeString found;
  zone->getID(found);
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString canonical;
  UBool is_system = 0;
  icu::TimeZone::getCanonicalID(id, canonical, is_system, status);
  const auto* basic = dynamic_cast<const icu::BasicTimeZone*>(zone.get());
  if (U_FAILURE(status) || is_system == 0 || basic == nullptr || found != id || name == "Etc/Unknown") return unknown();
  zone.release();  // NOLINT(*-unused-return-value): `basic` is the same object
  return Zone(std::string(name), std::make_shared<const Impl>(Impl{std::unique_ptr<const icu::BasicTimeZone>(basic)}));
}

int Zone::offset_seconds(Instant at) const {
  UErrorCode status = U_ZERO_ERROR;
  std::int32_t raw = 0;
  std::int32_t saving = 0;
  const auto milliseconds = static_cast<UDate>(floor_divide(at.micros, 1000));
  impl_->zone->getOffset(milliseconds, 0, raw, saving, status);
  return (raw + saving) / 1000;
}

int Zone::offset_seconds(LocalDate date, int second) const {
  UErrorCode status = U_ZERO_ERROR;
  std::int32_t raw = 0;
  std::int32_t saving = 0;
  const auto milliseconds = static_cast<UDate>((date.days * seconds_per_day + second) * 1000);
  impl_->zone->getOffsetFromLocal(milliseconds, UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_FORMER, raw, saving, status);
  return (raw + saving) / 1000;
}

LocalDate Zone::date_of(Instant at) const {
  const std::int64_t seconds = floor_divide(at.micros, micros_per_second) + offset_seconds(at);
  return {static_cast<std::int32_t>(floor_divide(seconds, seconds_per_day))};
}

int Zone::second_of_day(Instant at) const {
  const std::int64_t seconds = floor_divide(at.micros, micros_per_second) + offset_seconds(at);
  return static_cast<int>(seconds - floor_divide(seconds, seconds_per_day) * seconds_per_day);
}

Instant Zone::at(LocalDate date, int second) const {
  return {(date.days * seconds_per_day + second - offset_seconds(date, second)) * micros_per_second};
}

}  // namespace jx::calendar
