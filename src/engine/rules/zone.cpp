// zone.cpp - zones of the IANA database, by ICU. A zone once used stays in a table for the life of the program; there are some 600 of them.
#include <jx/rules/time.hpp>

#include <fmt/format.h>
#include <unicode/timezone.h>

#include <array>
#include <atomic>
#include <memory>
#include <mutex>

namespace jx::rules {
namespace {

struct KnownZone {
  std::string name;
  std::unique_ptr<icu::TimeZone> rules;
};

constexpr std::size_t zones_max = 2'000;

class ZoneTable {
 public:
  /// Index of a zone, or nullopt. Thread-safe; entries are never changed or removed.
  std::optional<std::size_t> find(std::string_view name) {
    const std::size_t known = size_.load(std::memory_order_acquire);
    for (std::size_t i = 0; i < known; ++i)
      if (zones_[i].name == name) return i;
    if (name.empty() || name.size() > 64) return std::nullopt;
    UErrorCode status = U_ZERO_ERROR;
    UBool system = false;
    icu::UnicodeString canonical;
    const auto id = icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<std::int32_t>(name.size())));
    icu::TimeZone::getCanonicalID(id, canonical, system, status);
    if (U_FAILURE(status) || !system) return std::nullopt;
    std::unique_ptr<icu::TimeZone> rules(icu::TimeZone::createTimeZone(id));
    const std::scoped_lock lock(mutex_);
    const std::size_t size = size_.load(std::memory_order_relaxed);
    for (std::size_t i = known; i < size; ++i)
      if (zones_[i].name == name) return i;
    if (size == zones_max) return std::nullopt;
    zones_[size] = {std::string(name), std::move(rules)};
    size_.store(size + 1, std::memory_order_release);
    return size;
  }
  const KnownZone& at(std::size_t index) const { return zones_[index]; }

 private:
  std::mutex mutex_;                  // held to add
  std::atomic<std::size_t> size_{0};  // entries below it are complete
  std::array<KnownZone, zones_max> zones_;
};

ZoneTable& table() {
  static ZoneTable zones;
  return zones;
}

/// Rules are known from about 1850 to 2037 and go on in cycles of 400 years; beyond that a year stands for the same one of a cycle that ICU can
/// reckon.
double icu_millis(std::int64_t seconds) {
  constexpr std::int64_t cycle = 146'097LL * 86'400, first = -5'364'662'400 /* 1800 */, last = 253'402'300'799 /* 9999 */;
  if (seconds < first) seconds = first;
  if (seconds > last) seconds = 946'684'800 + (seconds - 946'684'800) % cycle + cycle;
  return static_cast<double>(seconds) * 1000.0;
}

}  // namespace

std::optional<Zone> Zone::offset(int seconds) {
  if (seconds < -64'800 || seconds > 64'800) return std::nullopt;
  return Zone(offset_zero + seconds);
}

std::optional<Zone> Zone::named(std::string_view iana_id) {
  const auto index = table().find(iana_id);
  if (!index) return std::nullopt;
  return Zone(-static_cast<std::int32_t>(*index) - 1);
}

std::string Zone::name() const { return table().at(static_cast<std::size_t>(-code_ - 1)).name; }

int Zone::offset_at_local(std::int64_t local_seconds) const {
  if (!is_named()) return none() ? 0 : offset_seconds();
  std::int32_t raw = 0, dst = 0;
  UErrorCode status = U_ZERO_ERROR;
  table().at(static_cast<std::size_t>(-code_ - 1)).rules->getOffset(icu_millis(local_seconds), true, raw, dst, status);
  return (raw + dst) / 1000;
}

int Zone::offset_at_instant(std::int64_t utc_seconds) const {
  if (!is_named()) return none() ? 0 : offset_seconds();
  std::int32_t raw = 0, dst = 0;
  UErrorCode status = U_ZERO_ERROR;
  table().at(static_cast<std::size_t>(-code_ - 1)).rules->getOffset(icu_millis(utc_seconds), false, raw, dst, status);
  return (raw + dst) / 1000;
}

std::string Zone::text() const {
  if (none()) return {};
  if (is_named()) return "@" + name();
  const int offset = offset_seconds(), magnitude = offset < 0 ? -offset : offset;
  if (offset == 0) return "Z";
  std::string text = fmt::format("{}{:02}:{:02}", offset < 0 ? '-' : '+', magnitude / 3600, magnitude / 60 % 60);
  if (magnitude % 60 != 0) text += fmt::format(":{:02}", magnitude % 60);
  return text;
}

}  // namespace jx::rules
