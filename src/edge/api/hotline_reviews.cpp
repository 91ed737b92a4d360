// hotline_reviews.cpp - GET /api/v1/hotline/matters/{number} and POST .../review (operations getCallersMatter, reviewForCaller): what a caller to the
// hotline says of a matter that has ended, by its number. Who applied is not shown, nor what was said before.
#include "review_views.hpp"
#include "views_cases.hpp"

namespace jx::api {

namespace {

struct CallersReview {
  services::ReviewGrade grade = services::ReviewGrade::very_satisfied;
  std::optional<std::vector<std::string>> tags;
  std::optional<std::string> words;
  std::optional<bool> anonymous;
  std::optional<std::string> phone;
};
BOOST_DESCRIBE_STRUCT(CallersReview, (), (grade, tags, words, anonymous, phone))

struct CallersMatter {
  std::string number;
  LocalizedText item_name;
  UnitName unit;  // that is reviewed
  std::optional<Instant> closed_at;
  bool may = false, reviewed = false;
  std::optional<LocalDate> until;
  ReviewChoices choices;
};
BOOST_DESCRIBE_STRUCT(CallersMatter, (), (number, item_name, unit, closed_at, may, reviewed, until, choices))

/// Whoever takes a review takes none of what her own unit has handled. Errors: not_found; forbidden.
Result<cases::CaseSummary> callers_case(const Call& call, db::Tx& tx) {
  JX_CHECK(call.require(tx, "reviews.take"));
  const auto none = [] { return fail(ErrorCode::not_found, {"there is no matter with this number", "没有该编号的办件"}); };
  const auto id = cases::find_case(tx, call.request.param("number"));
  if (!id && id.error().code == ErrorCode::not_found) return none();
  if (!id) return std::unexpected(id.error());
  JX_TRY(summary, call.deps.cases.summary(tx, *id));
  if (summary.item.empty()) return none();  // nobody applied for it
  JX_TRY(handles, call.deps.cases.handles(tx, *id, call.ctx.actor.unit));
  if (handles)
    return fail(ErrorCode::forbidden, {"your unit has handled this matter: another takes the review", "本单位经办过该办件，应由其他单位登记评价"});
  return summary;
}

Result<CallersMatter> view_of(const Call& call, db::Tx& tx, const cases::CaseSummary& summary) {
  JX_TRY(item, services::item(tx, summary.item));
  JX_TRY(unit, unit_name(tx, item.units.front()));
  JX_TRY(review, case_review_view(call, tx, summary.id));
  return CallersMatter{summary.number,           item.name, std::move(unit), summary.closed_at, review.may, review.review.has_value(), review.until,
                       std::move(review.choices)};
}

}  // namespace

Call::Answer get_callers_matter(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(summary, callers_case(call, tx));
    JX_TRY(view, view_of(call, tx, summary));
    return ok(view);
  });
}

Call::Answer review_for_caller(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(said, call.body<CallersReview>());
    JX_TRY(summary, callers_case(call, tx));
    JX_TRY(rules, call.deps.reviews.rules(tx));
    const auto here = call.deps.jurisdiction();
    JX_CHECK(services::review_matter(tx, call.ctx, {call.deps.cases, rules.get(), here->zone}, summary.id, services::ReviewChannel::hotline,
                                     {said.grade, said.tags, said.words, said.anonymous, said.phone}));
    JX_TRY(view, view_of(call, tx, summary));
    return created("/api/v1/hotline/matters/" + summary.number, view);
  });
}

}  // namespace jx::api
