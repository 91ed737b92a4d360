// result.hpp - errors are values: Result<T>, Error, fail(), JX_TRY.
#pragma once
#include <jx/core/words.hpp>

#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace jx {

/// Every kind of failure that a caller can tell apart. One table (edge/http) maps them to HTTP statuses.
enum class ErrorCode {
  invalid,          // the input breaks a rule; Error::field says where                     422
  unauthenticated,  // nobody is signed in, or the session has ended                        401
  forbidden,        // the actor is known and may not                                       403
  not_found,        // no such thing, or none that the actor may see                        404
  conflict,         // the state does not allow it; the same key with another body          409
  stale,            // somebody changed it meanwhile (If-Match)                             412
  too_large,        // beyond a stated limit                                                413
  limited,          // too many requests, for now                                           429
  unavailable,      // a database, a source or a queue cannot serve now; try again          503
  timeout,          // the deadline passed                                                  504
  corrupt,          // stored data contradicts itself: an operator must look                500
  internal,         // a fault of the program                                               500
};

[[nodiscard]] std::string_view name(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::internal;
  Words message;                       // a sentence that says what is wrong and what to do; no personal data
  std::string field;                   // JSON Pointer (RFC 6901) into the input, or empty
  std::shared_ptr<const Error> cause;  // what lies below; shared because errors are copied and immutable

  /// `code at /field: message (because: ...)`, in English, for logs and the command line.
  [[nodiscard]] std::string text() const;
};

template <class T = void>
using Result = std::expected<T, Error>;

[[nodiscard]] std::unexpected<Error> fail(ErrorCode code, Words message, std::string field = {});

/// The same failure, said in the terms of the caller; `below` stays as its cause.
[[nodiscard]] std::unexpected<Error> fail_because(Error below, ErrorCode code, Words message, std::string field = {});

/// Prefixes the field of a failure with a JSON Pointer, for errors that come from a part of the input.
[[nodiscard]] Error under(std::string_view pointer, Error error);

}  // namespace jx

// NOLINTBEGIN(*-macro-*)
/// JX_TRY(name, expr): `auto& name = *expr`, or return the error of expr.
#define JX_TRY(name, ...)                                                             \
  auto name##_or_error = (__VA_ARGS__);                                               \
  if (!name##_or_error) return ::std::unexpected(std::move(name##_or_error).error()); \
  [[maybe_unused]] auto& name = *name##_or_error

#define JX_CONCAT_2(a, b) a##b
#define JX_CONCAT(a, b) JX_CONCAT_2(a, b)
/// JX_CHECK(expr): return the error of a Result<void> (or of one whose value is not wanted), if it is one.
#define JX_CHECK(...)                                                                     \
  if (auto JX_CONCAT(checked_, __LINE__) = (__VA_ARGS__); !JX_CONCAT(checked_, __LINE__)) \
  return ::std::unexpected(std::move(JX_CONCAT(checked_, __LINE__)).error())
// NOLINTEND(*-macro-*)
