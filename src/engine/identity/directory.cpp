#include "identity_sql.hpp"
#include "store.hpp"

#include <jx/identity/directory.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace jx::identity {
namespace {

constexpr int unit_depth_max = 32;  // of parents; the pack's check refuses cycles

}  // namespace

Result<Unit> unit(db::Tx& tx, const UnitId& id) { return body_of<Unit>(tx, sql::unit_one, {"unit", "单位"}, id); }
Result<Division> division(db::Tx& tx, std::string_view code) { return body_of<Division>(tx, sql::division_one, {"division", "行政区划"}, code); }
Result<Post> post(db::Tx& tx, const PostId& id) { return body_of<Post>(tx, sql::post_one, {"post", "岗位"}, id); }
Result<Role> role(db::Tx& tx, const RoleId& id) { return body_of<Role>(tx, sql::role_one, {"role", "角色"}, id); }

Result<std::vector<Unit>> units(db::Tx& tx) { return bodies_of<Unit>(tx, sql::unit_current, {"unit", "单位"}); }
Result<std::vector<Division>> divisions(db::Tx& tx) { return bodies_of<Division>(tx, sql::division_current, {"division", "行政区划"}); }
Result<std::vector<Post>> posts(db::Tx& tx) { return bodies_of<Post>(tx, sql::post_current, {"post", "岗位"}); }
Result<std::vector<Role>> roles(db::Tx& tx) { return bodies_of<Role>(tx, sql::role_current, {"role", "角色"}); }

Result<bool> within(db::Tx& tx, const UnitId& inner, const UnitId& outer) {
  auto at = inner;
  for (int depth = 0; depth < unit_depth_max; ++depth) {
    if (at == outer) return true;
    JX_TRY(found, unit(tx, at));
    if (!found.parent) return false;
    at = *found.parent;
  }
  return fail(ErrorCode::corrupt, {"the parents of a unit go in a circle", "单位的上级关系成环"});
}

Result<std::vector<UnitId>> units_below(db::Tx& tx, const UnitId& of, std::optional<Level> level) {
  JX_TRY(all, units(tx));
  std::multimap<UnitId, const Unit*> children;
  for (const auto& unit : all) {
    if (unit.parent) children.emplace(*unit.parent, &unit);
  }
  std::set<UnitId> found;
  std::vector<UnitId> wanted, open{of};
  while (!open.empty()) {
    const auto at = open.back();
    open.pop_back();
    const auto [first, last] = children.equal_range(at);
    for (auto child = first; child != last; ++child) {
      if (!found.insert(child->second->id).second) continue;
      open.push_back(child->second->id);
      if (!level || child->second->level == *level) wanted.push_back(child->second->id);
    }
  }
  std::ranges::sort(wanted);
  return wanted;
}

Result<std::optional<Post>> head_of(db::Tx& tx, const UnitId& of, const PostId& but) {
  JX_TRY(all, posts(tx));
  auto at = of;
  for (int depth = 0; depth < unit_depth_max && !at.empty(); ++depth) {
    for (const auto& post : all) {
      if (post.unit == at && post.head.value_or(false) && post.id != but) return std::optional(post);
    }
    JX_TRY(found, unit(tx, at));
    at = found.parent.value_or(UnitId());
  }
  return std::optional<Post>();
}

}  // namespace jx::identity
