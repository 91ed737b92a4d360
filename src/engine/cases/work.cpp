#include "cases_sql.hpp"
#include "four_eyes.hpp"
#include "sides.hpp"
#include "task_views.hpp"
#include "texts.hpp"

#include <jx/cases/work.hpp>
#include <jx/wire.hpp>

#include <algorithm>

namespace jx::cases {
namespace {

struct StepDone {
  Ref wait = 0;
  Index node = no_index;
};

/// What people have completed in the case, the latest first, each step once; without what the version of the case has no more.
Result<std::vector<StepDone>> steps_done(Engine::Impl& engine, db::Tx& tx, const Definition& definition, CaseId id) {
  JX_TRY(rows, tx.all(sql::steps_done, id));
  std::vector<StepDone> steps;
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    DefinitionPtr kept;
    JX_TRY(node, done_node(engine, tx, definition, *row, 1, 2, kept));
    const StepDone step{static_cast<Ref>(row->integer(0)), definition.find(node->id)};
    if (step.node == no_index) continue;
    if (std::ranges::find(steps, step.node, &StepDone::node) == steps.end()) steps.push_back(step);
  }
  return steps;
}

Result<SideView> side_view(const Tasks& tasks, const db::Row& row) {
  JX_TRY(task, tasks.view(row));
  SideView view;
  view.task = std::move(task);
  view.asked_by = row.id<AccountId>(32);
  view.asked_unit = row.key<UnitId>(33);
  view.asked_at = row.instant(34);
  view.question = row.text(35);
  view.binding = row.boolean(36);
  if (!row.null(37)) {
    JX_TRY(form, wire::parse(row.text(37)));
    if (form.is_object()) view.form = std::move(form.get_object());
  }
  if (!row.null(38)) view.closed_reason = row.text(38);
  return view;
}

}  // namespace

Result<std::vector<SideView>> sides_of(Engine& engine, db::Tx& tx, const Context& ctx, TaskId step) {
  JX_TRY(rows, tx.all(sql::sides_of_task, step));
  const Tasks tasks(engine.impl(), tx, ctx);
  std::vector<SideView> list;
  for (const auto& row : rows) {
    JX_TRY(view, side_view(tasks, row));
    list.push_back(std::move(view));
  }
  return list;
}

