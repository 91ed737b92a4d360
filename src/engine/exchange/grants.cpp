#include "grants.hpp"

#include "exchange_sql.hpp"

#include <jx/catalogue/resources.hpp>

#include <algorithm>

namespace jx::exchange {
namespace {

Result<GrantRow> decode_row(const db::Row& row) {
  JX_TRY(grant, wire::decode<Grant>(row.text(0)));
  return GrantRow{std::move(grant), !row.null(1), !row.null(2)};
}

}  // namespace

Result<GrantView> view_of(db::Tx& tx, LocalDate today, GrantRow row) {
  JX_TRY(resource, catalogue::resource_as_it_was(tx, row.grant.resource));
  GrantView view{row.grant, row.state(today), std::move(resource), std::nullopt};
  if (row.grant.programme) {
    auto programme = programme_of(tx, *row.grant.programme);
    if (!programme && programme.error().code != ErrorCode::not_found) return std::unexpected(std::move(programme).error());
    if (programme) view.programme = std::move(*programme);  // else it has ended
  }
  return view;
}

const GrantField* Grant::field(std::string_view wanted) const {
  const auto found = std::ranges::find(fields, wanted, &GrantField::id);
  return found == fields.end() ? nullptr : &*found;
}

GrantState GrantRow::state(LocalDate today) const {
  if (ended) return GrantState::ended;
  if (suspended) return GrantState::suspended;
  if (today < grant.valid_from) return GrantState::not_yet;
  if (grant.valid_to && today > *grant.valid_to) return GrantState::expired;
  return GrantState::active;
}

Result<GrantRow> grant_row(db::Tx& tx, const GrantId& id) {
  JX_TRY(row, tx.one(sql::grant_one, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no grant of this name", "没有该项共享授权"}, "/grant");
  return decode_row(*row);
}

Result<Programme> programme_of(db::Tx& tx, const ProgrammeId& id) {
  JX_TRY(row, tx.one(sql::programme_one, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no programme of this name", "没有该项工作计划"}, "/programme");
  return wire::decode<Programme>(row->text(0));
}

Result<std::vector<GrantView>> grants(db::Tx& tx, LocalDate today, const std::optional<UnitId>& unit) {
  JX_TRY(rows, tx.all(sql::grants_with_state));
  std::vector<GrantView> list;
  for (const auto& row : rows) {
    JX_TRY(decoded, decode_row(row));
    if (decoded.ended) continue;
    JX_TRY(view, view_of(tx, today, std::move(decoded)));
    if (!unit || view.grant.consumer == *unit || view.resource.provider == *unit) list.push_back(std::move(view));
  }
  return list;
}

Result<GrantView> grant(db::Tx& tx, LocalDate today, const GrantId& id) {
  JX_TRY(row, grant_row(tx, id));
  return view_of(tx, today, std::move(row));
}

}  // namespace jx::exchange
