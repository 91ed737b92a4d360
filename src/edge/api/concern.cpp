// concern.cpp - whom a case concerns: who sees it, who steers it, who supervises it.
#include "views.hpp"

#include <algorithm>

namespace jx::api {

Result<bool> supervises(const Call& call, db::Tx& tx, const UnitId& unit) {
  const auto& actor = call.ctx.actor;
  if (actor.unit.empty() || unit.empty()) return false;
  JX_TRY(may, call.deps.access.allows(tx, actor, "cases.supervise", {{"unit", unit.text()}}));
  return may ? identity::within(tx, unit, actor.unit) : Result<bool>(false);
}

Result<UnitId> supervised_unit(const Call& call, db::Tx& tx, const std::optional<std::string>& wanted) {
  const auto none = [] { return fail(ErrorCode::not_found, {"there is no such unit, or you do not supervise it", "没有该单位，或不由您督办"}); };
  const auto& own = call.ctx.actor.unit;
  if (!wanted) {
    JX_CHECK(call.deps.access.require(tx, call.ctx, "cases.supervise", {{"unit", own.text()}}));
    return own.empty() ? Result<UnitId>(none()) : Result<UnitId>(own);
  }
  auto unit = UnitId::parse(*wanted);
  if (!unit || !identity::unit(tx, *unit)) return none();
  JX_TRY(supervised, supervises(call, tx, *unit));
  return supervised ? unit : Result<UnitId>(none());
}

namespace {

/// Whether the caller supervises a unit that handles the case.
Result<bool> supervises_case(const Call& call, db::Tx& tx, CaseId id) {
  if (call.ctx.actor.unit.empty()) return false;
  JX_TRY(units, call.deps.cases.units_of(tx, id));
  for (const auto& unit : units) {
    JX_TRY(yes, supervises(call, tx, unit));
    if (yes) return true;
  }
  return false;
}

}  // namespace

Result<Sight> sight(const Call& call, db::Tx& tx, CaseId id) {
  JX_TRY(summary, call.deps.cases.summary(tx, id));
  const auto& actor = call.ctx.actor;
  if (!actor.person.nil() && actor.post.empty()) {
    JX_TRY(parties, services::parties_of(tx, call.ctx, call.today()));
    if (std::ranges::find(parties, summary.applicant) != parties.end()) return Sight::applicant;
  }
  if (!actor.unit.empty()) {
    JX_TRY(handles, call.deps.cases.handles(tx, id, actor.unit));
    JX_TRY(may_read, call.deps.access.allows(tx, actor, "cases.read", {{"unit", actor.unit.text()}, {"item", summary.item.text()}}));
    if (handles && may_read) return Sight::office;
    JX_TRY(supervised, supervises_case(call, tx, id));
    if (supervised && may_read) return Sight::office;
  }
  JX_TRY(audits, call.deps.access.allows(tx, actor, "audit.read"));
  if (audits) return Sight::office;
  return fail(ErrorCode::not_found, {"there is no such case, or it is not yours to see", "没有该办件，或您无权查看"});
}

Result<> require_supervision(const Call& call, db::Tx& tx, CaseId id) {
  JX_CHECK(sight(call, tx, id));
  JX_TRY(supervised, supervises_case(call, tx, id));
  if (supervised) return {};
  return fail(ErrorCode::forbidden, {"only who supervises a unit that handles the case may do this", "仅督办该办件承办单位的人员可以操作"});
}

Result<> require_steering(const Call& call, db::Tx& tx, CaseId id) {
  JX_CHECK(sight(call, tx, id));
  JX_TRY(may, call.deps.access.allows(tx, call.ctx.actor, "cases.handle"));
  if (may) {
    JX_TRY(open, call.deps.cases.open_tasks(tx, call.ctx, id));
    if (std::ranges::any_of(open, &cases::TaskView::mine)) return {};
  }
  JX_TRY(supervised, supervises_case(call, tx, id));
  if (supervised) return {};
  return fail(ErrorCode::forbidden, {"take on one of the open tasks of the case first", "请先领取该办件的待办任务"});
}

Result<> require_to_send(const Call& call, db::Tx& tx, std::string_view name) {
  JX_TRY(manages, call.deps.access.allows(tx, call.ctx.actor, "cases.manage"));
  if (manages) return {};
  return call.deps.access.require(tx, call.ctx, "cases.message", {{"name", name}});
}

Result<> check_seat(db::Tx& tx, const UnitId& unit, const PostId& post) {
  if (auto found = identity::unit(tx, unit); !found) return fail(ErrorCode::invalid, {"there is no such unit", "没有该单位"}, "/unit");
  if (post.empty()) return {};
  const auto found = identity::post(tx, post);
  if (!found || found->unit != unit) return fail(ErrorCode::invalid, {"the unit has no such post", "该单位没有此岗位"}, "/post");
  return {};
}

Call::Answer case_answer(const Call& call, db::Tx& tx, CaseId id) {
  JX_TRY(view, case_detail(tx, call.deps, call.ctx, id, false));
  JX_TRY(actions, case_actions(call, tx, view));
  view.actions = std::move(actions);
  return ok(view);
}

}  // namespace jx::api
