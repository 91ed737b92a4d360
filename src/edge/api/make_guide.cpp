// make_guide.cpp - POST /api/v1/scenes/{scene}/guide (operation makeGuide).
#include "handlers.hpp"
#include "views_scenes.hpp"

namespace jx::api {

namespace {

struct MakeGuide {
  services::SceneAnswers answers;
};
BOOST_DESCRIBE_STRUCT(MakeGuide, (), (answers))

}  // namespace

Call::Answer make_guide(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<services::SceneId>("scene"));
    JX_TRY(wanted, call.body<MakeGuide>());
    JX_TRY(listing, call.deps.scene_finder.listing(tx));
    const auto* scene = listing->scene(id);
    if (scene == nullptr) return fail(ErrorCode::not_found, {"there is no scene of this name", "没有该情形"});
    JX_TRY(guide, guide_view(tx, call.ctx, call.deps, *scene, wanted.answers));
    return ok(guide);
  });
}

}  // namespace jx::api
