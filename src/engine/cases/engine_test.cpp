#include "test_engine.hpp"

#include <jx/cases/deadlines.hpp>
#include <jx/cases/forms.hpp>
#include <jx/cases/migrate.hpp>
#include <jx/pack/calendars.hpp>

#include <gmock/gmock.h>

namespace jx::cases {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* permit = R"(
  <startEvent id="start"/>
  <parallelGateway id="split"/>
  <userTask id="food_check" name="食品许可审核" jx:unit="market-regulation" jx:term="5 WD">
    <extensionElements><jx:name lang="en">Food check</jx:name>
      <jx:outcome key="approve"><jx:name lang="en">Approve</jx:name><jx:name lang="zh-CN">准予</jx:name></jx:outcome>
      <jx:outcome key="refuse" reason="true"/></extensionElements>
  </userTask>
  <userTask id="fire_check" jx:unit="fire" jx:role="inspector">
    <extensionElements><jx:outcome key="approve"/><jx:outcome key="refuse" reason="true"/></extensionElements>
  </userTask>
  <parallelGateway id="join"/>
  <exclusiveGateway id="both" default="no"/>
  <serviceTask id="issue" jx:handler="certificate.issue"/>
  <endEvent id="granted" jx:result="approved"/>
  <endEvent id="refused" jx:result="refused"/>
  <sequenceFlow id="f1" sourceRef="start" targetRef="split"/>
  <sequenceFlow id="f2" sourceRef="split" targetRef="food_check"/>
  <sequenceFlow id="f3" sourceRef="split" targetRef="fire_check"/>
  <sequenceFlow id="f4" sourceRef="food_check" targetRef="join"/>
  <sequenceFlow id="f5" sourceRef="fire_check" targetRef="join"/>
  <sequenceFlow id="f6" sourceRef="join" targetRef="both"/>
  <sequenceFlow id="yes" sourceRef="both" targetRef="issue"><conditionExpression xsi:type="tFormalExpression">food_check.decision = "approve" and fire_check.decision = "approve"</conditionExpression></sequenceFlow>
  <sequenceFlow id="no" sourceRef="both" targetRef="refused"/>
  <sequenceFlow id="f7" sourceRef="issue" targetRef="granted"/>
)";

struct Inspectors final : Offices {
  Result<std::vector<RoleId>> roles_of(db::Tx&, const Actor& actor) override {
    std::vector<RoleId> roles;
    if (actor.post.text() == "fire/inspector") roles.push_back(RoleId::trusted("inspector"));
    return roles;
  }
  Result<std::optional<UnitId>> seat_of(db::Tx&, const Context&, AccountId account, const Desk& desk) override {
    return account.nil() ? std::optional<UnitId>() : std::optional(desk.unit);
  }
};

/// The part of a pack that gives the units of these tests their names.
struct UnitNames final : pack::Part {
  [[nodiscard]] std::string_view name() const override { return "units"; }
  [[nodiscard]] bool owns(std::string_view) const override { return false; }
  void declare(const pack::Pack& pack, pack::Names& names, pack::Findings& findings) const override {
    for (const char* unit : {"market-regulation", "fire"}) names.declare(pack::Kind::unit, unit, pack.files().front(), 1, findings);
    names.declare(pack::Kind::role, "inspector", pack.files().front(), 1, findings);
  }
  void check(const pack::Pack&, const pack::Names&, pack::Findings&) const override {}
  [[nodiscard]] Result<std::vector<pack::Change>> plan(db::Tx&, const Context&, const pack::Pack&) const override {
    return std::vector<pack::Change>();
  }
  [[nodiscard]] Result<> apply(db::Tx&, const Context&, const pack::Pack&) const override { return {}; }
};

class Cases : public EngineTest {
 protected:
  Offices* offices() override { return &offices_; }

  void SetUp() override {
    handlers_.inside("certificate.issue", [this](db::Tx&, const Context&, const Call& call) -> Result<Answer> {
      ++issued_;
      last_call_ = call;
      if (broken_) return fail(ErrorCode::invalid, {"the seal is missing", "缺少印章"});
      return Answer{{{"certificate", "C-1"}}, ""};
    });
    EngineTest::SetUp();
  }

  void apply(const std::string& body) { apply_files({{"processes/p.bpmn", test_model(body)}}); }
  void apply_files(std::map<std::string, std::string> files) {
    files["pack.yaml"] = test_pack_yaml;
    auto pack = pack::Pack::of(std::move(files));
    ASSERT_TRUE(pack) << pack.error().text();
    const auto part = pack_part(&handlers_);
    pack::Names names;
    pack::Findings findings;
    part->declare(*pack, names, findings);
    UnitNames().declare(*pack, names, findings);
    part->check(*pack, names, findings);
    for (const auto& f : findings.sorted()) ADD_FAILURE() << f.file << ":" << f.line << ": " << f.message.en;
    const auto done = db().write(no_deadline, [&](db::Tx& tx) { return part->apply(tx, officer("", ""), *pack); });
    ASSERT_TRUE(done) << done.error().text();
  }

