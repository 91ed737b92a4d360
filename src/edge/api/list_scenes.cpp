// list_scenes.cpp - GET /api/v1/scenes (operation listScenes).
#include "handlers.hpp"
#include "views_scenes.hpp"

namespace jx::api {

Call::Answer list_scenes(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(words, call.query("q"));
    if (words && words->size() > 400) return fail(ErrorCode::invalid, {"at most 100 characters", "最多100个字符"}, "/q");
    JX_TRY(listing, call.deps.scene_finder.listing(tx));
    SceneList list;
    if (words && words->find_first_not_of(' ') != std::string::npos) {
      for (const auto& hit : listing->index.find(*words)) list.items.push_back(scene_summary(listing->scenes[hit.document]));
    } else {
      for (const auto& scene : listing->scenes) list.items.push_back(scene_summary(scene));
    }
    return ok(list);
  });
}

}  // namespace jx::api
