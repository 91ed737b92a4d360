// sign_out_everywhere.cpp - POST /api/v1/session/end-all (operation signOutEverywhere).
#include "cookies.hpp"
#include "handlers.hpp"

namespace jx::api {

Call::Answer sign_out_everywhere(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.deps.sessions.sign_out_everywhere(tx, call.ctx, call.ctx.actor.account));
    http::Response response = http::no_content();
    drop_cookie(response, call.request, Cookie::session);
    drop_cookie(response, call.request, Cookie::device);
    return response;
  });
}

}  // namespace jx::api
