// views_exchange.hpp - resources, grants and uses as the API shows them.
#pragma once
#include "names.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace jx::api {

struct FieldView {
  std::string key;
  LocalizedText name;
  catalogue::FieldType type = catalogue::FieldType::text;
  catalogue::Sensitivity sensitivity = catalogue::Sensitivity::general;
};
BOOST_DESCRIBE_STRUCT(FieldView, (), (key, name, type, sensitivity))

struct ResourceView {
  ResourceId key;
  LocalizedText name, summary;
  UnitName provider;
  catalogue::ShareClass share_class = catalogue::ShareClass::not_shared;
  std::optional<LocalizedText> share_conditions;
  catalogue::UpdateCycle update_cycle = catalogue::UpdateCycle::irregular;
  std::vector<FieldView> fields;
  catalogue::ShareMethod share_method = catalogue::ShareMethod::interface;
  std::vector<std::string> classification;
  LocalDate published_on;
  std::optional<std::vector<LawReference>> legal_basis;
  std::string code;
  catalogue::OpenTo open = catalogue::OpenTo::nobody;
};
BOOST_DESCRIBE_STRUCT(ResourceView, (),
                      (key, name, summary, provider, share_class, share_conditions, update_cycle, fields, share_method, classification, published_on,
                       legal_basis, code, open))

struct ProgrammeView {
  ProgrammeId key;
  LocalizedText name;
  LocalDate from, until;
};
BOOST_DESCRIBE_STRUCT(ProgrammeView, (), (key, name, from, until))

struct GrantView {
  GrantId key;
  ResourceId resource;
  LocalizedText resource_name;
  UnitName provider, consumer;
  exchange::Binding binding = exchange::Binding::case_;
  std::optional<ProgrammeView> programme;
  LocalizedText purpose;
  std::vector<LawReference> legal_basis;
  std::vector<FieldView> fields, lookup;
  exchange::GrantState state = exchange::GrantState::active;
  LocalDate valid_from;
  std::optional<LocalDate> valid_until;
  std::optional<CaseId> by_request;   // the case that gave it
  std::optional<std::string> reason;  // why it was suspended or ended
  std::optional<Instant> ended_at, disposed_at;
  std::optional<bool> verify_only;  // it answers only yes, no or unknown
  std::optional<std::int64_t> records_per_day;
  std::optional<exchange::DeliveryTerms> delivery;
  std::optional<int> count_minimum;  // it answers only numbers, and none below this
};
BOOST_DESCRIBE_STRUCT(GrantView, (),
                      (key, resource, resource_name, provider, consumer, binding, programme, purpose, legal_basis, fields, lookup, state, valid_from,
                       valid_until, by_request, reason, ended_at, disposed_at, verify_only, records_per_day, delivery, count_minimum))

struct GrantList {
  std::vector<GrantView> items;
};
BOOST_DESCRIBE_STRUCT(GrantList, (), (items))

/// That a use was told to the person later, under which law.
struct LateDisclosure {
  Instant until;
  std::vector<LawReference> law;
};
BOOST_DESCRIBE_STRUCT(LateDisclosure, (), (until, law))

struct UsageView {
  UsageId id;
  Instant at;
  UnitName consumer, provider;
  ResourceId resource;
  LocalizedText resource_name;
  GrantId grant;
  LocalizedText purpose;
  std::vector<LawReference> legal_basis;
  std::vector<LocalizedText> fields;
  std::int64_t records = 0;
  std::optional<Uuid> case_;
  std::optional<std::string> case_number;
  std::optional<LocalizedText> item_name, programme_name;
  std::optional<LocalizedText> refused;
  ledger::EntryId entry;
  LocalizedText words;
  std::optional<LateDisclosure> told_late;
  std::optional<std::string> system;  // the user name of the unit's own system, where one called; for units and the data authority
};
BOOST_DESCRIBE_STRUCT(UsageView, (),
                      (id, at, consumer, provider, resource, resource_name, grant, purpose, legal_basis, fields, records, case_, case_number,
                       item_name, programme_name, refused, entry, words, told_late, system))

struct UsagePage {
  std::vector<UsageView> items;
  std::optional<std::string> next;
  std::optional<Instant> since;  // earlier uses were moved into files; absent: all that ever were are here
};
BOOST_DESCRIBE_STRUCT(UsagePage, (), (items, next, since))

struct DataAnswer {
  UsageId usage;
  ledger::EntryId entry;
  Instant at;
  std::vector<FieldView> fields;
  std::vector<std::vector<Json>> rows;
  std::optional<std::string> next;
  Bytes nonce;
};
BOOST_DESCRIBE_STRUCT(DataAnswer, (), (usage, entry, at, fields, rows, next, nonce))

// ---- how they are made; all read in the transaction that they are given ----

[[nodiscard]] FieldView field_view(const catalogue::Field& field);
[[nodiscard]] Result<ResourceView> resource_view(db::Tx& tx, const catalogue::Resource& resource);
[[nodiscard]] Result<GrantView> grant_view(db::Tx& tx, const exchange::GrantView& grant);
[[nodiscard]] Result<UsageView> usage_view(Names& names, const exchange::Usage& usage, LocalDate today);

}  // namespace jx::api
