// What people think of what was done for them, and how heads of units answer what is bad. Of its own dice: with or without it the rest is the same.
#include "runner.hpp"

#include <algorithm>

namespace jx::simulation {
namespace {

constexpr std::int64_t hour_s = 3600;
constexpr std::int64_t days_to_review = 3;  // after the end of a case, at most
constexpr double has_words = 0.45;          // of good reviews; bad ones have them always
constexpr double has_tag = 0.6;
constexpr double anonymous = 0.15;
constexpr double on_a_phone = 0.7;
constexpr double first_outcome = 0.7;  // how often a follow-up goes the usual way

}  // namespace

Result<> Runner::read_review_rules() {
  if (!plan_.reviews) return {};
  JX_TRY(rules, services::review_rules_of(pack_));
  review_rules_ = std::move(rules);
  return {};
}

/// A case that has ended is reviewed by most, soon.
void Runner::plan_review(std::size_t application) {
  if (!review_rules_ || !reviewed_.insert(application).second || !review_dice_.happens(plan_.reviews->share)) return;
  const auto today = calendar_.zone().date_of(needs_.clock.now());
  auto when = calendar_.zone().at(today + static_cast<std::int32_t>(review_dice_.between(0, days_to_review)),
                                  static_cast<int>(review_dice_.between(8 * hour_s, 22 * hour_s)));
  if (when <= needs_.clock.now()) when = needs_.clock.now() + std::chrono::seconds(review_dice_.between(600, 5 * hour_s));
  at(when, [this, application] { return review(applications_[application]); });
}

services::ReviewGrade Runner::grade() {
  double left = review_dice_.share();
  int grade = 1;
  for (const double share : plan_.reviews->grades) {
    if (left < share || grade == 5) break;
    left -= share;
    ++grade;
  }
  return static_cast<services::ReviewGrade>(grade);
}

/// Whether somebody is there to answer for the unit in charge.
bool Runner::answers_for(const ItemId& item) const {
  const auto& unit = items_.at(item).units.front();
  return std::ranges::any_of(people_.clerks, [&](const Clerk& one) {
    return one.actor.unit == unit && std::ranges::find(one.roles, RoleId::trusted("unit-head")) != one.roles.end();
  });
}

services::NewReview Runner::opinion(const ItemId& item, bool& stays_open) {
  const auto now = calendar_.zone().date_of(needs_.clock.now());
  services::NewReview said;
  said.grade = grade();
  stays_open = plan_.reviews->open_on && !left_open_ && now >= working_day(*plan_.reviews->open_on) && answers_for(item) &&
               (!plan_.reviews->open_at || items_.at(item).units.front() == *plan_.reviews->open_at);
  if (stays_open) said.grade = services::ReviewGrade::dissatisfied;
  left_open_ = left_open_ || stays_open;
  const bool too_late = now > working_day(plan_.reviews->bad_until) || !answers_for(item);
  if (!stays_open && services::is_bad(said.grade) && too_late) said.grade = services::ReviewGrade::basically_satisfied;
  const bool bad = services::is_bad(said.grade);
  const auto words = plan_.reviews->words.find(std::string(wire::name_of(said.grade)));
  if (words != plan_.reviews->words.end() && !words->second.empty() && (bad || review_dice_.happens(has_words)))
    said.words = review_dice_.pick(words->second);
  const auto& tags = review_rules_->tags_for(said.grade);
  if (!tags.empty() && (bad || review_dice_.happens(has_tag))) said.tags = std::vector{review_dice_.pick(tags).id};
  if (!stays_open) said.anonymous = review_dice_.happens(anonymous);
  return said;
}

Result<> Runner::review(Application& application) {
  const auto& who = people_.people[application.person];
  bool stays_open = false;
  JX_TRY(given, needs_.database.write(no_deadline, [&](db::Tx& tx) -> Result<std::optional<services::Review>> {
    JX_TRY(summary, needs_.cases.summary(tx, application.case_id));
    if (!summary.closed_at) return std::optional<services::Review>();
    const auto said = opinion(application.item, stays_open);
    const auto channel = review_dice_.happens(on_a_phone) ? services::ReviewChannel::mobile : services::ReviewChannel::online;
    JX_TRY(review, services::review_matter(tx, as(who), {needs_.cases, &*review_rules_, calendar_.zone()}, application.case_id, channel, said));
    return std::optional(std::move(review));
  }));
  if (!given) return {};
  ++made_.reviews;
  JX_CHECK(work_off());
  return given->followup && !stays_open ? follow_review(*given->followup) : Result<>{};
}

/// Plans the open tasks of a case that follows a review up: within their terms.
Result<> Runner::follow_review(CaseId case_id) {
  JX_TRY(tasks,
         needs_.database.read(no_deadline, [&](db::Tx& tx) { return needs_.cases.open_tasks(tx, as(Actor{.kind = Actor::Kind::system}), case_id); }));
  const auto today = calendar_.zone().date_of(needs_.clock.now());
  for (const auto& task : tasks) {
    if (!known_.insert(task.id).second) continue;
    const int term = task.due_on ? std::max(1, calendar_.working_days_between(today, *task.due_on)) : 3;
    const auto day = calendar_.working_day_before(today, -static_cast<int>(review_dice_.between(1, std::max(1, term - 1))));
    const auto second = review_dice_.between(plan_.opens * hour_s, plan_.closes * hour_s - 60);
    at(calendar_.zone().at(day, static_cast<int>(second)), [this, id = task.id, case_id] { return answer_review(id, case_id); });
  }
  return {};
}

Result<> Runner::answer_review(TaskId id, CaseId case_id) {
  JX_TRY(decided, needs_.database.write(no_deadline, [&](db::Tx& tx) -> Result<bool> {
    JX_TRY(task, needs_.cases.task(tx, as(Actor{.kind = Actor::Kind::system}), id));
    const auto clerks = people_.at_desk(task, needs_.clock.now());
    if (clerks.empty()) return false;
    std::vector<std::string> ways;
    for (const auto& outcome : task.outcomes) {
      if (plan_.reviews->answers.contains(outcome.key)) ways.push_back(outcome.key);
    }
    cases::Completion done;
    if (!ways.empty()) {
      done.outcome = review_dice_.happens(first_outcome) ? ways.front() : review_dice_.pick(ways);
      done.opinion = review_dice_.pick(plan_.reviews->answers.at(done.outcome));
    }
    JX_CHECK(needs_.cases.complete(tx, as(people_.clerks[clerks.front()].actor), id, done));
    return true;
  }));
  if (!decided) {  // away: the next working day
    const auto day = calendar_.working_day_before(calendar_.zone().date_of(needs_.clock.now()), -1);
    at(calendar_.zone().at(day, static_cast<int>((plan_.opens + 1) * hour_s)), [this, id, case_id] { return answer_review(id, case_id); });
    return {};
  }
  ++made_.decisions;
  JX_CHECK(work_off());
  return follow_review(case_id);
}

}  // namespace jx::simulation
