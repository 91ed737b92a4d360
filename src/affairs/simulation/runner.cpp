// The events of the past, in their order.
#include "runner.hpp"

#include <algorithm>

namespace jx::simulation {
namespace {

constexpr int minute_s = 60, hour_s = 3600;
constexpr int jobs_rounds_max = 10'000;  // of the worker at one instant

Micros seconds(std::int64_t count) { return std::chrono::seconds(count); }

}  // namespace

Runner::Runner(const Needs& needs, const pack::Pack& pack, const Plan& plan, Instant now)
    : needs_(needs),
      pack_(pack),
      plan_(plan),
      calendar_(*needs.calendar),
      now_(now),
      today_(needs.calendar->zone().date_of(now)),
      dice_(static_cast<std::uint64_t>(plan.seed)),
      review_dice_(~static_cast<std::uint64_t>(plan.seed)) {
  worker_.emplace(needs_.cases, needs_.database, needs_.clock, needs_.random, cases::Worker::Options());
}

void Runner::at(Instant when, std::function<Result<>()> act) {
  if (when <= now_) events_.push({when, order_++, std::move(act)});
}

Instant Runner::in_office_hours(LocalDate day) {
  const auto second = dice_.between(plan_.opens * hour_s, plan_.closes * hour_s - minute_s);
  return calendar_.zone().at(day, static_cast<int>(second));
}

const Shares& Runner::shares_of(const ItemId& item) const {
  const auto found = plan_.items.find(item);
  return found != plan_.items.end() && found->second.shares ? *found->second.shares : plan_.shares;
}

/// Most of what has a term is done within it, sooner rather than later; some of it after its last day.
Instant Runner::handled_at(const cases::TaskView& task, const Shares& shares) {
  const auto today = calendar_.zone().date_of(needs_.clock.now());
  const int term = task.due_on ? std::max(1, calendar_.working_days_between(today, *task.due_on)) : 3;
  const int days = dice_.happens(shares.late) ? term + static_cast<int>(dice_.between(1, 4))
                                              : static_cast<int>(dice_.between(0, term) + dice_.between(0, term)) / 2;
  const auto day = calendar_.working_day_before(today, -std::max(days, calendar_.working(today) ? 0 : 1));
  auto when = in_office_hours(day);
  if (when <= needs_.clock.now() + seconds(20LL * minute_s)) {
    when = needs_.clock.now() + seconds(dice_.between(20LL * minute_s, 2LL * hour_s));
    if (calendar_.zone().second_of_day(when) >= plan_.closes * hour_s) when = in_office_hours(calendar_.working_day_before(today, -1));
  }
  return when;
}

void Runner::plan_applications() {
  std::vector<std::pair<ItemId, double>> items;
  double all = 0;
  for (const auto& [id, item] : items_) {
    const auto found = plan_.items.find(id);
    const double weight = found == plan_.items.end() ? 1 : found->second.weight;
    if (weight <= 0) continue;
    all += weight;
    items.emplace_back(id, all);
  }
  std::vector<std::pair<LocalDate, double>> days;
  double every = 0;
  const auto first = working_day(1);
  for (auto day = first; day <= today_; day = day + 1) {
    const auto monday_is_0 = (day.weekday() + 6) % 7;
    const double share = calendar_.working(day) ? plan_.week[monday_is_0] : plan_.week[6];
    every += share * (0.75 + dice_.share() / 2);
    days.emplace_back(day, every);
  }
  if (items.empty() || people_.people.empty()) return;
  for (int i = 0; i < plan_.cases; ++i) {
    const double on = dice_.share() * every, of = dice_.share() * all;
    const auto day = std::ranges::find_if(days, [&](const auto& one) { return on < one.second; });
    const auto item = std::ranges::find_if(items, [&](const auto& one) { return of < one.second; });
    // Online people apply from seven in the morning to ten at night.
    const auto when = calendar_.zone().at(day->first, static_cast<int>(dice_.between(7 * hour_s, 22 * hour_s)));
    if (when > now_) continue;
    const std::size_t index = applications_.size();
    applications_.push_back({item->first, dice_.index(people_.people.size()), {}, {}, false, false});
    at(when, [this, index] { return apply(applications_[index]); });
  }
}

/// Each morning what has fallen due overnight: marks, reminders, timers.
void Runner::plan_mornings() {
  for (auto day = working_day(1); day <= today_; day = day + 1) {
    at(calendar_.zone().at(day, 6 * hour_s), [this] { return work_off(); });
  }
}

void Runner::plan_absences() {
  for (const auto& absence : plan_.absences.value_or(std::vector<AbsencePlan>())) {
    const auto from = working_day(absence.day), last = working_day(absence.day + absence.days - 1);
    for (auto& clerk : people_.clerks) {
      if (clerk.username == absence.username) clerk.away.emplace_back(calendar_.zone().start_of(from), calendar_.zone().end_of(last));
    }
    if (!absence.stand_in) continue;
    const auto* away = people_.clerk(absence.username);
    const auto* other = people_.clerk(*absence.stand_in);
    if (away == nullptr || other == nullptr) continue;
    const auto me = away->actor, stand_in = other->actor;
    auto place = *other;  // as she sits there meanwhile
    place.actor.post = me.post;
    place.actor.unit = me.unit;
    place.actor.stand_in_for = me.person;
    place.roles = away->roles;
    const auto start = calendar_.zone().start_of(from), end = calendar_.zone().end_of(last);
    place.away = {{Instant{INT64_MIN}, start}, {end, Instant{INT64_MAX}}};
    people_.clerks.push_back(place);
    at(calendar_.zone().at(working_day(std::max(1, absence.day - 2)), 10 * hour_s), [this, me, stand_in, from, last] {
      return needs_.database.write(no_deadline, [&](db::Tx& tx) -> Result<> {
        const auto today = calendar_.zone().date_of(needs_.clock.now());
        JX_TRY(id, identity::enter_absence(tx, as(me), {stand_in.person, {me.post}, {from, last}, ""}, today));
        return identity::approve_absence(tx, as(Actor{.kind = Actor::Kind::system}), id, today, true);
      });
    });
  }
}

void Runner::plan_requests() {
  if (!plan_.requests) return;
  for (const auto& request : *plan_.requests) {
    at(calendar_.zone().at(working_day(request.day), 9 * hour_s + 40 * minute_s), [this, &request] { return request_data(request); });
  }
}

void Runner::plan_incident() {
  if (!plan_.incident_on) return;
  at(calendar_.zone().at(working_day(*plan_.incident_on), plan_.opens * hour_s), [this]() -> Result<> {
    needs_.break_one_signing();
    return {};
  });
}

Result<> Runner::work_off() {
  for (int round = 0; round < jobs_rounds_max; ++round) {
    JX_TRY(due, worker_->next_due());
    if (!due || *due > needs_.clock.now()) return {};
    JX_TRY(ran, worker_->step());
    if (ran == 0) return {};
  }
  return fail(ErrorCode::internal, {"jobs of one instant come to no end", "同一时刻的任务没有终止"});
}

Result<Made> Runner::run() {
  needs_.clock.stand_at(begins_at(plan_, calendar_, now_));
  Bytes password(24);
  SystemRandom().fill(password);
  JX_TRY(hash, needs_.sessions.hash("simulation", to_base64(password)));
  phc_ = std::move(hash);
  JX_CHECK(needs_.database.read(no_deadline, [&](db::Tx& tx) -> Result<> {
    JX_TRY(found, population(tx, pack_, plan_, today_, dice_));
    people_ = std::move(found);
    JX_TRY(items, services::items(tx));
    for (auto& item : items) {
      JX_TRY(form, cases::form_now(tx, needs_.cases, item.form_key()));
      forms_.emplace(item.id, std::move(form));
      const auto id = item.id;
      items_.emplace(id, std::move(item));
    }
    return {};
  }));
  JX_CHECK(read_review_rules());
  plan_absences();
  applications_.reserve(static_cast<std::size_t>(plan_.cases));
  plan_applications();
  plan_mornings();
  plan_requests();
  plan_incident();
  for (std::size_t done = 0; !events_.empty();) {
    const auto event = events_.top();
    events_.pop();
    needs_.clock.stand_at(std::max(event.at, needs_.clock.now()));
    JX_CHECK(event.act());
    if (needs_.progress && ++done % 64 == 0) needs_.progress(made_.cases, static_cast<int>(applications_.size()));
  }
  needs_.clock.stand_at(now_);
  JX_CHECK(work_off());
  return made_;
}

Result<Made> make(const Needs& needs, const pack::Pack& pack, const Plan& plan, Instant now) { return Runner(needs, pack, plan, now).run(); }

}  // namespace jx::simulation
