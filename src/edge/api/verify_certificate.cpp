// verify_certificate.cpp - POST /api/v1/certificates/verify (operation verifyCertificate).
#include "handlers.hpp"
#include "views_services.hpp"

namespace jx::api {

namespace {

struct VerifyCertificate {
  std::string signed_;
};
BOOST_DESCRIBE_STRUCT(VerifyCertificate, (), (signed_))

}  // namespace

Call::Answer verify_certificate(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(wanted, call.body<VerifyCertificate>());
    JX_TRY(verdict, call.deps.certificates.verify(tx, wanted.signed_));
    Verification view{verdict.valid, localized(verdict.reason), std::nullopt};
    if (verdict.certificate) {
      JX_TRY(summary, certificate_summary(tx, *verdict.certificate));
      view.certificate = std::move(summary);
    }
    return ok(view);
  });
}

}  // namespace jx::api
