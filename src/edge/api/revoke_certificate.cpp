// revoke_certificate.cpp - POST /api/v1/certificates/{certificate}/revoke (operation revokeCertificate): ends it for good; for the head of the unit
// that issued it, with the reason and the law.
#include "handlers.hpp"
#include "views_services.hpp"

namespace jx::api {

Call::Answer revoke_certificate(Call& call) { return change_certificate(call, services::CertificateStatus::revoked); }

}  // namespace jx::api
