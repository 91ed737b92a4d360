// get_certificate.cpp - GET /api/v1/certificates/{certificate} (operation getCertificate).
#include "handlers.hpp"
#include "views_services.hpp"

namespace jx::api {

Call::Answer get_certificate(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(found, own_certificate(call, tx));
    JX_TRY(summary, certificate_summary(tx, found));
    JX_TRY(holder, applicant(tx, found.holder, true));
    JX_TRY(printed, call.deps.certificates.printed_form(tx, found));
    return ok(CertificateView{summary.id, summary.number, summary.name, summary.issuer, summary.issued_on, summary.valid_until, found.case_id,
                              std::move(holder), found.claims, found.signed_form, std::move(printed), found.status});
  });
}

}  // namespace jx::api
