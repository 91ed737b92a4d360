// get_certificate.cpp - GET /api/v1/certificates/{certificate} (operation getCertificate).
#include "handlers.hpp"
#include "views_services.hpp"

#include <algorithm>

namespace jx::api {

Call::Answer get_certificate(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.read_own"));
    JX_TRY(id, call.path<CertificateId>("certificate"));
    JX_TRY(found, services::certificate(tx, id));
    JX_TRY(parties, services::parties_of(tx, call.ctx, call.today()));
    if (std::ranges::find(parties, found.holder) == parties.end())
      return fail(ErrorCode::not_found, {"there is no such certificate of yours", "您名下没有该证照"});
    JX_TRY(summary, certificate_summary(tx, found));
    JX_TRY(holder, applicant(tx, found.holder, true));
    return ok(CertificateView{summary.id, summary.number, summary.name, summary.issuer, summary.issued_on, summary.valid_until, found.case_id,
                              std::move(holder), found.claims, found.signed_form});
  });
}

}  // namespace jx::api
