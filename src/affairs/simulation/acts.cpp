// What people do in the past that is made: the same calls of the engines that the API makes for them.
#include "filler.hpp"
#include "runner.hpp"

#include <jx/cases/work.hpp>
#include <jx/exchange/grants.hpp>
#include <jx/wire.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace jx::simulation {
namespace {

constexpr int corrections_max = 8;
constexpr int failures_max = 10;           // of one item; then nobody applies for it any more
constexpr double clerk_takes_first = 0.5;  // of tasks: taken on some time before they are decided
constexpr double answers_supplement = 0.97;
constexpr std::int64_t minute_s = 60, hour_s = 3600;

Micros seconds(std::int64_t count) { return std::chrono::seconds(count); }

/// A grey picture of one point: what a photograph is to the program, in 125 octets.
constexpr std::array<std::uint8_t, 125> picture{
    0xFF, 0xD8, 0xFF, 0xDB, 0x00, 0x43, 0x00, 0x03, 0x02, 0x02, 0x02, 0x02, 0x02, 0x03, 0x02, 0x02, 0x02, 0x03, 0x03, 0x03, 0x03, 0x04,
    0x06, 0x04, 0x04, 0x04, 0x04, 0x04, 0x08, 0x06, 0x06, 0x05, 0x06, 0x09, 0x08, 0x0A, 0x0A, 0x09, 0x08, 0x09, 0x09, 0x0A, 0x0C, 0x0F,
    0x0C, 0x0A, 0x0B, 0x0E, 0x0B, 0x09, 0x09, 0x0D, 0x11, 0x0D, 0x0E, 0x0F, 0x10, 0x10, 0x11, 0x10, 0x0A, 0x0C, 0x12, 0x13, 0x12, 0x10,
    0x13, 0x0F, 0x10, 0x10, 0x10, 0xFF, 0xC9, 0x00, 0x0B, 0x08, 0x00, 0x01, 0x00, 0x01, 0x01, 0x01, 0x11, 0x00, 0xFF, 0xCC, 0x00, 0x06,
    0x00, 0x10, 0x10, 0x05, 0xFF, 0xDA, 0x00, 0x08, 0x01, 0x01, 0x00, 0x00, 0x3F, 0x00, 0xD2, 0xCF, 0x20, 0xFF, 0xD9};

bool reads_firm(const services::PrefillRule& rule) { return rule.by.find("credit") != std::string::npos; }

}  // namespace

Result<> Runner::attach(db::Tx& tx, const Context& ctx, const services::Item& item, DraftId draft) {
  for (const auto& material : item.materials) {
    if (!material.files || !material.id || material.files->min < 1) continue;
    JX_TRY(rule, services::file_rule(item, *material.id));
    for (int i = 0; i < material.files->min; ++i) {
      attachments::NewFile file{
          attachments::Owner(draft), *material.id + "-" + std::to_string(i + 1) + ".jpg", picture.size(), {}, *material.id, rule};
      JX_CHECK(needs_.attachments.put(tx, ctx, file, picture));
    }
  }
  return {};
}

Result<DraftId> Runner::begin(Application& application, const services::Item& item, const Context& system) {
  auto& who = people_.people[application.person];
  return needs_.database.write(no_deadline, [&](db::Tx& tx) -> Result<DraftId> {
    if (who.account.nil()) {
      JX_TRY(person, identity::person_by_code(tx, who.code));
      JX_TRY(account, identity::create_account(tx, system, {who.username, person.id, {}, phc_}));
      who.person = person.id;
      who.account = account;
    }
    const auto ctx = as(who);
    services::NewDraft wanted{item.id, {}};
    if (application.firm) {
      JX_TRY(firm, identity::firm_by_code(tx, people_.firms[*application.firm].code));
      wanted.firm = firm.id;
    }
    JX_TRY(draft, services::create_draft(tx, ctx, wanted, calendar_.zone().date_of(needs_.clock.now())));
    JX_CHECK(attach(tx, ctx, item, draft.id));
    return draft.id;
  });
}

