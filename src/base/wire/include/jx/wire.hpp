// wire.hpp - strict JSON: text <-> boost::json::value <-> structs described by BOOST_DESCRIBE_STRUCT.
//
//   struct Receipt { CaseId id; LocalDate due_on; std::optional<std::string> note; };
//   BOOST_DESCRIBE_STRUCT(Receipt, (), (id, due_on, note))
//   enum class Grade { good, bad };
//   BOOST_DESCRIBE_ENUM(Grade, good, bad)
//
//   JX_TRY(receipt, wire::decode<Receipt>(body));   // or from a boost::json::value
//   std::string text = wire::encode(receipt);
//
// Wire names are the names of the C++ members and enumerators; one trailing underscore (`class_`) is dropped.
// Members: bool, integers (range of their type), double, std::string, described enums and structs, Bytes (base64),
// LocalizedText, boost::json::value for free parts, std::optional (absent or null; left out when encoded), std::vector, std::map
// from std::string or Key, and every type with `text()` and `static Result<T> parse(std::string_view)`: Id, Key, Instant, LocalDate.
// Whoever touches a boost::json::value includes <boost/json/value.hpp>; this header does not, because it is slow to compile.
#pragma once
#include <jx/core.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/json/fwd.hpp>
#include <boost/mp11/algorithm.hpp>

#include <array>
#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace jx {
BOOST_DESCRIBE_STRUCT(Code, (), (scheme, value))
BOOST_DESCRIBE_STRUCT(Words, (), (en, zh))
}  // namespace jx

namespace jx::wire {

/// What a text may hold at most. Beyond: too_large.
struct Limits {
  std::size_t bytes = 1U << 20U;
  std::size_t depth = 32;                // of arrays and objects within one another
  std::size_t values = 100'000;          // scalars, arrays and objects together
  std::size_t string_bytes = 1U << 18U;  // of one text or key, decoded
};

/// One JSON text (RFC 8259, and I-JSON RFC 7493: UTF-8, no key twice in an object, no lone surrogate). Doubles are rounded exactly.
/// Errors: invalid (the message says line and column, and `fault_line` gets the line; the field is the pointer of the value it stands in), too_large.
[[nodiscard]] Result<boost::json::value> parse(std::string_view text, const Limits& limits = {}, int* fault_line = nullptr);

/// RFC 8785 (JCS): keys sorted by UTF-16 code units, numbers as ECMAScript prints them; integers beyond 2^53 lose digits, as it says.
/// Errors: invalid (a number that is not finite, or a text that is not UTF-8).
[[nodiscard]] Result<std::string> canonical(const boost::json::value& value);

/// Compact JSON text. A number that is not finite becomes null, as in ECMAScript.
[[nodiscard]] std::string to_text(const boost::json::value& value);

/// The 1-based line on which the value of `pointer` begins in a JSON text that parse() accepts; of its nearest parent if it is absent.
[[nodiscard]] int line_of(std::string_view json, std::string_view pointer);

/// One step of a JSON Pointer, with its slash and escapes: `/a~1b` for the key `a/b`.
[[nodiscard]] std::string pointer_step(std::string_view key);

/// Where a decoder stands in its input: a chain on the stack that becomes a JSON Pointer only for an error.
class Place {
 public:
  Place() = default;
  Place(const Place& up, std::string_view key) : up_(&up), key_(key) {}
  Place(const Place& up, std::size_t index) : up_(&up), index_(index), is_index_(true) {}
  [[nodiscard]] std::string pointer() const;

 private:
  const Place* up_ = nullptr;
  std::string_view key_;
  std::size_t index_ = 0;
  bool is_index_ = false;
};

/// Takes values in the order in which they are written. Calls must nest as JSON does; key() comes before each member.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void null() = 0;
  virtual void boolean(bool value) = 0;
  virtual void integer(std::int64_t value) = 0;
  virtual void natural(std::uint64_t value) = 0;
  virtual void real(double value) = 0;
  virtual void text(std::string_view value) = 0;
  virtual void value(const boost::json::value& value) = 0;
  virtual void begin_array() = 0;
  virtual void end_array() = 0;
  virtual void begin_object() = 0;
  virtual void key(std::string_view name) = 0;
  virtual void end_object() = 0;
};

