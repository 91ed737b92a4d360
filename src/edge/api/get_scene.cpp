// get_scene.cpp - GET /api/v1/scenes/{scene} (operation getScene).
#include "handlers.hpp"
#include "views_scenes.hpp"

namespace jx::api {

Call::Answer get_scene(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<services::SceneId>("scene"));
    JX_TRY(listing, call.deps.scene_finder.listing(tx));
    const auto* scene = listing->scene(id);
    if (scene == nullptr) return fail(ErrorCode::not_found, {"there is no scene of this name", "没有该情形"});
    return ok(scene_view(*scene));
  });
}

}  // namespace jx::api
