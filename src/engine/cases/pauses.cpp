#include "pauses.hpp"

#include "cases_sql.hpp"
#include "deadlines.hpp"
#include "task_row.hpp"
#include "texts.hpp"

namespace jx::cases {

Result<> stop_clock(db::Tx& tx, Act& act, const Pause& pause, int standing) {
  if (act.row().paused != 0) return fail(ErrorCode::conflict, {"the clock stands still already", "已处于中止状态"});
  const auto id = act.row().id;
  JX_TRY(before, pauses_of(tx, id));
  JX_CHECK(tx.run(sql::pause_insert, id, static_cast<std::int64_t>(before.size()), act.today(), pause.reason, pause.legal_basis, pause.note,
                  pause.waits_for_applicant));
  act.row().paused = standing;
  for (const Ref timer : term_timers(act.definition(), act.state())) JX_CHECK(tx.run(sql::job_at, id, timer, never));
  JX_CHECK(recount(tx, act));
  act.note(Happened::paused, no_index, pause.reason + "\n" + pause.legal_basis);
  return {};
}

Result<> start_clock(db::Tx& tx, Act& act) {
  const auto id = act.row().id;
  JX_TRY(pauses, pauses_of(tx, id));
  JX_CHECK(tx.run(sql::pause_resume, id, act.today()));
  act.row().paused = 0;
  JX_CHECK(recount(tx, act));
  const auto& calendar = act.calendar();
  const int stood = pauses.empty() ? 0 : calendar.working_days_between(pauses.back().stopped_on, act.today());
  for (const Ref timer : term_timers(act.definition(), act.state())) {
    const auto last_day = calendar.zone().date_of(act.state().wait(timer)->due - Micros{1});
    JX_TRY(moved, calendar.add_working_days(last_day, stood));
    JX_CHECK(act.run(MoveTimer{timer, stood > 0 ? calendar.end_of(*moved.due_on) : act.state().wait(timer)->due}));
  }
  act.note(Happened::resumed, no_index, "");
  return {};
}

Result<> start_if_supplied(db::Tx& tx, Act& act) {
  if (act.row().paused != waits_for_supplement || act.state().ended()) return {};
  JX_TRY(open, tx.one(sql::supplements_open, act.row().id));
  return open->integer(0) > 0 ? Result<>{} : start_clock(tx, act);
}

Result<> Engine::pause(db::Tx& tx, const Context& ctx, CaseId id, const Pause& pause) {
  if (!is_pause_reason(pause.reason)) return fail(ErrorCode::invalid, {"choose one of the reasons", "请选择中止原因"}, "/reason");
  JX_CHECK(check_text(pause.legal_basis, legal_basis_chars_max, "/legal_basis", true));
  JX_CHECK(check_text(pause.note, reason_chars_max, "/note", false));
  Act act(*impl_, tx, ctx);
  JX_CHECK(act.load(id));
  JX_CHECK(check_running(act));
  JX_CHECK(stop_clock(tx, act, pause, pause.waits_for_applicant ? waits_for_applicant : stands_still));
  JX_CHECK(act.finish("case.paused", {{"reason", pause.reason}, {"legal_basis", pause.legal_basis}, {"note", pause.note}}));
  return {};
}

Result<> Engine::resume(db::Tx& tx, const Context& ctx, CaseId id) {
  Act act(*impl_, tx, ctx);
  JX_CHECK(act.load(id));
  JX_CHECK(check_running(act));
  if (act.row().paused == 0) return fail(ErrorCode::conflict, {"the clock is running", "计时未中止"});
  if (act.row().paused == waits_for_supplement)
    return fail(ErrorCode::conflict, {"it stands for a supplement: it goes on when the applicant answers, or when the request is taken back",
                                      "正在等待申请人补正：申请人答复或撤回补正通知后自动恢复"});
  if (stands_for_step(act.row().paused))
    return fail(ErrorCode::conflict,
                {"it stands as long as a step of the process takes: it goes on when that is done", "计时因流程环节中止，该环节办结后自动恢复"});
  JX_CHECK(start_clock(tx, act));
  boost::json::object body;
  if (act.row().due_on) body["due_on"] = act.row().due_on->text();
  JX_CHECK(act.finish("case.resumed", std::move(body)));
  return {};
}

}  // namespace jx::cases
