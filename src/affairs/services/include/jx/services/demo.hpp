// demo.hpp - what a demonstration county can do that a real one cannot: its clock is moved ahead, and a row is altered behind the ledger's back, for
// people to see it caught. The caller has made sure that the pack is a demonstration.
#pragma once
#include <jx/core.hpp>
#include <jx/db.hpp>

#include <optional>

namespace jx::services {

inline constexpr Micros clock_ahead_max = std::chrono::hours(24 * 366);

struct DemoState {
  Micros clock_offset{0};         // added to the machine's time
  std::optional<CaseId> altered;  // the case whose row was altered
};
[[nodiscard]] Result<DemoState> demo_state(db::Tx& tx);
/// Sets how far the clock is ahead; an entry of the ledger says so. Sessions move along. Errors: invalid (clock_ahead_max; backwards).
[[nodiscard]] Result<> move_clock(db::Tx& tx, const Context& ctx, Micros offset);
/// Makes a refusal an approval in the table alone: no entry, no event. Errors: not_found (no case was refused yet); conflict (one is altered).
[[nodiscard]] Result<CaseId> alter_row(db::Tx& tx);
/// Puts the row right again. Nothing where none is altered.
[[nodiscard]] Result<> restore_row(db::Tx& tx);

}  // namespace jx::services
