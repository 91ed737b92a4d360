// get_visit_link.cpp - GET /api/v1/counter/cases/{case}/visit (operation getVisitLink) and its QR code (operation getVisitCode): where whoever stands
// at the counter says what she thinks of it.
#include "open_views.hpp"
#include "review_views.hpp"

#include <jx/print.hpp>

namespace jx::api {

Call::Answer get_visit_link(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<CaseId>("case"));
    JX_TRY(view, visit_link(call, tx, id));
    return ok(view);
  });
}

Call::Answer get_visit_code(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<CaseId>("case"));
    JX_TRY(link, visit_link(call, tx, id));
    JX_TRY(code, print::code_svg(base_address(call) + link.path));
    auto response = http::content("image/svg+xml", std::move(code));
    response.with("Cache-Control", "no-store");
    return response;
  });
}

}  // namespace jx::api