  Context officer(const std::string& unit, const std::string& post, const std::string& account = "1") { return someone(unit, post, account.front()); }
  Context clerk() { return officer("market-regulation", "market-regulation/clerk", "1"); }
  Context inspector() { return officer("fire", "fire/inspector", "2"); }
  Context citizen() { return officer("", "", "3"); }

  Receipt open(Opening opening) {
    auto receipt = write([&](db::Tx& tx) { return engine_->open(tx, citizen(), opening); });
    EXPECT_TRUE(receipt) << receipt.error().text();
    return receipt ? *receipt : Receipt{};
  }
  Opening opening(const std::string& process = "permit") {
    Opening o;
    o.process = ProcessId::trusted(process);
    o.item = ItemId::trusted("open-restaurant");
    o.applicant = Party(PersonId(Uuid::make(clock_, random_)));
    o.title = "Wang Fang";
    o.number_prefix = "YX";
    o.form = {{"area", 80}};
    o.term = "10 WD";
    return o;
  }
  std::vector<TaskView> list(const Context& ctx, Engine::List which = Engine::List::open) {
    auto slice = read([&](db::Tx& tx) { return engine_->work_list(tx, ctx, which, {}); });
    EXPECT_TRUE(slice) << slice.error().text();
    return slice ? slice->items : std::vector<TaskView>{};
  }
  Result<> complete(const Context& ctx, TaskId task, const Completion& completion) {
    return write([&](db::Tx& tx) { return engine_->complete(tx, ctx, task, completion); });
  }
  std::vector<std::string> kinds(CaseId id) {
    std::vector<std::string> out;
    for (const auto& e : view(id).timeline) out.push_back(e.kind);
    return out;
  }
  std::size_t work() {
    auto ran = worker_->step();
    EXPECT_TRUE(ran) << ran.error().text();
    return ran ? *ran : 0;
  }
  void expect_state_vouched() {
    auto report = ledger::check_state(db(), state_tables());
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_EQ(report->rows_altered, 0U);
    EXPECT_GT(report->rows_checked, 0U);
  }

  Inspectors offices_;
  int issued_ = 0;
  bool broken_ = false;
  Call last_call_;
};

TEST_P(Cases, are_what_their_entries_vouch_for_while_the_clock_moves_on_within_an_act) {
  struct Ticking final : Clock {
    mutable std::atomic<std::int64_t> micros{Instant::parse("2026-11-20T01:00:00Z")->micros};
    [[nodiscard]] Instant now() const override { return {++micros}; }
  } ticking;
  apply(test_process("permit", permit));
  Context ctx{{.kind = Actor::Kind::person}, no_deadline, RequestId(), ticking, random_, "en"};
  ASSERT_TRUE(write([&](db::Tx& tx) { return engine_->open(tx, ctx, opening()); }));
  ctx.actor = clerk().actor;
  const auto food = list(clerk()).front();
  ASSERT_TRUE(complete(ctx, food.id, {"approve", "", {}}));
  expect_state_vouched();
  EXPECT_TRUE(check_soundness(db())->empty());
}

TEST_P(Cases, go_from_application_over_two_departments_to_a_certificate) {
  apply(test_process("permit", permit));
  const auto receipt = open(opening());
  EXPECT_THAT(receipt.number, ::testing::MatchesRegex("YX-20261120-[0-9A-Z]{8}"));
  ASSERT_TRUE(receipt.due_on);
  EXPECT_EQ(receipt.due_on->text(), "2026-12-04");

  ASSERT_EQ(list(clerk()).size(), 1U);
  const auto food = list(clerk()).front();
  EXPECT_EQ(food.element, "food_check");
  EXPECT_EQ(food.name.in("en"), "Food check");
  EXPECT_EQ(food.due_on->text(), "2026-11-27");
  EXPECT_EQ(food.number, receipt.number);
  ASSERT_EQ(food.outcomes.size(), 2U);
  EXPECT_EQ(food.outcomes[0].name.in("zh-CN"), "准予");
  ASSERT_EQ(list(inspector()).size(), 1U);
  EXPECT_TRUE(list(officer("fire", "fire/driver", "4")).empty());
  EXPECT_TRUE(list(citizen()).empty());

  ASSERT_TRUE(complete(clerk(), food.id, {"approve", "in order", {}}));
  EXPECT_TRUE(list(clerk()).empty());
  EXPECT_EQ(list(clerk(), Engine::List::done).size(), 1U);
  ASSERT_TRUE(complete(inspector(), list(inspector()).front().id, {"approve", "", {}}));
  EXPECT_EQ(view(receipt.id).summary.state, CaseState::running);
  EXPECT_THAT(view(receipt.id).active, ElementsAre("issue"));
  EXPECT_EQ(work(), 1U);
  EXPECT_EQ(issued_, 1);
  EXPECT_EQ(last_call_.variables.at("application").at("area").as_int64(), 80);
  EXPECT_EQ(last_call_.number, receipt.number);

  const auto done = view(receipt.id);
  EXPECT_EQ(done.summary.state, CaseState::approved);
  EXPECT_TRUE(done.summary.closed_at);
  EXPECT_EQ(done.form.at("area").as_int64(), 80);
  EXPECT_EQ(done.clock->state, ClockWords::State::done);
  EXPECT_THAT(kinds(receipt.id), ElementsAre("opened", "task_created", "task_created", "task_completed", "task_completed", "service_done", "ended"));
  EXPECT_THAT(done.timeline[3].words.zh, HasSubstr("准予"));
  EXPECT_EQ(done.timeline[3].unit.text(), "market-regulation");
  EXPECT_EQ(work(), 0U);
  expect_state_vouched();
}

