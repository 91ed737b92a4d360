// concern.cpp - whom a case concerns: who sees it, who steers it, who supervises it.
#include "views_cases.hpp"

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

Result<> require_applying(const Call& call, db::Tx& tx) {
  JX_TRY(at_counter, call.deps.access.allows(tx, call.ctx.actor, "services.accept_for_others"));
  return at_counter ? Result<>{} : call.require(tx, "services.apply");
}

Result<Sight> sight(const Call& call, db::Tx& tx, CaseId id) {
  JX_TRY(summary, call.deps.cases.summary(tx, id));
  const auto& actor = call.ctx.actor;
  if (!actor.person.nil() && actor.post.empty()) {
    JX_TRY(hers, services::may_see(tx, call.ctx, summary.applicant, summary.item, call.today()));
    if (hers) return Sight::applicant;
  }
  JX_TRY(outside, is_outside(tx, actor.unit));
  if (!actor.unit.empty() && !outside) {
    JX_TRY(handles, call.deps.cases.handles(tx, id, actor.unit));
    JX_TRY(may_read, call.deps.access.allows(tx, actor, "cases.read", {{"unit", actor.unit.text()}, {"item", summary.item.text()}}));
    if (handles && may_read) return Sight::office;
    JX_TRY(supervised, supervises_case(call, tx, id));
    if (supervised && may_read) return Sight::office;
  }
  JX_TRY(audits, call.deps.access.allows(tx, actor, "audit.read"));
  if (audits) return Sight::office;
  JX_TRY(counter, services::counter_of(tx, id));  // where it was taken in, she does what the applicant could
  if (counter && *counter == actor.unit) {
    JX_TRY(may, call.deps.access.allows(tx, actor, "services.accept_for_others"));
    if (may) return Sight::applicant;
  }
  return fail(ErrorCode::not_found, {"there is no such case, or it is not yours to see", "没有该办件，或您无权查看"});
}

Result<bool> is_outside(db::Tx& tx, const UnitId& unit) {
  if (unit.empty()) return false;
  const auto found = identity::unit(tx, unit);
  return found ? found->outside.value_or(false) : Result<bool>(true);  // deny by default
}

Result<> require_task_sight(const Call& call, db::Tx& tx, const cases::TaskView& task) {
  const auto as = sight(call, tx, task.case_id);
  if (as && *as == Sight::office) return {};
  if (!as && as.error().code != ErrorCode::not_found) return std::unexpected(as.error());
  JX_TRY(hers, cases::is_hers(call.deps.cases, tx, call.ctx, task.id));
  if (hers) return {};
  return fail(ErrorCode::not_found, {"there is no such task, or it is not yours to see", "没有该任务，或您无权查看"});
}

Result<cases::TaskView> require_work(const Call& call, db::Tx& tx, TaskId id) {
  auto task = call.deps.cases.task(tx, call.ctx, id);
  const bool contributes = task && task->kind == cases::TaskKind::contribution && !task->holder.nil() && task->holder == call.ctx.actor.account;
  if (!contributes) JX_CHECK(call.require(tx, "cases.handle"));
  return task;
}

Result<bool> sees_case(const Call& call, db::Tx& tx, const cases::TaskView& task) {
  JX_TRY(outside, is_outside(tx, call.ctx.actor.unit));
  if (outside) return false;
  if (task.kind != cases::TaskKind::contribution) return true;
  const auto as = sight(call, tx, task.case_id);
  if (!as && as.error().code != ErrorCode::not_found) return std::unexpected(as.error());
  return as && *as == Sight::office;
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

Result<Sight> require_urging(const Call& call, db::Tx& tx, const cases::TaskView& task) {
  JX_TRY(as, sight(call, tx, task.case_id));
  if (as == Sight::applicant) {
    if (task.kind != cases::TaskKind::step) return fail(ErrorCode::not_found, {"there is no such task", "没有该任务"});
    JX_CHECK(require_applying(call, tx));
    return as;
  }
  JX_TRY(of_unit, supervises(call, tx, task.unit));
  if (of_unit) return as;
  if (!task.item.empty()) {  // the unit in charge of the item owns its cases
    JX_TRY(item, services::item(tx, task.item));
    JX_TRY(of_owner, supervises(call, tx, item.units.empty() ? UnitId() : item.units.front()));
    if (of_owner) return as;
  }
  return fail(ErrorCode::forbidden, {"the applicant urges, and who supervises the unit that has the task or that is in charge of the case",
                                     "仅申请人，以及督办该任务承办单位或办件牵头单位的人员可以催办"});
}

Result<> require_commenting(const Call& call, db::Tx& tx, CaseId id) {
  JX_TRY(as, sight(call, tx, id));
  JX_TRY(handles, call.deps.access.allows(tx, call.ctx.actor, "cases.handle"));
  JX_TRY(supervised, supervises_case(call, tx, id));
  if (as == Sight::office && (handles || supervised)) return {};
  return fail(ErrorCode::forbidden, {"comments are made by who handles or supervises the case", "仅办理或督办该办件的人员可以批注"});
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
