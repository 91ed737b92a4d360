// approve_absence.cpp - POST /api/v1/absences/{absence}/approve (operation approveAbsence).
#include "absence_view.hpp"
#include "handlers.hpp"

namespace jx::api {

Call::Answer approve_absence(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<identity::AbsenceId>("absence"));
    JX_TRY(officer, grants_rights(call, tx));
    JX_CHECK(identity::approve_absence(tx, call.ctx, id, call.today(), officer));
    return http::no_content();
  });
}

}  // namespace jx::api
