// get_visit.cpp - GET /api/v1/visits/{code} (operation getVisit): the visit that a link was given out for, and what was said of it.
#include "review_views.hpp"

namespace jx::api {

Call::Answer get_visit(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(visit, services::visit(tx, call.request.param("code")));
    JX_TRY(view, visit_view(call, tx, visit));
    return ok(view);
  });
}

}  // namespace jx::api
