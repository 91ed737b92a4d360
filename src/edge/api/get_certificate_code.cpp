// get_certificate_code.cpp - GET /api/v1/certificates/{certificate}/code (operation getCertificateCode): its QR code, as SVG.
#include "handlers.hpp"
#include "views_services.hpp"

#include <jx/print.hpp>

namespace jx::api {

Call::Answer get_certificate_code(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(found, own_certificate(call, tx));
    JX_TRY(link, certificate_link(call, tx, found));
    JX_TRY(code, print::code_svg(link));
    auto response = http::content("image/svg+xml", std::move(code));
    response.with("Cache-Control", "no-store");
    return response;
  });
}

}  // namespace jx::api
