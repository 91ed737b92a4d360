#include "identity_sql.hpp"
#include "store.hpp"

#include <jx/identity/access.hpp>

#include <boost/json/array.hpp>

#include <algorithm>
#include <set>

namespace jx::identity {
namespace {

boost::json::object actor_facts(const Actor& actor, const std::vector<Role>& roles) {
  static constexpr const char* kinds[] = {"anonymous", "person", "machine", "system"};
  const auto id = [](const auto& value) { return value.nil() ? boost::json::value(nullptr) : boost::json::value(value.text()); };
  const auto key = [](const auto& value) { return value.empty() ? boost::json::value(nullptr) : boost::json::value(value.text()); };
  boost::json::array role_keys;
  for (const auto& role : roles) role_keys.emplace_back(role.id.text());
  return {{"kind", kinds[static_cast<std::size_t>(actor.kind)]},
          {"account", id(actor.account)},
          {"person", id(actor.person)},
          {"post", key(actor.post)},
          {"unit", key(actor.unit)},
          {"roles", std::move(role_keys)}};
}

}  // namespace

Result<std::vector<Role>> Access::roles_of(db::Tx& tx, const Actor& actor) {
  std::vector<Role> out;
  if (!actor.post.empty()) {
    JX_TRY(row, tx.one(sql::post_one, actor.post));
    if (row && row->null(1)) {
      JX_TRY(held, wire::decode<Post>(row->text(0)));
      for (const auto& id : held.roles) {
        JX_TRY(role_row, tx.one(sql::role_one, id));
        if (!role_row || !role_row->null(1)) continue;
        JX_TRY(role, wire::decode<Role>(role_row->text(0)));
        if (role.given_to == GivenTo::post) out.push_back(std::move(role));
      }
    }
  }
  JX_TRY(all, bodies_of<Role>(tx, sql::role_for_all, {"role", "角色"}));
  const bool citizen = actor.kind == Actor::Kind::person && actor.post.empty();
  for (auto& role : all) {
    if (role.given_to == GivenTo::anyone || (citizen && role.given_to == GivenTo::person)) out.push_back(std::move(role));
  }
  return out;
}

Result<Access::Roles> Access::roles_remembered(db::Tx& tx, const Actor& actor) const {
  const std::string whose = !actor.post.empty() ? actor.post.text() : actor.kind == Actor::Kind::person ? "/person" : "/anyone";  // no post begins so
  return roles_.of(tx, whose, [&]() -> Result<Roles> {
    JX_TRY(roles, roles_of(tx, actor));
    return std::make_shared<const std::vector<Role>>(std::move(roles));
  });
}

Result<bool> Access::allows(db::Tx& tx, const Actor& actor, std::string_view key, const boost::json::object& object) const {
  if (permission(key) == nullptr) return fail(ErrorCode::internal, {"there is no permission '" + std::string(key) + "'"});
  if (actor.kind == Actor::Kind::system) return true;
  JX_TRY(roles, roles_remembered(tx, actor));
  boost::json::object names;
  for (const auto& role : *roles) {
    for (const auto& allowance : role.permissions) {
      if (allowance.allow != key) continue;
      if (!allowance.when) return true;
      if (names.empty()) names = {{"actor", actor_facts(actor, *roles)}, {"object", object}};
      if (conditions_.holds(*allowance.when, names)) return true;
    }
  }
  return false;
}

Result<> Access::require(db::Tx& tx, const Context& ctx, std::string_view key, const boost::json::object& object) const {
  JX_TRY(allowed, allows(tx, ctx.actor, key, object));
  if (allowed) return {};
  if (ctx.actor.kind == Actor::Kind::anonymous) return fail(ErrorCode::unauthenticated, {"please sign in first", "请先登录"});
  const auto& words = permission(key)->words;
  return fail(ErrorCode::forbidden, {"your post does not permit this: " + words.en, "您的岗位没有此项权限：" + words.zh});
}

Result<std::vector<std::string>> Access::possible(db::Tx& tx, const Actor& actor) const {
  std::set<std::string> keys;
  if (actor.kind == Actor::Kind::system) {
    for (const auto& permission : permissions()) keys.emplace(permission.key);
  } else {
    JX_TRY(roles, roles_of(tx, actor));
    for (const auto& role : roles) {
      for (const auto& allowance : role.permissions) keys.insert(allowance.allow);
    }
  }
  return std::vector<std::string>(keys.begin(), keys.end());
}

}  // namespace jx::identity
