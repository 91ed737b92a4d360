#include "task_row.hpp"

#include "cases_sql.hpp"

#include <jx/wire.hpp>

#include <algorithm>

namespace jx::cases {

Result<TaskRow> task_row(db::Tx& tx, TaskId id) {
  JX_TRY(found, tx.one(sql::task_and_case, id));
  if (!found) return fail(ErrorCode::not_found, {"there is no such task", "没有该任务"});
  const auto& r = *found;
  TaskRow t;
  t.id = id;
  t.case_id = r.id<CaseId>(1);
  t.wait = static_cast<Ref>(std::max<std::int64_t>(r.integer(2), 0));
  t.node = static_cast<Index>(r.integer(3));
  t.state = static_cast<TaskState>(r.integer(4));
  t.unit = r.key<UnitId>(5);
  t.post = r.key<PostId>(6);
  t.role = r.key<RoleId>(7);
  if (!r.null(8)) t.holder = r.id<AccountId>(8);
  if (!r.null(16)) {
    t.form_hash.emplace();
    std::copy_n(r.bytes(16).begin(), t.form_hash->size(), t.form_hash->begin());
  }
  t.its_case = case_row(r, 17);
  if (!r.null(40)) t.kind = static_cast<TaskKind>(r.integer(40));
  if (!r.null(41)) t.parent = r.id<TaskId>(41);
  if (!r.null(42)) t.sides = r.integer(42);
  return t;
}

Result<> may_do(Engine::Impl& engine, db::Tx& tx, const Actor& actor, const TaskRow& t) {
  const auto no = [] { return fail(ErrorCode::forbidden, {"this task is for another unit or post", "该任务不属于您的单位或岗位"}); };
  if (actor.post.empty()) return no();
  if (!t.unit.empty() && t.unit != actor.unit) return no();
  if (!t.post.empty() && t.post != actor.post) return no();
  if (t.role.empty()) return {};
  if (engine.needs.offices == nullptr) return no();
  JX_TRY(roles, engine.needs.offices->roles_of(tx, actor));
  if (std::find(roles.begin(), roles.end(), t.role) == roles.end()) return no();
  return {};
}

Result<PersonId> place_of(Engine::Impl& engine, db::Tx& tx, const Context& ctx, const TaskRow& t) {
  if (t.holder == ctx.actor.account) return PersonId();
  if (engine.needs.offices == nullptr) return taken();
  JX_TRY(absent, engine.needs.offices->stands_in_for(tx, ctx));
  const auto found = std::ranges::find(absent, t.holder, &Absent::account);
  if (found == absent.end() || !may_do(engine, tx, ctx.actor, t)) return taken();
  return found->person;
}

Result<PersonId> place_in(Engine::Impl& engine, db::Tx& tx, const Context& ctx, const TaskRow& t) {
  if (t.state == TaskState::claimed) return place_of(engine, tx, ctx, t);
  if (t.state != TaskState::free) return not_open();
  JX_CHECK(may_do(engine, tx, ctx.actor, t));
  return ctx.actor.stand_in_for;
}

Result<> note_place(Engine::Impl& engine, db::Tx& tx, const Context& ctx, Act& act, Index node, const PersonId& place, boost::json::object& body) {
  if (place.nil() || engine.needs.offices == nullptr) return {};
  JX_TRY(her, engine.needs.offices->name_of(tx, ctx.actor.person));
  JX_TRY(absent, engine.needs.offices->name_of(tx, place));
  std::string detail;
  for (const char* language : {"en", "zh-CN"}) detail += std::string(her.in(language)) + "\n" + std::string(absent.in(language)) + "\n";
  act.note(Happened::acted_for, node, std::move(detail));
  body["in_place_of"] = place.text();
  return {};
}

Result<PersonId> check_held(Engine::Impl& engine, db::Tx& tx, const Context& ctx, const TaskRow& task) {
  if (task.state == TaskState::free) return fail(ErrorCode::conflict, {"take this task on first", "请先领取该任务"});
  if (task.state != TaskState::claimed) return not_open();
  return place_of(engine, tx, ctx, task);
}

Result<> check_running(const Act& act) {
  if (act.state().ended()) return fail(ErrorCode::conflict, {"the case has ended", "事项已办结"});
  return {};
}

Result<> check_moving(const Act& act) {
  JX_CHECK(check_running(act));
  if (steps_go_on(act.row().paused)) return {};
  return fail(ErrorCode::conflict, {"the clock of this case is stopped: resume it first", "该办件已中止计时，请先恢复"});
}

Result<> check_task_form(Engine::Impl& engine, db::Tx& tx, const Context& ctx, const TaskRow& task, const boost::json::object& data) {
  if (wire::to_text(data).size() > form_bytes_max) return fail(ErrorCode::too_large, {"the form has more than 256 KiB", "表单超过 256 KiB"}, "/form");
  if (task.form_hash) {
    JX_TRY(form, engine.form(tx, *task.form_hash));
    JX_CHECK(form->complete(data, ctx.now(), engine.needs.calendar()->zone().name()));
    return {};
  }
  if (!data.empty()) return fail(ErrorCode::invalid, {"this task has no form", "该任务没有表单"}, "/form");
  return {};
}

std::unexpected<Error> not_open() { return fail(ErrorCode::conflict, {"this task is done or no longer needed", "该任务已办理或已取消"}); }
std::unexpected<Error> taken() { return fail(ErrorCode::conflict, {"somebody else has this task", "该任务已由他人领取"}); }

Result<const Node*> done_node(Engine::Impl& engine, db::Tx& tx, const Definition& definition, const db::Row& row, std::size_t node,
                              std::size_t version, DefinitionPtr& kept) {
  const auto index = static_cast<std::size_t>(row.integer(node));
  const Definition* of = &definition;
  if (!row.null(version)) {
    crypto::Digest hash{};
    if (const auto octets = row.bytes(version); octets.size() == hash.size()) std::copy(octets.begin(), octets.end(), hash.begin());
    JX_TRY(older, engine.definition(tx, hash));
    kept = std::move(older);
    of = kept.get();
  }
  if (index >= of->nodes.size()) return fail(ErrorCode::corrupt, {"a task names an element that its definition has not", "任务对应的流程元素不存在"});
  return &of->nodes[index];
}

boost::json::object task_body(const TaskRow& t, const Act& act) { return {{"task", t.id.text()}, {"element", act.definition().node(t.node).id}}; }

}  // namespace jx::cases
