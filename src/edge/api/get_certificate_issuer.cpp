// get_certificate_issuer.cpp - GET /.well-known/jwt-vc-issuer (operation getCertificateIssuer): the key that certificates are verified with
// (draft-ietf-oauth-sd-jwt-vc, JWT VC Issuer Metadata).
#include "handlers.hpp"

#include <boost/json/serialize.hpp>

namespace jx::api {

Call::Answer get_certificate_issuer(Call& call) {
  auto response = http::json(boost::json::serialize(call.deps.certificates.metadata()));
  response.with("Cache-Control", "public, max-age=300");
  response.with("Access-Control-Allow-Origin", "*");
  return response;
}

}  // namespace jx::api
