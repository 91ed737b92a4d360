// presentation_views.hpp - the certificates that stand in for files, as the API answers them.
#pragma once
#include "views_services.hpp"

namespace jx::api {

struct PresentationView {
  std::string material;
  LocalizedText material_name;
  CertificateSummary certificate;
  std::vector<services::Claim> claims;
  bool in_force = false;
  Instant at;
};
BOOST_DESCRIBE_STRUCT(PresentationView, (), (material, material_name, certificate, claims, in_force, at))

struct PresentationOffer {
  std::string material;
  std::vector<CertificateSummary> certificates;
};
BOOST_DESCRIBE_STRUCT(PresentationOffer, (), (material, certificates))

struct PresentationList {
  std::vector<PresentationView> items;
  std::vector<PresentationOffer> offers;
};
BOOST_DESCRIBE_STRUCT(PresentationList, (), (items, offers))

/// What is presented for a draft, and what of her certificates the applicant may present; of a case the first.
[[nodiscard]] Result<PresentationList> presentation_list(const Call& call, db::Tx& tx, const attachments::Owner& owner);

}  // namespace jx::api
