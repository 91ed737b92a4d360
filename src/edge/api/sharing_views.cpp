#include "sharing_views.hpp"

#include <jx/catalogue/secrets.hpp>

namespace jx::api {

Result<> require_unit(const Call& call) {
  if (!call.ctx.actor.unit.empty()) return {};
  return fail(ErrorCode::forbidden, {"this is for those who act in a post of a unit", "仅供单位岗位人员使用"});
}

Result<catalogue::Source> own_source(Call& call, db::Tx& tx) {
  JX_TRY(id, call.path<SourceId>("source"));
  JX_TRY(source, catalogue::source(tx, id));
  if (source.unit != call.ctx.actor.unit) return fail(ErrorCode::not_found, {"there is no data source of this name", "没有该数据源"});
  return source;
}

Result<> require_over(const Call& call, db::Tx& tx, const exchange::GrantRecord& grant, Over over) {
  const auto& unit = call.ctx.actor.unit;
  const bool provider = grant.view.resource.provider == unit;
  const bool consumer = grant.view.grant.consumer == unit;
  if (consumer && over != Over::provider) return call.require(tx, "exchange.request");
  if (provider && over != Over::consumer) {
    if (call.require(tx, "exchange.approve")) return {};
    return call.require(tx, "catalogue.edit");  // a data officer of the provider
  }
  if (over != Over::consumer && call.require(tx, "exchange.suspend")) return {};
  if (provider || consumer) return fail(ErrorCode::forbidden, {"this is for the other side of the grant", "此操作应由授权的另一方进行"});
  return fail(ErrorCode::not_found, {"there is no grant of this name", "没有该项共享授权"});
}

Result<std::optional<UnitId>> whose_grants(const Call& call, db::Tx& tx) {
  JX_TRY(view, call.query("view"));
  if (view && *view != "unit" && *view != "all") return fail(ErrorCode::invalid, {"the view is unit or all", "view 应为 unit 或 all"}, "/view");
  if (view == "all") {
    JX_CHECK(call.require(tx, "catalogue.publish"));
    return std::optional<UnitId>();
  }
  if (call.ctx.actor.unit.empty())
    return fail(ErrorCode::forbidden, {"grants are for those who act in a post of a unit", "共享授权仅供单位岗位人员查看"});
  return std::optional<UnitId>(call.ctx.actor.unit);
}

Result<GrantView> grant_view(db::Tx& tx, const exchange::GrantRecord& record) {
  JX_TRY(view, grant_view(tx, record.view));
  view.by_request = record.by_case;
  if (!record.suspended_reason.empty()) view.reason = record.suspended_reason;
  if (!record.ended_reason.empty()) view.reason = record.ended_reason;
  view.ended_at = record.ended_at;
  view.disposed_at = record.disposed_at;
  return view;
}

Result<SourceView> source_view(Call& call, db::Tx& tx, const catalogue::Source& source, bool whole) {
  JX_TRY(unit, unit_name(tx, source.unit));
  JX_TRY(made, catalogue::made_by_act(tx, source.id));
  const auto state = call.deps.sources.state(source);
  SourceView view{source.id,
                  source.name,
                  std::move(unit),
                  source.kind,
                  source.encoding,
                  !made,
                  {state.open, state.failures, state.failed_at, state.retry_at, std::nullopt},
                  std::nullopt,
                  std::nullopt,
                  std::nullopt,
                  std::nullopt,
                  std::nullopt,
                  std::nullopt,
                  std::nullopt,
                  {}};
  if (const auto address = catalogue::address_of(source); !address.empty()) view.address = address;
  if (source.secret) {
    JX_TRY(has, catalogue::has_secret(tx, source.id));
    view.has_secret = has;
  }
  JX_TRY(checked, catalogue::last_check(tx, source.id));
  if (checked) {
    view.checked_at = checked->at;
    view.unreached = std::move(checked->found.why);
    view.missing = std::move(checked->found.missing);
  }
  if (state.why) view.breaker.why = localized(*state.why);
  JX_TRY(examined, catalogue::examination(tx, source.id));
  if (!examined) return view;
  view.examined_at = examined->at;
  if (!whole) return view;
  view.proposals.emplace();
  for (const auto& table : examined->found.tables) view.proposals->push_back(catalogue::proposal(source, table));
  view.examination = std::move(examined->found);
  return view;
}

ResourceDraftView draft_view(const catalogue::Draft& draft) { return {draft.resource, draft.review, draft.changed_at}; }

Result<AskedView> asked_view(Call& call, db::Tx& tx, const sharing::Asked& asked) {
  JX_TRY(summary, call.deps.cases.summary(tx, asked.case_id));
  JX_TRY(unit, unit_name(tx, asked.unit));
  JX_TRY(provider, unit_name(tx, asked.provider));
  AskedView view{asked.case_id,
                 summary.number,
                 asked.kind,
                 std::move(unit),
                 std::move(provider),
                 asked.resource,
                 {},
                 std::nullopt,
                 asked.request,
                 std::string(cases::name(summary.state)),
                 asked.asked_at,
                 asked.unit == call.ctx.actor.unit,
                 {}};
  auto resource = catalogue::resource_as_it_was(tx, asked.resource);
  if (resource) {
    view.resource_name = resource->name;
  } else {  // not published yet
    auto draft = catalogue::draft(tx, asked.resource);
    view.resource_name = draft ? draft->resource.name : LocalizedText({{"zh-CN", asked.resource.text()}, {"en", asked.resource.text()}});
  }
  if (!asked.grant.empty()) view.grant = asked.grant;
  if (!asked.request) return view;
  if (asked.request->programme) {
    JX_TRY(programmes, exchange::programmes_of(tx, asked.unit));
    for (const auto& one : programmes)
      if (one.id == *asked.request->programme) view.bound_to.push_back(one.name);
  }
  for (const auto& id : asked.request->items.value_or(std::vector<ItemId>())) {
    auto item = services::item(tx, id);
    if (item) view.bound_to.push_back(item->name);  // an item may be gone since
  }
  return view;
}

}  // namespace jx::api
