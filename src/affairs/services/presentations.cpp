// Presentations: a certificate that the applicant holds stands in for the files of a material.
#include "services_sql.hpp"

#include <jx/services.hpp>

#include <algorithm>

namespace jx::services {
namespace {

bool certifies(const Material& material, const Certificate& certificate) {
  return material.certified_by && std::ranges::any_of(*material.certified_by, [&](const auto& code) { return of_type(certificate, code); });
}

}  // namespace

bool of_type(const Certificate& certificate, std::string_view type_code) { return certificate.number.starts_with(std::string(type_code) + "-"); }

std::optional<Words> not_in_force(const Certificate& certificate, LocalDate today) {
  if (certificate.status == CertificateStatus::revoked) return Words{"the certificate has been revoked", "该证照已被撤销"};
  if (certificate.status == CertificateStatus::suspended) return Words{"the certificate is suspended", "该证照已被暂停使用"};
  if (certificate.valid_until && *certificate.valid_until < today)
    return Words{"the certificate expired on " + certificate.valid_until->text(), "该证照已于" + certificate.valid_until->text() + "到期"};
  return std::nullopt;
}

Result<std::vector<Certificate>> presentable(db::Tx& tx, const cases::Party& holder, const Material& material, LocalDate today) {
  if (!material.certified_by) return std::vector<Certificate>();
  JX_TRY(held, certificates_of(tx, std::span(&holder, 1)));
  std::erase_if(held, [&](const Certificate& one) { return !certifies(material, one) || not_in_force(one, today); });
  return held;
}

Result<> present_certificate(db::Tx& tx, const Context& ctx, DraftId id, std::string_view material, CertificateId wanted, LocalDate today) {
  JX_TRY(found, hold_draft(tx, ctx, id, today));
  JX_TRY(of, item(tx, found.item));
  const auto asked = std::ranges::find_if(of.materials, [&](const Material& one) { return one.id && *one.id == material; });
  if (asked == of.materials.end() || !asked->certified_by)
    return fail(ErrorCode::invalid, {"no certificate stands in for this material", "此项材料不能用电子证照代替"}, "/material");
  auto held = certificate(tx, wanted);
  if (!held && held.error().code != ErrorCode::not_found) return std::unexpected(std::move(held).error());
  if (!held || held->holder != found.applicant())
    return fail(ErrorCode::not_found, {"the applicant has no such certificate", "申请人名下没有该证照"}, "/certificate");
  if (!certifies(*asked, *held))
    return fail(ErrorCode::invalid, {"this material asks for another certificate", "此项材料需要另一种证照"}, "/certificate");
  if (auto why = not_in_force(*held, today)) return fail(ErrorCode::invalid, *why, "/certificate");
  JX_CHECK(tx.run(sql::presentation_put, id.uuid().bytes(), material, wanted, ctx.now()));
  return {};
}

Result<> withdraw_certificate(db::Tx& tx, const Context& ctx, DraftId id, std::string_view material, LocalDate today) {
  JX_CHECK(hold_draft(tx, ctx, id, today));
  JX_TRY(gone, tx.run(sql::presentation_delete, id.uuid().bytes(), material));
  if (gone == 0) return fail(ErrorCode::not_found, {"no certificate is presented for this material", "此项材料没有使用电子证照"});
  return {};
}

Result<std::vector<Presentation>> presentations(db::Tx& tx, const Uuid& owner) {
  JX_TRY(rows, tx.all(sql::presentations_of, owner.bytes()));
  std::vector<Presentation> list;
  for (const auto& row : rows) {
    JX_TRY(held, certificate(tx, row.id<CertificateId>(1)));
    list.push_back({row.text(0), std::move(held), row.instant(2)});
  }
  return list;
}

}  // namespace jx::services
