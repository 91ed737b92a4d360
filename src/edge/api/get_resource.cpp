// get_resource.cpp - GET /api/v1/resources/{resource} (operation getResource): everything that the catalogue says of it, and the grants on it that
// one's unit may know of. Without catalogue.read: what is public.
#include "handlers.hpp"
#include "sharing_views.hpp"

#include <jx/catalogue/duplicates.hpp>
#include <jx/catalogue/finder.hpp>

namespace jx::api {

Call::Answer get_resource(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<ResourceId>("resource"));
    JX_TRY(whole, call.deps.access.allows(tx, call.ctx.actor, "catalogue.read"));
    JX_TRY(resource, catalogue::resource(tx, id));
    JX_CHECK(catalogue::apply_designations(tx, {&resource, 1}));
    if (!whole && !catalogue::is_public(resource))
      return fail(ErrorCode::not_found, {"there is no data resource of this name in the catalogue", "目录中没有该数据资源"});
    JX_TRY(summary, resource_view(tx, resource));
    ResourceDetail view{std::move(summary), resource, {}, resource.provider == call.ctx.actor.unit, std::nullopt};
    if (!whole) {
      if (view.resource.assessment) view.resource.assessment->note.reset();  // what the head wrote is for offices
      return ok(view);
    }
    if (!call.ctx.actor.unit.empty()) {
      JX_TRY(records, exchange::grant_records(tx, call.today(), call.ctx.actor.unit));
      for (const auto& record : records) {
        if (record.view.grant.resource != id) continue;
        JX_TRY(one, grant_view(tx, record));
        view.grants.push_back(std::move(one));
      }
    }
    JX_TRY(versions, catalogue::versions(tx, id));
    view.versions.emplace();
    for (const auto& version : versions) view.versions->push_back({version.version, version.since, version.by_case});
    return ok(view);
  });
}

}  // namespace jx::api
