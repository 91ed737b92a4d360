// present_certificate.cpp - PUT /api/v1/drafts/{draft}/presentations/{material} (operation presentCertificate).
#include "handlers.hpp"
#include "presentation_views.hpp"

namespace jx::api {

namespace {

struct PresentCertificate {
  CertificateId certificate;
};
BOOST_DESCRIBE_STRUCT(PresentCertificate, (), (certificate))

}  // namespace

Call::Answer present_certificate(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(require_applying(call, tx));
    JX_TRY(id, call.path<DraftId>("draft"));
    JX_TRY(wanted, call.body<PresentCertificate>());
    JX_CHECK(services::present_certificate(tx, call.ctx, id, call.request.param("material"), wanted.certificate, call.today()));
    JX_TRY(list, presentation_list(call, tx, attachments::Owner(id)));
    return ok(list);
  });
}

}  // namespace jx::api
