#include "session_view.hpp"

#include <jx/messages.hpp>

namespace jx::api {

Result<SessionView> session_view(db::Tx& tx, const Call& call, const identity::Session& session) {
  JX_TRY(profile, identity::profile(tx, call.deps.access, session.actor, call.today()));
  SignedIn who{.name = std::move(profile.name),
               .post = {},
               .unit = {},
               .posts = {},
               .firms = {},
               .permissions = std::move(profile.permissions),
               .must_set_password = session.must_set_password,
               .unread_messages = 0,
               .principals = {}};
  if (!session.actor.post.empty()) who.post = session.actor.post;
  JX_TRY(unit, optional_unit(tx, session.actor.unit));
  who.unit = std::move(unit);
  for (auto& held : profile.posts) {
    who.posts.push_back({held.post.id, std::move(held.post.name), {held.unit.id, held.unit.short_name.value_or(held.unit.name)}});
  }
  for (auto& other : profile.represented) {
    if (other.principal.kind == identity::Principal::Kind::firm) who.firms.push_back({FirmId(other.principal.id), std::move(other.name)});
    if (other.principal.kind == identity::Principal::Kind::person)
      who.principals.push_back({PersonId(other.principal.id), std::move(other.name), std::move(other.items)});
  }
  if (!session.actor.person.nil() && session.actor.post.empty()) {
    JX_TRY(boxes, messages::boxes_of(tx, session.actor.person, call.today()));
    JX_TRY(unread, messages::unread(tx, boxes));
    who.unread_messages = unread;
  }
  return SessionView{session.csrf_token, session.expires_at, std::move(who)};
}

}  // namespace jx::api
