// get_item.cpp - GET /api/v1/items/{item} (operation getItem).
#include "handlers.hpp"
#include "views_services.hpp"

#include <jx/services/reviews.hpp>

namespace jx::api {

Call::Answer get_item(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<ItemId>("item"));
    JX_TRY(item, services::item(tx, id));
    JX_TRY(view, item_view(tx, call.deps, item));
    JX_TRY(score, services::review_score(tx, id, call.deps.jurisdiction()->zone.start_of(call.today() - services::review_score_days)));
    if (score.count > 0) view.reviews = ReviewScoreView{score.count, score.average};
    return ok(view);
  });
}

}  // namespace jx::api
