// list_posts.cpp - GET /api/v1/posts (operation listPosts): every post with who holds it, and what each role may do.
#include "handlers.hpp"
#include "people_views.hpp"

#include <algorithm>

namespace jx::api {

namespace {

Result<HolderView> holder_view(db::Tx& tx, const identity::Holding& holding) {
  HolderView view;
  if (holding.person.nil()) {
    JX_TRY(account, identity::account(tx, holding.machine));
    JX_TRY(name, owner_name(tx, account));
    view.account = account.id;
    view.name = std::move(name);
  } else {
    JX_TRY(person, identity::person(tx, holding.person));
    JX_TRY(accounts, identity::accounts_of(tx, holding.person));
    if (!accounts.empty()) view.account = accounts.front().id;
    view.name = std::move(person.name);
  }
  if (holding.valid.from != identity::since_ever) view.from = holding.valid.from;
  if (holding.valid.to != identity::for_ever) view.to = holding.valid.to;
  if (holding.stand_in_for) {
    JX_TRY(other, identity::person(tx, *holding.stand_in_for));
    view.stand_in_for = std::move(other.name);
  }
  return view;
}

RoleView role_view(const identity::Role& role) {
  RoleView view{role.id, role.name, role.given_to, {}};
  for (const auto& allowance : role.permissions) {
    const auto* known = identity::permission(allowance.allow);
    if (known != nullptr) view.permissions.push_back({allowance.allow, localized(known->words), known->power, allowance.when});
  }
  return view;
}

}  // namespace

Call::Answer list_posts(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "identity.read"));
    JX_TRY(named, call.query("unit"));
    std::vector<UnitId> units;
    if (named) {
      JX_TRY(unit, UnitId::parse(*named));
      JX_TRY(below, identity::units_below(tx, unit, std::nullopt));
      units = std::move(below);
      units.push_back(unit);
    }
    JX_TRY(posts, identity::posts(tx));
    PostList list;
    for (const auto& post : posts) {
      if (named && std::ranges::find(units, post.unit) == units.end()) continue;
      JX_TRY(unit, unit_name(tx, post.unit));
      JX_TRY(powers, powers_of_posts(tx, {post.id}));
      PostView view{post.id, post.name, std::move(unit), post.head.value_or(false), post.roles, std::move(powers), {}};
      JX_TRY(holders, identity::holders_of(tx, post.id, call.today()));
      for (const auto& holding : holders) {
        JX_TRY(holder, holder_view(tx, holding));
        view.holders.push_back(std::move(holder));
      }
      list.items.push_back(std::move(view));
    }
    JX_TRY(roles, identity::roles(tx));
    for (const auto& role : roles) list.roles.push_back(role_view(role));
    return ok(list);
  });
}

}  // namespace jx::api
