// retry_incidents.cpp - POST /api/v1/incidents/retry (operation retryIncidents).
#include "handlers.hpp"
#include "views_change.hpp"

namespace jx::api {

namespace {

struct RetryIncidents {
  IncidentFilterBody filter;
  std::optional<std::map<std::string, Json>> variables;
  std::int64_t expected = 0;
};
BOOST_DESCRIBE_STRUCT(RetryIncidents, (), (filter, variables, expected))

}  // namespace

Call::Answer retry_incidents(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.manage"));
    JX_TRY(wanted, call.body<RetryIncidents>());
    JX_TRY(filter, filter_of(wanted.filter));
    JX_TRY(id, cases::retry_incidents(tx, call.ctx, filter, object_of(wanted.variables), wanted.expected));
    JX_TRY(sweep, cases::sweep(tx, id));
    return created("/api/v1/sweeps/" + id.text(), sweep_view(sweep));
  });
}

}  // namespace jx::api
