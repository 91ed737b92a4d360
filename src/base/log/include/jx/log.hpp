// log.hpp - what the program says of itself to its operators: one JSON object a line.
//
//   log.info("pack.applied", {{"pack", key}, {"changes", changes.size()}});
//   log.warning("http.refused", {{"error", error}, {"agent", log::untrusted(request.agent())}});
//
// Personal data cannot slip in: a name is a literal, and a value is a number, an Id, a Key, an enumerator, an instant, an Error (whose
// message has none, jx/core/result.hpp) or a literal. Text from outside needs untrusted(), which cuts and escapes it.
#pragma once
#include <jx/core.hpp>

#include <boost/describe/enum_to_string.hpp>

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace jx::log {

enum class Level { debug, info, warning, error };

inline constexpr std::size_t untrusted_bytes_max = 200;
inline constexpr std::size_t error_bytes_max = 600;
inline constexpr std::size_t fields_max = 24;  // of one line; more are left out

/// A string literal, proven by the compiler.
class Literal {
 public:
  template <std::size_t N>
  consteval Literal(const char (&text)[N]) : text_(text, N - 1) {}  // NOLINT(*-explicit-*,*-c-arrays)
  [[nodiscard]] constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

/// Text from outside. Cut to untrusted_bytes_max octets; all but printable ASCII is escaped, so that a line stays a line and a terminal calm.
struct Untrusted {
  std::string_view text;
};
[[nodiscard]] inline Untrusted untrusted(std::string_view text) { return {text}; }

template <class E>
concept Named = std::is_enum_v<E> && requires(E value) {
  { name(value) } -> std::convertible_to<std::string_view>;
};

/// A name and a value. Borrows: lives only for the call.
class Field {
 public:
  using Value = std::variant<std::int64_t, std::uint64_t, double, bool, std::string_view, Uuid, Instant, Untrusted, const Error*>;

  template <class T>
    requires std::is_arithmetic_v<T>
  Field(Literal name, T value) : name_(name), value_(number(value)) {}
  Field(Literal name, Literal value) : name_(name), value_(value.text()) {}
  Field(Literal name, Untrusted value) : name_(name), value_(value) {}
  Field(Literal name, Instant value) : name_(name), value_(value) {}
  Field(Literal name, Micros value) : name_(name), value_(std::int64_t{value.count()}) {}  // name it `..._us`
  Field(Literal name, const Error& value) : name_(name), value_(&value) {}
  Field(Literal name, const Uuid& value) : name_(name), value_(value) {}
  template <class Tag>
  Field(Literal name, const Id<Tag>& value) : name_(name), value_(value.uuid()) {}
  template <class Tag>
  Field(Literal name, const Key<Tag>& value) : name_(name), value_(std::string_view(value.text())) {}
  template <class E>
    requires std::is_enum_v<E>
  Field(Literal name, E value) : name_(name), value_(word(value)) {}

  [[nodiscard]] std::string_view name() const { return name_.text(); }
  [[nodiscard]] const Value& value() const { return value_; }

 private:
  template <class T>
  static Value number(T value) {
    if constexpr (std::is_same_v<T, bool>)
      return value;
    else if constexpr (std::is_floating_point_v<T>)
      return static_cast<double>(value);
    else if constexpr (std::is_signed_v<T>)
      return static_cast<std::int64_t>(value);
    else
      return static_cast<std::uint64_t>(value);
  }
  template <class E>
  static std::string_view word(E value) {
    if constexpr (Named<E>)
      return jx_name(value);
    else
      return boost::describe::enum_to_string(value, "?");
  }
  template <class E>
  static std::string_view jx_name(E value) {
    using jx::name;
    return name(value);  // found where E is declared
  }

  Literal name_;
  Value value_;
};

/// One answered request.
struct Access {
  std::string_view method;     // of the closed list of HTTP methods
  std::string_view operation;  // of the program's own routes, such as `getCase`; never the path, which holds ids
  int status = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  Micros took{0};
  RequestId request;
  Untrusted client;  // the address, or empty where it is not to be kept
};

/// Where lines go. Thread-safe; never blocks on a disk; never fails.
class Log {
 public:
  virtual ~Log() = default;
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  [[nodiscard]] bool wants(Level level) const { return level >= least_; }
  /// `event` is `<module>.<what happened>`.
  void write(Level level, Literal event, std::span<const Field> fields);
  void debug(Literal event, std::initializer_list<Field> fields = {}) { write(Level::debug, event, fields); }
  void info(Literal event, std::initializer_list<Field> fields = {}) { write(Level::info, event, fields); }
  void warning(Literal event, std::initializer_list<Field> fields = {}) { write(Level::warning, event, fields); }
  void error(Literal event, std::initializer_list<Field> fields = {}) { write(Level::error, event, fields); }
  /// At level info, event `http.access`.
  void access(const Access& access);

 protected:
  Log(const Clock& clock, Level least) : clock_(clock), least_(least) {}
  /// Takes one whole line that ends in '\n'; from any thread.
  virtual void put(Level level, std::string_view line) = 0;
  [[nodiscard]] const Clock& clock() const { return clock_; }

 private:
  const Clock& clock_;
  Level least_;
};

struct Options {
  Level least = Level::info;
  std::string path;                         // a file, or empty for the standard error stream
  std::size_t file_bytes_max = 64U << 20U;  // then `name.log` becomes `name.1.log`, and so on
  std::size_t files_max = 8;
  std::size_t waiting_bytes_max = 4U << 20U;  // what is not yet written; beyond it lines are dropped and counted
};

/// Lines wait in memory for one thread that writes them in batches, at most some milliseconds later; errors go at once.
class AsyncLog final : public Log {
 public:
  /// Errors: unavailable (the file cannot be opened).
  [[nodiscard]] static Result<std::unique_ptr<AsyncLog>> open(const Options& options, const Clock& clock);
  ~AsyncLog() override;  // writes what waits

  /// Returns once all that was written before has been handed to the operating system.
  void flush();
  /// Lines lost since the start, because too much waited or the disk refused. A line `log.dropped` says so too.
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  struct State;
  AsyncLog(const Options& options, const Clock& clock, std::unique_ptr<State> state);
  void put(Level level, std::string_view line) override;
  std::unique_ptr<State> state_;
};

/// Keeps the lines; for tests.
class MemoryLog final : public Log {
 public:
  explicit MemoryLog(const Clock& clock, Level least = Level::debug) : Log(clock, least) {}
  [[nodiscard]] std::string text() const;

 private:
  void put(Level level, std::string_view line) override;
  mutable std::mutex mutex_;
  std::string text_;  // guarded by mutex_
};

}  // namespace jx::log
