// list_incident_groups.cpp - GET /api/v1/incidents/groups (operation listIncidentGroups).
#include "handlers.hpp"
#include "views_change.hpp"

namespace jx::api {

Call::Answer list_incident_groups(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.manage"));
    JX_TRY(filter, filter_of(call));
    JX_TRY(groups, cases::incident_groups(tx, filter));
    IncidentGroupList list;
    for (const auto& group : groups)
      list.items.push_back({present(group.process), present(group.element), localized(group.message), group.count, group.first, group.last});
    return ok(list);
  });
}

}  // namespace jx::api
