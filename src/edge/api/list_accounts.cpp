// list_accounts.cpp - GET /api/v1/accounts (operation listAccounts). Who grants rights, manages accounts or audits sees all who hold posts; others
// who may read the directory see those of their own unit. Who holds no post is found by her whole user name alone: residents are not to be browsed.
#include "handlers.hpp"
#include "people_views.hpp"

#include <algorithm>

namespace jx::api {

namespace {

/// The unit of the query. Errors: forbidden (not the caller's own, and she has no right beyond it).
Result<std::optional<UnitId>> wanted_unit(const Call& call, db::Tx& tx, const PeopleRights& rights) {
  JX_TRY(named, call.query("unit"));
  std::optional<UnitId> unit;
  if (named) {
    auto parsed = UnitId::parse(*named);
    if (!parsed || !identity::unit(tx, *parsed)) return fail(ErrorCode::invalid, {"there is no such unit", "没有该单位"}, "/unit");
    unit = *parsed;
  }
  if (rights.any()) return unit;
  const auto& own = call.ctx.actor.unit;
  if (own.empty() || (unit && *unit != own)) return fail(ErrorCode::forbidden, {"you see the people of your own unit alone", "您只能查看本单位人员"});
  return std::optional(own);
}

}  // namespace

Call::Answer list_accounts(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(rights, people_rights(call, tx));
    if (!rights.any()) JX_CHECK(call.require(tx, "identity.read"));
    JX_TRY(page, call.page());
    JX_TRY(search, call.query("search"));
    JX_TRY(state, call.query_enum<identity::StaffState>("state"));
    JX_TRY(unit, wanted_unit(call, tx, rights));
    const identity::StaffFilter filter{state.value_or(identity::StaffState::current), unit, search.value_or("")};
    JX_TRY(found, identity::staff(tx, filter, call.today(), page.limit, page.cursor));
    AccountPage list;
    for (const auto& account : found.accounts) {
      JX_TRY(view, account_view(call, tx, account));
      list.items.push_back(std::move(view));
    }
    list.next = present(found.next);
    if (!rights.any() || page.cursor.size() + found.accounts.size() > 0 || filter.words.empty() || unit) return ok(list);
    const auto by_name = identity::account_by_username(tx, filter.words);
    if (by_name && by_name->disabled == (filter.state == identity::StaffState::locked)) {
      JX_TRY(view, account_view(call, tx, *by_name));
      list.items.push_back(std::move(view));
    }
    return ok(list);
  });
}

}  // namespace jx::api
