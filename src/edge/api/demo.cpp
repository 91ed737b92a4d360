// demo.cpp - what only a demonstration county answers: GET /api/v1/demo (getDemo), POST /api/v1/demo/next-working-day (nextWorkingDay),
// POST and DELETE /api/v1/demo/altered-row (alterRow, restoreRow), GET /api/v1/demo/check (checkRows).
#include "figure_views.hpp"
#include "handlers.hpp"

namespace jx::api {

namespace {

constexpr int opens_at_s = 9 * 3600;

struct DemoView {
  Instant now;
  std::int64_t days_ahead = 0;  // of the machine's time
  bool altered = false;         // a row was altered and is not put right yet
  std::optional<pack::Tour> tour;
};
BOOST_DESCRIBE_STRUCT(DemoView, (), (now, days_ahead, altered, tour))

struct WrongRow {
  std::string number;  // of the case
  CaseId case_id;
};
BOOST_DESCRIBE_STRUCT(WrongRow, (), (number, case_id))

struct RowCheck {
  std::int64_t rows = 0;  // that ledger entries vouch for and that were compared
  std::vector<WrongRow> wrong;
};
BOOST_DESCRIBE_STRUCT(RowCheck, (), (rows, wrong))

Result<> only_in_a_demo(const Call& call) {
  if (call.deps.jurisdiction()->manifest.demo.value_or(false) && call.deps.demo_clock != nullptr) return {};
  return fail(ErrorCode::forbidden, {"this is not a demonstration county", "这里不是演示县"});
}

Result<DemoView> demo_view(const Call& call, db::Tx& tx) {
  JX_TRY(state, services::demo_state(tx));
  const auto now = SystemClock().now() + state.clock_offset;
  const auto here = call.deps.jurisdiction();
  return DemoView{now, here->zone.date_of(now) - here->zone.date_of(SystemClock().now()), state.altered.has_value(), here->manifest.tour};
}

}  // namespace

Call::Answer get_demo(Call& call) {
  JX_CHECK(only_in_a_demo(call));
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(view, demo_view(call, tx));
    return ok(view);
  });
}

Call::Answer next_working_day(Call& call) {
  JX_CHECK(only_in_a_demo(call));
  auto answer = call.act([&](db::Tx& tx) -> Call::Answer {
    const auto here = call.deps.jurisdiction();
    JX_TRY(state, services::demo_state(tx));
    const auto machine = SystemClock().now();
    const auto today = here->zone.date_of(machine + state.clock_offset);
    const auto next = here->zone.at(here->calendar->working_day_before(today, -1), opens_at_s);
    JX_CHECK(services::move_clock(tx, call.ctx, next - machine));
    JX_TRY(view, demo_view(call, tx));
    return ok(view);
  });
  if (!answer) return answer;
  JX_TRY(state, call.deps.database.read(call.ctx.deadline, services::demo_state));
  call.deps.demo_clock->shift_to(state.clock_offset);
  call.deps.wake();
  return answer;
}

Call::Answer alter_row(Call& call) {
  JX_CHECK(only_in_a_demo(call));
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(services::alter_row(tx));
    JX_TRY(view, demo_view(call, tx));
    return ok(view);
  });
}

Call::Answer restore_row(Call& call) {
  JX_CHECK(only_in_a_demo(call));
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(services::restore_row(tx));
    JX_TRY(view, demo_view(call, tx));
    return ok(view);
  });
}

Call::Answer check_rows(Call& call) {
  JX_CHECK(only_in_a_demo(call));
  JX_TRY(report, ledger::check_state(call.deps.database, cases::state_tables()));
  return call.read([&](db::Tx& tx) -> Call::Answer {
    RowCheck view;
    view.rows = static_cast<std::int64_t>(report.rows_checked);
    JX_TRY(state, services::demo_state(tx));
    for (const auto& row : report.rows) {
      const auto id = row.table == "cases.case_file" ? CaseId::parse(row.key) : Result<CaseId>(fail(ErrorCode::not_found, "not a case"));
      if (!id) continue;
      JX_TRY(summary, call.deps.cases.summary(tx, *id));
      view.wrong.push_back({summary.number, *id});
    }
    return ok(view);
  });
}

}  // namespace jx::api
