// get_session.cpp - GET /api/v1/session (operation getSession).
#include "handlers.hpp"
#include "session_view.hpp"

namespace jx::api {

Call::Answer get_session(Call& call) {
  if (!call.session) return ok(SessionView());
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(view, session_view(tx, call, *call.session));
    return ok(view);
  });
}

}  // namespace jx::api
