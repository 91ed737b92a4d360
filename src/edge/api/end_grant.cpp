// end_grant.cpp - POST /api/v1/grants/{grant}/end (operation endGrant): for good; also for its consumer.
#include "handlers.hpp"
#include "sharing_views.hpp"

#include <jx/sharing/followups.hpp>

namespace jx::api {

Call::Answer end_grant(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<GrantId>("grant"));
    JX_TRY(wanted, call.body<Reason>());
    JX_TRY(before, exchange::grant_record(tx, call.today(), id));
    JX_CHECK(require_over(call, tx, before, Over::either));
    JX_CHECK(exchange::end(tx, call.ctx, id, wanted.reason));
    JX_CHECK(sharing::follow(tx, call.ctx, call.deps.cases, call.today(), sharing::Followup::disposal, id));
    JX_TRY(after, exchange::grant_record(tx, call.today(), id));
    JX_TRY(view, grant_view(tx, after));
    return ok(view);
  });
}

}  // namespace jx::api