Result<> Runner::fill_and_submit(Application& application, const services::Item& item, const Context& ctx, DraftId id) {
  const auto plan = plan_.items.find(item.id);
  const auto& form = forms_.at(item.id);
  auto profile = people_.people[application.person].profile;
  if (application.firm) {
    profile.name = people_.firms[*application.firm].name;
    profile.code = people_.firms[*application.firm].code.value;
  }
  const auto* fields = plan != plan_.items.end() && plan->second.fields ? &*plan->second.fields : nullptr;
  Filler filler{plan_, fields, profile, calendar_.zone().date_of(needs_.clock.now()), dice_};
  const auto& schema = *form.schema;
  JX_TRY(receipt, needs_.database.write(no_deadline, [&](db::Tx& tx) -> Result<cases::Receipt> {
    JX_TRY(draft, services::draft(tx, ctx, id, calendar_.zone().date_of(needs_.clock.now())));
    auto data = draft.form;
    filler.fill(schema, data);
    for (int i = 0; i < corrections_max; ++i) {
      JX_TRY(checked, cases::check_form(tx, ctx, needs_.cases, item.form_key(), data));
      if (checked.faults.empty()) break;
      for (const auto& fault : checked.faults) (void)filler.again(schema, data, fault.pointer);
    }
    JX_TRY(saved, services::save_draft(tx, ctx, id, draft.version, data, calendar_.zone().date_of(needs_.clock.now())));
    return services::submit(tx, ctx, needs_.cases, needs_.attachments, id, saved.version,
                            {calendar_.zone().date_of(needs_.clock.now()), std::nullopt, calendar_});
  }));
  application.case_id = receipt.id;
  by_case_[receipt.id] = static_cast<std::size_t>(&application - applications_.data());
  ++made_.cases;
  return {};
}

Result<> Runner::apply(Application& application) {
  const auto& item = items_.at(application.item);
  if (made_.not_made.contains(item.id)) return {};
  const auto plan = plan_.items.find(item.id);
  const auto may = [&](services::ApplicantKind kind) { return std::ranges::find(item.who_may_apply, kind) != item.who_may_apply.end(); };
  const double firms = plan != plan_.items.end() && plan->second.firms ? *plan->second.firms : 0.3;
  if (may(services::ApplicantKind::firm) && !people_.firms.empty() && (!may(services::ApplicantKind::person) || dice_.happens(firms))) {
    application.firm = dice_.index(people_.firms.size());
    application.person = people_.firms[*application.firm].representative;
  }
  const auto shares = shares_of(item.id);
  application.asks_supplement = dice_.happens(shares.supplement);
  application.refuse = dice_.happens(shares.refused);
  const auto given_up = [&](const Error& error) -> Result<> {
    if (error.code == ErrorCode::corrupt || error.code == ErrorCode::unavailable) return std::unexpected(error);
    if (++failures_[item.id] >= failures_max)
      made_.not_made.emplace(item.id, error.message.en + (error.field.empty() ? "" : " (" + error.field + ")"));
    return {};
  };

  auto draft = begin(application, item, as(Actor{.kind = Actor::Kind::system}));
  // She has drafts enough; or the firm was founded later than this day.
  if (!draft && (draft.error().code == ErrorCode::limited || draft.error().code == ErrorCode::forbidden)) return {};
  if (!draft) return given_up(draft.error());
  const auto& who = people_.people[application.person];
  const auto not_read = plan_.not_read.value_or(std::vector<GrantId>());
  for (const auto& rule : item.prefill.value_or(std::vector<services::PrefillRule>())) {
    if (std::ranges::find(not_read, rule.grant) != not_read.end() || reads_firm(rule) != application.firm.has_value()) continue;
    needs_.clock.stand_at(needs_.clock.now() + seconds(dice_.between(5, 40)));
    auto read = services::prefill(needs_.database, needs_.gateway, as(who), *draft, rule.grant, calendar_.zone().date_of(needs_.clock.now()));
    if (read) ++made_.reads;
    if (!read && read.error().code == ErrorCode::corrupt) return std::unexpected(read.error());
  }
  needs_.clock.stand_at(needs_.clock.now() + seconds(dice_.between(90, 600)));
  if (auto done = fill_and_submit(application, item, as(who), *draft); !done) return given_up(done.error());
  JX_CHECK(work_off());
  return follow(application.case_id);
}

