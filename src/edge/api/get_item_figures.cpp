// get_item_figures.cpp - GET /api/v1/items/{item}/figures (operation getItemFigures): promised and actual days, what is asked for, and how the units
// that handle the item differ.
#include "figure_views.hpp"
#include "handlers.hpp"

namespace jx::api {

namespace {

constexpr std::int64_t item_figures_days = 90, item_figures_days_max = 180;

struct WindowView {
  UnitName unit;
  std::int64_t done = 0, late = 0, refused = 0;
  double hours = 0;
};
BOOST_DESCRIBE_STRUCT(WindowView, (), (unit, done, late, refused, hours))

struct FeeTotalView {
  std::string currency;
  std::int64_t due = 0, due_amount = 0, paid = 0, paid_amount = 0;
};
BOOST_DESCRIBE_STRUCT(FeeTotalView, (), (currency, due, due_amount, paid, paid_amount))

struct ItemFiguresView {
  LocalDate from, today;
  ItemFigures item;
  std::vector<WindowView> windows;
  std::vector<FeeTotalView> fees;
};
BOOST_DESCRIBE_STRUCT(ItemFiguresView, (), (from, today, item, windows, fees))

}  // namespace

Call::Answer get_item_figures(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "dashboard.read"));
    JX_TRY(id, call.path<ItemId>("item"));
    JX_TRY(days, call.query_integer("days", 1, item_figures_days_max));
    JX_TRY(item, services::item(tx, id));
    const auto here = call.deps.jurisdiction();
    ItemFiguresView view;
    view.today = call.today();
    view.from = view.today - static_cast<std::int32_t>(days.value_or(item_figures_days) - 1);
    JX_TRY(figures, figures_of(call, tx, item));
    JX_TRY(flows, services::flows(tx, here->zone, view.from, call.ctx.now()));
    for (const auto& flow : flows) {
      if (flow.item == id) count(figures, flow, view.from, *here->calendar);
    }
    JX_TRY(reviews, services::review_counts(tx, here->zone.start_of(view.from), view.today));
    for (const auto& one : reviews) {
      if (one.item == id) count(figures, one);
    }
    close_counts(figures);
    view.item = std::move(figures);
    JX_TRY(windows, services::windows(tx, id, here->zone.start_of(view.from)));
    for (const auto& window : windows) {
      JX_TRY(name, unit_name(tx, window.unit));
      view.windows.push_back({std::move(name), window.done, window.late, window.refused, window.hours});
    }
    JX_TRY(fees, services::fee_totals(tx, id, here->zone.start_of(view.from)));
    for (auto& total : fees) view.fees.push_back({std::move(total.currency), total.due, total.due_amount, total.paid, total.paid_amount});
    return ok(view);
  });
}

}  // namespace jx::api
