#include "cases_sql.hpp"
#include "pauses.hpp"
#include "sides.hpp"
#include "texts.hpp"

#include <jx/cases/work.hpp>
#include <jx/wire.hpp>

namespace jx::cases {
namespace {

constexpr std::string_view law_member = "legal_basis";  // in case_side.form_data

/// The rows of the task and of what it was given.
Result<TaskId> write_notice(db::Tx& tx, const Context& ctx, Act& act, const TaskRow& step, const SupplementNotice& notice) {
  JX_TRY(due, due_of(act.calendar(), notice.term, act.today(), {}));
  const auto id = TaskId::make(ctx.clock, ctx.random);
  constexpr auto kind = static_cast<std::int64_t>(TaskKind::supplement);
  // Of no unit and nobody's account: whoever may speak for the applicant answers it.
  JX_CHECK(act.changed(tx.one(sql::side_task_insert, id, step.case_id, step.node, static_cast<std::int64_t>(TaskState::claimed), UnitId(), PostId(),
                              std::optional<AccountId>(), std::optional<UnitId>(), act.at(), act.today(), notice.term, due.on, due.at, "",
                              std::optional<ByteView>(), kind, step.id)));
  JX_CHECK(act.changed(Act::Table::side, tx.one(sql::side_insert, id, step.case_id, step.id, kind, ctx.actor.account, ctx.actor.unit, act.at(),
                                                notice.missing, false)));
  JX_CHECK(act.changed(Act::Table::side, tx.one(sql::side_answer, id, wire::to_text(boost::json::object{{law_member, notice.legal_basis}}))));
  JX_CHECK(act.changed(tx.one(sql::task_sides, step.id, 1)));
  act.tell(Listener::What::supplement_asked, due.on);
  return id;
}

}  // namespace

Result<TaskId> ask_supplement(Engine& engine, db::Tx& tx, const Context& ctx, TaskId task, const SupplementNotice& notice) {
  JX_TRY(step, task_row(tx, task));
  JX_TRY(place, check_held(engine.impl(), tx, ctx, step));
  if (step.kind != TaskKind::step || step.its_case.applicant.kind == Party::Kind::none)
    return fail(ErrorCode::conflict, {"only at a step of somebody's application can a supplement be asked", "仅申请办件的流程环节可以要求补正"});
  JX_CHECK(check_text(notice.missing, reason_chars_max, "/missing", true));
  JX_CHECK(check_text(notice.legal_basis, legal_basis_chars_max, "/legal_basis", true));
  if (notice.term.size() > 20) return fail(ErrorCode::invalid, {"a term is such as \"10 WD\"", "期限应如“10 WD”"}, "/term");
  JX_TRY(earlier, tx.one(sql::supplements_of_step, step.case_id, static_cast<std::int64_t>(step.node)));
  if (earlier->integer(0) > 0)
    return fail(ErrorCode::conflict, {"what is missing is told once: this step has asked already", "应当一次性告知：本环节已发出过补正通知"});
  Act act(engine.impl(), tx, ctx);
  JX_CHECK(act.load(std::move(step.its_case)));
  JX_CHECK(check_moving(act));
  JX_TRY(id, write_notice(tx, ctx, act, step, notice));
  act.note(Happened::supplement_asked, step.node, notice.missing);
  if (act.row().paused == 0) JX_CHECK(stop_clock(tx, act, {"supplement", notice.legal_basis, "", true}, waits_for_supplement));
  auto body = task_body(step, act);
  body["side"] = id.text();
  body["missing"] = notice.missing;
  body["legal_basis"] = notice.legal_basis;
  JX_CHECK(note_place(engine.impl(), tx, ctx, act, step.node, place, body));
  JX_CHECK(act.finish("case.supplement-asked", std::move(body)));
  return id;
}

Result<> answer_supplement(Engine& engine, db::Tx& tx, const Context& ctx, TaskId supplement, std::string_view answer) {
  JX_TRY(side, task_row(tx, supplement));
  if (side.kind != TaskKind::supplement) return fail(ErrorCode::not_found, {"there is no such notice", "没有该补正通知"});
  JX_CHECK(check_text(answer, opinion_chars_max, "/answer", true));
  Act act(engine.impl(), tx, ctx);
  JX_CHECK(act.load(std::move(side.its_case)));
  JX_CHECK(check_running(act));
  JX_TRY(done, act.changed(tx.one(sql::task_done, side.id, ctx.actor.account, ctx.actor.unit, act.at(), "", answer)));
  if (!done) return fail(ErrorCode::conflict, {"it is answered already, or no longer needed", "该补正通知已答复或已撤回"});
  JX_CHECK(act.changed(tx.one(sql::task_sides, side.parent, -1)));
  act.note(Happened::supplement_given, side.node, "");
  JX_CHECK(start_if_supplied(tx, act));
  auto body = task_body(side, act);
  body["step"] = side.parent.text();
  body["answer"] = answer;
  if (act.row().due_on) body["due_on"] = act.row().due_on->text();
  JX_CHECK(act.finish("case.supplement-given", std::move(body)));
  return {};
}

Result<std::vector<Supplement>> supplements_of(Engine& engine, db::Tx& tx, const Context& ctx, CaseId id) {
  std::vector<Supplement> list;
  JX_TRY(rows, tx.all(sql::supplements_of_case, id, static_cast<std::int64_t>(supplements_max)));
  for (const auto& row : rows) {
    JX_TRY(seen, side(engine, tx, ctx, row.id<TaskId>(0)));
    Supplement notice;
    notice.id = seen.task.id;
    notice.step = seen.task.parent;
    notice.name = std::move(seen.task.name);
    notice.asked_unit = seen.asked_unit;
    notice.asked_at = seen.asked_at;
    notice.missing = std::move(seen.question);
    if (const auto* law = seen.form.if_contains(law_member); law != nullptr && law->is_string()) notice.legal_basis = law->get_string();
    notice.due_on = seen.task.due_on;
    notice.state = seen.task.state;
    if (seen.task.state == TaskState::done) notice.answered_at = seen.task.done_at;
    notice.answer = std::move(seen.task.opinion);
    notice.withdrawn = std::move(seen.closed_reason);
    list.push_back(std::move(notice));
  }
  return list;
}

}  // namespace jx::cases
