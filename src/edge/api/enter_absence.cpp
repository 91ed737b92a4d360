// enter_absence.cpp - POST /api/v1/absences (operation enterAbsence).
#include "absence_view.hpp"
#include "handlers.hpp"

namespace jx::api {

namespace {

struct EnterAbsence {
  AccountId stand_in;
  std::optional<std::vector<PostId>> posts;
  LocalDate from, to;
  std::optional<std::string> note;
};
BOOST_DESCRIBE_STRUCT(EnterAbsence, (), (stand_in, posts, from, to, note))

}  // namespace

Call::Answer enter_absence(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(wanted, call.body<EnterAbsence>());
    const auto account = identity::account(tx, wanted.stand_in);
    if (!account) return fail(ErrorCode::invalid, {"there is no such account", "没有该账号"}, "/stand_in");
    identity::NewAbsence absence{account->person, wanted.posts.value_or(std::vector<PostId>()), {wanted.from, wanted.to}, wanted.note.value_or("")};
    JX_TRY(id, identity::enter_absence(tx, call.ctx, absence, call.today()));
    JX_TRY(all, identity::absences_of(tx, call.ctx.actor.person, call.today()));
    for (const auto& one : all) {
      if (one.id != id) continue;
      JX_TRY(view, absence_view(call, tx, one));
      return created("/api/v1/absences/" + id.text(), view);
    }
    return fail(ErrorCode::internal, {"the absence that was entered is not there"});
  });
}

}  // namespace jx::api
