#include "figure_views.hpp"

#include <jx/cases/forms.hpp>

#include <algorithm>

namespace jx::api {

Result<ItemFigures> figures_of(const Call& call, db::Tx& tx, const services::Item& item) {
  ItemFigures figures;
  figures.key = item.id;
  figures.name = item.name;
  figures.promised_wd = item.promised_wd;
  figures.statutory_wd = item.statutory_wd;
  figures.visits = item.visits;
  figures.materials = static_cast<std::int64_t>(item.materials.size());
  figures.materials_held = std::ranges::count_if(item.materials, &services::Material::held_by_government);
  JX_TRY(form, cases::form_now(tx, call.deps.cases, item.form_key()));
  figures.fields = form.counts.distinct - form.counts.computed;
  JX_TRY(filled, services::fields_prefilled(tx, item.id));
  figures.fields_prefilled = filled;
  return figures;
}

void count(ItemFigures& figures, const services::Flow& flow, LocalDate since, const calendar::Calendar& calendar) {
  if (flow.received_on >= since) figures.received += flow.count;
  if (!flow.closed_on) {
    figures.open += flow.count;
    return;
  }
  if (*flow.closed_on < since) return;
  const int days = calendar.working_days_between(flow.received_on, *flow.closed_on);
  figures.decided += flow.count;
  if (flow.state == cases::CaseState::refused) figures.refused += flow.count;
  if (days > figures.promised_wd) figures.late_decided += flow.count;
  figures.actual_wd = figures.actual_wd.value_or(0) + static_cast<double>(days) * static_cast<double>(flow.count);
}

void count(ItemFigures& figures, const services::ReviewCounts& reviews) {
  figures.reviews += reviews.counted;
  figures.reviews_bad += reviews.bad;
  figures.reviews_average = figures.reviews_average.value_or(0) + static_cast<double>(reviews.points);
}

void close_counts(ItemFigures& figures) {
  if (figures.reviews == 0) figures.reviews_average.reset();
  if (figures.reviews_average) *figures.reviews_average /= static_cast<double>(figures.reviews);
  if (figures.decided == 0)
    figures.actual_wd.reset();
  else if (figures.actual_wd)
    *figures.actual_wd /= static_cast<double>(figures.decided);
}

}  // namespace jx::api
