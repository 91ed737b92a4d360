#include "reminders.hpp"

#include "cases_sql.hpp"
#include "marks.hpp"

#include <jx/wire.hpp>

namespace jx::cases {
namespace {

/// An open task, by the columns of task_open.
struct OpenTask {
  TaskId id;
  CaseId case_id;
  Index node = no_index;
  Desk desk;
  std::optional<AccountId> holder;
  std::string holder_unit;
  std::string term;
  std::optional<LocalDate> due_on;
  std::int64_t due_at = never;
  crypto::Digest definition{};
};

Result<std::optional<OpenTask>> open_task(db::Tx& tx, TaskId id) {
  JX_TRY(found, tx.one(sql::task_open, id));
  if (!found) return std::optional<OpenTask>();
  const auto& r = *found;
  OpenTask t;
  t.id = id;
  t.case_id = r.id<CaseId>(1);
  t.node = static_cast<Index>(r.integer(2));
  t.desk = {r.key<UnitId>(3), r.key<PostId>(4), r.key<RoleId>(5)};
  if (!r.null(6)) t.holder = r.id<AccountId>(6);
  if (!r.null(7)) t.holder_unit = r.text(7);
  t.term = r.text(8);
  if (!r.null(9)) t.due_on = r.date(9);
  t.due_at = r.integer(10);
  std::copy_n(r.bytes(11).begin(), t.definition.size(), t.definition.begin());
  return std::optional(std::move(t));
}

/// To whom a task that is late goes up: the post that the model names, else the head of its unit, else nobody.
Result<std::optional<Desk>> head_for(Engine::Impl& engine, db::Tx& tx, const OpenTask& t, const Node& node) {
  if (engine.needs.offices == nullptr) return std::optional<Desk>();
  const auto unit = t.desk.unit.empty() ? UnitId::trusted(t.holder_unit) : t.desk.unit;
  return engine.needs.offices->head_of(tx, unit, node.escalation.empty() ? t.desk.post : PostId::trusted(node.escalation), !node.escalation.empty());
}

Result<> remind(Engine::Impl& engine, db::Tx& tx, const Context& ctx, const OpenTask& t) {
  Act act(engine, tx, ctx);
  JX_CHECK(act.load(t.case_id));
  JX_CHECK(tell(tx, ctx, act, t.id, NoticeKind::reminder, t.holder, t.desk));
  act.note(Happened::reminded, t.node, t.due_on->text());
  JX_CHECK(act.finish("case.reminded", {{"task", t.id.text()}, {"element", act.definition().node(t.node).id}, {"due_on", t.due_on->text()}}));
  return {};
}

Result<> escalate(Engine::Impl& engine, db::Tx& tx, const Context& ctx, const OpenTask& t) {
  Act act(engine, tx, ctx);
  JX_CHECK(act.load(t.case_id));
  const Node& node = act.definition().node(t.node);
  boost::json::object body{{"task", t.id.text()}, {"element", node.id}, {"due_on", t.due_on->text()}};
  JX_TRY(head, head_for(engine, tx, t, node));
  if (head) {
    JX_CHECK(tell(tx, ctx, act, t.id, NoticeKind::escalation, std::nullopt, *head));
    body["to"] = head->post.text();
  }
  act.note(head ? Happened::escalated : Happened::overdue, t.node, t.due_on->text());
  JX_CHECK(act.finish("case.escalated", std::move(body)));
  return {};
}

}  // namespace

Result<> tell(db::Tx& tx, const Context& ctx, Act& act, TaskId task, NoticeKind kind, std::optional<AccountId> account, const Desk& desk) {
  const auto id = NoticeId::make(ctx.clock, ctx.random);
  const auto about = task.nil() ? std::nullopt : std::optional(task);
  JX_CHECK(tx.run(sql::notice_insert, id, act.row().id, about, static_cast<std::int64_t>(kind), account, account ? UnitId() : desk.unit,
                  account ? PostId() : desk.post, ctx.now()));
  return act.vouch_for_notice(id.uuid());
}

Result<> run_mark_job(Engine::Impl& engine, db::Tx& tx, const Context& ctx, const Uuid& job) {
  JX_TRY(row, tx.one(sql::job_one, job.bytes()));
  if (!row) return {};
  MarkJob state{TaskId(job), 0};  // one that a migration made bears the id of its task
  if (!row->text(7).empty()) {
    JX_TRY(said, wire::decode<MarkJob>(row->text(7)));
    state = said;
  }
  JX_TRY(found, open_task(tx, state.task));
  if (!found) {
    JX_CHECK(tx.run(sql::job_delete, job.bytes()));
    JX_CHECK(tx.run(sql::mark_clear, state.task));
    return {};
  }
  const auto& t = *found;
  JX_TRY(definition, engine.definition(tx, t.definition));
  const auto calendar = engine.needs.calendar();
  const auto times = mark_times(*calendar, t.due_on, yellow_days(definition->node(t.node).yellow, t.term));
  const auto now = ctx.now().micros;
  const Mark mark = now >= times.red_at ? Mark::red : now >= times.yellow_at ? Mark::yellow : Mark::none;
  if (mark == Mark::none) {
    JX_CHECK(tx.run(sql::mark_clear, t.id));
  } else {
    JX_CHECK(tx.run(sql::mark_set, t.id, t.desk.unit, static_cast<std::int64_t>(mark), t.due_at));
  }
  if (static_cast<int>(mark) > state.told) {
    state.told = static_cast<int>(mark);
    JX_CHECK(mark == Mark::red ? escalate(engine, tx, ctx, t) : remind(engine, tx, ctx, t));
  }
  const Instant next{mark == Mark::none ? times.yellow_at : mark == Mark::yellow ? times.red_at : never};
  JX_CHECK(tx.run(sql::job_again, job.bytes(), next, 0, wire::encode(state)));
  return {};
}

}  // namespace jx::cases
