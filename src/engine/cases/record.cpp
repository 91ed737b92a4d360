#include <jx/cases/record.hpp>

#include "act.hpp"
#include "cases_sql.hpp"

namespace jx::cases {

Result<ledger::EntryId> record(Engine& engine, db::Tx& tx, const Context& ctx, CaseId id, Record record, Closed closed) {
  JX_TRY(row, case_row(tx, id));
  if (row.machine.empty() && closed == Closed::allowed) {  // its timeline is in the archive, for good
    record.body["number"] = row.number;
    return ledger::append(tx, ctx, {std::move(record.kind), subjects_of(row), std::move(record.body), std::move(record.state)});
  }
  Act act(engine.impl(), tx, ctx);
  JX_CHECK(act.load(std::move(row)));
  if (act.state().ended() && closed == Closed::refused)
    return fail(ErrorCode::conflict, {"the case is concluded: nothing can be added or taken away", "该办件已办结，不能再增减材料"});
  act.note(static_cast<Happened>(record.what), no_index, std::move(record.detail));
  for (auto& state : record.state) act.vouch(std::move(state));
  return act.finish(std::move(record.kind), std::move(record.body));
}

Result<bool> decided_since(db::Tx& tx, CaseId id, Instant since) {
  JX_TRY(row, tx.one(sql::task_done_since, id, since));
  return row.has_value();
}

}  // namespace jx::cases
