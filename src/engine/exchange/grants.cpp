#include "grants.hpp"

#include "exchange_sql.hpp"

#include <boost/json/object.hpp>

#include <algorithm>

namespace jx::exchange {
namespace {

Result<GrantRow> decode_row(const db::Row& row) {
  JX_TRY(grant, wire::decode<Grant>(row.text(0)));
  return GrantRow{std::move(grant), !row.null(1), !row.null(2)};
}

Result<GrantView> view_of(db::Tx& tx, LocalDate today, GrantRow row) {
  JX_TRY(resource, catalogue::resource(tx, row.grant.resource));
  GrantView view{row.grant, row.state(today), std::move(resource), std::nullopt};
  if (row.grant.programme) {
    JX_TRY(programme, programme_of(tx, *row.grant.programme));
    view.programme = std::move(programme);
  }
  return view;
}

}  // namespace

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

Result<ledger::EntryId> suspend(db::Tx& tx, const Context& ctx, const GrantId& id, std::string_view reason) {
  if (reason.empty() || reason.size() > 2000)
    return fail(ErrorCode::invalid, {"say why the grant is suspended, in at most 2,000 characters", "请说明暂停授权的理由（2000字以内）"}, "/reason");
  JX_TRY(row, grant_row(tx, id));
  if (row.ended || row.suspended) return fail(ErrorCode::conflict, {"the grant is not active any more", "该授权已不在有效状态"});
  JX_CHECK(tx.run(sql::grant_suspend, id, ctx.now(), reason));
  JX_TRY(state, ledger::state_of(tx, state_tables()[1], id));
  return ledger::append(tx, ctx, {"grant.suspended", {ledger::subject("grant", id)}, {{"reason", reason}}, {std::move(state)}});
}

}  // namespace jx::exchange
