// list_items.cpp - GET /api/v1/items (operation listItems).
#include "handlers.hpp"
#include "views_services.hpp"

namespace jx::api {

Call::Answer list_items(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(words, call.query("q"));
    if (words && words->size() > 400) return fail(ErrorCode::invalid, {"at most 100 characters", "最多100个字符"}, "/q");
    JX_TRY(items, services::items(tx, words.value_or("")));
    ItemList list;
    for (const auto& item : items) {
      JX_TRY(summary, item_summary(tx, item));
      list.items.push_back(std::move(summary));
    }
    return ok(list);
  });
}

}  // namespace jx::api
