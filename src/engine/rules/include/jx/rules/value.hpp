// value.hpp - a value of FEEL: 24 octets, immutable, cheap to copy, safe to share between threads.
#pragma once
#include <jx/rules/number.hpp>
#include <jx/rules/time.hpp>

#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace jx::rules {

enum class Kind : std::uint8_t {
  null,
  boolean,
  number,
  string,
  date,
  time,
  date_time,
  days_time_duration,
  years_months_duration,
  list,
  context,
  range,
  function
};
/// The FEEL name: `days and time duration`.
[[nodiscard]] std::string_view name(Kind kind);

/// Lists and contexts nest at most this deep; a deeper one becomes null where it is made.
inline constexpr unsigned value_depth_max = 500;
/// What a value would hold were nothing in it shared: scalars, lists and contexts, and 16 octets of a text, count one each. A heavier one becomes
/// null where it is made: `for i in 1..100 return partial` is small in memory and has no end when it is written.
inline constexpr std::uint64_t value_weight_max = 1 << 24;

class Value;
struct Entry;
struct RangeData;
struct FunctionData;
namespace detail {
struct Shared;
struct ListData;
struct ContextData;
void retain(Shared* shared) noexcept;
void release(Shared* shared, Kind kind) noexcept;
}  // namespace detail

/// Numbers, times and strings up to 22 octets lie inside; the rest is shared and counted atomically.
class Value {
 public:
  Value() noexcept { std::memset(raw_, 0, sizeof raw_); }                      // null
  Value(bool value) noexcept : Value() { set(Kind::boolean, value ? 1 : 0); }  // NOLINT(*-explicit-*)
  Value(int value) noexcept : Value(Number(value)) {}                          // NOLINT(*-explicit-*)
  Value(std::int64_t value) noexcept : Value(Number(value)) {}                 // NOLINT(*-explicit-*)
  Value(const Number& value) noexcept { put(Kind::number, value); }            // NOLINT(*-explicit-*)
  Value(const char* text) : Value(std::string_view(text)) {}                   // NOLINT(*-explicit-*)
  Value(const std::string& text) : Value(std::string_view(text)) {}            // NOLINT(*-explicit-*)
  Value(std::string_view text);                                                // NOLINT(*-explicit-*) UTF-8
  Value(Date value) noexcept { put(Kind::date, value); }                       // NOLINT(*-explicit-*)
  Value(Time value) noexcept { put(Kind::time, value); }                       // NOLINT(*-explicit-*)
  Value(DateTime value) noexcept { put(Kind::date_time, value); }              // NOLINT(*-explicit-*)
  Value(Span value) noexcept { put(Kind::days_time_duration, value); }         // NOLINT(*-explicit-*)
  Value(Months value) noexcept { put(Kind::years_months_duration, value); }    // NOLINT(*-explicit-*)
  Value(LocalDate value) noexcept : Value(Date{value.days}) {}                 // NOLINT(*-explicit-*)
  template <class T>
  Value(const std::optional<T>& value) : Value() {
    if (value) *this = Value(*value);
  }  // NOLINT(*-explicit-*)
  Value(const void*) = delete;

  [[nodiscard]] static Value list(std::vector<Value> items);
  /// Keys keep their order; of equal keys the last wins.
  [[nodiscard]] static Value context(std::vector<Entry> entries);
  [[nodiscard]] static Value context(std::initializer_list<std::pair<std::string_view, Value>> entries);
  [[nodiscard]] static Value range(RangeData range);
  [[nodiscard]] static Value function(FunctionData function);

  Value(const Value& other) noexcept {
    std::memcpy(raw_, other.raw_, sizeof raw_);
    if (shared()) detail::retain(pointer());
  }
  Value(Value&& other) noexcept {
    std::memcpy(raw_, other.raw_, sizeof raw_);
    std::memset(other.raw_, 0, 2);
  }
  Value& operator=(const Value& other) noexcept {
    Value copy(other);
    swap(copy);
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    Value taken(std::move(other));
    swap(taken);
    return *this;
  }
  ~Value() {
    if (shared()) detail::release(pointer(), kind());
  }
  void swap(Value& other) noexcept {
    unsigned char keep[sizeof raw_];
    std::memcpy(keep, raw_, sizeof raw_);
    std::memcpy(raw_, other.raw_, sizeof raw_);
    std::memcpy(other.raw_, keep, sizeof raw_);
  }

