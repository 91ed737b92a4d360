// designations.cpp - which field is the one source of its datum.
#include <jx/catalogue/duplicates.hpp>
#include <jx/catalogue/resources.hpp>

#include "catalogue_sql.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <set>

namespace jx::catalogue {
namespace {

constexpr std::size_t reason_bytes_max = 2'000;

using Place = std::pair<ResourceId, std::string>;

const ledger::StateTable& designation_table() { return *std::ranges::find(state_tables(), "catalogue.designation", &ledger::StateTable::name); }

std::string column_of(std::span<const Resource> resources, const DuplicatePlace& place) {
  const auto resource = std::ranges::find(resources, place.resource, &Resource::id);
  const auto* field = resource == resources.end() ? nullptr : resource->field(place.field);
  return field == nullptr ? std::string() : field->column;
}

/// The places that a find about `field` holds against it; nothing where there is no such find. A find of the same columns is about many data.
std::optional<std::set<Place>> rivals(std::span<const Resource> resources, std::span<const Duplicate> found, const ResourceId& resource,
                                      const std::string& field) {
  std::optional<std::set<Place>> out;
  for (const auto& find : found) {
    const auto mine =
        std::ranges::find_if(find.places, [&](const DuplicatePlace& place) { return place.resource == resource && place.field == field; });
    if (mine == find.places.end()) continue;
    if (!out) out.emplace();
    for (const auto& place : find.places) {
      const bool same = find.kind != DuplicateKind::same_column || column_of(resources, place) == column_of(resources, *mine);
      if (&place != &*mine && same) out->emplace(place.resource, place.field);
    }
  }
  return out;
}

}  // namespace

Result<ledger::EntryId> designate(db::Tx& tx, const Context& ctx, std::span<const Resource> resources, std::span<const Duplicate> found,
                                  const ResourceId& resource, std::span<const std::string> fields, std::string_view reason) {
  if (reason.find_first_not_of(" \t\r\n") == std::string_view::npos || reason.size() > reason_bytes_max)
    return fail(ErrorCode::invalid, {"say why, in at most 2,000 octets", "请说明理由（不超过2000字节）"}, "/reason");
  if (fields.empty() || fields.size() > designated_max) return fail(ErrorCode::invalid, {"name 1 to 200 fields", "请指明1至200个字段"}, "/fields");
  std::set<Place> chosen, others;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto against = rivals(resources, found, resource, fields[i]);
    if (!against)
      return fail(ErrorCode::not_found, {"no other source, entry or form is about this field", "没有其他数据源、目录或表单涉及该字段"},
                  "/fields/" + std::to_string(i));
    chosen.emplace(resource, fields[i]);
    others.insert(against->begin(), against->end());
  }
  std::vector<ledger::StateHash> states;
  const auto say = [&](const Place& place, bool designated) -> Result<> {
    JX_CHECK(tx.run(sql::designation_put, place.first, place.second, designated ? 1 : 0, ctx.now(), ctx.actor.account, reason));
    JX_TRY(state, ledger::state_of(tx, designation_table(), place.first, place.second));
    states.push_back(std::move(state));
    return {};
  };
  for (const auto& place : others) {
    if (!chosen.contains(place)) JX_CHECK(say(place, false));
  }
  for (const auto& place : chosen) JX_CHECK(say(place, true));
  boost::json::array named(fields.begin(), fields.end());
  return ledger::append(
      tx, ctx, {"resource.designated", {"resource:" + resource.text()}, {{"fields", std::move(named)}, {"reason", reason}}, std::move(states)});
}

Result<> apply_designations(db::Tx& tx, std::span<Resource> resources) {
  JX_TRY(rows, tx.all(sql::designation_all));
  for (const auto& row : rows) {
    const auto id = row.key<ResourceId>(0);
    const auto resource = std::ranges::find(resources, id, &Resource::id);
    if (resource == resources.end()) continue;
    const auto field = std::ranges::find(resource->fields, row.text(1), &Field::id);
    if (field != resource->fields.end()) field->designated = row.integer(2) != 0;
  }
  return {};
}

}  // namespace jx::catalogue
