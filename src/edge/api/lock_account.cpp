// lock_account.cpp - POST /api/v1/accounts/{account}/lock and /unlock (operations lockAccount, unlockAccount).
#include "handlers.hpp"
#include "people_views.hpp"

namespace jx::api {

namespace {

Call::Answer set_locked(Call& call, bool locked) {
  JX_TRY(wanted, call.body<Reason>());
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<AccountId>("account"));
    JX_CHECK(require_managing(call, tx, id));
    JX_TRY(reason, reason_line(wanted.reason));
    JX_CHECK(locked ? identity::disable_account(tx, call.ctx, id, reason) : identity::enable_account(tx, call.ctx, id, reason));
    JX_TRY(view, account_detail(call, tx, id));
    return ok(view);
  });
}

}  // namespace

Call::Answer lock_account(Call& call) { return set_locked(call, true); }
Call::Answer unlock_account(Call& call) { return set_locked(call, false); }

}  // namespace jx::api