Result<> Runner::follow(CaseId case_id) {
  JX_TRY(tasks,
         needs_.database.read(no_deadline, [&](db::Tx& tx) { return needs_.cases.open_tasks(tx, as(Actor{.kind = Actor::Kind::system}), case_id); }));
  const auto application = by_case_.find(case_id);
  if (tasks.empty() && application != by_case_.end()) plan_review(application->second);
  const auto& shares = application == by_case_.end() ? plan_.shares : shares_of(applications_[application->second].item);
  for (const auto& task : tasks) {
    if (task.kind != cases::TaskKind::step || !known_.insert(task.id).second) continue;
    const auto when = handled_at(task, shares);
    if (dice_.happens(clerk_takes_first)) {
      const auto before = std::max<std::int64_t>(0, (when - needs_.clock.now()).count() / 1'000'000);
      at(when - seconds(dice_.between(0, std::min<std::int64_t>(before, 3 * hour_s))), [this, id = task.id] { return take(id); });
    }
    at(when, [this, id = task.id, case_id] { return decide(id, case_id); });
  }
  return {};
}

Result<> Runner::take(TaskId id) {
  return needs_.database.write(no_deadline, [&](db::Tx& tx) -> Result<> {
    JX_TRY(task, needs_.cases.task(tx, as(Actor{.kind = Actor::Kind::system}), id));
    if (task.state != cases::TaskState::free) return {};
    const auto clerks = people_.at_desk(task, needs_.clock.now());
    if (clerks.empty()) return {};
    return needs_.cases.claim(tx, as(people_.clerks[dice_.pick(clerks)].actor), id);
  });
}

Result<cases::Completion> Runner::completion(db::Tx& tx, const cases::TaskView& task, bool refuses) {
  cases::Completion done;
  if (!task.outcomes.empty()) {
    const auto negative = std::ranges::find_if(task.outcomes, [](const cases::Outcome& one) { return one.needs_reason; });
    const auto& outcome = refuses && negative != task.outcomes.end() ? *negative : task.outcomes.front();
    done.outcome = outcome.key;
    done.opinion = dice_.pick(refuses ? plan_.phrases.refuse : plan_.phrases.approve);
  }
  JX_TRY(form, cases::form_of_task(tx, needs_.cases, task.id));
  if (!form) return done;
  const Profile nobody;
  Filler filler{plan_, nullptr, nobody, calendar_.zone().date_of(needs_.clock.now()), dice_};
  filler.fill(*form->schema, done.form);
  return done;
}

Result<bool> Runner::ask_supplement(db::Tx& tx, const Context& ctx, const cases::TaskView& task, Application& application) {
  JX_TRY(acts, cases::acts_on(needs_.cases, tx, ctx, task));
  if (std::ranges::find(acts, "ask_supplement") == acts.end()) return false;
  JX_TRY(id, cases::ask_supplement(needs_.cases, tx, ctx, task.id, {dice_.pick(plan_.phrases.missing), plan_.phrases.legal_basis, "10 WD"}));
  application.asks_supplement = false;
  ++made_.supplements;
  if (!dice_.happens(answers_supplement)) return true;
  const auto day = calendar_.working_day_before(calendar_.zone().date_of(needs_.clock.now()), -static_cast<int>(dice_.between(1, 4)));
  at(in_office_hours(day), [this, id, step = task.id, case_id = task.case_id] { return answer(id, step, case_id); });
  return true;
}

Result<> Runner::answer(TaskId supplement, TaskId step, CaseId case_id) {
  const auto& who = people_.people[applications_[by_case_.at(case_id)].person];
  JX_TRY(task, needs_.database.write(no_deadline, [&](db::Tx& tx) -> Result<cases::TaskView> {
    JX_CHECK(cases::answer_supplement(needs_.cases, tx, as(who), supplement, dice_.pick(plan_.phrases.answer)));
    return needs_.cases.task(tx, as(who), step);
  }));
  at(handled_at(task, plan_.shares), [this, step, case_id] { return decide(step, case_id); });
  return {};
}

