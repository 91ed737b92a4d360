// list_certificates.cpp - GET /api/v1/certificates (operation listCertificates).
#include "handlers.hpp"
#include "views_services.hpp"

namespace jx::api {

Call::Answer list_certificates(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.read_own"));
    JX_TRY(parties, services::parties_of(tx, call.ctx, call.today()));
    JX_TRY(found, services::certificates_of(tx, parties));
    CertificateList list;
    for (const auto& certificate : found) {
      JX_TRY(shown, services::may_see(tx, call.ctx, certificate.holder, certificate.item, call.today()));
      if (!shown) continue;
      JX_TRY(view, certificate_summary(tx, certificate));
      list.items.push_back(std::move(view));
    }
    return ok(list);
  });
}

}  // namespace jx::api
