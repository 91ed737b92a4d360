// end_post.cpp - POST /api/v1/holdings/{holding}/end (operation endPost).
#include "handlers.hpp"
#include "people_views.hpp"

#include <algorithm>

namespace jx::api {

namespace {

struct EndPost {
  LocalDate last_day;  // the day before today: at once
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(EndPost, (), (last_day, reason))

/// Through which account the holder is shown afterwards: her own first one.
Result<AccountId> account_of(db::Tx& tx, const identity::Holding& holding) {
  if (holding.person.nil()) return holding.machine;
  JX_TRY(accounts, identity::accounts_of(tx, holding.person));
  if (accounts.empty()) return fail(ErrorCode::not_found, {"she has no account", "此人没有账号"});
  return accounts.front().id;
}

}  // namespace

Call::Answer end_post(Call& call) {
  JX_TRY(wanted, call.body<EndPost>());
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<identity::HoldingId>("holding"));
    JX_CHECK(call.require(tx, "rights.grant"));
    JX_TRY(holding, identity::holding(tx, id));
    JX_CHECK(require_granting(call, tx, holding.post));
    JX_TRY(reason, reason_line(wanted.reason));
    const auto today = call.today();
    if (holding.valid.to < std::max(today, holding.valid.from)) return fail(ErrorCode::conflict, {"it is over already", "该任职已结束"});
    if (wanted.last_day < today - 1)
      return fail(ErrorCode::invalid, {"the last day is yesterday (at once) or later", "最后一日不得早于昨天（即立即终止）"}, "/last_day");
    JX_CHECK(identity::end_post(tx, call.ctx, id, wanted.last_day, reason));
    JX_TRY(account, account_of(tx, holding));
    JX_TRY(view, account_detail(call, tx, account));
    return ok(view);
  });
}

}  // namespace jx::api
