// choose_post.cpp - PUT /api/v1/session/post (operation choosePost).
#include "handlers.hpp"
#include "session_view.hpp"

namespace jx::api {

namespace {

struct ChoosePost {
  boost::json::value post;  // a PostId, or null for none: to act as a citizen. Not std::optional, since it must be said.
};
BOOST_DESCRIBE_STRUCT(ChoosePost, (), (post))

Result<PostId> post_of(const ChoosePost& wanted) {
  if (wanted.post.is_null()) return PostId();
  if (!wanted.post.is_string())
    return fail(ErrorCode::invalid, {"This is the key of a post, or null for none.", "应为岗位的标识，或 null（不以岗位身份）。"}, "/post");
  auto post = PostId::parse(std::string_view(wanted.post.get_string()));
  if (!post) return std::unexpected(under("/post", std::move(post).error()));
  return post;
}

}  // namespace

Call::Answer choose_post(Call& call) {
  JX_TRY(wanted, call.body<ChoosePost>());
  JX_TRY(post, post_of(wanted));
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(session, call.deps.sessions.choose_post(tx, call.ctx, *call.session, post));
    JX_TRY(view, session_view(tx, call, session));
    return ok(view);
  });
}

}  // namespace jx::api
