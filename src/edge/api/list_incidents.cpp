// list_incidents.cpp - GET /api/v1/incidents (operation listIncidents).
#include "handlers.hpp"
#include "views_change.hpp"

namespace jx::api {

Call::Answer list_incidents(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.manage"));
    JX_TRY(filter, filter_of(call));
    JX_TRY(page, call.page());
    JX_TRY(found, cases::incidents(tx, call.deps.cases, filter, {page.limit, page.cursor}));
    JX_TRY(total, cases::count_incidents(tx, filter));
    IncidentPage list;
    for (const auto& incident : found.items) list.items.push_back(incident_summary(incident));
    list.total = total;
    list.next = present(found.next);
    return ok(list);
  });
}

}  // namespace jx::api
