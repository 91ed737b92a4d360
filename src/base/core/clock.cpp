#include <jx/core/clock.hpp>

#include <pthread.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace jx {
namespace {

std::unexpected<Error> not_a_date(std::string_view text) {
  return fail(ErrorCode::invalid, {"'" + std::string(text.substr(0, 40)) + "' is not a date of the form yyyy-mm-dd that exists",
                                   "“" + std::string(text.substr(0, 40)) + "”不是有效日期（应为 yyyy-mm-dd）"});
}

std::unexpected<Error> not_an_instant() {
  return fail(ErrorCode::invalid, {"this is not a date and time as RFC 3339 writes them, such as 2026-11-21T09:03:56Z",
                                   "不是 RFC 3339 格式的日期时间，例如 2026-11-21T09:03:56Z"});
}

/// `n` decimal digits at `at`, or -1.
int digits(std::string_view text, std::size_t at, std::size_t n) {
  if (at + n > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + n; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

std::string padded(std::int64_t value, int width) {
  const bool negative = value < 0;
  auto digits = std::to_string(negative ? -value : value);
  const auto wanted = static_cast<std::size_t>(width) - (negative ? 1 : 0);
  if (digits.size() < wanted) digits.insert(0, wanted - digits.size(), '0');
  return negative ? '-' + digits : digits;
}

constexpr std::int64_t micros_per_day = 86'400'000'000;

}  // namespace

std::string LocalDate::text() const {
  const auto date = ymd();
  return padded(static_cast<int>(date.year()), 4) + "-" + padded(static_cast<unsigned>(date.month()), 2) + "-" +
         padded(static_cast<unsigned>(date.day()), 2);
}

Result<LocalDate> LocalDate::parse(std::string_view text) {
  const int year = digits(text, 0, 4);
  const int month = digits(text, 5, 2);
  const int day = digits(text, 8, 2);
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || year < 1 || month < 0 || day < 0) return not_a_date(text);
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return not_a_date(text);
  return of(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
}

std::string Instant::text() const {
  std::int64_t day = micros / micros_per_day;
  std::int64_t rest = micros % micros_per_day;
  if (rest < 0) {
    rest += micros_per_day;
    --day;
  }
  const std::int64_t seconds = rest / 1'000'000;
  std::int64_t fraction = rest % 1'000'000;
  std::string out = LocalDate{static_cast<std::int32_t>(day)}.text() + "T" + padded(seconds / 3600, 2) + ":" + padded(seconds / 60 % 60, 2) + ":" +
                    padded(seconds % 60, 2);
  if (fraction != 0) {
    std::string digits_text = padded(fraction, 6);
    digits_text.erase(digits_text.find_last_not_of('0') + 1);
    out += "." + digits_text;
  }
  return out + "Z";
}

Result<Instant> Instant::parse(std::string_view text) {
  if (text.size() < 20 || (text[10] != 'T' && text[10] != 't' && text[10] != ' ')) return not_an_instant();
  const auto date = LocalDate::parse(text.substr(0, 10));
  const int hour = digits(text, 11, 2);
  const int minute = digits(text, 14, 2);
  const int second = digits(text, 17, 2);
  if (!date || text[13] != ':' || text[16] != ':' || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return not_an_instant();
  std::size_t at = 19;
  std::int64_t fraction = 0;
  if (text[at] == '.') {
    std::int64_t unit = 100'000;
    std::size_t count = 0;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++count) {
      fraction += (text[at] - '0') * unit;
      unit /= 10;
    }
    if (count == 0 || count > 9) return not_an_instant();
  }
  std::int64_t offset_minutes = 0;
  if (at + 1 == text.size() && (text[at] == 'Z' || text[at] == 'z')) {
    offset_minutes = 0;
  } else {
    if (at + 6 != text.size() || (text[at] != '+' && text[at] != '-') || text[at + 3] != ':') return not_an_instant();
    const int offset_hour = digits(text, at + 1, 2);
    const int offset_minute = digits(text, at + 4, 2);
    if (offset_hour < 0 || offset_hour > 23 || offset_minute < 0 || offset_minute > 59) return not_an_instant();
    offset_minutes = (offset_hour * 60 + offset_minute) * (text[at] == '-' ? -1 : 1);
  }
  const std::int64_t seconds = hour * 3600 + minute * 60 + second;
  return Instant{date->days * micros_per_day + (seconds - offset_minutes * 60) * 1'000'000 + fraction};
}

Instant SystemClock::now() const { return {std::chrono::duration_cast<Micros>(std::chrono::system_clock::now().time_since_epoch()).count()}; }

Instant MovableClock::now() const {
  const auto standing = standing_.load();
  return standing == goes ? SystemClock().now() + offset() : Instant{standing};
}

void VirtualClock::advance_to(Instant at) {
  std::int64_t seen = micros_.load();
  while (seen < at.micros && !micros_.compare_exchange_weak(seen, at.micros)) {
  }
}

namespace {

void ask_kernel(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno != EINTR) std::abort();
    if (got > 0) out = out.subspan(static_cast<std::size_t>(got));
  }
}

std::atomic<unsigned> forks{0};  // that this process is the child of: a child may not use what its parent has

/// Octets of the kernel that are asked for together: for a UUID, a call of the kernel costs more than the octets do. Each is given out once and
/// wiped.
struct Pool {
  std::array<std::uint8_t, 512> octets;
  std::size_t left = 0;
  unsigned of = 0;

  void take(std::span<std::uint8_t> out) {
    static const int watched = pthread_atfork(nullptr, nullptr, [] { ++forks; });
    if (watched != 0) return ask_kernel(out);
    if (left < out.size() || of != forks) {
      ask_kernel(octets);
      left = octets.size();
      of = forks;
    }
    const auto taken = std::span(octets).subspan(left - out.size(), out.size());
    std::ranges::copy(taken, out.begin());
    explicit_bzero(taken.data(), taken.size());
    left -= out.size();
  }
};

constexpr std::size_t pooled_bytes_max = 64;

}  // namespace

void SystemRandom::fill(std::span<std::uint8_t> out) {
  thread_local Pool pool;
  if (out.size() > pooled_bytes_max) return ask_kernel(out);
  pool.take(out);
}

void SeededRandom::fill(std::span<std::uint8_t> out) {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < out.size(); i += 8) {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t value = state_;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    value ^= value >> 31;
    for (std::size_t k = 0; k < 8 && i + k < out.size(); ++k) out[i + k] = static_cast<std::uint8_t>(value >> (8 * k));
  }
}

}  // namespace jx
