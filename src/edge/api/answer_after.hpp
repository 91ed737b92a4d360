// answer_after.hpp - an act whose answer is read when it is over.
#pragma once
#include "call.hpp"

namespace jx::api {

/// Runs `act` as Call::act_guarded does and answers what `view` shows. The view is read after the commit, on a snapshot, so that no other act waits
/// for the reading; only where the answer is kept under the caller's Idempotency-Key is it a part of the act. Errors: those of both; that the view
/// could not be read does not undo the act.
[[nodiscard]] Call::Answer answer_after(const Call& call, const std::function<Result<>(db::Tx&)>& act, const Call::Act& view);

}  // namespace jx::api
