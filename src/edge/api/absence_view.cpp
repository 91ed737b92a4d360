#include "absence_view.hpp"

namespace jx::api {

namespace {

Result<PersonName> person_name(db::Tx& tx, const PersonId& id) {
  JX_TRY(person, identity::person(tx, id));
  return PersonName{id, person.name};
}

}  // namespace

Result<HeldPostName> held_post_name(db::Tx& tx, const PostId& key) {
  JX_TRY(post, identity::post(tx, key));
  JX_TRY(unit, unit_name(tx, post.unit));
  return HeldPostName{key, post.name, std::move(unit)};
}

Result<AbsenceView> absence_view(const Call& call, db::Tx& tx, const identity::Absence& absence) {
  JX_TRY(person, person_name(tx, absence.person));
  JX_TRY(stand_in, person_name(tx, absence.stand_in));
  AbsenceView view{absence.id,
                   std::move(person),
                   std::move(stand_in),
                   {},
                   absence.valid.from,
                   absence.valid.to,
                   absence.state,
                   absence.note,
                   absence.person == call.ctx.actor.person};
  for (const auto& key : absence.posts) {
    JX_TRY(post, held_post_name(tx, key));
    view.posts.push_back(std::move(post));
  }
  return view;
}

Result<bool> grants_rights(const Call& call, db::Tx& tx) { return call.deps.access.allows(tx, call.ctx.actor, "rights.grant"); }

}  // namespace jx::api
