// case_clock.cpp - a step gives the case its term, extends it, or has its clock stand: jx:case-term, jx:clock-stands.
#include "act.hpp"
#include "cases_sql.hpp"
#include "deadlines.hpp"
#include "office_time.hpp"
#include "pauses.hpp"
#include "timeline.hpp"

#include <jx/cases/work.hpp>

#include <algorithm>

namespace jx::cases {
namespace {

/// `10 WD` and `10 WD` are `20 WD`. Nothing where one counts working days and the other all days, or there was none.
std::optional<std::string> sum_of(std::string_view term, std::string_view more) {
  const auto a = parse_duration(term), b = parse_duration(more);
  if (!a || !b || !a->is_term || !b->is_term) return std::nullopt;
  if (a->working_days > 0 && b->working_days > 0) return std::to_string(a->working_days + b->working_days) + " WD";
  if (a->days > 0 && b->days > 0) return std::to_string(a->days + b->days) + " D";
  return std::nullopt;
}

}  // namespace

/// A case that has a term keeps it; what is added to none, or to one of another kind, is nothing.
Result<> Act::give_term(const Node& node, Index index) {
  const std::string_view wanted = node.case_term;
  const bool extends = wanted.starts_with('+');
  if (extends) {
    auto longer = sum_of(row_.term, wanted.substr(1));
    if (!longer) return {};
    row_.term = std::move(*longer);
  } else {
    if (!row_.term.empty()) return {};
    row_.term = wanted;
    row_.received_on = today();
  }
  if (!is_new_) JX_CHECK(tx_.run(sql::case_term, row_.id, row_.term, row_.received_on));
  JX_CHECK(recount(tx_, *this));
  note(extends ? Happened::term_extended : Happened::term_begun, index, row_.due_on ? row_.due_on->text() : "");
  return {};
}

Result<> Act::follow_clock() {
  if (state_.ended()) return {};
  const Node* stands = nullptr;
  for (const auto& w : state_.waits) {
    if (w.kind != WaitKind::task) continue;
    const Node& node = definition_->node(w.node);
    if (!node.stands_for.empty() && stands == nullptr) stands = &node;
    const bool opened = std::ranges::find(waits_before_, w.id, &Wait::id) == waits_before_.end();
    if (opened && !node.case_term.empty()) JX_CHECK(give_term(node, w.node));
  }
  if (stands == nullptr) return stands_for_step(row_.paused) ? start_clock(tx_, *this) : Result<>{};
  if (row_.paused != 0) return {};
  const bool hers = waits_for_applicant_by(stands->stands_for);
  return stop_clock(tx_, *this, {stands->stands_for, stands->stands_law, "", hers}, hers ? applicant_at_step : stands_at_step);
}

Result<bool> stands_by_step(db::Tx& tx, CaseId id) {
  JX_TRY(row, case_row(tx, id));
  return stands_for_step(row.paused);
}

}  // namespace jx::cases
