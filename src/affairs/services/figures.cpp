#include "services_sql.hpp"

#include <jx/services/figures.hpp>
#include <jx/wire.hpp>

#include <boost/json/value.hpp>

#include <algorithm>

namespace jx::services {
namespace {

constexpr double micros_an_hour = 3.6e9;

}  // namespace

Result<std::vector<Flow>> flows(db::Tx& tx, const calendar::Zone& zone, LocalDate since, Instant now) {
  const std::int64_t offset = std::int64_t{zone.offset_seconds(now)} * 1'000'000;
  JX_TRY(rows, tx.all(sql::figures_flow, offset, zone.start_of(since)));
  std::vector<Flow> list;
  list.reserve(rows.size());
  for (const auto& row : rows) {
    Flow flow{
        row.key<ItemId>(0), LocalDate{static_cast<std::int32_t>(row.integer(1))}, {}, static_cast<cases::CaseState>(row.integer(3)), row.integer(4)};
    if (row.integer(2) >= 0) flow.closed_on = LocalDate{static_cast<std::int32_t>(row.integer(2))};
    list.push_back(std::move(flow));
  }
  return list;
}

Result<std::vector<Work>> work(db::Tx& tx, Instant now) {
  JX_TRY(rows, tx.all(sql::figures_work, now));
  std::vector<Work> list;
  for (const auto& row : rows) list.push_back({row.key<UnitId>(0), row.integer(1), row.integer(2)});
  return list;
}

Result<std::vector<LateTask>> late_tasks(db::Tx& tx, Instant now, std::size_t limit) {
  JX_TRY(rows, tx.all(sql::figures_late, now, std::min(limit, late_shown_max)));
  std::vector<LateTask> list;
  for (const auto& row : rows)
    list.push_back({row.id<TaskId>(0), row.id<CaseId>(1), row.text(2), row.key<ItemId>(3), row.key<UnitId>(4), row.date(5)});
  return list;
}

Result<std::vector<DataFlow>> data_flows(db::Tx& tx, Instant since) {
  JX_TRY(rows, tx.all(sql::figures_data, since));
  std::vector<DataFlow> list;
  for (const auto& row : rows) list.push_back({row.key<UnitId>(0), row.key<UnitId>(1), row.integer(2), row.integer(3), row.integer(4)});
  return list;
}

Result<std::optional<double>> fields_prefilled(db::Tx& tx, const ItemId& item) {
  JX_TRY(rows, tx.all(sql::figures_prefills, item, prefills_looked_at_max));
  if (rows.empty()) return std::optional<double>();
  std::size_t filled = 0;
  for (const auto& row : rows) {
    JX_TRY(prefills, wire::decode<std::vector<Prefill>>(row.text(0)));
    for (const auto& prefill : prefills) filled += prefill.filled.size();
  }
  return std::optional(static_cast<double>(filled) / static_cast<double>(rows.size()));
}

Result<std::vector<Window>> windows(db::Tx& tx, const ItemId& item, Instant since) {
  JX_TRY(rows, tx.all(sql::figures_windows, item, since));
  std::vector<Window> list;
  for (const auto& row : rows)
    list.push_back({row.key<UnitId>(0), row.integer(1), row.integer(3), row.integer(4), static_cast<double>(row.integer(2)) / micros_an_hour});
  return list;
}

}  // namespace jx::services