/// Writes compact JSON text.
class TextSink final : public Sink {
 public:
  void null() override;
  void boolean(bool value) override;
  void integer(std::int64_t value) override;
  void natural(std::uint64_t value) override;
  void real(double value) override;
  void text(std::string_view value) override;
  void value(const boost::json::value& value) override;
  void begin_array() override;
  void end_array() override;
  void begin_object() override;
  void key(std::string_view name) override;
  void end_object() override;
  [[nodiscard]] std::string take() && { return std::move(out_); }

 private:
  void separate();
  std::string out_;
  bool follows_ = false;  // a value stands before, in the same array or object
};

// ---- how one type is read and written -------------------------------------------------------------------------------------------

namespace detail {

struct Member {
  std::string_view name;
  bool optional;
};

using Json = boost::json::value;

[[nodiscard]] Result<bool> read_boolean(const Json& value, const Place& at);
[[nodiscard]] Result<std::int64_t> read_integer(const Json& value, const Place& at, std::int64_t min, std::int64_t max);
[[nodiscard]] Result<std::uint64_t> read_natural(const Json& value, const Place& at, std::uint64_t max);
[[nodiscard]] Result<double> read_real(const Json& value, const Place& at);
[[nodiscard]] Result<std::string_view> read_text(const Json& value, const Place& at);
[[nodiscard]] Result<std::size_t> read_name(const Json& value, const Place& at, std::span<const std::string_view> names);
[[nodiscard]] Result<Bytes> read_bytes(const Json& value, const Place& at);
[[nodiscard]] Result<LocalizedText> read_localized(const Json& value, const Place& at);
/// Errors: invalid (not an object; a key that is not in `members`; a missing one that is not optional).
[[nodiscard]] Result<> check_object(const Json& value, const Place& at, std::span<const Member> members);
[[nodiscard]] Result<std::size_t> object_size(const Json& value, const Place& at);
[[nodiscard]] Result<std::size_t> array_size(const Json& value, const Place& at);
[[nodiscard]] bool is_null(const Json& value);
/// Null where the object has no such member.
[[nodiscard]] const Json* member(const Json& object, std::string_view name);
[[nodiscard]] std::pair<std::string_view, const Json*> member(const Json& object, std::size_t index);
[[nodiscard]] const Json& element(const Json& array, std::size_t index);
void copy(const Json& from, Json& to);
[[nodiscard]] Error at_place(const Place& at, Error error);

struct Drop {
  void operator()(const Json* value) const;
};
using Owned = std::unique_ptr<const Json, Drop>;
[[nodiscard]] Result<Owned> parse_owned(std::string_view text, const Limits& limits);
[[nodiscard]] Json build(void (*write)(Sink&, const void*), const void* object);

template <class T>
concept Textual = requires(const T& value, std::string_view text) {
  { value.text() } -> std::convertible_to<std::string_view>;
  { T::parse(text) } -> std::same_as<Result<T>>;
};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_map = false;
template <class K, class T>
inline constexpr bool is_map<std::map<K, T>> = true;
template <class T>
inline constexpr bool not_supported = false;

template <class T>
using MembersOf = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

constexpr std::string_view wire_name(std::string_view name) { return name.ends_with('_') ? name.substr(0, name.size() - 1) : name; }

template <class T>
constexpr auto members_of() {
  return []<template <class...> class L, class... D>(L<D...>) {
    return std::array<Member, sizeof...(D)>{Member{wire_name(D::name), is_optional<std::remove_cvref_t<decltype(std::declval<T>().*D::pointer)>>}...};
  }(MembersOf<T>());
}

template <class E>
constexpr auto names_of() {
  return []<template <class...> class L, class... D>(L<D...>) {
    return std::array<std::string_view, sizeof...(D)>{wire_name(D::name)...};
  }(boost::describe::describe_enumerators<E>());
}

template <class E>
constexpr auto enumerators_of() {
  return []<template <class...> class L, class... D>(L<D...>) {
    return std::array<E, sizeof...(D)>{D::value...};
  }(boost::describe::describe_enumerators<E>());
}

}  // namespace detail

