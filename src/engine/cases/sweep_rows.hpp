// sweep_rows.hpp - how a sweep goes on from chunk to chunk.
#pragma once
#include "act.hpp"

#include <jx/cases/sweeps.hpp>

namespace jx::cases {

inline constexpr std::size_t sweep_chunk = 50;  // cases in one transaction

/// Records the sweep, in the ledger too, and leaves the job that does it.
[[nodiscard]] Result<SweepId> begin_sweep(db::Tx& tx, const Context& ctx, JobKind kind, const ProcessId& process, boost::json::object detail,
                                          std::int64_t total);

/// What one transaction did.
struct Chunk {
  std::int64_t done = 0;
  std::vector<Refused> refused;
  std::string next;  // where the next one begins; empty: that was all
};
[[nodiscard]] Result<Chunk> retry_chunk(Engine& engine, db::Tx& tx, const Context& ctx, const Sweep& sweep, const std::string& after);

/// Does the next chunk of the job of a sweep in `tx`, which has taken the job away, and leaves the job for the one after. `system` is the context
/// of the worker: the cases' entries are of whoever began the sweep.
[[nodiscard]] Result<> go_on_with(Engine& engine, db::Tx& tx, const Context& system, JobKind kind, std::string_view sweep, std::string_view after);

}  // namespace jx::cases
