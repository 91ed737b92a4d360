// operations.hpp - the table of operations: what api/openapi.yaml says in code. A test holds the two against each other.
#pragma once
#include "call.hpp"

#include <span>

namespace jx::api {

enum class Who { anyone, signed_in };
enum class Key { none, taken };  // Idempotency-Key

struct Operation {
  std::string_view id;  // operationId
  http::Method method;
  std::string_view path;
  Handler handler;
  Who who = Who::signed_in;
  std::size_t body_bytes_max = 0;  // 0: takes no body
  Key key = Key::none;
};

[[nodiscard]] std::span<const Operation> operations();

}  // namespace jx::api
