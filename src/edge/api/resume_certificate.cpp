// resume_certificate.cpp - POST /api/v1/certificates/{certificate}/resume (operation resumeCertificate): lifts a suspension; for the head of the unit
// that issued it, with the reason and the law.
#include "handlers.hpp"
#include "views_services.hpp"

namespace jx::api {

Call::Answer resume_certificate(Call& call) { return change_certificate(call, services::CertificateStatus::in_force); }

}  // namespace jx::api
