#include "sides.hpp"

#include "cases_sql.hpp"
#include "four_eyes.hpp"
#include "marks.hpp"
#include "pauses.hpp"
#include "texts.hpp"

#include <jx/cases/work.hpp>
#include <jx/wire.hpp>

#include <algorithm>
#include <map>

namespace jx::cases {
namespace {

struct NewSide {
  TaskKind kind = TaskKind::opinion;
  UnitId unit;
  PostId post;
  AccountId account;  // whose it is at once; nil: free for unit and post
  std::string text;
  std::string term;
  std::string form;
  bool binding = false;
};

Happened asked_event(TaskKind kind) {
  return kind == TaskKind::preparation ? Happened::delegated : kind == TaskKind::opinion ? Happened::opinion_asked : Happened::participant_added;
}
std::string asked_entry(TaskKind kind) {
  return kind == TaskKind::preparation ? "case.task-delegated" : kind == TaskKind::opinion ? "case.opinion-asked" : "case.participant-added";
}

/// The row of case_task and that of case_side.
Result<TaskId> write_side(Engine::Impl& engine, db::Tx& tx, const Context& ctx, Act& act, const TaskRow& step, const NewSide& side) {
  JX_TRY(due, due_of(act.calendar(), side.term, act.today(), {}));
  JX_TRY(form, engine.form_now(tx, side.form));
  if (!side.form.empty() && !form) return fail(ErrorCode::invalid, {"there is no such form", "没有该表单"}, "/form");
  std::optional<ByteView> hash;
  if (form) hash = ByteView(form->hash);
  const bool taken = !side.account.nil();
  const auto id = TaskId::make(ctx.clock, ctx.random);
  JX_TRY(row, tx.one(sql::side_task_insert, id, step.case_id, step.node, taken ? 1 : 0, side.unit, side.post,
                     taken ? std::optional(side.account) : std::nullopt, taken ? std::optional(side.unit) : std::nullopt, act.at(), act.today(),
                     side.term, due.on, due.at, side.form, hash, static_cast<std::int64_t>(side.kind), step.id));
  const auto wait = row->integer(2);
  JX_CHECK(act.changed(std::move(row)));
  JX_CHECK(act.watch_term(id, wait, due, yellow_days({}, side.term)));
  JX_CHECK(act.changed(Act::Table::side, tx.one(sql::side_insert, id, step.case_id, step.id, static_cast<std::int64_t>(side.kind), ctx.actor.account,
                                                ctx.actor.unit, act.at(), side.text, side.binding)));
  JX_CHECK(act.changed(tx.one(sql::task_sides, step.id, 1)));
  return id;
}

Result<> check_asking(db::Tx& tx, const TaskRow& step, const NewSide& side) {
  if (step.kind != TaskKind::step)
    return fail(ErrorCode::conflict, {"only a step of the process can be given on", "仅流程环节的任务可以委派或征求意见"});
  JX_CHECK(check_text(side.text, reason_chars_max, side.kind == TaskKind::opinion ? "/question" : "/note", side.kind != TaskKind::preparation));
  if (side.term.size() > 20) return fail(ErrorCode::invalid, {"a term is such as \"10 WD\"", "期限应如“10 WD”"}, "/term");
  if (!step.sides) return {};
  JX_TRY(count, tx.one(sql::sides_count, step.id));
  if (count->integer(0) >= static_cast<std::int64_t>(sides_max))
    return fail(ErrorCode::conflict, {"a task can be given on 50 times", "一项任务最多委派或征求意见 50 次"});
  return {};
}

Result<TaskId> open_side(Engine::Impl& engine, db::Tx& tx, const Context& ctx, TaskRow step, const NewSide& side) {
  JX_TRY(place, check_held(engine, tx, ctx, step));
  JX_CHECK(check_asking(tx, step, side));
  Act act(engine, tx, ctx);
  JX_CHECK(act.load(std::move(step.its_case)));
  JX_CHECK(check_moving(act));
  if (side.binding && act.definition().node(step.node).outcomes.empty())
    return fail(ErrorCode::invalid, {"this task decides nothing that an opinion could bind", "该任务没有可供约束的办理结果"}, "/binding");
  if (side.kind == TaskKind::preparation) JX_CHECK(check_other_eyes(engine, tx, act.definition(), step, side.account));
  JX_TRY(id, write_side(engine, tx, ctx, act, step, side));
  act.note(asked_event(side.kind), step.node, side.text);
  auto body = task_body(step, act);
  body["side"] = id.text();
  body["note"] = side.text;
  if (!side.unit.empty()) body["unit"] = side.unit.text();
  if (!side.post.empty()) body["post"] = side.post.text();
  if (!side.account.nil()) body["account"] = side.account.text();
  if (!side.form.empty()) body["form"] = side.form;
  if (side.kind == TaskKind::opinion) body["binding"] = side.binding;
  JX_CHECK(note_place(engine, tx, ctx, act, step.node, place, body));
  JX_CHECK(act.finish(asked_entry(side.kind), std::move(body)));
  return id;
}

/// The unit in which the account sits, by its own post or as a stand-in. Errors: invalid (/account).
Result<UnitId> seat(Engine::Impl& engine, db::Tx& tx, const Context& ctx, AccountId account) {
  if (account == ctx.actor.account) return fail(ErrorCode::invalid, {"it is your own account", "不能委派给本人"}, "/account");
  std::optional<UnitId> found;
  if (engine.needs.offices != nullptr && !ctx.actor.unit.empty()) {
    JX_TRY(in, engine.needs.offices->seat_of(tx, ctx, account, {ctx.actor.unit, {}, {}}));
    found = std::move(in);
  }
  if (!found) return fail(ErrorCode::invalid, {"this account holds no post of your unit", "该账号在本单位没有岗位"}, "/account");
  return *found;
}

Result<> lower_sides(db::Tx& tx, Act& act, TaskId step) {
  JX_CHECK(act.changed(tx.one(sql::task_sides, step, -1)));
  return {};
}

}  // namespace

// --- asking --------------------------------------------------------------------------------------------------------------

Result<TaskId> delegate(Engine& engine, db::Tx& tx, const Context& ctx, TaskId task, const Delegation& delegation) {
  JX_TRY(t, task_row(tx, task));
  JX_CHECK(check_held(engine.impl(), tx, ctx, t));
  JX_TRY(unit, seat(engine.impl(), tx, ctx, delegation.account));
  if (t.sides.value_or(0) > 0) {
    JX_TRY(sides, tx.all(sql::sides_of_task, task));
    for (const auto& row : sides) {
      if (row.integer(4) < 2 && row.integer(28) == static_cast<std::int64_t>(TaskKind::preparation))
        return fail(ErrorCode::conflict, {"it is being prepared already", "该任务已委派，尚未答复"});
    }
  }
  return open_side(engine.impl(), tx, ctx, std::move(t),
                   {TaskKind::preparation, unit, {}, delegation.account, delegation.note, delegation.term, {}, false});
}

Result<TaskId> ask_opinion(Engine& engine, db::Tx& tx, const Context& ctx, TaskId task, const Question& q) {
  JX_TRY(t, task_row(tx, task));
  if (q.unit.empty()) return fail(ErrorCode::invalid, {"say which unit is asked", "请指定征求意见的单位"}, "/unit");
  return open_side(engine.impl(), tx, ctx, std::move(t), {TaskKind::opinion, q.unit, q.post, {}, q.question, q.term, {}, q.binding});
}

Result<TaskId> add_participant(Engine& engine, db::Tx& tx, const Context& ctx, TaskId task, const Participation& p) {
  JX_TRY(t, task_row(tx, task));
  if (p.unit.empty() == p.account.nil())
    return fail(ErrorCode::invalid, {"say whom to bring in: a unit or an account", "请指定参与单位或账号（二选一）"}, "/unit");
  if (p.account == ctx.actor.account && !p.account.nil()) return fail(ErrorCode::invalid, {"it is your own account", "不能指定本人"}, "/account");
  return open_side(engine.impl(), tx, ctx, std::move(t), {TaskKind::contribution, p.unit, p.post, p.account, p.note, p.term, p.form, false});
}

// --- answering -----------------------------------------------------------------------------------------------------------

std::vector<Outcome> outcomes_of(TaskKind kind, const Node& step) {
  std::vector<Outcome> list;
  if (kind == TaskKind::opinion) {
    list.push_back({"agree", LocalizedText({{"en", "Agree"}, {"zh-CN", "同意"}}), false, true});
    list.push_back({"disagree", LocalizedText({{"en", "Disagree"}, {"zh-CN", "不同意"}}), true, false});
    list.push_back({"no-comment", LocalizedText({{"en", "No comment"}, {"zh-CN", "无意见"}}), false, true});
  } else if (kind != TaskKind::contribution && kind != TaskKind::supplement) {
    for (const auto& o : step.outcomes)
      list.push_back({o.key, o.name.empty() ? LocalizedText({{"en", o.key}}) : o.name, o.needs_reason, o.approving});
  }
  return list;
}

LocalizedText name_of(TaskKind kind, const Node& step) {
  const auto name = step.name.empty() ? LocalizedText({{"en", step.id}}) : step.name;
  if (kind == TaskKind::step) return name;
  const auto with = [&](std::string_view en, std::string_view zh) {
    return LocalizedText({{"en", std::string(en) + std::string(name.in("en"))}, {"zh-CN", std::string(zh) + std::string(name.in("zh-CN"))}});
  };
  if (kind == TaskKind::preparation) return with("To prepare: ", "代拟：");
  if (kind == TaskKind::supplement) return with("Supplement to: ", "补正：");
  return kind == TaskKind::opinion ? with("Opinion on: ", "征求意见：") : with("Contribution to: ", "协办：");
}

Result<> answer_side(Engine::Impl& engine, db::Tx& tx, const Context& ctx, TaskRow side, const Completion& answer) {
  Act act(engine, tx, ctx);
  JX_CHECK(act.load(std::move(side.its_case)));
  JX_CHECK(check_running(act));  // a stopped clock may well be waiting for this answer
  JX_CHECK(check_other_eyes(engine, tx, act.definition(), side, ctx.actor.account));
  const auto outcomes = outcomes_of(side.kind, act.definition().node(side.node));
  const auto chosen = std::ranges::find(outcomes, answer.outcome, &Outcome::key);
  if (outcomes.empty() ? !answer.outcome.empty() : chosen == outcomes.end())
    return fail(ErrorCode::invalid, {"choose one of the outcomes", "请选择办理结果"}, "/outcome");
  const bool needed = side.kind == TaskKind::contribution ? !side.form_hash : chosen != outcomes.end() && chosen->needs_reason;
  JX_CHECK(check_text(answer.opinion, opinion_chars_max, "/opinion", needed));
  if (side.kind != TaskKind::preparation) JX_CHECK(check_task_form(engine, tx, ctx, side, answer.form));
  // The form of a preparation is that of its step, and a draft: who decides may still change it.
  if (wire::to_text(answer.form).size() > form_bytes_max)
    return fail(ErrorCode::too_large, {"the form has more than 256 KiB", "表单超过 256 KiB"}, "/form");
  JX_TRY(done, act.changed(tx.one(sql::task_done, side.id, ctx.actor.account, ctx.actor.unit, act.at(), answer.outcome, answer.opinion)));
  if (!done) return not_open();
  if (!answer.form.empty()) JX_CHECK(act.changed(Act::Table::side, tx.one(sql::side_answer, side.id, wire::to_text(answer.form))));
  JX_CHECK(lower_sides(tx, act, side.parent));
  act.note(side.kind == TaskKind::preparation ? Happened::delegation_answered
           : side.kind == TaskKind::opinion   ? Happened::opinion_given
                                              : Happened::contribution_given,
           side.node, answer.outcome);
  auto body = task_body(side, act);
  body["step"] = side.parent.text();
  if (!answer.outcome.empty()) body["outcome"] = answer.outcome;
  if (!answer.opinion.empty()) body["opinion"] = answer.opinion;
  if (!answer.form.empty()) body["form"] = answer.form;
  JX_CHECK(act.finish(side.kind == TaskKind::preparation ? "case.delegation-answered"
                      : side.kind == TaskKind::opinion   ? "case.opinion-given"
                                                         : "case.contribution-given",
                      std::move(body)));
  return {};
}

Result<> close_side(Engine::Impl& engine, db::Tx& tx, const Context& ctx, TaskRow side, std::string_view reason) {
  JX_CHECK(check_text(reason, reason_chars_max, "/reason", true));
  Act act(engine, tx, ctx);
  JX_CHECK(act.load(std::move(side.its_case)));
  JX_CHECK(check_running(act));
  JX_TRY(was_open, act.changed(tx.one(sql::side_task_close, side.id, act.at())));
  if (!was_open) return not_open();
  JX_CHECK(act.changed(Act::Table::side, tx.one(sql::side_close, side.id, reason)));
  JX_CHECK(lower_sides(tx, act, side.parent));
  const bool supplement = side.kind == TaskKind::supplement;
  act.note(supplement ? Happened::supplement_withdrawn : Happened::side_withdrawn, side.node, std::string(reason));
  if (supplement) JX_CHECK(start_if_supplied(tx, act));
  auto body = task_body(side, act);
  body["step"] = side.parent.text();
  body["reason"] = reason;
  JX_CHECK(act.finish("case.request-withdrawn", std::move(body)));
  return {};
}

Result<> withdraw_side(Engine& engine, db::Tx& tx, const Context& ctx, TaskId task, std::string_view reason) {
  JX_TRY(side, task_row(tx, task));
  if (side.kind == TaskKind::step)
    return fail(ErrorCode::conflict, {"only what was asked beside a task can be taken back", "只能撤回委派、征求意见、协办或补正请求"});
  JX_TRY(step, task_row(tx, side.parent));
  JX_CHECK(check_held(engine.impl(), tx, ctx, step));
  if (side.state != TaskState::free && side.state != TaskState::claimed) return not_open();
  return close_side(engine.impl(), tx, ctx, std::move(side), reason);
}

Result<> check_sides_answered(db::Tx& tx, const TaskRow& step, bool approving) {
  if (step.sides.value_or(0) > 0)
    return fail(ErrorCode::conflict, {"somebody who was asked has not answered yet: wait for it, or withdraw the request with a reason",
                                      "尚有委派、征求意见、协办或补正请求未答复：请等待答复，或说明理由后撤回"});
  if (!approving) return {};
  JX_TRY(rows, tx.all(sql::sides_of_task, step.id));
  std::map<std::string, std::pair<Instant, bool>> last;  // by unit and post: the last binding answer, and whether it is negative
  for (const auto& row : rows) {
    if (row.integer(4) != static_cast<std::int64_t>(TaskState::done) || !row.boolean(36)) continue;
    auto& at = last[row.text(5) + "/" + row.text(6)];
    if (row.instant(10) >= at.first) at = {row.instant(10), row.text(17) == "disagree"};
  }
  if (std::ranges::any_of(last, [](const auto& entry) { return entry.second.second; }))
    return fail(ErrorCode::conflict, {"an opinion that binds is negative: this outcome is not open", "具有约束力的意见为不同意，不能作出此办理结果"},
                "/outcome");
  return {};
}

}  // namespace jx::cases
