// list_offices.cpp - GET /api/v1/offices (operation listOffices).
#include "handlers.hpp"
#include "views_cases.hpp"

#include <jx/identity/rights.hpp>

#include <algorithm>
#include <set>

namespace jx::api {

namespace {

/// The roles with which tasks may be handled.
Result<std::set<RoleId>> handling_roles(db::Tx& tx) {
  JX_TRY(roles, identity::roles(tx));
  std::set<RoleId> found;
  for (const auto& role : roles) {
    if (std::ranges::any_of(role.permissions, [](const auto& given) { return given.allow == "cases.handle"; })) found.insert(role.id);
  }
  return found;
}

/// Who holds a post today, by her account: one who cannot sign in handles nothing.
Result<std::vector<Colleague>> colleagues(db::Tx& tx, const Call& call, const PostId& post) {
  JX_TRY(holdings, identity::holders_of(tx, post, call.today()));
  std::vector<Colleague> list;
  for (const auto& holding : holdings) {
    if (holding.person.nil()) continue;
    JX_TRY(person, identity::person(tx, holding.person));
    JX_TRY(accounts, identity::accounts_of(tx, holding.person));
    const auto usable = std::ranges::find(accounts, false, &identity::Account::disabled);
    if (usable != accounts.end()) list.push_back({usable->id, person.name, holding.person == call.ctx.actor.person});
  }
  return list;
}

}  // namespace

Call::Answer list_offices(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "identity.read"));
    JX_TRY(handling, handling_roles(tx));
    JX_TRY(posts, identity::posts(tx));
    std::vector<OfficeView> offices;
    for (const auto& post : posts) {
      if (std::ranges::none_of(post.roles, [&](const RoleId& role) { return handling.contains(role); })) continue;
      auto office = std::ranges::find(offices, post.unit, [](const OfficeView& one) { return one.unit.key; });
      if (office == offices.end()) {
        JX_TRY(name, unit_name(tx, post.unit));
        office = offices.insert(offices.end(), OfficeView{std::move(name), {}});
      }
      OfficePost view{post.id, post.name, {}};
      if (post.unit == call.ctx.actor.unit) {
        JX_TRY(holders, colleagues(tx, call, post.id));
        view.holders = std::move(holders);
      }
      office->posts.push_back(std::move(view));
    }
    return ok(OfficeList{std::move(offices)});
  });
}

}  // namespace jx::api