  [[nodiscard]] Kind kind() const noexcept { return static_cast<Kind>(raw_[0]); }
  [[nodiscard]] bool is(Kind k) const noexcept { return kind() == k; }
  [[nodiscard]] bool is_null() const noexcept { return kind() == Kind::null; }
  [[nodiscard]] bool is_true() const noexcept { return kind() == Kind::boolean && raw_[1] == 1; }
  [[nodiscard]] bool is_false() const noexcept { return kind() == Kind::boolean && raw_[1] == 0; }

  // Each of these needs the kind that it names.
  [[nodiscard]] bool boolean() const noexcept { return raw_[1] == 1; }
  [[nodiscard]] Number number() const noexcept { return at<Number>(); }
  [[nodiscard]] std::string_view string() const noexcept;
  [[nodiscard]] Date date() const noexcept { return at<Date>(); }
  [[nodiscard]] Time time() const noexcept { return at<Time>(); }
  [[nodiscard]] DateTime date_time() const noexcept { return at<DateTime>(); }
  [[nodiscard]] Span span() const noexcept { return at<Span>(); }
  [[nodiscard]] Months months() const noexcept { return at<Months>(); }
  [[nodiscard]] std::span<const Value> items() const noexcept;    // of a list
  [[nodiscard]] std::span<const Entry> entries() const noexcept;  // of a context, in order
  [[nodiscard]] const RangeData& range() const noexcept;
  [[nodiscard]] const FunctionData& function() const noexcept;

  /// The entry of a context, or nullptr if this is no context or has none of that key. Valid as long as this value.
  [[nodiscard]] const Value* find(std::string_view key) const noexcept;
  /// Lists and contexts in it; 0 for a scalar.
  [[nodiscard]] unsigned depth() const noexcept;
  /// At most value_weight_max.
  [[nodiscard]] std::uint64_t weight() const noexcept;

  /// As a FEEL literal: strings quoted, dates as @"…". At most `bytes_max`, then cut with "…".
  [[nodiscard]] std::string text(std::size_t bytes_max = 1 << 20) const;

  /// Same kind and same value, as a test needs it: null equals null, a context by its set of keys. FEEL's own `=` has three values and is in the
  /// engine.
  friend bool operator==(const Value& a, const Value& b);
  /// For the engine: adds to a list that nobody else holds; false, and nothing done, if somebody does.
  friend bool append_in_place(Value& list, const Value& item);

 private:
  static constexpr unsigned char on_heap = 0xff;
  template <class T>
  [[nodiscard]] T at() const noexcept {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 16);
    T value;
    std::memcpy(&value, raw_ + 8, sizeof value);
    return value;
  }
  template <class T>
  void put(Kind kind, const T& value) noexcept {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 16);
    std::memset(raw_, 0, sizeof raw_);
    raw_[0] = static_cast<unsigned char>(kind);
    std::memcpy(raw_ + 8, &value, sizeof value);
  }
  void set(Kind kind, unsigned char sub) noexcept {
    raw_[0] = static_cast<unsigned char>(kind);
    raw_[1] = sub;
  }
  void adopt(Kind kind, detail::Shared* shared) noexcept;
  [[nodiscard]] bool shared() const noexcept { return raw_[1] == on_heap; }
  [[nodiscard]] detail::Shared* pointer() const noexcept { return at<detail::Shared*>(); }

  alignas(8) unsigned char raw_[24];  // kind, sub (boolean; length of a short string; 0xff: pointer at 8), then the value at 8; a short string at 2
};

struct Entry {
  std::string key;
  Value value;
};

/// A range of comparable values, or a unary comparison kept as a value: `< 5` is (null..5) with low open.
struct RangeData {
  Value low, high;
  bool low_closed = true, high_closed = true;
  bool low_unbounded = false, high_unbounded = false;  // the end is absent: `< 5`, `>= 2`
  bool single = false;                                 // written `(= 5)`, which is not the same as [5..5]
};

}  // namespace jx::rules
