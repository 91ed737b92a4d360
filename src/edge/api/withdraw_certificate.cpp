// withdraw_certificate.cpp - DELETE /api/v1/drafts/{draft}/presentations/{material} (operation withdrawCertificate).
#include "handlers.hpp"
#include "presentation_views.hpp"

namespace jx::api {

Call::Answer withdraw_certificate(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(require_applying(call, tx));
    JX_TRY(id, call.path<DraftId>("draft"));
    JX_CHECK(services::withdraw_certificate(tx, call.ctx, id, call.request.param("material"), call.today()));
    return http::no_content();
  });
}

}  // namespace jx::api
