// views_services.hpp - items, drafts and certificates as the API shows them.
#pragma once
#include "views.hpp"

#include <jx/cases/forms.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace jx::api {

struct ItemSummary {
  ItemId key;
  LocalizedText name, summary;
  std::vector<UnitName> units;
  int promised_wd = 0;
  services::ItemKind kind = services::ItemKind::public_service;
  std::vector<services::ApplicantKind> who_may_apply;
  std::vector<std::string> topics;
};
BOOST_DESCRIBE_STRUCT(ItemSummary, (), (key, name, summary, units, promised_wd, kind, who_may_apply, topics))

/// What somebody wants to do, and how many questions lead to the guide.
struct SceneSummary {
  services::SceneId key;
  LocalizedText name, summary;
  std::string topic;
  std::int64_t questions = 0;
};
BOOST_DESCRIBE_STRUCT(SceneSummary, (), (key, name, summary, topic, questions))

struct ItemList {
  std::vector<ItemSummary> items;
  std::vector<SceneSummary> scenes;
};
BOOST_DESCRIBE_STRUCT(ItemList, (), (items, scenes))

struct FormView {
  std::optional<std::string> id;
  std::shared_ptr<const Json> schema, layout;  // none: empty objects
};

}  // namespace jx::api

namespace jx::wire {
/// Without a copy of what may be large.
template <>
void write<api::FormView>(Sink& sink, const api::FormView& form);
}  // namespace jx::wire

