// get_certificate_pdf.cpp - GET /api/v1/certificates/{certificate}/pdf (operation getCertificatePdf): the certificate on a page of A4, with its code.
#include "handlers.hpp"
#include "open_views.hpp"
#include "views_services.hpp"

#include <jx/identity.hpp>
#include <jx/print.hpp>

namespace jx::api {

namespace {

LocalizedText words(const char* zh, const char* en) { return LocalizedText({{"zh-CN", zh}, {"en", en}}); }

Result<print::Sheet> sheet_of(const Call& call, db::Tx& tx, const services::Certificate& certificate) {
  JX_TRY(authority, identity::unit(tx, certificate.issuer));  // by its whole name, as a seal has it
  JX_TRY(holder, applicant(tx, certificate.holder, true));
  JX_TRY(code, certificate_link(call, tx, certificate));
  print::Sheet sheet{certificate.name, certificate.number, {}, authority.name, certificate.issued_on, std::move(code)};
  sheet.rows.push_back({words("持证主体", "Holder"), std::string(holder.name.in("zh-CN"))});
  for (const auto& claim : certificate.claims) {
    if (sheet.rows.size() + 1 == print::rows_max) break;  // the last one is kept for the term
    sheet.rows.push_back({claim.name, claim.value});
  }
  if (certificate.valid_until) sheet.rows.push_back({words("有效期至", "Valid until"), certificate.valid_until->text()});
  return sheet;
}

}  // namespace

Call::Answer get_certificate_pdf(Call& call) {
  // Drawn after the snapshot is let go: fonts take longer to set than rows to read.
  JX_TRY(sheet, call.deps.database.read(call.ctx.deadline, [&](db::Tx& tx) -> Result<print::Sheet> {
    JX_TRY(found, own_certificate(call, tx));
    return sheet_of(call, tx, found);
  }));
  JX_TRY(page, print::certificate_pdf(sheet));
  auto response = http::content("application/pdf", std::move(page));
  response.with("Content-Disposition", "attachment; filename=\"certificate.pdf\"");
  response.with("Cache-Control", "no-store");
  return response;
}

}  // namespace jx::api