/// Reads `value` into `out`. For modules that add their own forms; everyone else calls decode().
template <class T>
[[nodiscard]] Result<> read(const boost::json::value& value, const Place& at, T& out);

/// Writes `value`. For modules that add their own forms; everyone else calls encode().
template <class T>
void write(Sink& sink, const T& value);

/// The name of a described enumerator on the wire; "" for a value without one.
template <class E>
  requires std::is_enum_v<E>
[[nodiscard]] constexpr std::string_view name_of(E value) {
  constexpr auto values = detail::enumerators_of<E>();
  constexpr auto names = detail::names_of<E>();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] == value) return names[i];
  }
  return {};
}

/// The described enumerator of that name, or nothing.
template <class E>
  requires std::is_enum_v<E>
[[nodiscard]] constexpr std::optional<E> enum_of(std::string_view name) {
  constexpr auto values = detail::enumerators_of<E>();
  constexpr auto names = detail::names_of<E>();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return values[i];
  }
  return std::nullopt;
}

/// A struct from a JSON value. Errors: invalid; Error::field is a JSON Pointer: unknown key, missing key, wrong type, out of range.
template <class T, std::same_as<boost::json::value> V>
[[nodiscard]] Result<T> decode(const V& value) {
  T out{};
  JX_CHECK(read(value, Place(), out));
  return out;
}

/// A struct from JSON text. Errors: those of parse() and of decode() from a value.
template <class T>
[[nodiscard]] Result<T> decode(std::string_view text, const Limits& limits = {}) {
  JX_TRY(value, detail::parse_owned(text, limits));
  T out{};
  JX_CHECK(read(*value, Place(), out));
  return out;
}

/// Compact JSON text; members in the order in which they are described.
template <class T>
[[nodiscard]] std::string encode(const T& value) {
  TextSink sink;
  write(sink, value);
  return std::move(sink).take();
}

/// The same as a JSON value. `V` is boost::json::value, which need be complete only where this is called.
template <class T, class V = boost::json::value>
[[nodiscard]] V to_value(const T& value) {
  return detail::build([](Sink& sink, const void* object) { write(sink, *static_cast<const T*>(object)); }, &value);
}

// ---- templates --------------------------------------------------------------------------------------------------------------------

