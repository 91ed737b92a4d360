#include "answer_after.hpp"

namespace jx::api {

Call::Answer answer_after(const Call& call, const std::function<Result<>(db::Tx&)>& act, const Call::Act& view) {
  const bool kept = call.request.header("Idempotency-Key").has_value();
  auto answer = call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(act(tx));
    return kept ? view(tx) : http::no_content();
  });
  return kept || !answer ? std::move(answer) : call.read(view);
}

}  // namespace jx::api
