// get_review_figures.cpp - GET /api/v1/reviews/figures (operation getReviewFigures): averages, bad ones and how they are followed up, by unit and by
// item.
#include "review_views.hpp"

#include <algorithm>
#include <map>

namespace jx::api {

namespace {

constexpr std::int64_t review_days = 90, review_days_max = 365;

struct ReviewTotals {
  std::int64_t given = 0, counted = 0, bad = 0, open = 0, late = 0, settled = 0, in_time = 0;
  std::optional<double> average;
};
BOOST_DESCRIBE_STRUCT(ReviewTotals, (), (given, counted, bad, open, late, settled, in_time, average))

struct OfUnit {
  UnitName unit;
  ReviewTotals counts;
};
BOOST_DESCRIBE_STRUCT(OfUnit, (), (unit, counts))

struct OfItem {
  ItemId item;
  LocalizedText name;
  ReviewTotals counts;
};
BOOST_DESCRIBE_STRUCT(OfItem, (), (item, name, counts))

struct ReviewFigures {
  LocalDate from, today;
  UnitName unit;
  std::vector<UnitName> units;
  ReviewTotals all;
  std::vector<OfUnit> by_unit;
  std::vector<OfItem> by_item;
};
BOOST_DESCRIBE_STRUCT(ReviewFigures, (), (from, today, unit, units, all, by_unit, by_item))

void add(ReviewTotals& counts, const services::ReviewCounts& more) {
  counts.given += more.given;
  counts.counted += more.counted;
  counts.bad += more.bad;
  counts.open += more.open;
  counts.late += more.late;
  counts.settled += more.settled;
  counts.in_time += more.in_time;
  counts.average = counts.average.value_or(0) + static_cast<double>(more.points);  // close() divides it
}

ReviewTotals closed(ReviewTotals counts) {
  if (counts.counted == 0) counts.average.reset();
  if (counts.average) *counts.average /= static_cast<double>(counts.counted);
  return counts;
}

}  // namespace

Call::Answer get_review_figures(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "reviews.read"));
    JX_TRY(units, reviewed_units(call, tx));
    JX_TRY(days, call.query_integer("days", 1, review_days_max));
    ReviewFigures view;
    view.today = call.today();
    view.from = view.today - static_cast<std::int32_t>(days.value_or(review_days) - 1);
    view.unit = units.top;
    JX_TRY(found, services::review_counts(tx, call.deps.jurisdiction()->zone.start_of(view.from), view.today));
    std::map<UnitId, ReviewTotals> by_unit;
    std::map<ItemId, ReviewTotals> by_item;
    for (const auto& one : found) {
      if (!units.asked.contains(one.unit)) continue;
      add(view.all, one);
      add(by_unit[one.unit], one);
      add(by_item[one.item], one);
    }
    view.all = closed(view.all);
    for (const auto& [unit, counts] : by_unit) {
      const auto name = std::ranges::find(units.all, unit, &UnitName::key);
      view.by_unit.push_back({*name, closed(counts)});
    }
    for (const auto& [item, counts] : by_item) {
      JX_TRY(of, services::item(tx, item));
      view.by_item.push_back({item, of.name, closed(counts)});
    }
    const auto worst_first = [](const auto& a, const auto& b) {
      return std::tuple(-a.counts.late, -a.counts.open, a.counts.average.value_or(6)) <
             std::tuple(-b.counts.late, -b.counts.open, b.counts.average.value_or(6));
    };
    std::ranges::stable_sort(view.by_unit, worst_first);
    std::ranges::stable_sort(view.by_item, worst_first);
    view.units = std::move(units.all);
    return ok(view);
  });
}

}  // namespace jx::api