Result<SideView> side(Engine& engine, db::Tx& tx, const Context& ctx, TaskId id) {
  JX_TRY(row, tx.one(sql::side_of_task, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no such task", "没有该任务"});
  return side_view(Tasks(engine.impl(), tx, ctx), *row);
}

// --- back ----------------------------------------------------------------------------------------------------------------

Result<std::vector<ReturnStep>> returns_of(Engine& engine, db::Tx& tx, TaskId task) {
  JX_TRY(t, task_row(tx, task));
  std::vector<ReturnStep> list;
  if (t.kind != TaskKind::step || (t.state != TaskState::free && t.state != TaskState::claimed)) return list;
  JX_TRY(definition, engine.impl().definition(tx, t.its_case.definition));
  const Fetch fetch = [&](const crypto::Digest& sha256) -> Result<Bytes> {
    JX_TRY(found, tx.one(sql::blob_one, t.case_id, ByteView(sha256)));
    if (!found) return fail(ErrorCode::corrupt, {"a value of the case is missing", "办件的数据缺失"});
    return found->bytes(0);
  };
  JX_TRY(state, decode_state(t.its_case.machine, fetch, definition.get()));
  JX_TRY(steps, steps_done(engine.impl(), tx, *definition, t.case_id));
  for (const auto& step : steps) {
    if (!can_send_back(*definition, state, t.wait, step.node, step.wait)) continue;
    const Node& node = definition->node(step.node);
    list.push_back({node.id, name_of(TaskKind::step, node)});
  }
  return list;
}

Result<> return_task(Engine& engine, db::Tx& tx, const Context& ctx, TaskId task, std::string_view to, std::string_view reason) {
  JX_TRY(t, task_row(tx, task));
  if (t.kind != TaskKind::step) return fail(ErrorCode::conflict, {"only a step of the process is sent back", "仅流程环节的任务可以退回"});
  JX_TRY(place, check_held(engine.impl(), tx, ctx, t));
  JX_CHECK(check_text(reason, reason_chars_max, "/reason", true));
  JX_CHECK(check_sides_answered(tx, t, false));
  Act act(engine.impl(), tx, ctx);
  JX_CHECK(act.load(std::move(t.its_case)));
  JX_CHECK(check_moving(act));
  JX_TRY(steps, steps_done(engine.impl(), tx, act.definition(), t.case_id));
  const auto step = std::ranges::find_if(steps, [&](const StepDone& s) { return act.definition().node(s.node).id == to; });
  if (step == steps.end()) return fail(ErrorCode::invalid, {"nobody has done that step in this case", "本办件中该环节尚未办理过"}, "/to");
  JX_CHECK(can_send_back(act.definition(), act.state(), t.wait, step->node, step->wait));
  JX_CHECK(act.changed(tx.one(sql::task_return, task, ctx.actor.account, ctx.actor.unit, act.at(), reason)));
  act.note(Happened::task_returned, t.node, std::string(reason));
  JX_CHECK(act.run(SendBack{t.wait, step->node}));
  auto body = task_body(t, act);
  body["to"] = to;
  body["reason"] = reason;
  JX_CHECK(note_place(engine.impl(), tx, ctx, act, t.node, place, body));
  JX_CHECK(act.finish("case.task-returned", std::move(body)));
  return {};
}

// --- urging and comments -------------------------------------------------------------------------------------------------

Result<> urge(Engine& engine, db::Tx& tx, const Context& ctx, TaskId task, std::string_view note, bool by_applicant) {
  JX_TRY(t, task_row(tx, task));
  if (t.state != TaskState::free && t.state != TaskState::claimed) return not_open();
  JX_CHECK(check_text(note, reason_chars_max, "/note", true));
  Act act(engine.impl(), tx, ctx);
  JX_CHECK(act.load(std::move(t.its_case)));
  JX_CHECK(check_running(act));
  if (by_applicant) {
    JX_TRY(mine, tx.one(sql::urge_last_of, task, ctx.actor.account));
    if (mine && act.calendar().working_days_between(mine->date(0), act.today()) < 1)
      return fail(ErrorCode::conflict, {"you have urged this step already: once on a working day", "您已催办过此环节，每个工作日限催办一次"});
  }
  JX_TRY(last, tx.one(sql::urge_last, task));
  const std::int64_t position = last ? last->integer(0) + 1 : 1;
  if (position > static_cast<std::int64_t>(urges_max))
    return fail(ErrorCode::conflict, {"it was urged 100 times: speak to the unit", "催办已达 100 次，请直接联系承办单位"});
  const auto unit = by_applicant ? UnitId() : ctx.actor.unit;
  JX_CHECK(act.changed(Act::Table::urge, tx.one(sql::urge_insert, task, position, t.case_id, act.at(), act.today(), ctx.actor.account, unit, note)));
  JX_CHECK(act.changed(tx.one(sql::task_urged, task)));
  act.note(Happened::urged, t.node, std::string(note));
  auto body = task_body(t, act);
  body["note"] = note;
  body["by_applicant"] = by_applicant;
  JX_CHECK(act.finish("case.task-urged", std::move(body)));
  return {};
}

Result<CommentId> add_comment(Engine& engine, db::Tx& tx, const Context& ctx, CaseId id, TaskId task, std::string_view text) {
  JX_CHECK(check_text(text, comment_chars_max, "/body", true));
  Act act(engine.impl(), tx, ctx);
  JX_CHECK(act.load(id));
  Index node = no_index;
  if (!task.nil()) {
    auto t = task_row(tx, task);
    if (!t || t->case_id != id) return fail(ErrorCode::invalid, {"the case has no such task", "该办件没有此任务"}, "/task");
    node = t->node;
  }
  JX_TRY(count, tx.one(sql::comment_count, id));
  if (count->integer(0) >= static_cast<std::int64_t>(comments_max))
    return fail(ErrorCode::conflict, {"a case has at most 500 comments", "每件办件最多 500 条批注"});
  const auto comment = CommentId::make(ctx.clock, ctx.random);
  JX_CHECK(act.changed(Act::Table::comment, tx.one(sql::comment_insert, comment, id, task.nil() ? std::nullopt : std::optional(task), act.at(),
                                                   ctx.actor.account, ctx.actor.unit, text)));
  act.note(Happened::commented, node, "");
  boost::json::object body{{"comment", comment.text()}, {"text", text}};
  if (!task.nil()) body["task"] = task.text();
  JX_CHECK(act.finish("case.commented", std::move(body)));
  return comment;
}

Result<std::vector<Comment>> comments_of(db::Tx& tx, CaseId id) {
  JX_TRY(rows, tx.all(sql::comments_of_case, id));
  std::vector<Comment> list;
  for (const auto& row : rows) {
    list.push_back(
        {row.id<CommentId>(0), row.null(1) ? TaskId() : row.id<TaskId>(1), row.instant(2), row.id<AccountId>(3), row.key<UnitId>(4), row.text(5)});
  }
  return list;
}

Result<bool> is_hers(Engine& engine, db::Tx& tx, const Context& ctx, TaskId task) {
  JX_TRY(t, task_row(tx, task));
  if (!t.holder.nil() && t.holder == ctx.actor.account) return true;
  if (t.is_for_one_account()) return false;
  const auto may = may_do(engine.impl(), tx, ctx.actor, t);
  if (!may && may.error().code != ErrorCode::forbidden) return std::unexpected(may.error());
  return may.has_value();
}

Result<bool> contributes(db::Tx& tx, AccountId account) {
  JX_TRY(row, tx.one(sql::contribution_of, account));
  return row.has_value();
}

// --- what can be done ----------------------------------------------------------------------------------------------------

Result<std::vector<std::string>> acts_on(Engine& engine, db::Tx& tx, const Context& ctx, const TaskView& task) {
  std::vector<std::string> acts;
  if (task.state != TaskState::free && task.state != TaskState::claimed) return acts;
  JX_TRY(t, task_row(tx, task.id));
  if (t.its_case.closed_at) return acts;
  const bool moving = steps_go_on(t.its_case.paused);
  JX_TRY(definition, engine.impl().definition(tx, t.its_case.definition));
  if (!t.parent.nil()) {
    JX_TRY(step, task_row(tx, t.parent));
    if (check_held(engine.impl(), tx, ctx, step)) acts.emplace_back("withdraw");
  }
  const bool mine = t.state == TaskState::claimed && place_of(engine.impl(), tx, ctx, t);
  if (!mine) {
    if (t.state != TaskState::free || !may_do(engine.impl(), tx, ctx.actor, t)) return acts;
    acts.emplace_back("hand_over");
  }
  if (!check_other_eyes(engine.impl(), tx, *definition, t, ctx.actor.account)) return acts;
  if (!mine) acts.emplace_back("claim");
  if (t.kind != TaskKind::step) {
    acts.emplace_back(t.kind == TaskKind::preparation ? "answer" : "complete");
    if (mine) {
      acts.emplace_back("release");
      acts.emplace_back("hand_over");
    }
    return acts;
  }
  if (moving && t.sides.value_or(0) == 0) acts.emplace_back("complete");
  if (!mine) return acts;
  acts.emplace_back("release");
  acts.emplace_back("hand_over");
  if (!moving) return acts;
  for (const char* act : {"delegate", "ask_opinion", "add_participant"}) acts.emplace_back(act);
  JX_TRY(asked, tx.one(sql::supplements_of_step, t.case_id, static_cast<std::int64_t>(t.node)));
  if (asked->integer(0) == 0 && t.its_case.applicant.kind != Party::Kind::none) acts.emplace_back("ask_supplement");
  if (t.sides.value_or(0) > 0) return acts;
  JX_TRY(steps, returns_of(engine, tx, task.id));
  if (!steps.empty()) acts.emplace_back("return");
  return acts;
}

}  // namespace jx::cases
