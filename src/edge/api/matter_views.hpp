// matter_views.hpp - handlers of, and what the API answers about, corrections, what persons ask about their data, and disputes.
#pragma once
#include "handlers.hpp"
#include "views.hpp"

#include <jx/sharing/matters.hpp>

namespace jx::api {

struct DataMatterView {
  CaseId case_;
  std::string number;
  sharing::MatterKind kind = sharing::MatterKind::correction;
  std::optional<UnitName> unit;  // that asks; nothing: a person
  UnitName respondent;
  ResourceId resource;
  LocalizedText resource_name;
  std::string state;  // of the case
  Instant asked_at;
  std::optional<LocalDate> due_on;
  std::optional<std::string> answer;
  bool mine = false;                                         // asked by the caller
  std::optional<std::string> what, field, record, evidence;  // of one matter alone
};
BOOST_DESCRIBE_STRUCT(DataMatterView, (),
                      (case_, number, kind, unit, respondent, resource, resource_name, state, asked_at, due_on, answer, mine, what, field, record,
                       evidence))
struct DataMatterList {
  std::vector<DataMatterView> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(DataMatterList, (), (items, next))

Call::Answer open_data_matter(Call& call);
Call::Answer list_data_matters(Call& call);
Call::Answer get_data_matter(Call& call);

[[nodiscard]] Result<DataMatterView> data_matter_view(Call& call, db::Tx& tx, const sharing::MatterRecord& record);
/// What a person or a unit needs to ask such things. Errors: forbidden.
[[nodiscard]] Result<> require_asking(const Call& call, db::Tx& tx);

}  // namespace jx::api