template <class T>
Result<> read(const boost::json::value& value, const Place& at, T& out) {
  if constexpr (std::is_same_v<T, bool>) {
    JX_TRY(found, detail::read_boolean(value, at));
    out = found;
  } else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) {
    JX_TRY(found, detail::read_integer(value, at, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
    out = static_cast<T>(found);
  } else if constexpr (std::is_integral_v<T>) {
    JX_TRY(found, detail::read_natural(value, at, std::numeric_limits<T>::max()));
    out = static_cast<T>(found);
  } else if constexpr (std::is_same_v<T, double>) {
    JX_TRY(found, detail::read_real(value, at));
    out = found;
  } else if constexpr (std::is_same_v<T, std::string>) {
    JX_TRY(found, detail::read_text(value, at));
    out = found;
  } else if constexpr (std::is_same_v<T, boost::json::value>) {
    detail::copy(value, out);
  } else if constexpr (std::is_same_v<T, Bytes>) {
    JX_TRY(found, detail::read_bytes(value, at));
    out = std::move(found);
  } else if constexpr (std::is_same_v<T, LocalizedText>) {
    JX_TRY(found, detail::read_localized(value, at));
    out = std::move(found);
  } else if constexpr (detail::is_optional<T>) {
    if (detail::is_null(value)) {
      out.reset();
    } else {
      JX_CHECK(read(value, at, out.emplace()));
    }
  } else if constexpr (detail::is_vector<T>) {
    JX_TRY(size, detail::array_size(value, at));
    out.clear();
    out.reserve(size);
    for (std::size_t i = 0; i < size; ++i) {
      typename T::value_type item{};
      JX_CHECK(read(detail::element(value, i), Place(at, i), item));
      out.push_back(std::move(item));
    }
  } else if constexpr (detail::is_map<T>) {
    JX_TRY(size, detail::object_size(value, at));
    out.clear();
    for (std::size_t i = 0; i < size; ++i) {
      const auto [name, item] = detail::member(value, i);
      const Place place(at, name);
      if constexpr (std::is_same_v<typename T::key_type, std::string>) {
        JX_CHECK(read(*item, place, out[std::string(name)]));
      } else {
        auto key = T::key_type::parse(name);
        if (!key) return std::unexpected(detail::at_place(place, std::move(key).error()));
        JX_CHECK(read(*item, place, out[std::move(*key)]));
      }
    }
  } else if constexpr (std::is_enum_v<T>) {
    static constexpr auto names = detail::names_of<T>();
    JX_TRY(index, detail::read_name(value, at, names));
    out = detail::enumerators_of<T>()[index];
  } else if constexpr (detail::Textual<T>) {
    JX_TRY(text, detail::read_text(value, at));
    auto found = T::parse(text);
    if (!found) return std::unexpected(detail::at_place(at, std::move(found).error()));
    out = std::move(*found);
  } else if constexpr (boost::describe::has_describe_members<T>::value) {
    static constexpr auto members = detail::members_of<T>();
    JX_CHECK(detail::check_object(value, at, members));
    Result<> done;
    boost::mp11::mp_for_each<detail::MembersOf<T>>([&](auto described) {
      constexpr std::string_view name = detail::wire_name(decltype(described)::name);
      if (!done) return;
      if (const auto* found = detail::member(value, name)) done = read(*found, Place(at, name), out.*decltype(described)::pointer);
    });
    return done;
  } else {
    static_assert(detail::not_supported<T>, "wire cannot read this type: describe it with BOOST_DESCRIBE_STRUCT or BOOST_DESCRIBE_ENUM");
  }
  return {};
}

template <class T>
void write(Sink& sink, const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    sink.boolean(value);
  } else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) {
    sink.integer(value);
  } else if constexpr (std::is_integral_v<T>) {
    sink.natural(value);
  } else if constexpr (std::is_same_v<T, double>) {
    sink.real(value);
  } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, std::string_view>) {
    sink.text(value);
  } else if constexpr (std::is_same_v<T, boost::json::value>) {
    sink.value(value);
  } else if constexpr (std::is_same_v<T, Bytes>) {
    sink.text(to_base64(value));
  } else if constexpr (std::is_same_v<T, LocalizedText>) {
    write(sink, value.by_language());
  } else if constexpr (detail::is_optional<T>) {
    value ? write(sink, *value) : sink.null();
  } else if constexpr (detail::is_vector<T>) {
    sink.begin_array();
    for (const auto& item : value) write(sink, item);
    sink.end_array();
  } else if constexpr (detail::is_map<T>) {
    sink.begin_object();
    for (const auto& [key, item] : value) {
      if constexpr (std::is_same_v<typename T::key_type, std::string>)
        sink.key(key);
      else
        sink.key(key.text());
      write(sink, item);
    }
    sink.end_object();
  } else if constexpr (std::is_enum_v<T>) {
    sink.text(name_of(value));
  } else if constexpr (detail::Textual<T>) {
    sink.text(value.text());
  } else if constexpr (boost::describe::has_describe_members<T>::value) {
    sink.begin_object();
    boost::mp11::mp_for_each<detail::MembersOf<T>>([&](auto described) {
      const auto& item = value.*decltype(described)::pointer;
      if constexpr (detail::is_optional<std::remove_cvref_t<decltype(item)>>) {
        if (!item) return;
      }
      sink.key(detail::wire_name(decltype(described)::name));
      write(sink, item);
    });
    sink.end_object();
  } else {
    static_assert(detail::not_supported<T>, "wire cannot write this type: describe it with BOOST_DESCRIBE_STRUCT or BOOST_DESCRIBE_ENUM");
  }
}

}  // namespace jx::wire
