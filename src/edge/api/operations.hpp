// operations.hpp - the table of operations: what api/openapi.yaml says in code. A test holds the two against each other.
#pragma once
#include "call.hpp"

#include <span>

namespace jx::api {

enum class Who { anyone, signed_in };
enum class Keyed { no, yes };      // whether it takes an Idempotency-Key
enum class Rate { calls, files };  // files: of the published log, which whoever verifies it reads by the thousand

struct Operation {
  std::string_view id;  // operationId
  http::Method method;
  std::string_view path;
  Handler handler;
  Who who = Who::signed_in;
  std::size_t body_bytes_max = 0;  // 0: takes no body
  Keyed keyed = Keyed::no;
  Rate rate = Rate::calls;
};

[[nodiscard]] std::span<const Operation> operations();

}  // namespace jx::api
