// confirm_disposal.cpp - POST /api/v1/grants/{grant}/confirm-disposal (operation confirmDisposal): by the consumer, when the grant is over (art. 27).
#include "handlers.hpp"
#include "sharing_views.hpp"

#include <jx/sharing/followups.hpp>

namespace jx::api {

Call::Answer confirm_disposal(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<GrantId>("grant"));
    JX_TRY(wanted, call.body<Reason>());
    JX_TRY(before, exchange::grant_record(tx, call.today(), id));
    JX_CHECK(require_over(call, tx, before, Over::consumer));
    JX_CHECK(exchange::confirm_disposal(tx, call.ctx, call.today(), id, wanted.reason));
    JX_CHECK(sharing::disposed(tx, call.ctx, call.deps.cases, id));
    JX_TRY(after, exchange::grant_record(tx, call.today(), id));
    JX_TRY(view, grant_view(tx, after));
    return ok(view);
  });
}

}  // namespace jx::api
