// get_sweep.cpp - GET /api/v1/sweeps/{sweep} (operation getSweep).
#include "handlers.hpp"
#include "views_change.hpp"

namespace jx::api {

Call::Answer get_sweep(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.manage"));
    JX_TRY(id, call.path<cases::SweepId>("sweep"));
    JX_TRY(page, call.page());
    JX_TRY(sweep, cases::sweep(tx, id));
    JX_TRY(refused, cases::refused_by(tx, id, {page.limit, page.cursor}));
    SweepDetail detail{sweep_view(sweep), {}, present(refused.next)};
    for (const auto& one : refused.items) detail.refused.push_back({one.id, one.number, reason_views(one.reasons)});
    return ok(detail);
  });
}

}  // namespace jx::api
