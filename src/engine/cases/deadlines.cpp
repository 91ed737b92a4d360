#include "deadlines.hpp"

#include "cases_sql.hpp"

#include <jx/cases/deadlines.hpp>
#include <jx/pack/calendars.hpp>
#include <jx/wire.hpp>

#include <algorithm>
#include <map>

namespace jx::cases {
namespace {

std::optional<LocalDate> date_or_none(const db::Row& row, int column) { return row.null(column) ? std::nullopt : std::optional(row.date(column)); }

using Pauses = std::map<CaseId, std::vector<calendar::Pause>>;

Result<Pauses> pauses_between(db::Tx& tx, CaseId after, CaseId last) {
  JX_TRY(rows, tx.all(sql::pauses_between, after, last));
  Pauses pauses;
  for (const auto& r : rows) {
    calendar::Pause pause;
    pause.stopped_on = r.date(1);
    pause.resumed_on = date_or_none(r, 2);
    pauses[r.id<CaseId>(0)].push_back(std::move(pause));
  }
  return pauses;
}

}  // namespace

Result<bool> recount(db::Tx& tx, Act& act) {
  JX_TRY(pauses, pauses_of(tx, act.row().id));
  JX_TRY(due, due_of(act.calendar(), act.row().term, act.row().received_on, pauses));
  bool moved = act.row().due_on != due.on || act.row().provisional != due.provisional;
  act.row().due_on = due.on;
  act.row().provisional = due.provisional;
  JX_TRY(statutory_moved, act.count_statutory(pauses));
  moved |= statutory_moved;
  JX_TRY(tasks, tx.all(sql::tasks_of_case, act.row().id));
  for (const auto& r : tasks) {
    if (r.integer(4) > 1 || r.text(12).empty()) continue;
    // For it the clock of the case stands: its own goes on.
    const bool goes_on = (!r.null(28) && r.integer(28) == static_cast<std::int64_t>(TaskKind::supplement)) ||
                         !act.definition().node(static_cast<Index>(r.integer(3))).stands_for.empty();
    JX_TRY(task_due, due_of(act.calendar(), r.text(12), r.date(11), goes_on ? std::span<const calendar::Pause>() : pauses));
    if (date_or_none(r, 13) == task_due.on) continue;
    moved = true;
    JX_CHECK(act.changed(tx.one(sql::task_due, r.id<TaskId>(0), task_due.on, task_due.at)));
    JX_CHECK(act.look_at_mark(r.integer(2)));
  }
  return moved;
}

Result<bool> move_term_timers(Act& act, const calendar::Calendar& before) {
  bool moved = false;
  const auto& calendar = act.calendar();
  for (const Ref timer : term_timers(act.definition(), act.state())) {
    const auto due = act.state().wait(timer)->due;
    const auto last_day = before.zone().date_of(due - Micros{1});
    if (last_day <= act.today()) continue;  // it fires today, or has
    JX_TRY(end, calendar.add_working_days(act.today(), before.working_days_between(act.today(), last_day)));
    if (calendar.end_of(*end.due_on) == due) continue;
    JX_CHECK(act.run(MoveTimer{timer, calendar.end_of(*end.due_on)}));
    moved = true;
  }
  return moved;
}

Result<MovedDeadlines> moved_deadlines(db::Tx& tx, const calendar::Calendar& calendar, CaseId after) {
  MovedDeadlines page;
  JX_TRY(open, tx.all(sql::open_terms, after, static_cast<std::int64_t>(deadlines_page)));
  if (open.empty()) return page;
  const auto last = open.back().id<CaseId>(0);
  if (open.size() == deadlines_page) page.next = last;
  JX_TRY(pauses, pauses_between(tx, after, last));
  std::map<CaseId, std::string> numbers;
  const auto look = [&](CaseId id, std::optional<TaskId> task, LocalDate from, const std::string& term, std::optional<LocalDate> due_on) -> Result<> {
    JX_TRY(due, due_of(calendar, term, from, pauses[id]));
    if (due.on != due_on) page.moved.push_back({id, numbers[id], task, due_on, due.on});
    return {};
  };
  for (const auto& r : open) {
    numbers[r.id<CaseId>(0)] = r.text(1);
    JX_CHECK(look(r.id<CaseId>(0), std::nullopt, r.date(2), r.text(3), date_or_none(r, 4)));
  }
  JX_TRY(tasks, tx.all(sql::open_task_terms, after, last));
  for (const auto& r : tasks) JX_CHECK(look(r.id<CaseId>(0), r.id<TaskId>(1), r.date(2), r.text(3), date_or_none(r, 4)));
  std::ranges::sort(page.moved, {}, [](const MovedDeadline& move) { return std::pair(move.id, move.task); });
  return page;
}

Result<> schedule_recount(db::Tx& tx, const Context& ctx, const pack::Pack& pack) {
  JX_TRY(applied, pack::current(tx));
  if (!applied) return {};
  JX_TRY(before, pack::load(tx, applied->hash));
  const auto old_calendar = pack::calendar_of(before, before.manifest().calendar);
  const auto new_calendar = pack::calendar_of(pack, pack.manifest().calendar);
  if (!old_calendar || !new_calendar || old_calendar->version() == new_calendar->version()) return {};
  JX_CHECK(tx.run(sql::job_insert, Uuid::make(ctx.clock, ctx.random).bytes(), CaseId(), 0, static_cast<std::int64_t>(JobKind::recount), ctx.now(),
                  new_calendar->version(), wire::encode(Recount{to_hex(applied->hash), CaseId()})));
  return {};
}

}  // namespace jx::cases
