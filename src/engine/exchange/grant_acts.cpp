// grant_acts.cpp - what requests, heads and data officers do to grants. Each is one entry of the ledger, with the rows that it leaves.
#include <jx/exchange/grants.hpp>
#include <jx/exchange/push.hpp>
#include <jx/rules.hpp>

#include "deliveries.hpp"
#include "exchange_sql.hpp"
#include "grants.hpp"
#include "masks.hpp"

#include <boost/json/object.hpp>

#include <algorithm>

namespace jx::exchange {
namespace {

const ledger::StateTable& grant_table() { return state_tables()[1]; }
const ledger::StateTable& version_table() { return state_tables()[4]; }

Result<> check_note(std::string_view note, const char* pointer) {
  if (note.find_first_not_of(" \t\r\n") == std::string_view::npos || note.size() > note_bytes_max)
    return fail(ErrorCode::invalid, {"say why, in at most 2,000 octets", "请说明理由（不超过2000字节）"}, pointer);
  return {};
}

std::unexpected<Error> over() { return fail(ErrorCode::conflict, {"the grant has been ended", "该授权已终止"}); }

Result<ledger::EntryId> record(db::Tx& tx, const Context& ctx, std::string kind, const GrantId& id, boost::json::object body,
                               std::vector<ledger::StateHash> states = {}) {
  JX_TRY(state, ledger::state_of(tx, grant_table(), id));
  states.push_back(std::move(state));
  return ledger::append(tx, ctx, {std::move(kind), {ledger::subject("grant", id)}, std::move(body), std::move(states)});
}

/// The grant fits its resource and its programme; both are there.
Result<> check_grant(db::Tx& tx, const Grant& grant) {
  auto resource = catalogue::resource(tx, grant.resource);
  if (!resource) return fail_because(resource.error(), resource.error().code, resource.error().message, "/resource");
  if (const auto faults = faults_of(grant, *resource); !faults.empty()) return fail(ErrorCode::invalid, faults.front().words, faults.front().pointer);
  if (grant.programme) {
    JX_TRY(programme, programme_of(tx, *grant.programme));
    if (programme.unit != grant.consumer)
      return fail(ErrorCode::invalid, {"the programme is another unit's", "该项工作由其他单位组织"}, "/programme");
  }
  return {};
}

Result<ledger::StateHash> add_version(db::Tx& tx, const Context& ctx, const GrantId& id, const std::string& body, const CaseId& by_case) {
  JX_TRY(last, tx.one(sql::grant_version_last, id));
  const auto version = last->integer(0) + 1;
  JX_CHECK(tx.run(sql::grant_version_insert, id, version, body, ctx.now(), by_case));
  return ledger::state_of(tx, version_table(), id, version);
}

/// Whether what was made under one is what would be made under the other: the same fields, masks and rows.
bool same_rows(const Grant& a, const Grant& b) { return wire::encode(a.fields) == wire::encode(b.fields) && a.rows == b.rows; }

/// What was made under other terms and is not with the consumer yet is not handed out any more.
Result<> expire_released(db::Tx& tx, const GrantId& id, std::vector<ledger::StateHash>& states) {
  JX_TRY(released, tx.all(sql::deliveries_released, id));
  for (const auto& each : released) {
    const auto delivery = each.id<DeliveryId>(0);
    JX_CHECK(tx.run(sql::delivery_expire, delivery));
    JX_TRY(state, ledger::state_of(tx, delivery_table(), delivery));
    states.push_back(std::move(state));
  }
  return {};
}

void check_binding(const Grant& grant, const catalogue::Resource& resource, std::vector<catalogue::Fault>& faults) {
  if (grant.binding == Binding::programme) {
    if (!grant.programme || grant.items)
      faults.push_back(
          {"/binding", {"a grant that is bound to a programme names `programme` and no `items`", "绑定专项工作的授权须写 programme，不写 items"}});
    return;
  }
  if (grant.programme || !grant.items || grant.items->empty())
    faults.push_back({"/binding", {"a grant that is bound to cases names `items` and no `programme`", "绑定办件的授权须写 items，不写 programme"}});
  if (!resource.subject) {
    faults.push_back(
        {"/resource",
         {"a grant bound to cases needs a resource that says whose data a row is (`subject`)", "绑定办件的授权所用资源须标明数据主体（subject）"}});
  }
}

void check_count(const Grant& grant, std::vector<catalogue::Fault>& faults) {
  if (!grant.count_minimum) return;
  if (*grant.count_minimum < 2 || *grant.count_minimum > 1'000)
    faults.push_back({"/count_minimum", {"the least number that is told is 2 to 1,000", "count_minimum 应为2至1000"}});
  if (grant.verify || grant.binding == Binding::case_)
    faults.push_back({"/count_minimum", {"what is counted is no single case and no yes or no", "统计类授权不能绑定办件，也不能仅供核验"}});
  if (grant.delivery) faults.push_back({"/delivery", {"a grant that counts delivers no rows", "统计类授权不得交付文件"}});
  if (std::ranges::any_of(grant.fields, [](const GrantField& field) { return field.mask.has_value(); }))
    faults.push_back({"/fields", {"what is counted by is not masked", "用于统计的字段不得脱敏"}});
}

void check_fields(const Grant& grant, const catalogue::Resource& resource, std::vector<catalogue::Fault>& faults) {
  const auto need = [&](const std::string& field, std::string pointer) {
    if (resource.field(field) == nullptr)
      faults.push_back({std::move(pointer), {"the resource has no field of this name: " + field, "数据资源中没有该字段：" + field}});
  };
  if (!grant.verify && !grant.count_minimum && grant.fields.empty())
    faults.push_back({"/fields", {"a grant names at least one field", "授权至少包含一个字段"}});
  if (grant.verify && !grant.fields.empty()) faults.push_back({"/fields", {"a grant that only verifies has no fields", "仅供核验的授权不含字段"}});
  for (std::size_t i = 0; i < grant.fields.size(); ++i) {
    const auto at = "/fields/" + std::to_string(i);
    need(grant.fields[i].id, at + "/id");
    const auto* field = resource.field(grant.fields[i].id);
    if (field == nullptr || !grant.fields[i].mask) continue;
    if (const auto mask = Mask::make(*field, *grant.fields[i].mask, {grant.consumer, grant.resource}); !mask)
      faults.push_back({at + "/mask", mask.error().message});
  }
  for (std::size_t i = 0; i < grant.lookup.size(); ++i) need(grant.lookup[i], "/lookup/" + std::to_string(i));
  rules::Scope scope;
  for (const auto& field : resource.fields) scope.inputs.push_back({field.id, {}});
  const auto need_rule = [&](const std::optional<std::string>& rule, const char* pointer) {
    if (!rule) return;
    if (const auto compiled = rules::Expression::compile(*rule, scope); !compiled) faults.push_back({pointer, compiled.error().message});
  };
  need_rule(grant.rows, "/rows");
  need_rule(grant.verify, "/verify");
}

/// The field by which rows of a delivery are known again must reach the consumer as it is.
void check_delivery(const Grant& grant, const catalogue::Resource& resource, std::vector<catalogue::Fault>& faults) {
  if (!grant.delivery) return;
  if (grant.binding != Binding::programme)
    faults.push_back({"/delivery", {"files are delivered for a programme, not for cases", "文件交付仅用于绑定专项工作的授权"}});
  if (grant.verify) faults.push_back({"/delivery", {"a grant that only verifies delivers nothing", "仅供核验的授权不得交付文件"}});
  if (grant.delivery->push) {
    if (const auto sound = check_push_url(*grant.delivery->push); !sound) faults.push_back({"/delivery/push", sound.error().message});
  }
  if (!grant.delivery->changes) {
    if (grant.delivery->key) faults.push_back({"/delivery/key", {"`key` is for deliveries of changes", "key 仅用于变更交付"}});
    return;
  }
  const auto key = key_of(grant, resource);
  const auto* field = grant.field(key);
  if (field == nullptr || field->mask)
    faults.push_back({grant.delivery->key ? "/delivery/key" : "/delivery/changes",
                      {"changes need a granted field without a mask by which a row is known again: name it in `key`",
                       "变更交付须以一个已授权且未脱敏的字段识别记录，请在 key 中注明"}});
}

Result<GrantRecord> decode_record(db::Tx& tx, LocalDate today, const db::Row& row) {
  JX_TRY(grant, wire::decode<Grant>(row.text(0)));
  GrantRecord found;
  const GrantRow state{grant, !row.null(1), !row.null(2)};
  JX_TRY(view, view_of(tx, today, state));
  found.view = std::move(view);
  if (!row.null(1)) found.ended_at = row.instant(1);
  if (!row.null(3)) found.suspended_reason = row.text(3);
  found.by_act = row.text(4) == "act";
  if (!row.null(5)) found.by_case = row.id<CaseId>(5);
  found.ended_reason = row.text(6);
  if (!row.null(7)) found.disposed_at = row.instant(7);
  found.disposed_note = row.text(8);
  return found;
}

}  // namespace

std::vector<catalogue::Fault> faults_of(const Grant& grant, const catalogue::Resource& resource) {
  std::vector<catalogue::Fault> faults;
  if (resource.share_class == catalogue::ShareClass::not_shared) faults.push_back({"/resource", {"this resource is not shared", "该资源不予共享"}});
  check_binding(grant, resource, faults);
  if (grant.legal_basis.empty())
    faults.push_back({"/legal_basis", {"a grant states its legal basis (Order 809, art. 20)", "授权须写明法律依据（国务院令第809号第二十条）"}});
  check_fields(grant, resource, faults);
  check_delivery(grant, resource, faults);
  if (grant.calls_per_minute < 1) faults.push_back({"/calls_per_minute", {"calls_per_minute is at least 1", "calls_per_minute 至少为1"}});
  if (grant.records_per_day && *grant.records_per_day < 1)
    faults.push_back({"/records_per_day", {"records_per_day is at least 1", "records_per_day 至少为1"}});
  check_count(grant, faults);
  if (grant.valid_to && *grant.valid_to < grant.valid_from)
    faults.push_back({"/valid_to", {"the grant ends before it begins", "截止日期早于生效日期"}});
  return faults;
}

Result<GrantRecord> grant_record(db::Tx& tx, LocalDate today, const GrantId& id) {
  JX_TRY(row, tx.one(sql::grant_record, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no grant of this name", "没有该项共享授权"});
  return decode_record(tx, today, *row);
}

Result<std::vector<GrantRecord>> grant_records(db::Tx& tx, LocalDate today, const std::optional<UnitId>& unit) {
  JX_TRY(rows, tx.all(sql::grant_records));
  std::vector<GrantRecord> list;
  for (const auto& row : rows) {
    JX_TRY(one, decode_record(tx, today, row));
    if (!unit || one.view.grant.consumer == *unit || one.view.resource.provider == *unit) list.push_back(std::move(one));
  }
  return list;
}

Result<std::vector<Programme>> programmes_of(db::Tx& tx, const UnitId& unit) {
  JX_TRY(rows, tx.all(sql::programme_all));
  std::vector<Programme> list;
  for (const auto& row : rows) {
    if (!row.null(2)) continue;
    JX_TRY(one, wire::decode<Programme>(row.text(1)));
    if (one.unit == unit) list.push_back(std::move(one));
  }
  return list;
}

Result<ledger::EntryId> give(db::Tx& tx, const Context& ctx, const Grant& grant, const CaseId& by_case) {
  JX_CHECK(check_grant(tx, grant));
  JX_TRY(before, tx.one(sql::grant_one, grant.id));
  if (before) return fail(ErrorCode::conflict, {"there is a grant of this name already", "已有同名授权"}, "/id");
  const auto body = wire::encode(grant);
  JX_CHECK(tx.run(sql::grant_give, grant.id, body, ctx.now(), by_case));
  JX_TRY(version, add_version(tx, ctx, grant.id, body, by_case));
  return record(tx, ctx, "grant.given", grant.id,
                {{"case", by_case.text()}, {"resource", grant.resource.text()}, {"consumer", grant.consumer.text()}}, {std::move(version)});
}

Result<ledger::EntryId> change(db::Tx& tx, const Context& ctx, const Grant& grant, const CaseId& by_case) {
  JX_CHECK(check_grant(tx, grant));
  JX_TRY(row, grant_row(tx, grant.id));
  if (row.ended) return over();
  JX_TRY(made, tx.one(sql::grant_made, grant.id));
  if (!made) return fail(ErrorCode::conflict, {"this grant is the pack's: change it there", "该授权来自配置包，请在配置包中修改"}, "/id");
  if (row.grant.resource != grant.resource || row.grant.consumer != grant.consumer)
    return fail(ErrorCode::conflict, {"a change keeps resource and consumer: ask for another grant", "变更不得更换数据资源或使用单位，请另行申请"},
                "/resource");
  const auto body = wire::encode(grant);
  JX_CHECK(tx.run(sql::grant_change, grant.id, body, by_case));
  JX_TRY(version, add_version(tx, ctx, grant.id, body, by_case));
  std::vector<ledger::StateHash> states{std::move(version)};
  if (!same_rows(row.grant, grant)) JX_CHECK(expire_released(tx, grant.id, states));
  return record(tx, ctx, "grant.changed", grant.id, {{"case", by_case.text()}}, std::move(states));
}

Result<ledger::EntryId> suspend(db::Tx& tx, const Context& ctx, const GrantId& id, std::string_view reason) {
  JX_CHECK(check_note(reason, "/reason"));
  JX_TRY(row, grant_row(tx, id));
  if (row.ended || row.suspended) return fail(ErrorCode::conflict, {"the grant is not active any more", "该授权已不在有效状态"});
  JX_CHECK(tx.run(sql::grant_suspend, id, ctx.now(), reason));
  return record(tx, ctx, "grant.suspended", id, {{"reason", reason}});
}

Result<ledger::EntryId> resume(db::Tx& tx, const Context& ctx, const GrantId& id, std::string_view reason) {
  JX_CHECK(check_note(reason, "/reason"));
  JX_TRY(row, grant_row(tx, id));
  if (row.ended) return over();
  if (!row.suspended) return fail(ErrorCode::conflict, {"the grant is not suspended", "该授权未被暂停"});
  JX_CHECK(tx.run(sql::grant_resume, id));
  return record(tx, ctx, "grant.resumed", id, {{"reason", reason}});
}

Result<ledger::EntryId> end(db::Tx& tx, const Context& ctx, const GrantId& id, std::string_view reason) {
  JX_CHECK(check_note(reason, "/reason"));
  JX_TRY(row, grant_row(tx, id));
  if (row.ended) return over();
  JX_CHECK(tx.run(sql::grant_end_for_good, id, ctx.now(), reason));
  return record(tx, ctx, "grant.ended", id, {{"reason", reason}});
}

Result<ledger::EntryId> confirm_disposal(db::Tx& tx, const Context& ctx, LocalDate today, const GrantId& id, std::string_view note) {
  JX_CHECK(check_note(note, "/note"));
  JX_TRY(found, grant_record(tx, today, id));
  if (found.view.state != GrantState::ended && found.view.state != GrantState::expired)
    return fail(ErrorCode::conflict, {"the grant is not over: there is nothing to dispose of yet", "授权尚未终止，无需处置"});
  if (found.disposed_at) return fail(ErrorCode::conflict, {"the disposal was confirmed before", "已确认处置"});
  JX_CHECK(tx.run(sql::grant_disposed, id, ctx.now(), note));
  return record(tx, ctx, "grant.disposed", id, {{"note", note}});
}

}  // namespace jx::exchange
