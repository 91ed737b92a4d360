// choose_post.cpp - PUT /api/v1/session/post (operation choosePost).
#include "handlers.hpp"
#include "session_view.hpp"

namespace jx::api {
namespace {

struct ChoosePost {
  PostId post;
};
BOOST_DESCRIBE_STRUCT(ChoosePost, (), (post))

}  // namespace

Call::Answer choose_post(Call& call) {
  JX_TRY(wanted, call.body<ChoosePost>());
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(session, call.deps.sessions.choose_post(tx, call.ctx, *call.session, wanted.post));
    JX_TRY(view, session_view(tx, call, session));
    return ok(view);
  });
}

}  // namespace jx::api
