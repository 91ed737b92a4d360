// list_sweeps.cpp - GET /api/v1/sweeps (operation listSweeps).
#include "handlers.hpp"
#include "views_change.hpp"

namespace jx::api {

Call::Answer list_sweeps(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.manage"));
    JX_TRY(page, call.page());
    JX_TRY(found, cases::sweeps(tx, {page.limit, page.cursor}));
    SweepPage list;
    for (const auto& sweep : found.items) list.items.push_back(sweep_view(sweep));
    list.next = present(found.next);
    return ok(list);
  });
}

}  // namespace jx::api