TEST_P(Cases, are_refused_when_one_department_refuses_and_a_refusal_needs_a_reason) {
  apply(test_process("permit", permit));
  const auto receipt = open(opening());
  const auto food = list(clerk()).front();
  auto without = complete(clerk(), food.id, {"refuse", " ", {}});
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().field, "/opinion");
  auto unknown = complete(clerk(), food.id, {"perhaps", "", {}});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().field, "/outcome");
  ASSERT_TRUE(complete(clerk(), food.id, {"refuse", "no ventilation", {}}));
  ASSERT_TRUE(complete(inspector(), list(inspector()).front().id, {"approve", "", {}}));
  EXPECT_EQ(view(receipt.id).summary.state, CaseState::refused);
  EXPECT_EQ(work(), 0U);
  EXPECT_EQ(issued_, 0);
}

TEST_P(Cases, let_only_their_candidates_work_and_one_at_a_time) {
  apply(test_process("permit", permit));
  open(opening());
  const auto food = list(clerk()).front().id;
  auto other = write([&](db::Tx& tx) { return engine_->claim(tx, inspector(), food); });
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::forbidden);
  ASSERT_TRUE(write([&](db::Tx& tx) { return engine_->claim(tx, clerk(), food); }));
  const auto colleague = officer("market-regulation", "market-regulation/clerk", "5");
  EXPECT_TRUE(list(colleague).empty());
  auto second = write([&](db::Tx& tx) { return engine_->claim(tx, colleague, food); });
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::conflict);
  EXPECT_EQ(complete(colleague, food, {"approve", "", {}}).error().code, ErrorCode::conflict);
  ASSERT_TRUE(write([&](db::Tx& tx) { return engine_->hand_over(tx, clerk(), food, {colleague.actor.account, {}, {}, "on leave"}); }));
  EXPECT_EQ(list(colleague).size(), 1U);
  ASSERT_TRUE(write([&](db::Tx& tx) { return engine_->release(tx, colleague, food, "not mine"); }));
  EXPECT_EQ(list(clerk()).size(), 1U);
  ASSERT_TRUE(complete(clerk(), food, {"approve", "", {}}));
  EXPECT_EQ(complete(clerk(), food, {"approve", "", {}}).error().code, ErrorCode::conflict);
}

TEST_P(Cases, stop_their_clock_while_the_applicant_supplements) {
  apply(test_process("permit", permit));
  const auto receipt = open(opening());
  clock_.advance_to(*Instant::parse("2026-11-23T01:00:00Z"));  // Monday
  ASSERT_TRUE(
      write([&](db::Tx& tx) { return engine_->pause(tx, clerk(), receipt.id, {"supplement", "Administrative Licensing Law art. 32", "", true}); }));
  auto paused = view(receipt.id);
  EXPECT_EQ(paused.summary.state, CaseState::waiting_for_applicant);
  EXPECT_FALSE(paused.summary.due_on);
  EXPECT_EQ(paused.clock->state, ClockWords::State::paused);
  EXPECT_EQ(complete(clerk(), list(clerk()).front().id, {"approve", "", {}}).error().code, ErrorCode::conflict);
  clock_.advance_to(*Instant::parse("2026-11-26T01:00:00Z"));
  ASSERT_TRUE(write([&](db::Tx& tx) { return engine_->resume(tx, clerk(), receipt.id); }));
  const auto running = view(receipt.id);
  EXPECT_EQ(running.summary.state, CaseState::running);
  EXPECT_EQ(running.summary.due_on->text(), "2026-12-09");  // three working days later
  EXPECT_EQ(list(clerk()).front().due_on->text(), "2026-12-02");
  EXPECT_THAT(kinds(receipt.id), ElementsAre("opened", "task_created", "task_created", "paused", "resumed"));
  expect_state_vouched();
}

