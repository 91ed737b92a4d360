// get_usage_figures.cpp - GET /api/v1/usage/figures (operation getUsageFigures): the calls under each grant, by the hour of the last 24 and by the
// day.
#include "handlers.hpp"
#include "sharing_views.hpp"

#include <jx/exchange/figures.hpp>

namespace jx::api {

namespace {

constexpr std::int64_t days_max = 30;
constexpr std::int64_t days_min = 2;  // in which the last 24 hours lie
constexpr std::int64_t hours_shown = 24;

struct HourFigure {
  Instant at;  // its beginning
  std::int64_t answered = 0, refused = 0, records = 0;
};
BOOST_DESCRIBE_STRUCT(HourFigure, (), (at, answered, refused, records))

struct DayFigure {
  LocalDate on;
  std::int64_t answered = 0, refused = 0, records = 0;
};
BOOST_DESCRIBE_STRUCT(DayFigure, (), (on, answered, refused, records))

struct GrantFigures {
  GrantId grant;
  std::vector<HourFigure> hours;  // the last 24, those without a call left out
  std::vector<DayFigure> days;    // as many as were asked for, likewise
};
BOOST_DESCRIBE_STRUCT(GrantFigures, (), (grant, hours, days))

struct UsageFigures {
  Instant hours_from;
  LocalDate days_from, today;
  std::vector<GrantFigures> items;  // grants without a call left out
};
BOOST_DESCRIBE_STRUCT(UsageFigures, (), (hours_from, days_from, today, items))

}  // namespace

Call::Answer get_usage_figures(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "usage.read_unit"));
    JX_TRY(unit, whose_grants(call, tx));
    JX_TRY(days, call.query_integer("days", days_min, days_max));
    JX_TRY(grants, exchange::grant_records(tx, call.today(), unit));
    const auto here = call.deps.jurisdiction();
    const auto first = call.today() - static_cast<std::int32_t>(days.value_or(days_max) - 1);
    const auto since = here->zone.start_of(first);
    const auto hour_now = (call.ctx.now() - since) / exchange::figure_step;  // steps are counted from local midnight, so that no day cuts one
    UsageFigures view{since + exchange::figure_step * (hour_now - (hours_shown - 1)), first, call.today(), {}};
    for (const auto& record : grants) {
      const auto& id = record.view.grant.id;
      JX_TRY(figures, exchange::figures(tx, id, since));
      if (figures.empty()) continue;
      GrantFigures one{id, {}, {}};
      for (const auto& [at, answered, refused, records] : figures) {
        if (at >= view.hours_from) one.hours.push_back({at, answered, refused, records});
        const auto on = here->zone.date_of(at);
        if (one.days.empty() || one.days.back().on != on) one.days.push_back({on, 0, 0, 0});
        auto& day = one.days.back();
        day.answered += answered;
        day.refused += refused;
        day.records += records;
      }
      view.items.push_back(std::move(one));
    }
    return ok(view);
  });
}

}  // namespace jx::api
