// figure_views.hpp - the figures of the county, of a unit, of an item; and what a demonstration can do.
#pragma once
#include "views.hpp"

#include <jx/services/demo.hpp>
#include <jx/services/figures.hpp>
#include <jx/services/reviews.hpp>

namespace jx::api {

// figures
Call::Answer get_overview(Call& call);
Call::Answer get_item_figures(Call& call);

// demonstration
Call::Answer get_demo(Call& call);
Call::Answer next_working_day(Call& call);
Call::Answer alter_row(Call& call);
Call::Answer restore_row(Call& call);
Call::Answer check_rows(Call& call);

/// One item over a period.
struct ItemFigures {
  ItemId key;
  LocalizedText name;
  std::int64_t received = 0, decided = 0, refused = 0, open = 0;  // cases
  std::int64_t late_decided = 0;                                  // closed after more working days than promised
  int promised_wd = 0, statutory_wd = 0;
  std::optional<double> actual_wd;  // from receipt to the end, on average of those that ended in the period
  int visits = 0;
  std::int64_t materials = 0, materials_held = 0;  // asked for; of those, held by the government already
  std::int64_t fields = 0;                         // of its form
  std::optional<double> fields_prefilled;          // on average of the newest applications
  std::int64_t reviews = 0, reviews_bad = 0;       // that count
  std::optional<double> reviews_average;           // from 1 to 5
};
BOOST_DESCRIBE_STRUCT(ItemFigures, (),
                      (key, name, received, decided, refused, open, late_decided, promised_wd, statutory_wd, actual_wd, visits, materials,
                       materials_held, fields, fields_prefilled, reviews, reviews_bad, reviews_average))

/// What an item itself says, with the share of its form that sources fill.
[[nodiscard]] Result<ItemFigures> figures_of(const Call& call, db::Tx& tx, const services::Item& item);
/// Adds cases. `since` is the first day of the period.
void count(ItemFigures& figures, const services::Flow& flow, LocalDate since, const calendar::Calendar& calendar);
/// Adds what people think of it.
void count(ItemFigures& figures, const services::ReviewCounts& reviews);
/// Divides what count() has summed up.
void close_counts(ItemFigures& figures);

}  // namespace jx::api
