#include "session_view.hpp"

namespace jx::api {

Result<SessionView> session_view(db::Tx& tx, const Call& call, const identity::Session& session) {
  JX_TRY(profile, identity::profile(tx, call.deps.access, session.actor, call.today()));
  SignedIn who{.name = std::move(profile.name), .post = {}, .unit = {}, .posts = {}, .firms = {}, .permissions = std::move(profile.permissions), .must_set_password = session.must_set_password};
  if (!session.actor.post.empty()) who.post = session.actor.post;
  JX_TRY(unit, optional_unit(tx, session.actor.unit));
  who.unit = std::move(unit);
  for (auto& held : profile.posts) {
    who.posts.push_back({held.post.id, std::move(held.post.name), {held.unit.id, held.unit.short_name.value_or(held.unit.name)}});
  }
  for (auto& other : profile.represented) {
    if (other.principal.kind == identity::Principal::Kind::firm) who.firms.push_back({FirmId(other.principal.id), std::move(other.name)});
  }
  return SessionView{session.csrf_token, session.expires_at, std::move(who)};
}

}  // namespace jx::api
