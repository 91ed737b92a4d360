#include "review_views.hpp"

#include "views_cases.hpp"

#include <algorithm>

namespace jx::api {

namespace {

/// What the pack calls the tags; one that it has no longer is left out.
std::vector<LocalizedText> tag_names(const services::ReviewRules* rules, const services::Review& review) {
  std::vector<LocalizedText> names;
  if (rules == nullptr) return names;
  const auto& known = rules->tags_for(review.grade);
  for (const auto& id : review.tags) {
    const auto tag = std::ranges::find(known, id, &services::ReviewTagRule::id);
    if (tag != known.end()) names.push_back(tag->name);
  }
  return names;
}

/// Nothing where the case is in the archive.
Result<std::optional<ReviewCaseName>> case_name(const Call& call, db::Tx& tx, CaseId id) {
  const auto summary = call.deps.cases.summary(tx, id);
  if (summary) return std::optional(ReviewCaseName{id, summary->number});
  if (summary.error().code == ErrorCode::not_found) return std::optional<ReviewCaseName>();
  return std::unexpected(summary.error());
}

template <class View>
Result<> say_what_may_be(const Call& call, db::Tx& tx, View& view, CaseId id, services::ReviewOccasion occasion, std::optional<Instant> since) {
  JX_TRY(rules, call.deps.reviews.rules(tx));
  if (!rules) return {};
  view.choices = review_choices(*rules);
  JX_TRY(given, services::review_of(tx, id, occasion));
  if (given) {
    JX_TRY(review, review_view(call, tx, *given, false));
    view.review = std::move(review);
    return {};
  }
  if (!since) return {};
  const auto here = call.deps.jurisdiction();
  view.until = here->zone.date_of(*since) + rules->within_days;
  view.may = services::review_in_time(*rules, here->zone, *since, call.ctx.now());
  return {};
}

}  // namespace

ReviewChoices review_choices(const services::ReviewRules& rules) { return {rules.good, rules.bad}; }

Result<ReviewView> review_view(const Call& call, db::Tx& tx, const services::Review& review, bool office) {
  JX_TRY(rules, call.deps.reviews.rules(tx));
  JX_TRY(item, services::item(tx, review.item));
  JX_TRY(unit, unit_name(tx, review.unit));
  ReviewView view;
  view.id = review.id;
  view.occasion = review.occasion;
  view.item = review.item;
  view.item_name = item.name;
  view.unit = std::move(unit);
  view.channel = review.channel;
  view.grade = review.grade;
  view.bad = services::is_bad(review.grade);
  view.tags = tag_names(rules.get(), review);
  view.words = present(review.words);
  view.anonymous = review.anonymous;
  view.at = review.at;
  view.state = review.state;
  view.due_on = review.due_on;
  view.late = review.state == services::ReviewState::open && review.due_on && *review.due_on < call.today();
  if (review.finding != services::ReviewFinding::none) view.finding = review.finding;
  view.answer = present(review.answer);
  view.answered_on = review.answered_on;
  view.settled_on = review.settled_on;
  if (!office) return view;
  if (review.followup) {
    JX_TRY(name, case_name(call, tx, *review.followup));
    view.followup = std::move(name);
  }
  if (!review.anonymous) {
    JX_TRY(name, case_name(call, tx, review.case_id));
    view.matter = std::move(name);
  }
  return view;
}

Result<CaseReviewView> case_review_view(const Call& call, db::Tx& tx, CaseId id) {
  JX_TRY(summary, call.deps.cases.summary(tx, id));
  CaseReviewView view;
  if (summary.item.empty()) return view;
  JX_CHECK(say_what_may_be(call, tx, view, id, services::ReviewOccasion::matter, summary.closed_at));
  return view;
}

Result<VisitView> visit_view(const Call& call, db::Tx& tx, const services::Visit& visit) {
  JX_TRY(item, services::item(tx, visit.item));
  JX_TRY(unit, unit_name(tx, visit.unit));
  VisitView view;
  view.item_name = item.name;
  view.unit = std::move(unit);
  view.at = visit.at;
  JX_CHECK(say_what_may_be(call, tx, view, visit.case_id, services::ReviewOccasion::visit, visit.at));
  return view;
}

Result<ReviewedUnits> reviewed_units(const Call& call, db::Tx& tx) {
  JX_TRY(asked, call.query("unit"));
  const auto& own = call.ctx.actor.unit;
  JX_TRY(below, identity::units_below(tx, own, std::nullopt));
  ReviewedUnits units;
  JX_TRY(top, unit_name(tx, own));
  units.all.push_back(top);
  for (const auto& unit : below) {
    JX_TRY(name, unit_name(tx, unit));
    units.all.push_back(std::move(name));
  }
  units.top = std::move(top);
  if (!asked) {
    for (const auto& unit : units.all) units.asked.insert(unit.key);
    return units;
  }
  const auto found = std::ranges::find_if(units.all, [&](const UnitName& unit) { return unit.key.text() == *asked; });
  if (found == units.all.end())
    return fail(ErrorCode::forbidden, {"the unit is not yours and not below yours", "该单位不是本单位，也不是下属单位"}, "/unit");
  units.top = *found;
  units.asked.insert(found->key);
  JX_TRY(within, identity::units_below(tx, found->key, std::nullopt));
  units.asked.insert(within.begin(), within.end());
  return units;
}

Result<> require_own_matter(const Call& call, db::Tx& tx, CaseId id) {
  JX_TRY(as, sight(call, tx, id));
  if (as != Sight::applicant || !call.ctx.actor.post.empty())
    return fail(ErrorCode::forbidden, {"only the applicant reviews a matter", "仅申请人可以评价"});
  return {};
}

Result<VisitLinkView> visit_link(const Call& call, db::Tx& tx, CaseId id) {
  JX_CHECK(call.require(tx, "services.accept_for_others"));
  JX_TRY(counter, services::counter_of(tx, id));
  JX_TRY(code, services::visit_code(tx, id));
  JX_TRY(rules, call.deps.reviews.rules(tx));
  if (!counter || *counter != call.ctx.actor.unit || !code || !rules)
    return fail(ErrorCode::not_found, {"the counter of your unit did not take this case in", "该办件不是由本单位窗口受理的"});
  JX_TRY(given, services::review_of(tx, id, services::ReviewOccasion::visit));
  return VisitLinkView{"/review/" + *code, given.has_value()};
}

}  // namespace jx::api