namespace jx::api {

struct OfferedField {
  std::string key;
  LocalizedText name;
  std::string fills;
};
BOOST_DESCRIBE_STRUCT(OfferedField, (), (key, name, fills))

struct DataOffer {
  GrantId grant;
  ResourceId resource;
  LocalizedText name;
  UnitName provider;
  std::vector<services::ApplicantKind> who;
  std::vector<OfferedField> fields;
  LocalizedText purpose;
  std::vector<LawReference> legal_basis;
};
BOOST_DESCRIBE_STRUCT(DataOffer, (), (grant, resource, name, provider, who, fields, purpose, legal_basis))

struct StepView {
  int stage = 1;
  LocalizedText name;
  std::optional<UnitName> unit;
  std::optional<LocalizedText> if_refused;
};
BOOST_DESCRIBE_STRUCT(StepView, (), (stage, name, unit, if_refused))

struct Counts {
  std::int64_t forms = 0, fields = 0, asked = 0, prefilled = 0;
};
BOOST_DESCRIBE_STRUCT(Counts, (), (forms, fields, asked, prefilled))

struct FaultView {
  std::string pointer, code;
  LocalizedText message;
};
BOOST_DESCRIBE_STRUCT(FaultView, (), (pointer, code, message))

struct FormCheckView {
  std::map<std::string, Json> computed;
  std::vector<std::string> hidden, required, readonly;
  std::map<std::string, std::vector<Json>> options;
  std::vector<FaultView> errors;
};
BOOST_DESCRIBE_STRUCT(FormCheckView, (), (computed, hidden, required, readonly, options, errors))

struct ReviewScoreView {
  std::int64_t count = 0;
  double average = 0;
};
BOOST_DESCRIBE_STRUCT(ReviewScoreView, (), (count, average))

struct ItemView {
  ItemId key;
  LocalizedText name, summary;
  std::vector<UnitName> units;
  int promised_wd = 0, statutory_wd = 0;
  services::ItemKind kind = services::ItemKind::public_service;
  std::vector<LawReference> legal_basis;
  std::vector<services::ApplicantKind> who_may_apply;
  std::vector<LocalizedText> conditions;
  std::vector<services::Material> materials;
  int visits = 0;
  LocalizedText fee, result;
  std::vector<StepView> steps;
  FormView form;
  std::vector<DataOffer> data;
  Counts counts;
  std::optional<LocalizedText> sub_item;
  std::optional<services::Handling> handling;
  std::optional<LocalizedText> visit_reason;
  std::optional<services::Charges> charges;
  std::optional<std::vector<LocalizedText>> results;
  std::optional<bool> post;
  std::optional<int> appointments_per_day;
  std::optional<services::Telephones> telephones;
  std::optional<LocalizedText> review, litigation;
  std::optional<std::vector<services::Faq>> faq;
  std::vector<services::ResultWay> result_ways;
  std::optional<std::string> currency;
  std::optional<ReviewScoreView> reviews;  // nothing before the first one
};
BOOST_DESCRIBE_STRUCT(ItemView, (),
                      (key, name, summary, units, promised_wd, statutory_wd, kind, legal_basis, who_may_apply, conditions, materials, visits, fee,
                       result, steps, form, data, counts, sub_item, handling, visit_reason, charges, results, post, appointments_per_day, telephones,
                       review, litigation, faq, result_ways, currency, reviews))

struct PrefillView {
  GrantId grant;
  UsageId usage;
  Instant at;
  UnitName provider;
  std::int64_t records = 0;
  std::vector<std::string> fields;
};
BOOST_DESCRIBE_STRUCT(PrefillView, (), (grant, usage, at, provider, records, fields))

struct DraftView {
  DraftId id;
  ItemId item;
  LocalizedText item_name;
  Applicant applicant;
  Json form;
  std::vector<PrefillView> prefills;
  Instant changed_at;
  std::int64_t version = 0;
  std::optional<FormCheckView> check;
  std::vector<services::ResultWay> result_ways;
  std::optional<services::ResultWish> result;
};
BOOST_DESCRIBE_STRUCT(DraftView, (), (id, item, item_name, applicant, form, prefills, changed_at, version, check, result_ways, result))

struct DraftList {
  std::vector<DraftView> items;
};
BOOST_DESCRIBE_STRUCT(DraftList, (), (items))

struct ReceiptView {
  CaseId case_;
  std::string number;
  Uuid entry;
  std::optional<LocalDate> due_on;
  bool provisional = false;
};
BOOST_DESCRIBE_STRUCT(ReceiptView, (), (case_, number, entry, due_on, provisional))

struct CertificateSummary {
  CertificateId id;
  std::string number;
  LocalizedText name;
  UnitName issuer;
  LocalDate issued_on;
  std::optional<LocalDate> valid_until;
  services::CertificateStatus status = services::CertificateStatus::in_force;
};
BOOST_DESCRIBE_STRUCT(CertificateSummary, (), (id, number, name, issuer, issued_on, valid_until, status))

struct CertificateList {
  std::vector<CertificateSummary> items;
};
BOOST_DESCRIBE_STRUCT(CertificateList, (), (items))

struct CertificateView {
  CertificateId id;
  std::string number;
  LocalizedText name;
  UnitName issuer;
  LocalDate issued_on;
  std::optional<LocalDate> valid_until;
  CaseId case_;
  Applicant holder;
  std::vector<services::Claim> claims;
  std::string signed_, printed;
  services::CertificateStatus status = services::CertificateStatus::in_force;
};
BOOST_DESCRIBE_STRUCT(CertificateView, (), (id, number, name, issuer, issued_on, valid_until, case_, holder, claims, signed_, printed, status))

/// What revokes or suspends a certificate.
struct CertificateAct {
  std::string reason;
  LawReference law;
};
BOOST_DESCRIBE_STRUCT(CertificateAct, (), (reason, law))

struct Verification {
  bool valid = false;
  LocalizedText reason;
  std::optional<CertificateSummary> certificate;
};
BOOST_DESCRIBE_STRUCT(Verification, (), (valid, reason, certificate))

// ---- how they are made; all read in the transaction that they are given ----

[[nodiscard]] Result<ItemSummary> item_summary(db::Tx& tx, const services::Item& item);
[[nodiscard]] Result<ItemView> item_view(db::Tx& tx, Deps& deps, const services::Item& item);
[[nodiscard]] Result<DraftView> draft_view(db::Tx& tx, const services::Draft& draft);
[[nodiscard]] Result<std::vector<PrefillView>> prefill_views(db::Tx& tx, const std::vector<services::Prefill>& prefills,
                                                             const boost::json::object& form);
[[nodiscard]] Result<CertificateSummary> certificate_summary(db::Tx& tx, const services::Certificate& certificate);
/// The signed-in person's own certificate, or a firm's that she represents. Errors: not_found.
[[nodiscard]] Result<services::Certificate> own_certificate(const Call& call, db::Tx& tx);
/// What its code holds: the page that verifies, and behind the # the certificate, which no server gets to see.
[[nodiscard]] Result<std::string> certificate_link(const Call& call, db::Tx& tx, const services::Certificate& certificate);
[[nodiscard]] Call::Answer change_certificate(Call& call, services::CertificateStatus wanted);
[[nodiscard]] FormView form_view(cases::FormDefinition form);
[[nodiscard]] FormCheckView form_check_view(const cases::FormCheck& check);
/// A draft, with what its form says to it as it is.
[[nodiscard]] Call::Answer draft_answer(const Call& call, db::Tx& tx, const services::Draft& draft);

}  // namespace jx::api
