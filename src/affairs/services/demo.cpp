#include "services_sql.hpp"

#include <jx/cases.hpp>
#include <jx/identity.hpp>
#include <jx/ledger.hpp>
#include <jx/services/demo.hpp>

#include <boost/json/object.hpp>

namespace jx::services {

Result<DemoState> demo_state(db::Tx& tx) {
  JX_TRY(row, tx.one(sql::demo_one));
  DemoState state;
  if (!row) return state;
  state.clock_offset = Micros{row->integer(0)};
  if (!row->null(1)) state.altered = row->id<CaseId>(1);
  return state;
}

Result<> move_clock(db::Tx& tx, const Context& ctx, Micros offset) {
  JX_TRY(state, demo_state(tx));
  if (offset < state.clock_offset) return fail(ErrorCode::invalid, {"the clock of a county goes forwards only", "县域时钟只能向前"});
  if (offset > clock_ahead_max)
    return fail(ErrorCode::invalid, {"the clock is a year ahead already: begin a new demonstration", "时钟已超前一年，请重新开始演示"});
  JX_CHECK(tx.run(sql::demo_put_clock, offset.count()));
  const Micros by = offset - state.clock_offset;
  JX_CHECK(identity::move_sessions(tx, by));
  JX_CHECK(ledger::append(tx, ctx, {"demo.clock_moved", {}, {{"to", (ctx.now() + by).text()}}, {}}));
  return {};
}

Result<CaseId> alter_row(db::Tx& tx) {
  JX_TRY(state, demo_state(tx));
  if (state.altered) return fail(ErrorCode::conflict, {"one row is altered already: put it right first", "已有一行被改动，请先恢复"});
  JX_TRY(row, tx.one(sql::demo_victim));
  if (!row)
    return fail(ErrorCode::not_found, {"no application was decided yet: there is nothing worth altering", "尚无已作出决定的办件，没有可改动的记录"});
  const auto id = row->id<CaseId>(0);
  JX_CHECK(tx.run(sql::demo_put_altered, id, row->integer(1)));
  const bool refused = row->integer(1) == static_cast<std::int64_t>(cases::CaseState::refused);
  JX_CHECK(tx.run(sql::demo_alter, id, static_cast<std::int64_t>(refused ? cases::CaseState::approved : cases::CaseState::refused)));
  return id;
}

Result<> restore_row(db::Tx& tx) {
  JX_TRY(row, tx.one(sql::demo_one));
  if (!row || row->null(1)) return {};
  JX_CHECK(tx.run(sql::demo_alter, row->id<CaseId>(1), row->integer(2)));
  JX_CHECK(tx.run(sql::demo_put_altered, nullptr, nullptr));
  return {};
}

}  // namespace jx::services
