// runner.hpp - what happens when: events in virtual time, each an act of somebody.
#pragma once
#include "people.hpp"

#include <jx/cases/forms.hpp>
#include <jx/simulation.hpp>

#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <vector>

namespace jx::simulation {

class Runner {
 public:
  Runner(const Needs& needs, const pack::Pack& pack, const Plan& plan, Instant now);
  Result<Made> run();

 private:
  struct Application {
    ItemId item;
    std::size_t person = 0;
    std::optional<std::size_t> firm;
    CaseId case_id;
    bool asks_supplement = false, refuse = false;
  };
  struct Event {
    Instant at;
    std::uint64_t order = 0;  // of those at one instant
    std::function<Result<>()> act;
    friend bool operator<(const Event& a, const Event& b) { return a.at != b.at ? a.at > b.at : a.order > b.order; }
  };

  // What is planned.
  void plan_applications();
  void plan_mornings();
  void plan_absences();
  void plan_requests();
  void plan_incident();
  void at(Instant when, std::function<Result<>()> act);

  // What people do.
  Result<> apply(Application& application);
  Result<DraftId> begin(Application& application, const services::Item& item, const Context& ctx);
  Result<> fill_and_submit(Application& application, const services::Item& item, const Context& ctx, DraftId draft);
  Result<> attach(db::Tx& tx, const Context& ctx, const services::Item& item, DraftId draft);
  Result<> take(TaskId task);
  Result<> decide(TaskId task, CaseId case_id);
  Result<bool> ask_supplement(db::Tx& tx, const Context& ctx, const cases::TaskView& task, Application& application);
  Result<> answer(TaskId supplement, TaskId task, CaseId case_id);
  [[nodiscard]] Result<cases::Completion> completion(db::Tx& tx, const cases::TaskView& task, bool refuses);
  /// Plans what becomes of the tasks of a case that nobody has planned yet.
  Result<> follow(CaseId case_id);
  Result<> request_data(const RequestPlan& plan);
  Result<> end_grant(const RequestPlan& plan, CaseId case_id);
  // What they think of it: reviews.cpp.
  Result<> read_review_rules();
  void plan_review(std::size_t application);
  Result<> review(Application& application);
  Result<> follow_review(CaseId case_id);
  Result<> answer_review(TaskId id, CaseId case_id);
  [[nodiscard]] services::ReviewGrade grade();
  [[nodiscard]] bool answers_for(const ItemId& item) const;
  [[nodiscard]] services::NewReview opinion(const ItemId& item, bool& stays_open);
  Result<> work_off();  // timers and service tasks that are due

  // When.
  [[nodiscard]] LocalDate working_day(int number) const { return calendar_.working_day_before(today_, plan_.working_days - number); }
  [[nodiscard]] Instant in_office_hours(LocalDate day);
  [[nodiscard]] Instant handled_at(const cases::TaskView& task, const Shares& shares);
  [[nodiscard]] const Shares& shares_of(const ItemId& item) const;
  [[nodiscard]] Context as(Actor actor) {
    return Context{std::move(actor), no_deadline, RequestId::make(needs_.clock, needs_.random), needs_.clock, needs_.random};
  }
  [[nodiscard]] Context as(const Applicant& who) { return as(Actor{Actor::Kind::person, who.account, who.person, {}, {}, {}}); }

  const Needs& needs_;
  const pack::Pack& pack_;
  const Plan& plan_;
  const calendar::Calendar& calendar_;
  const Instant now_;
  const LocalDate today_;
  Dice dice_;
  Population people_;
  std::map<ItemId, services::Item> items_;
  std::map<ItemId, cases::FormDefinition> forms_;
  std::vector<Application> applications_;
  std::priority_queue<Event> events_;
  std::uint64_t order_ = 0;
  std::set<TaskId> known_;
  std::map<ItemId, int> failures_;
  std::map<CaseId, std::size_t> by_case_;       // index of the application
  std::map<CaseId, const RequestPlan*> asked_;  // requests for data
  Dice review_dice_;
  std::optional<services::ReviewRules> review_rules_;
  std::set<std::size_t> reviewed_;  // applications: planned, or left
  bool left_open_ = false;          // the bad review that nobody has answered yet
  std::optional<cases::Worker> worker_;
  std::string phc_;  // of a password that nobody knows
  Made made_;
};

}  // namespace jx::simulation
