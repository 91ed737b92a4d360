// list_absences.cpp - GET /api/v1/absences (operation listAbsences).
#include "absence_view.hpp"
#include "handlers.hpp"

namespace jx::api {

Call::Answer list_absences(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(view, call.query("view"));
    if (view && *view != "mine" && *view != "to-approve")
      return fail(ErrorCode::invalid, {"the view is mine or to-approve", "view 应为 mine 或 to-approve"}, "/view");
    JX_TRY(officer, grants_rights(call, tx));
    JX_TRY(found, view == "to-approve" ? identity::absences_to_approve(tx, call.ctx, officer)
                                       : identity::absences_of(tx, call.ctx.actor.person, call.today()));
    AbsenceList list;
    for (const auto& absence : found) {
      JX_TRY(item, absence_view(call, tx, absence));
      list.items.push_back(std::move(item));
    }
    return ok(list);
  });
}

}  // namespace jx::api
