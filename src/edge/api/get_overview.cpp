// get_overview.cpp - GET /api/v1/overview (operation getOverview): the county, or one unit, on one page.
#include "figure_views.hpp"
#include "handlers.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace jx::api {

namespace {

constexpr std::int64_t overview_days = 30, overview_days_max = 180;
constexpr std::size_t late_shown = 12;

struct DayCount {
  LocalDate on;
  std::int64_t received = 0, decided = 0;
};
BOOST_DESCRIBE_STRUCT(DayCount, (), (on, received, decided))

struct UnitWork {
  UnitName unit;
  std::int64_t open = 0, late = 0;
};
BOOST_DESCRIBE_STRUCT(UnitWork, (), (unit, open, late))

struct LateStep {
  TaskId task;
  CaseId case_id;
  std::string number;
  ItemId item;
  LocalizedText item_name, step;
  UnitName unit;
  LocalDate due_on;
  int days_late = 0;  // working days
};
BOOST_DESCRIBE_STRUCT(LateStep, (), (task, case_id, number, item, item_name, step, unit, due_on, days_late))

struct DataMoved {
  UnitName consumer, provider;
  std::int64_t calls = 0, refused = 0, records = 0;
};
BOOST_DESCRIBE_STRUCT(DataMoved, (), (consumer, provider, calls, refused, records))

struct Overview {
  LocalDate from, today;
  UnitName unit;                // of which it tells; the highest one: the whole county
  std::vector<UnitName> units;  // that may be asked for
  std::vector<DayCount> days;
  std::vector<ItemFigures> items;
  std::vector<UnitWork> work;
  std::vector<LateStep> late;
  std::int64_t late_in_all = 0;
  std::vector<DataMoved> data;
};
BOOST_DESCRIBE_STRUCT(Overview, (), (from, today, unit, units, days, items, work, late, late_in_all, data))

/// The units within one, itself among them, in the order of the pack.
std::vector<const identity::Unit*> units_below(const std::vector<identity::Unit>& all, const UnitId& top) {
  std::set<UnitId> within{top};
  for (bool grows = true; grows;) {
    grows = false;
    for (const auto& unit : all) grows |= unit.parent && within.contains(*unit.parent) && within.insert(unit.id).second;
  }
  std::vector<const identity::Unit*> list;
  for (const auto& unit : all) {
    if (within.contains(unit.id)) list.push_back(&unit);
  }
  return list;
}

/// Those whose figures are told: all that are within the unit asked for, which is within the caller's own.
struct Scope {
  std::set<UnitId> units;
  std::map<UnitId, LocalizedText> names;
  [[nodiscard]] bool has(const UnitId& unit) const { return units.contains(unit); }
  [[nodiscard]] UnitName name(const UnitId& unit) const {
    const auto found = names.find(unit);
    return {unit, found == names.end() ? LocalizedText() : found->second};
  }
};

Result<Scope> scope_of(Call& call, db::Tx& tx, Overview& view) {
  JX_TRY(asked, call.query("unit"));
  JX_TRY(all, identity::units(tx));
  Scope scope;
  for (const auto& unit : all) scope.names.emplace(unit.id, unit.name);
  const auto own = units_below(all, call.ctx.actor.unit);
  auto top = call.ctx.actor.unit;
  if (asked) {
    const auto found = std::ranges::find_if(own, [&](const auto* unit) { return unit->id.text() == *asked; });
    if (found == own.end())
      return fail(ErrorCode::forbidden, {"the unit is not yours and not below yours", "该单位不是本单位，也不是下属单位"}, "/unit");
    top = (*found)->id;
  }
  view.unit = scope.name(top);
  for (const auto* unit : own) view.units.push_back(scope.name(unit->id));
  for (const auto* unit : units_below(all, top)) scope.units.insert(unit->id);
  return scope;
}

void count_days(Overview& view, const std::vector<services::Flow>& flows, const std::set<ItemId>& items) {
  std::map<LocalDate, DayCount> days;
  for (auto day = view.from; day <= view.today; day = day + 1) days[day].on = day;
  for (const auto& flow : flows) {
    if (!items.contains(flow.item)) continue;
    if (const auto day = days.find(flow.received_on); day != days.end()) day->second.received += flow.count;
    if (!flow.closed_on) continue;
    if (const auto day = days.find(*flow.closed_on); day != days.end()) day->second.decided += flow.count;
  }
  for (auto& [on, day] : days) view.days.push_back(day);
}

Result<> tell_items(Call& call, db::Tx& tx, Overview& view, const Scope& scope, std::map<ItemId, LocalizedText>& names) {
  const auto here = call.deps.jurisdiction();
  JX_TRY(items, services::items(tx));
  JX_TRY(flows, services::flows(tx, here->zone, view.from, call.ctx.now()));
  JX_TRY(reviews, services::review_counts(tx, here->zone.start_of(view.from), view.today));
  std::set<ItemId> shown;
  for (const auto& item : items) {
    names.emplace(item.id, item.name);
    if (std::ranges::none_of(item.units, [&](const UnitId& unit) { return scope.has(unit); })) continue;
    JX_TRY(figures, figures_of(call, tx, item));
    for (const auto& flow : flows) {
      if (flow.item == item.id) count(figures, flow, view.from, *here->calendar);
    }
    for (const auto& one : reviews) {
      if (one.item == item.id) count(figures, one);
    }
    close_counts(figures);
    shown.insert(item.id);
    view.items.push_back(std::move(figures));
  }
  std::ranges::stable_sort(view.items, std::ranges::greater(), &ItemFigures::received);
  count_days(view, flows, shown);
  return {};
}

Result<> tell_late(Call& call, db::Tx& tx, Overview& view, const Scope& scope, const std::map<ItemId, LocalizedText>& names) {
  const auto here = call.deps.jurisdiction();
  JX_TRY(work, services::work(tx, call.ctx.now()));
  for (const auto& one : work) {
    if (!scope.has(one.unit)) continue;
    view.work.push_back({scope.name(one.unit), one.open, one.late});
    view.late_in_all += one.late;
  }
  std::ranges::stable_sort(view.work, [](const auto& a, const auto& b) { return std::pair(a.late, a.open) > std::pair(b.late, b.open); });
  JX_TRY(late, services::late_tasks(tx, call.ctx.now(), services::late_shown_max));
  for (const auto& one : late) {
    if (!scope.has(one.unit)) continue;
    if (view.late.size() == late_shown) break;
    JX_TRY(task, call.deps.cases.task(tx, call.ctx, one.task));
    const auto item = names.find(one.item);
    view.late.push_back({one.task, one.case_id, one.number, one.item, item == names.end() ? LocalizedText() : item->second, task.name,
                         scope.name(one.unit), one.due_on, here->calendar->working_days_between(one.due_on, view.today)});
  }
  return {};
}

}  // namespace

Call::Answer get_overview(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "dashboard.read"));
    JX_TRY(days, call.query_integer("days", 1, overview_days_max));
    Overview view;
    view.today = call.today();
    view.from = view.today - static_cast<std::int32_t>(days.value_or(overview_days) - 1);
    JX_TRY(scope, scope_of(call, tx, view));
    std::map<ItemId, LocalizedText> names;
    JX_CHECK(tell_items(call, tx, view, scope, names));
    JX_CHECK(tell_late(call, tx, view, scope, names));
    JX_TRY(data, services::data_flows(tx, call.deps.jurisdiction()->zone.start_of(view.from)));
    for (const auto& flow : data) {
      if (scope.has(flow.consumer) || scope.has(flow.provider))
        view.data.push_back({scope.name(flow.consumer), scope.name(flow.provider), flow.calls, flow.refused, flow.records});
    }
    return ok(view);
  });
}

}  // namespace jx::api
