// review_views.hpp - handlers of, and what the API answers about, reviews.
#pragma once
#include "handlers.hpp"
#include "views.hpp"

#include <jx/services/reviews.hpp>

#include <set>

namespace jx::api {

struct ReviewCaseName {
  CaseId case_;
  std::string number;
};
BOOST_DESCRIBE_STRUCT(ReviewCaseName, (), (case_, number))

struct ReviewView {
  services::ReviewId id;
  services::ReviewOccasion occasion = services::ReviewOccasion::matter;
  ItemId item;
  LocalizedText item_name;
  UnitName unit;  // that is reviewed
  services::ReviewChannel channel = services::ReviewChannel::online;
  services::ReviewGrade grade = services::ReviewGrade::very_satisfied;
  bool bad = false;
  std::vector<LocalizedText> tags;
  std::optional<std::string> words;
  bool anonymous = false;
  Instant at;
  services::ReviewState state = services::ReviewState::counted;
  std::optional<LocalDate> due_on;
  bool late = false;
  std::optional<services::ReviewFinding> finding;
  std::optional<std::string> answer;
  std::optional<LocalDate> answered_on, settled_on;
  std::optional<ReviewCaseName> followup, matter;  // for offices; the matter not where the review is anonymous
};
BOOST_DESCRIBE_STRUCT(ReviewView, (),
                      (id, occasion, item, item_name, unit, channel, grade, bad, tags, words, anonymous, at, state, due_on, late, finding, answer,
                       answered_on, settled_on, followup, matter))

struct ReviewList {
  std::vector<ReviewView> items;
  std::vector<UnitName> units;  // that may be asked for
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(ReviewList, (), (items, units, next))

struct ReviewChoices {
  std::vector<services::ReviewTagRule> good, bad;
};
BOOST_DESCRIBE_STRUCT(ReviewChoices, (), (good, bad))

/// Of one's own matter: whether it can be reviewed now, what can be chosen, and what was said.
struct CaseReviewView {
  bool may = false;
  std::optional<LocalDate> until;
  ReviewChoices choices;
  std::optional<ReviewView> review;
};
BOOST_DESCRIBE_STRUCT(CaseReviewView, (), (may, until, choices, review))

/// The same of a visit to a counter.
struct VisitView {
  LocalizedText item_name;
  UnitName unit;
  Instant at;
  bool may = false;
  std::optional<LocalDate> until;
  ReviewChoices choices;
  std::optional<ReviewView> review;
};
BOOST_DESCRIBE_STRUCT(VisitView, (), (item_name, unit, at, may, until, choices, review))

struct VisitLinkView {
  std::string path;  // of the portal
  bool reviewed = false;
};
BOOST_DESCRIBE_STRUCT(VisitLinkView, (), (path, reviewed))

Call::Answer review_case(Call& call);
Call::Answer get_case_review(Call& call);
Call::Answer get_visit(Call& call);
Call::Answer review_visit(Call& call);
Call::Answer get_visit_link(Call& call);
Call::Answer get_visit_code(Call& call);
Call::Answer get_callers_matter(Call& call);
Call::Answer review_for_caller(Call& call);
Call::Answer list_reviews(Call& call);
Call::Answer get_review_figures(Call& call);

[[nodiscard]] Result<ReviewView> review_view(const Call& call, db::Tx& tx, const services::Review& review, bool office);
[[nodiscard]] Result<CaseReviewView> case_review_view(const Call& call, db::Tx& tx, CaseId id);
[[nodiscard]] Result<VisitView> visit_view(const Call& call, db::Tx& tx, const services::Visit& visit);
[[nodiscard]] ReviewChoices review_choices(const services::ReviewRules& rules);
/// The units whose reviews the caller reads: her own and those below it, or the one of them that she asks for. Errors: forbidden.
struct ReviewedUnits {
  std::set<UnitId> asked;
  std::vector<UnitName> all;
  UnitName top;
};
[[nodiscard]] Result<ReviewedUnits> reviewed_units(const Call& call, db::Tx& tx);
/// The matter is the caller's own: a clerk who took it in does not review it. Errors: not_found; forbidden.
[[nodiscard]] Result<> require_own_matter(const Call& call, db::Tx& tx, CaseId id);
/// The link of a visit to the counter of the caller's unit. Errors: not_found; forbidden.
[[nodiscard]] Result<VisitLinkView> visit_link(const Call& call, db::Tx& tx, CaseId id);

}  // namespace jx::api
