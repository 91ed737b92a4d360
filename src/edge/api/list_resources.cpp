// list_resources.cpp - GET /api/v1/resources (operation listResources): the catalogue, whole or what is looked for, a page at a time.
#include "open_views.hpp"

#include <algorithm>
#include <charconv>

namespace jx::api {

namespace {

/// Of a list that is ordered by what is looked for: how many were given.
Result<std::size_t> offset_in(const std::string& cursor) {
  std::size_t offset = 0;
  if (cursor.empty()) return offset;
  const auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), offset);
  if (error != std::errc() || end != cursor.data() + cursor.size())
    return fail(ErrorCode::invalid, {"this is not a cursor of this list", "翻页标记无效"}, "/cursor");
  return offset;
}

}  // namespace

Call::Answer list_resources(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(limit, call.query_integer("limit", 1, 200));
    JX_TRY(cursor, call.query("cursor"));
    JX_TRY(from, offset_in(cursor.value_or("")));
    JX_TRY(words, call.query("q"));
    JX_TRY(provider, call.query("provider"));
    JX_TRY(share_class, call.query_enum<catalogue::ShareClass>("share_class"));
    JX_TRY(listing, call.deps.finder.listing(tx));
    JX_TRY(whole, call.deps.access.allows(tx, call.ctx.actor, "catalogue.read"));
    std::vector<std::size_t> found;
    const auto take = [&](std::size_t at) {
      const auto& resource = listing->entries[at].resource;
      if (!whole && !catalogue::is_public(resource)) return;
      if (provider && resource.provider.text() != *provider) return;
      if (share_class && resource.share_class != *share_class) return;
      found.push_back(at);
    };
    if (words && !words->empty()) {
      for (const auto& hit : listing->index.find(*words)) take(hit.document);
    } else {
      for (std::size_t i = 0; i < listing->entries.size(); ++i) take(i);
    }
    ResourceList list;
    list.total = found.size();
    const auto end = std::min(found.size(), from + static_cast<std::size_t>(limit.value_or(200)));
    for (auto i = from; i < end; ++i) {
      JX_TRY(view, resource_view(tx, listing->entries[found[i]].resource));
      list.items.push_back(std::move(view));
    }
    if (end < found.size()) list.next = std::to_string(end);
    return ok(list);
  });
}

}  // namespace jx::api
