// sign_out.cpp - DELETE /api/v1/session (operation signOut).
#include "cookies.hpp"
#include "handlers.hpp"

namespace jx::api {

Call::Answer sign_out(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.deps.sessions.sign_out(tx, call.ctx, *call.session));
    http::Response response = http::no_content();
    drop_cookie(response, call.request, Cookie::session);
    return response;
  });
}

}  // namespace jx::api
