// list_reviews.cpp - GET /api/v1/reviews (operation listReviews): what people said of one's unit and those below it, the newest first.
#include "review_views.hpp"

namespace jx::api {

Call::Answer list_reviews(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "reviews.read"));
    JX_TRY(units, reviewed_units(call, tx));
    JX_TRY(show, call.query_enum<services::ReviewShow>("show"));
    JX_TRY(words, call.query("words"));
    if (words && *words != "true" && *words != "false")
      return fail(ErrorCode::invalid, {"words is true or false", "words 应为 true 或 false"}, "/words");
    JX_TRY(page, call.page());
    const services::ReviewQuery query{show.value_or(services::ReviewShow::all), words == "true", page.limit, page.cursor};
    JX_TRY(found, services::reviews_of(tx, units.asked, query, call.today()));
    ReviewList list;
    for (const auto& one : found.items) {
      JX_TRY(view, review_view(call, tx, one, true));
      list.items.push_back(std::move(view));
    }
    list.units = std::move(units.all);
    list.next = present(found.next);
    return ok(list);
  });
}

}  // namespace jx::api
