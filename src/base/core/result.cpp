#include <jx/core/result.hpp>

namespace jx {

std::string_view name(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid: return "invalid";
    case ErrorCode::unauthenticated: return "unauthenticated";
    case ErrorCode::forbidden: return "forbidden";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::conflict: return "conflict";
    case ErrorCode::stale: return "stale";
    case ErrorCode::too_large: return "too_large";
    case ErrorCode::limited: return "limited";
    case ErrorCode::unavailable: return "unavailable";
    case ErrorCode::timeout: return "timeout";
    case ErrorCode::corrupt: return "corrupt";
    case ErrorCode::internal: return "internal";
  }
  return "internal";
}

std::string Error::text() const {
  std::string out(name(code));
  if (!field.empty()) out.append(" at ").append(field);
  out.append(": ").append(message.en);
  if (cause) out.append(" (because: ").append(cause->text()).append(")");
  return out;
}

std::unexpected<Error> fail(ErrorCode code, Words message, std::string field) {
  return std::unexpected(Error{code, std::move(message), std::move(field), nullptr});
}

std::unexpected<Error> fail_because(Error below, ErrorCode code, Words message, std::string field) {
  return std::unexpected(Error{code, std::move(message), std::move(field), std::make_shared<const Error>(std::move(below))});
}

Error under(std::string_view pointer, Error error) {
  error.field.insert(0, pointer);
  return error;
}

}  // namespace jx
