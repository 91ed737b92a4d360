// list_presentations.cpp - GET /api/v1/presentations (operation listPresentations): of a case or draft.
#include "attachment_views.hpp"
#include "handlers.hpp"
#include "presentation_views.hpp"

namespace jx::api {

namespace {

LocalizedText name_of(const services::Item& item, const std::string& material) {
  for (const auto& one : item.materials) {
    if (one.id && *one.id == material) return one.name;
  }
  return localized({material, material});  // the item has changed since
}

Result<std::vector<PresentationOffer>> offers_for(const Call& call, db::Tx& tx, const services::Item& item, const cases::Party& holder) {
  std::vector<PresentationOffer> list;
  for (const auto& material : item.materials) {
    if (!material.id || !material.certified_by) continue;
    JX_TRY(held, services::presentable(tx, holder, material, call.today()));
    PresentationOffer offer{*material.id, {}};
    for (const auto& certificate : held) {
      JX_TRY(summary, certificate_summary(tx, certificate));
      offer.certificates.push_back(std::move(summary));
    }
    list.push_back(std::move(offer));
  }
  return list;
}

}  // namespace

Result<PresentationList> presentation_list(const Call& call, db::Tx& tx, const attachments::Owner& owner) {
  PresentationList list;
  std::optional<services::Item> item;
  if (owner.kind == attachments::Owner::Kind::draft) {
    JX_TRY(draft, services::draft(tx, call.ctx, DraftId(owner.id), call.today()));
    JX_TRY(of, services::item(tx, draft.item));
    JX_TRY(offers, offers_for(call, tx, of, draft.applicant()));
    list.offers = std::move(offers);
    item = std::move(of);
  }
  JX_TRY(presented, services::presentations(tx, owner.id));
  if (presented.empty()) return list;
  if (!item) {
    JX_TRY(application, services::application(tx, CaseId(owner.id)));
    JX_TRY(of, services::item(tx, application.item));
    item = std::move(of);
  }
  for (const auto& one : presented) {
    JX_TRY(summary, certificate_summary(tx, one.certificate));
    const bool in_force = !services::not_in_force(one.certificate, call.today());
    list.items.push_back({one.material, name_of(*item, one.material), std::move(summary), one.certificate.claims, in_force, one.at});
  }
  return list;
}

Call::Answer list_presentations(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(owner, owner_of(call));
    JX_CHECK(require_files(call, tx, owner, Reach::see));
    JX_TRY(list, presentation_list(call, tx, owner));
    return ok(list);
  });
}

}  // namespace jx::api