Result<> Runner::decide(TaskId id, CaseId case_id) {
  const auto found = by_case_.find(case_id);
  auto* application = found == by_case_.end() ? nullptr : &applications_[found->second];
  const auto request = asked_.find(case_id);
  enum class Did { nothing, waits, asked, decided };
  JX_TRY(did, needs_.database.write(no_deadline, [&](db::Tx& tx) -> Result<Did> {
    JX_TRY(task, needs_.cases.task(tx, as(Actor{.kind = Actor::Kind::system}), id));
    if (task.state != cases::TaskState::free && task.state != cases::TaskState::claimed) return Did::nothing;
    auto clerks = people_.at_desk(task, needs_.clock.now());
    if (task.state == cases::TaskState::claimed)
      std::erase_if(clerks, [&](std::size_t one) { return people_.clerks[one].actor.account != task.holder; });
    if (clerks.empty()) return Did::waits;
    const auto ctx = as(people_.clerks[dice_.pick(clerks)].actor);
    if (application != nullptr && application->asks_supplement) {
      if (task.state == cases::TaskState::free) JX_CHECK(needs_.cases.claim(tx, ctx, id));
      JX_TRY(claimed, needs_.cases.task(tx, ctx, id));
      JX_TRY(waits, ask_supplement(tx, ctx, claimed, *application));
      if (waits) return Did::asked;
    }
    // What one unit asks of another, the asking unit itself wants; it is the other that refuses.
    const bool refuses =
        application != nullptr ? application->refuse : request != asked_.end() && request->second->refused && task.element != "own-head";
    JX_TRY(done, completion(tx, task, refuses));
    if (refuses && request != asked_.end() && request->second->reason) done.opinion = *request->second->reason;
    JX_CHECK(needs_.cases.complete(tx, ctx, id, done));
    return Did::decided;
  }));
  if (did == Did::waits) {  // away, or already at something else: another day
    at(in_office_hours(calendar_.working_day_before(calendar_.zone().date_of(needs_.clock.now()), -1)),
       [this, id, case_id] { return decide(id, case_id); });
  }
  if (did != Did::decided) return {};
  ++made_.decisions;
  JX_CHECK(work_off());
  return follow(case_id);
}

Result<> Runner::request_data(const RequestPlan& plan) {
  const auto* clerk = people_.clerk(plan.username);
  if (clerk == nullptr) return fail(ErrorCode::not_found, {plan.username + " holds no post", plan.username + " 没有岗位"});
  const auto text = with_dates(boost::json::serialize(plan.request), calendar_.zone().date_of(needs_.clock.now()));
  JX_TRY(wanted, wire::decode<sharing::Request>(text));
  JX_TRY(receipt, needs_.database.write(no_deadline, [&](db::Tx& tx) { return sharing::request(tx, as(clerk->actor), needs_.cases, wanted); }));
  asked_[receipt.id] = &plan;
  ++made_.requests;
  if (plan.revoked_on) {
    at(calendar_.zone().at(working_day(*plan.revoked_on), static_cast<int>(15 * hour_s + 20 * minute_s)),
       [this, &plan, id = receipt.id] { return end_grant(plan, id); });
  }
  JX_CHECK(work_off());
  return follow(receipt.id);
}

Result<> Runner::end_grant(const RequestPlan& plan, CaseId case_id) {
  return needs_.database.write(no_deadline, [&](db::Tx& tx) -> Result<> {
    JX_TRY(matter, sharing::asked(tx, case_id));
    if (matter.grant.empty()) return {};  // it was not given yet
    const auto head = std::ranges::find_if(people_.clerks, [&](const Clerk& one) {
      return one.actor.unit == matter.provider && std::ranges::find(one.roles, RoleId::trusted("data-officer")) != one.roles.end();
    });
    if (head == people_.clerks.end()) return {};
    JX_CHECK(exchange::end(tx, as(head->actor), matter.grant, plan.reason.value_or("")));
    return {};
  });
}

}  // namespace jx::simulation
