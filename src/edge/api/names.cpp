#include "names.hpp"

#include "views_cases.hpp"

#include <jx/services/item_names.hpp>

namespace jx::api {

namespace {

/// The value under the key, asked for where it is not there.
template <class Map, class Ask>
Result<typename Map::mapped_type> once(Map& map, const typename Map::key_type& key, const Ask& ask) {
  if (const auto found = map.find(key); found != map.end()) return found->second;
  JX_TRY(value, ask());
  map.emplace(key, value);
  return std::move(value);
}

}  // namespace

std::shared_ptr<KnownNames> no_names_yet() { return std::make_shared<KnownNames>(); }

Result<std::optional<UnitName>> Names::unit(const UnitId& id) {
  if (id.empty()) return std::optional<UnitName>();
  JX_TRY(name, once(units_, id, [&] { return known_.units.of(tx_, id, [&] { return unit_name(tx_, id); }); }));
  return std::optional(std::move(name));
}

Result<LocalizedText> Names::item(const ItemId& id, const std::string& title) {
  if (id.empty()) return LocalizedText({{"zh-CN", title}});
  return once(items_, id, [&] { return services::item_name(tx_, id); });
}

Result<Applicant> Names::applicant(const cases::Party& party) {
  const PartyKey key(party.kind, party.id);
  return once(applicants_, key, [&] { return known_.applicants.of(tx_, key, [&] { return api::applicant(tx_, party, false); }); });
}

Result<StaffName> Names::staff(const AccountId& id) {
  return once(staff_, id, [&] { return known_.staff.of(tx_, id, [&] { return staff_name(tx_, id); }); });
}

Result<std::shared_ptr<const exchange::GrantView>> Names::grant(const GrantId& id, LocalDate today) {
  return known_.grants.of(tx_, std::pair(id, today), [&]() -> Result<std::shared_ptr<const exchange::GrantView>> {
    JX_TRY(found, exchange::grant(tx_, today, id));
    return std::make_shared<const exchange::GrantView>(std::move(found));
  });
}

}  // namespace jx::api