TEST_P(Cases, have_their_deadlines_counted_anew_when_the_calendar_changes) {
  const std::string process =
      test_model(test_process("permit", R"(<startEvent id="start"/><userTask id="check" jx:unit="market-regulation" jx:term="5 WD"/>
      <boundaryEvent id="late" attachedToRef="check" cancelActivity="false"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">3 WD</timeDuration></timerEventDefinition></boundaryEvent>
      <endEvent id="told"/><endEvent id="end"/><sequenceFlow id="f1" sourceRef="start" targetRef="check"/><sequenceFlow id="f2" sourceRef="check" targetRef="end"/>
      <sequenceFlow id="f3" sourceRef="late" targetRef="told"/>)"));
  const auto pack_with = [&](const std::string& notice) {
    return *pack::Pack::of(
        {{"pack.yaml", test_pack_yaml},
         {"calendars/cn.yaml", "name: {en: China, zh-CN: 中国}\nzone: Asia/Shanghai\nweek: [monday, tuesday, wednesday, thursday, friday]\n"},
         {"calendars/cn/2026.yaml", "year: 2026\npapers: [{title: {en: Test, zh-CN: 测试}, source: \"https://example.test\"}]\ndays:\n" + notice},
         {"processes/p.bpmn", process}});
  };
  UnitNames units;
  const auto calendars = pack::calendars_part();
  const auto part = pack_part(&handlers_);
  const auto use = [&](const pack::Pack& pack) {
    pack::Part* parts[] = {&units, calendars.get(), part.get()};
    const auto configurer = officer("", "");
    auto applied = db().write(no_deadline, [&](db::Tx& tx) { return pack::apply(tx, configurer, pack, parts); });
    ASSERT_TRUE(applied) << applied.error().text();
  };
  const auto quiet = pack_with("  - {off: [2026-01-01], name: {en: New Year, zh-CN: 元旦}}\n");
  const auto holiday = pack_with("  - {off: [2026-11-24], name: {en: Founding day, zh-CN: 建县日}}\n");
  use(quiet);
  calendar_ = std::make_shared<const calendar::Calendar>(*pack::calendar_of(quiet, "cn"));
  const auto receipt = open(opening());  // Friday, 20 November 2026
  const auto task = list(clerk()).front();
  EXPECT_EQ(task.due_on->text(), "2026-11-27");

  const auto after = *pack::calendar_of(holiday, "cn");
  const auto moves = read([&](db::Tx& tx) { return moved_deadlines(tx, after, CaseId()); });
  ASSERT_TRUE(moves);
  ASSERT_EQ(moves->moved.size(), 2U);
  EXPECT_EQ(moves->moved[0].number, receipt.number);
  EXPECT_FALSE(moves->moved[0].task);
  EXPECT_EQ(moves->moved[1].task, task.id);
  EXPECT_EQ(moves->moved[1].to->text(), "2026-11-30");
  EXPECT_FALSE(moves->next);

  use(holiday);
  EXPECT_EQ(work(), 1U);  // this program still counts by the old one: the job waits
  EXPECT_EQ(list(clerk()).front().due_on->text(), "2026-11-27");
  calendar_ = std::make_shared<const calendar::Calendar>(after);
  clock_.advance(Micros{6'000'000});
  EXPECT_EQ(work(), 1U);
  EXPECT_EQ(work(), 1U);  // the mark of the task is looked at anew
  EXPECT_EQ(list(clerk()).front().due_on->text(), "2026-11-30");
  EXPECT_THAT(kinds(receipt.id), ElementsAre("opened", "task_created", "deadline_moved"));
  EXPECT_TRUE(read([&](db::Tx& tx) { return moved_deadlines(tx, after, CaseId()); })->moved.empty());
  clock_.advance_to(*Instant::parse("2026-11-25T16:00:01Z"));  // by the old calendar the third working day has passed
  EXPECT_EQ(work(), 0U);
  clock_.advance_to(*Instant::parse("2026-11-26T16:00:01Z"));
  EXPECT_EQ(work(), 2U);  // the timer; and the task is yellow
  expect_state_vouched();
}

TEST_P(Cases, that_were_open_before_marks_were_kept_have_theirs_kept_too) {
  apply(test_process("permit", permit));
  const auto receipt = open(opening());  // Friday, 20 November 2026
  const auto changed = write([](db::Tx& tx) {
    return tx.script(
        "UPDATE case_job SET run_at = 0, detail = '', id = (SELECT t.id FROM case_task t WHERE t.case_id = case_job.case_id AND t.wait = "
        "case_job.wait)"
        " WHERE kind = 10");
  });
  ASSERT_TRUE(changed) << changed.error().text();
  EXPECT_EQ(work(), 1U);
  clock_.advance_to(*Instant::parse("2026-11-25T16:00:01Z"));  // of five working days one is left
  EXPECT_EQ(work(), 1U);
  EXPECT_THAT(kinds(receipt.id), ::testing::Contains("reminded"));
  expect_state_vouched();
}

TEST_P(Cases, show_where_their_timeline_task_or_form_was_changed_by_hand) {
  apply(test_process("permit", permit));
  const auto receipt = open(opening());
  ASSERT_TRUE(complete(clerk(), list(clerk()).front().id, {"approve", "", {}}));
  expect_state_vouched();
  EXPECT_TRUE(check_soundness(db())->empty());
  const auto by_hand = [&](const char* sql) { ASSERT_TRUE(db().write(no_deadline, [&](db::Tx& tx) { return tx.script(sql); })); };
  by_hand("UPDATE case_timeline SET events = replace(events, 'approve', 'refuse') WHERE events LIKE '6:%'");
  ASSERT_EQ(check_soundness(db())->size(), 1U);
  EXPECT_THAT(check_soundness(db())->front().where, HasSubstr(receipt.number));
  by_hand("UPDATE case_timeline SET events = replace(events, 'refuse', 'approve') WHERE events LIKE '6:%'");
  EXPECT_TRUE(check_soundness(db())->empty());
  by_hand("DELETE FROM case_timeline WHERE seq > 1");
  EXPECT_EQ(check_soundness(db())->size(), 1U);
  by_hand("UPDATE case_task SET outcome = 'refuse' WHERE outcome = 'approve'");
  const auto report = ledger::check_state(db(), state_tables());
  ASSERT_TRUE(report) << report.error().text();
  ASSERT_EQ(report->rows_altered, 1U);
  EXPECT_EQ(report->rows[0].table, "cases.case_task");
  by_hand("UPDATE process_part SET bpmn = '<definitions/>'");
  EXPECT_EQ(check_soundness(db())->size(), 2U);
}

TEST_P(Cases, keep_everything_when_a_service_fails_and_run_it_again_when_told) {
  apply(test_process("permit", permit));
  const auto receipt = open(opening());
  ASSERT_TRUE(complete(clerk(), list(clerk()).front().id, {"approve", "", {}}));
  ASSERT_TRUE(complete(inspector(), list(inspector()).front().id, {"approve", "", {}}));
  broken_ = true;
  EXPECT_EQ(work(), 1U);
  EXPECT_EQ(view(receipt.id).summary.state, CaseState::incident);
  EXPECT_EQ(work(), 0U);
  auto open_incidents = read([&](db::Tx& tx) { return engine_->incidents(tx, {}); });
  ASSERT_TRUE(open_incidents);
  ASSERT_EQ(open_incidents->items.size(), 1U);
  EXPECT_EQ(open_incidents->items[0].element, "issue");
  EXPECT_EQ(open_incidents->items[0].message.zh, "缺少印章");
  broken_ = false;
  ASSERT_TRUE(write([&](db::Tx& tx) { return engine_->retry(tx, clerk(), open_incidents->items[0].id, {}); }));
  EXPECT_EQ(work(), 1U);
  EXPECT_EQ(view(receipt.id).summary.state, CaseState::approved);
  expect_state_vouched();
}

TEST_P(Cases, go_on_after_a_restart_under_the_definition_that_they_began_under) {
  apply(test_process("permit", permit));
  const auto receipt = open(opening());
  apply(test_process("permit", R"(<startEvent id="s"/><endEvent id="e"/><sequenceFlow id="f" sourceRef="s" targetRef="e"/>)"));
  worker_.reset();
  engine_.reset();
  reopen();
  engine_ = std::make_unique<Engine>(Engine::Needs{handlers_, [this] { return calendar_; }, nullptr, &offices_});
  worker_ = std::make_unique<Worker>(*engine_, db(), clock_, random_, Worker::Options{});
  ASSERT_TRUE(complete(clerk(), list(clerk()).front().id, {"approve", "", {}}));
  ASSERT_TRUE(complete(inspector(), list(inspector()).front().id, {"approve", "", {}}));
  EXPECT_EQ(work(), 1U);
  EXPECT_EQ(view(receipt.id).summary.state, CaseState::approved);
  const auto newer = open(opening());
  EXPECT_EQ(view(newer.id).summary.state, CaseState::ended);
}

TEST_P(Cases, are_reminded_and_interrupted_by_timers_when_they_are_due) {
  apply(test_process("wait", R"(
    <startEvent id="start"/><userTask id="work" jx:unit="fire"/><endEvent id="done"/><endEvent id="late" jx:result="refused"/><endEvent id="reminded"/>
    <boundaryEvent id="remind" attachedToRef="work" cancelActivity="false"><timerEventDefinition><timeCycle xsi:type="tFormalExpression">R2/P1D</timeCycle></timerEventDefinition></boundaryEvent>
    <boundaryEvent id="limit" attachedToRef="work"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">3 WD</timeDuration></timerEventDefinition></boundaryEvent>
    <sequenceFlow id="f1" sourceRef="start" targetRef="work"/><sequenceFlow id="f2" sourceRef="work" targetRef="done"/>
    <sequenceFlow id="f3" sourceRef="limit" targetRef="late"/><sequenceFlow id="f4" sourceRef="remind" targetRef="reminded"/>)"));
  const auto receipt = open(opening("wait"));
  EXPECT_EQ(work(), 0U);
  clock_.advance_to(*Instant::parse("2026-11-21T01:00:00Z"));
  EXPECT_EQ(work(), 1U);
  EXPECT_EQ(work(), 0U);
  clock_.advance_to(*Instant::parse("2026-11-22T01:00:00Z"));
  EXPECT_EQ(work(), 1U);
  clock_.advance_to(*Instant::parse("2026-11-25T15:59:59Z"));  // the end of Wednesday, the third working day, is at 16:00Z
  EXPECT_EQ(work(), 0U);
  clock_.advance_to(*Instant::parse("2026-11-25T16:00:00Z"));
  EXPECT_EQ(work(), 1U);
  EXPECT_EQ(view(receipt.id).summary.state, CaseState::refused);
  EXPECT_EQ(view(receipt.id).tasks.front().state, TaskState::cancelled);
  EXPECT_THAT(kinds(receipt.id), ElementsAre("opened", "task_created", "timer_fired", "timer_fired", "timer_fired", "task_cancelled", "ended"));
  auto next = worker_->next_due();
  ASSERT_TRUE(next);
  EXPECT_FALSE(*next);
}

TEST_P(Cases, take_messages_by_their_correlation_and_start_by_one) {
  const std::string message =
      R"(<message id="paid" name="paid"/><interface id="i" name="i"><operation id="op" name="op"><inMessageRef>paid</inMessageRef></operation></interface>)";
  apply(message + test_process("fee", R"(<startEvent id="start"/>
      <intermediateCatchEvent id="pay"><messageEventDefinition messageRef="paid" jx:correlation="application.order"><operationRef>op</operationRef></messageEventDefinition></intermediateCatchEvent>
      <endEvent id="end" jx:result="approved"/><sequenceFlow id="f1" sourceRef="start" targetRef="pay"/><sequenceFlow id="f2" sourceRef="pay" targetRef="end"/>)"));
  auto one = opening("fee"), other = opening("fee");
  one.form = {{"order", "A-1"}};
  other.form = {{"order", "A-2"}};
  const auto first = open(one), second = open(other);
  auto nobody = write([&](db::Tx& tx) { return engine_->message(tx, clerk(), "paid", "A-3", {}); });
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().code, ErrorCode::not_found);
  auto taken = write([&](db::Tx& tx) { return engine_->message(tx, clerk(), "paid", "A-2", {{"amount", 5}}); });
  ASSERT_TRUE(taken) << taken.error().text();
  EXPECT_EQ(*taken, second.id);
  EXPECT_EQ(view(second.id).summary.state, CaseState::approved);
  EXPECT_EQ(view(first.id).summary.state, CaseState::running);

  apply(message +
        test_process(
            "begun",
            R"(<startEvent id="start"><messageEventDefinition messageRef="paid"><operationRef>op</operationRef></messageEventDefinition></startEvent>
      <userTask id="look" jx:unit="fire"/><endEvent id="end"/><sequenceFlow id="f1" sourceRef="start" targetRef="look"/><sequenceFlow id="f2" sourceRef="look" targetRef="end"/>)"));
  auto begun = write([&](db::Tx& tx) { return engine_->message(tx, clerk(), "paid", "", {}); });
  ASSERT_TRUE(begun) << begun.error().text();
  EXPECT_EQ(view(*begun).summary.process.text(), "begun");
}

TEST_P(Cases, are_opened_by_the_timer_of_a_process) {
  apply(test_process(
      "weekly",
      R"(<startEvent id="start"><timerEventDefinition><timeCycle xsi:type="tFormalExpression">R3/P7D</timeCycle></timerEventDefinition></startEvent>
      <userTask id="patrol" jx:unit="fire"/><endEvent id="end"/><sequenceFlow id="f1" sourceRef="start" targetRef="patrol"/><sequenceFlow id="f2" sourceRef="patrol" targetRef="end"/>)"));
  auto opening_now = write([&](db::Tx& tx) { return engine_->open(tx, clerk(), opening("weekly")); });
  ASSERT_FALSE(opening_now);
  EXPECT_EQ(opening_now.error().code, ErrorCode::conflict);
  for (int week = 0; week < 5; ++week) {
    clock_.advance(Micros{7 * 86'400'000'000});
    while (work() > 0) {
    }
  }
  EXPECT_EQ(list(inspector()).size(), 3U);
}

TEST_P(Cases, hear_signals_wherever_they_wait) {
  apply(R"(<signal id="flood" name="flood"/>)" +
        test_process("patrol", R"(<startEvent id="start"/><userTask id="walk" jx:unit="fire"/><endEvent id="end"/><endEvent id="called"/>
      <boundaryEvent id="call" attachedToRef="walk"><signalEventDefinition signalRef="flood"/></boundaryEvent>
      <sequenceFlow id="f1" sourceRef="start" targetRef="walk"/><sequenceFlow id="f2" sourceRef="walk" targetRef="end"/><sequenceFlow id="f3" sourceRef="call" targetRef="called"/>)"));
  std::vector<CaseId> ids;
  for (int i = 0; i < 60; ++i) ids.push_back(open(opening("patrol")).id);
  ASSERT_TRUE(write([&](db::Tx& tx) { return engine_->signal(tx, clerk(), "flood", {}); }));
  while (work() > 0) {
  }
  for (const auto id : ids) EXPECT_EQ(view(id).summary.state, CaseState::ended);
}

TEST_P(Cases, are_withdrawn_with_a_reason) {
  apply(test_process("permit", permit));
  const auto receipt = open(opening());
  EXPECT_EQ(write([&](db::Tx& tx) { return engine_->cancel(tx, citizen(), receipt.id, CaseState::withdrawn, ""); }).error().field, "/reason");
  ASSERT_TRUE(write([&](db::Tx& tx) { return engine_->cancel(tx, citizen(), receipt.id, CaseState::withdrawn, "changed my mind"); }));
  EXPECT_EQ(view(receipt.id).summary.state, CaseState::withdrawn);
  EXPECT_TRUE(list(clerk()).empty());
  EXPECT_EQ(write([&](db::Tx& tx) { return engine_->cancel(tx, citizen(), receipt.id, CaseState::withdrawn, "again"); }).error().code,
            ErrorCode::conflict);
  expect_state_vouched();
}

TEST_P(Cases, validate_the_form_of_an_application_and_keep_large_values_beside) {
  apply_files(
      {{"processes/p.bpmn", test_model(test_process("permit", permit, "jx:form=\"shop\""))},
       {"forms/shop.json",
        R"({"type":"object","properties":{"name":{"type":"string","minLength":1},"note":{"type":"string"}},"required":["name"],"additionalProperties":false})"},
       {"forms/shop.ui.json", R"({"groups":[{"id":"a","fields":[{"pointer":"/name"},{"pointer":"/note"}]}]})"}});
  auto bad = opening();
  bad.form = {{"name", ""}};
  auto refused = write([&](db::Tx& tx) { return engine_->open(tx, citizen(), bad); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().field, "/form/name");
  EXPECT_EQ(refused.error().message.zh, "此项必填");
  auto good = opening();
  good.form = {{"name", "Xikou"}, {"note", std::string(50'000, 'x')}};
  const auto receipt = open(good);
  EXPECT_EQ(view(receipt.id).form.at("note").as_string().size(), 50'000U);
  const auto task = list(clerk()).front().id;
  EXPECT_FALSE(read([&](db::Tx& tx) { return form_of_task(tx, *engine_, task); })->has_value());
  ASSERT_TRUE(complete(clerk(), task, {"approve", "", {}}));
  EXPECT_EQ(view(receipt.id).form.at("note").as_string().size(), 50'000U);
}

TEST_P(Cases, ask_for_the_form_that_there_was_when_the_task_began) {
  const std::string process =
      R"(<startEvent id="s"/><userTask id="visit" jx:unit="market-regulation" jx:form="visit"/><endEvent id="e"/>
      <sequenceFlow id="f1" sourceRef="s" targetRef="visit"/><sequenceFlow id="f2" sourceRef="visit" targetRef="e"/>)";
  const auto form = [](const char* field) {
    return R"({"type":"object","properties":{")" + std::string(field) + R"(":{"type":"string"}},"required":[")" + field +
           R"("],"additionalProperties":false})";
  };
  const auto layout = [](const char* field) { return R"({"groups":[{"fields":[{"pointer":"/)" + std::string(field) + "\"}]}]}"; };
  const auto with = [&](const char* field) {
    apply_files({{"processes/p.bpmn", test_model(test_process("permit", process))},
                 {"forms/visit.json", form(field)},
                 {"forms/visit.ui.json", layout(field)}});
  };
  with("seen");
  open(opening());
  const auto task = list(clerk()).front().id;
  with("found");
  const auto asked = read([&](db::Tx& tx) { return form_of_task(tx, *engine_, task); });
  ASSERT_TRUE(asked && *asked);
  EXPECT_TRUE((*asked)->schema->as_object().at("properties").as_object().contains("seen"));
  EXPECT_NE((*asked)->id, read([&](db::Tx& tx) { return form_now(tx, *engine_, "visit"); })->id);
  EXPECT_EQ(complete(clerk(), task, {"", "", {{"found", "x"}}}).error().field, "/form/seen");
  EXPECT_TRUE(complete(clerk(), task, {"", "", {{"seen", "x"}}}));
}

TEST_P(Cases, list_work_in_pages_by_their_deadline) {
  apply(test_process("permit", permit));
  for (int i = 0; i < 5; ++i) {
    open(opening());
    clock_.advance(Micros{86'400'000'000});
  }
  std::vector<std::string> dues;
  Page page{2, ""};
  for (int pages = 0; pages < 3; ++pages) {
    auto slice = read([&](db::Tx& tx) { return engine_->work_list(tx, clerk(), Engine::List::open, page); });
    ASSERT_TRUE(slice);
    for (const auto& t : slice->items) dues.push_back(t.due_on->text());
    page.cursor = slice->next;
  }
  EXPECT_EQ(dues.size(), 5U);
  EXPECT_TRUE(std::is_sorted(dues.begin(), dues.end()));
  EXPECT_EQ(page.cursor, "");
  page.cursor = "nonsense";
  EXPECT_EQ(read([&](db::Tx& tx) { return engine_->work_list(tx, clerk(), Engine::List::open, page); }).error().field, "/cursor");
}

TEST_P(Cases, have_queries_that_this_database_prepares) {
  const std::array all{&db::sql_bundle(), &ledger::sql_bundle(), &pack::sql_bundle(), &sql_bundle()};
  const auto done = db::prepare_all(db(), all);
  EXPECT_TRUE(done) << done.error().text();
}

JX_ON_BOTH(Cases);

TEST_P(Cases, go_on_under_another_version_when_they_fit_and_stay_where_they_are_when_not) {
  const std::string check = R"(<startEvent id="start"/><userTask id="check" name="Check" jx:unit="market-regulation"/>)";
  const std::string first = check + R"(<userTask id="visit" jx:unit="market-regulation"/><endEvent id="end"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="check"/><sequenceFlow id="f2" sourceRef="check" targetRef="visit"/>
    <sequenceFlow id="f3" sourceRef="visit" targetRef="end"/>)";
  const std::string second = R"(<userTask id="sign" jx:unit="fire"/>)" + check + R"(<endEvent id="end"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="check"/><sequenceFlow id="f2" sourceRef="check" targetRef="sign"/>
    <sequenceFlow id="f4" sourceRef="sign" targetRef="end"/>)";
  apply(test_process("permit", first));
  const auto old = *read([&](db::Tx& tx) { return find_version(tx, ProcessId::trusted("permit"), "current"); });
  const auto fits = open(opening());
  const auto gone_on = open(opening());
  const auto tasks = list(clerk());
  ASSERT_TRUE(complete(clerk(), tasks.back().id, {}));
  apply(test_process("permit", second));
  const auto now = *read([&](db::Tx& tx) { return find_version(tx, ProcessId::trusted("permit"), "current"); });
  const MigrationPath path{ProcessId::trusted("permit"), old, now, {}};
  const auto plan = read([&](db::Tx& tx) { return plan_migration(*engine_, tx, clerk(), path, CaseId(), 10); });
  ASSERT_TRUE(plan) << plan.error().text();
  ASSERT_EQ(plan->size(), 2U);
  EXPECT_EQ(std::ranges::count_if(*plan, [](const CaseMove& m) { return m.misfits.empty(); }), 1);
  const auto id = write([&](db::Tx& tx) { return start_migration(*engine_, tx, clerk(), path, true); });
  ASSERT_TRUE(id) << id.error().text();
  EXPECT_EQ(write([&](db::Tx& tx) { return start_migration(*engine_, tx, clerk(), path, true); }).error().code, ErrorCode::conflict);
  EXPECT_EQ(work(), 1U);
  const auto done = read([&](db::Tx& tx) { return migration(tx, *id); });
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(std::pair(done->moved, done->left), std::pair(std::int64_t{1}, std::int64_t{1}));
  EXPECT_TRUE(done->ended_at);
  expect_state_vouched();
  EXPECT_TRUE(check_soundness(db())->empty());
  const auto moved = plan->front().misfits.empty() ? plan->front().id : plan->back().id;
  EXPECT_EQ(view(moved).timeline.back().kind, "migrated");
  EXPECT_EQ(view(moved).timeline[1].element, "check");  // by the version of then
  for (const auto& task : list(clerk())) ASSERT_TRUE(complete(clerk(), task.id, {}));
  ASSERT_EQ(list(inspector()).size(), 1U);
  EXPECT_EQ(list(inspector()).front().element, "sign");
  ASSERT_TRUE(complete(inspector(), list(inspector()).front().id, {}));
  EXPECT_EQ(view(fits.id).summary.state, CaseState::ended);
  EXPECT_EQ(view(gone_on.id).summary.state, CaseState::ended);
  expect_state_vouched();
}

}  // namespace
}  // namespace jx::cases
