// get_account.cpp - GET /api/v1/accounts/{account} (operation getAccount).
#include "handlers.hpp"
#include "people_views.hpp"

namespace jx::api {

Call::Answer get_account(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(rights, people_rights(call, tx));
    if (!rights.any()) return fail(ErrorCode::forbidden, {"your post does not permit this: accounts", "您的岗位没有此项权限：查看账号"});
    JX_TRY(id, call.path<AccountId>("account"));
    JX_TRY(view, account_detail(call, tx, id));
    return ok(view);
  });
}

}  // namespace jx::api
