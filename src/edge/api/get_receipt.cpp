// get_receipt.cpp - GET /api/v1/usage/{usage}/receipt (operation getReceipt): with the answer, what `junxian exchange verify` checks offline. For
// both sides of the use, and for auditors.
#include "handlers.hpp"
#include "open_views.hpp"

#include <jx/exchange/receipts.hpp>
#include <jx/exchange/retention.hpp>

namespace jx::api {

namespace {

/// Of a use that was moved into a file, its entry tells enough.
Result<exchange::Usage> kept_or_moved(db::Tx& tx, const UsageId& id) {
  auto kept = exchange::usage(tx, id);
  if (kept || kept.error().code != ErrorCode::not_found) return kept;
  JX_TRY(moved, exchange::moved_usage(tx, id));
  exchange::Usage usage;
  usage.id = id;
  usage.entry = moved.entry;
  usage.consumer = moved.consumer;
  usage.provider = moved.provider;
  return usage;
}

}  // namespace

Call::Answer get_receipt(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<UsageId>("usage"));
    JX_TRY(usage, kept_or_moved(tx, id));
    const auto& unit = call.ctx.actor.unit;
    JX_TRY(audits, call.deps.access.allows(tx, call.ctx.actor, "audit.read"));
    if (!audits) {
      if (unit.empty() || (usage.consumer != unit && usage.provider != unit))
        return fail(ErrorCode::not_found, {"there is no use of this id", "没有该条使用记录"});
      JX_CHECK(call.require(tx, "usage.read_unit"));
    }
    JX_TRY(receipt, exchange::receipt(tx, usage));
    return ok(receipt);
  });
}

}  // namespace jx::api
