// suspend_certificate.cpp - POST /api/v1/certificates/{certificate}/suspend (operation suspendCertificate): for a time; for the head of the unit that
// issued it, with the reason and the law.
#include "handlers.hpp"
#include "views_services.hpp"

namespace jx::api {

Call::Answer suspend_certificate(Call& call) { return change_certificate(call, services::CertificateStatus::suspended); }

}  // namespace jx::api
