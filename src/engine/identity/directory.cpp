#include "identity_sql.hpp"
#include "store.hpp"

#include <jx/identity/directory.hpp>

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

}  // namespace jx::identity
