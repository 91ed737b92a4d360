// list_items.cpp - GET /api/v1/items (operation listItems).
#include "handlers.hpp"
#include "views_scenes.hpp"

namespace jx::api {

Call::Answer list_items(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(words, call.query("q"));
    if (words && words->size() > 400) return fail(ErrorCode::invalid, {"at most 100 characters", "最多100个字符"}, "/q");
    JX_TRY(listing, call.deps.item_finder.listing(tx));
    JX_TRY(scenes, call.deps.scene_finder.listing(tx));
    std::vector<const services::Item*> shown;
    ItemList list;
    if (words && words->find_first_not_of(' ') != std::string::npos) {
      for (const auto& hit : listing->index.find(*words)) shown.push_back(&listing->items[hit.document]);
      for (const auto& hit : scenes->index.find(*words)) list.scenes.push_back(scene_summary(scenes->scenes[hit.document]));
    } else {
      for (const auto& item : listing->items) shown.push_back(&item);
      for (const auto& scene : scenes->scenes) list.scenes.push_back(scene_summary(scene));
    }
    for (const auto* item : shown) {
      JX_TRY(summary, item_summary(tx, *item));
      list.items.push_back(std::move(summary));
    }
    return ok(list);
  });
}

}  // namespace jx::api
