// problem.hpp - the one table from error codes to HTTP statuses, and RFC 9457 problem documents.
#pragma once
#include <jx/core.hpp>
#include <jx/core/fault.hpp>

#include <string>
#include <string_view>

namespace jx::http {

/// The HTTP status of an error code.
[[nodiscard]] int status_of(ErrorCode code);
/// The reason phrase of RFC 9110 section 15, such as `Not Found`.
[[nodiscard]] std::string_view reason(int status);
/// `/problems/<code>`: the type of a problem document.
[[nodiscard]] std::string problem_type(ErrorCode code);

/// application/problem+json: type, title, status, detail, code, request_id, and `field` (JSON Pointer) where the error names one,
/// and `errors` (pointer, code, message in both languages) where there are `faults`.
/// internal and corrupt never tell their detail: it goes to the log under the same request id.
[[nodiscard]] std::string problem_json(const Error& error, int status, std::string_view language, const RequestId& request,
                                       const Faults& faults = {});

}  // namespace jx::http
