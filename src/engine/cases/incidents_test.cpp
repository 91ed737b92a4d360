// Steps that fail: found, counted, told, tried again, taken for done by hand; and the versions of the processes that they are of.
#include "test_engine.hpp"

#include <jx/cases/definitions.hpp>
#include <jx/cases/incidents.hpp>

#include <gmock/gmock.h>

#include <set>

namespace jx::cases {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A service, then a script about what it answered, then a gateway that finds no way where the script gave no number.
std::string permit(const std::string& name = "许可", const std::string& id = "permit") {
  return test_process(id,
                      R"(<startEvent id="start"/><serviceTask id="issue" name="制证" jx:handler="certificate.issue" jx:result="made">
      <extensionElements><jx:name lang="en">Make the certificate</jx:name></extensionElements></serviceTask>
    <scriptTask id="sum" scriptFormat="feel" jx:result="total"><script>if made.number = null then null else number(made.number, ",", ".")</script></scriptTask>
    <exclusiveGateway id="many"/><endEvent id="end" jx:result="approved"/><endEvent id="owed"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="issue"/><sequenceFlow id="f2" sourceRef="issue" targetRef="sum"/>
    <sequenceFlow id="f3" sourceRef="sum" targetRef="many"/>
    <sequenceFlow id="f4" sourceRef="many" targetRef="end">)" +
                          test_condition("total &gt; 0") + R"(</sequenceFlow><sequenceFlow id="f5" sourceRef="many" targetRef="owed">)" +
                          test_condition("total &lt; -100") + "</sequenceFlow>",
                      "name=\"" + name + "\"");
}

Error no_seal() { return Error{ErrorCode::invalid, {"the seal is missing", "缺少印章"}, {}, {}}; }

class Incidents : public EngineTest {
 protected:
  void SetUp() override {
    handlers_.inside("certificate.issue", [this](db::Tx&, const Context&, const Call& call) -> Result<Answer> {
      ++calls_;
      if (call.case_id == refused_) return std::unexpected(no_seal());
      if (fault_) return std::unexpected(*fault_);
      return Answer{{{"number", "7"}}, ""};
    });
    EngineTest::SetUp();
  }

  Context ctx() { return {{.kind = Actor::Kind::person}, no_deadline, RequestId(), clock_, random_, "en"}; }
  CaseId open(const std::string& process = "permit") {
    Opening opening;
    opening.process = ProcessId::trusted(process);
    opening.form = {{"area", 80}};
    auto receipt = write([&](db::Tx& tx) { return engine_->open(tx, ctx(), opening); });
    EXPECT_TRUE(receipt) << receipt.error().text();
    return receipt ? receipt->id : CaseId();
  }
  std::vector<IncidentView> list(const IncidentFilter& filter = {}) {
    auto slice = read([&](db::Tx& tx) { return incidents(tx, *engine_, filter, {200, ""}); });
    EXPECT_TRUE(slice) << slice.error().text();
    return slice ? slice->items : std::vector<IncidentView>{};
  }
  std::vector<IncidentGroup> groups(const IncidentFilter& filter = {}) {
    auto found = read([&](db::Tx& tx) { return incident_groups(tx, filter); });
    EXPECT_TRUE(found) << found.error().text();
    return found.value_or(std::vector<IncidentGroup>{});
  }
  IncidentDetail detail(IncidentId id) {
    auto found = read([&](db::Tx& tx) { return incident(tx, *engine_, ctx(), id); });
    EXPECT_TRUE(found) << found.error().text();
    return found.value_or(IncidentDetail{});
  }
  Result<> settle(IncidentId id, const Settlement& said) {
    return write([&](db::Tx& tx) { return settle_incident(tx, *engine_, ctx(), id, said); });
  }
  Result<> retry(IncidentId id, const boost::json::object& variables = {}) {
    return write([&](db::Tx& tx) { return engine_->retry(tx, ctx(), id, variables); });
  }
  std::optional<Error> fault_;
  CaseId refused_;
  int calls_ = 0;
};

Error no_answer() { return Error{ErrorCode::unavailable, {"the Register does not answer", "登记系统无应答"}, {}, {}}; }

TEST_P(Incidents, leave_done_what_was_tried_in_the_same_transaction) {
  apply({permit()});
  std::vector<CaseId> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(open());
  refused_ = ids[2];
  work();
  ASSERT_EQ(list().size(), 1U);
  EXPECT_EQ(list().front().case_id, ids[2]);
  for (const auto& id : ids) EXPECT_EQ(view(id).summary.state, id == ids[2] ? CaseState::incident : CaseState::approved);
}

TEST_P(Incidents, are_told_with_every_attempt_and_what_the_step_sees) {
  apply({permit()});
  fault_ = no_answer();
  const auto id = open();
  for (int i = 0; i < 5; ++i) {
    work();
    clock_.advance(std::chrono::hours(1));
  }
  ASSERT_EQ(list().size(), 1U);
  const auto told = detail(list().front().id);
  EXPECT_TRUE(told.open);
  EXPECT_EQ(told.incident.case_id, id);
  EXPECT_EQ(told.incident.process, "permit");
  EXPECT_EQ(told.incident.code, "unavailable");
  EXPECT_EQ(told.name.in("en"), "Make the certificate");
  EXPECT_EQ(told.incident.attempts, 5);
  EXPECT_TRUE(told.completable);
  EXPECT_EQ(told.handler, "certificate.issue");
  EXPECT_THAT(told.scopes, ElementsAre("permit"));
  ASSERT_EQ(told.attempts.size(), 5U);
  EXPECT_EQ(told.attempts[0].at, *Instant::parse("2026-11-20T01:00:00Z"));
  EXPECT_EQ(told.attempts[4].number, 5);
  EXPECT_EQ(told.attempts[4].at, *Instant::parse("2026-11-20T05:00:00Z"));
  EXPECT_EQ(told.attempts[4].message.zh, "登记系统无应答");
  EXPECT_EQ(told.variables.at("application").at("area").to_number<int>(), 80);
}

TEST_P(Incidents, keep_the_last_20_attempts_over_all_retries) {
  apply({permit()});
  fault_ = no_seal();
  open();
  for (int i = 0; i < 23; ++i) {
    work();
    ASSERT_EQ(list().size(), 1U);
    if (i == 22) break;
    ASSERT_TRUE(retry(list().front().id));
  }
  const auto told = detail(list().front().id);
  ASSERT_EQ(told.attempts.size(), attempts_kept);
  EXPECT_EQ(told.attempts.front().number, 4);
  EXPECT_EQ(told.attempts.back().number, 23);
}

TEST_P(Incidents, are_found_by_process_step_words_and_time_and_counted_by_what_went_wrong) {
  apply({permit(), permit("另一项", "other")});
  fault_ = no_seal();
  open();
  open();
  work();
  clock_.advance(std::chrono::hours(1));
  fault_ = Error{ErrorCode::invalid, {"100% of The Register is gone", "登记系统不存在"}, {}, {}};
  open("other");
  work();
  ASSERT_EQ(list().size(), 3U);
  EXPECT_EQ(list().back().process, "other") << "the oldest is first";
  const auto found = [&](const IncidentFilter& filter) {
    const auto counted = read([&](db::Tx& tx) { return count_incidents(tx, filter); });
    EXPECT_EQ(static_cast<std::size_t>(counted.value_or(-1)), list(filter).size());
    return list(filter).size();
  };
  EXPECT_EQ(found({.process = "permit"}), 2U);
  EXPECT_EQ(found({.element = "issue"}), 3U);
  EXPECT_EQ(found({.element = "sum"}), 0U);
  EXPECT_EQ(found({.text = "The Register"}), 1U);
  EXPECT_EQ(found({.text = "印章"}), 2U);
  EXPECT_EQ(found({.text = "0% of"}), 1U);
  EXPECT_EQ(found({.text = "1%e"}), 0U) << "% is a letter like any other";
  EXPECT_EQ(found({.since = clock_.now()}), 1U);
  const auto all = groups();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].count, 2);
  EXPECT_EQ(all[0].message.zh, "缺少印章");
  EXPECT_EQ(all[0].element, "issue");
  EXPECT_EQ(all[1].process, "other");
  EXPECT_EQ(groups({.text = "印章"}).size(), 1U);
  EXPECT_EQ(read([&](db::Tx& tx) { return incidents(tx, *engine_, {.text = std::string(201, 'x')}, {}); }).error().field, "/text");
}

TEST_P(Incidents, come_in_pages) {
  apply({permit()});
  fault_ = no_seal();
  for (int i = 0; i < 5; ++i) open();
  work();
  std::set<std::string> seen;
  Page page{2, ""};
  int pages = 0;
  do {
    auto slice = read([&](db::Tx& tx) { return incidents(tx, *engine_, {.element = "issue", .since = clock_.now()}, page); });
    ASSERT_TRUE(slice) << slice.error().text();
    for (const auto& found : slice->items) seen.insert(found.id.text());
    page.cursor = slice->next;
    ++pages;
  } while (!page.cursor.empty() && pages < 9);
  EXPECT_EQ(seen.size(), 5U);
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(read([&](db::Tx& tx) { return incidents(tx, *engine_, {}, {2, "nonsense"}); }).error().field, "/cursor");
}

TEST_P(Incidents, are_tried_again_by_a_filter_in_chunks_each_once) {
  apply({permit(), permit("另一项", "other")});
  fault_ = no_seal();
  for (int i = 0; i < 120; ++i) open();
  const auto apart = open("other");
  work();
  clock_.advance(std::chrono::seconds(1));
  const IncidentFilter filter{.process = "permit"};
  const auto begin = [&](std::int64_t expected) { return write([&](db::Tx& tx) { return retry_incidents(tx, ctx(), filter, {}, expected); }); };
  EXPECT_EQ(begin(119).error().field, "/expected");
  auto id = begin(120);
  ASSERT_TRUE(id) << id.error().text();
  const auto progress = [&] { return *read([&](db::Tx& tx) { return sweep(tx, *id); }); };
  EXPECT_EQ(progress().left(), 120);
  ASSERT_TRUE(worker_->step());  // one chunk, and no more
  EXPECT_EQ(progress().done, 50);
  EXPECT_FALSE(progress().finished_at);
  const auto attempts = [&] {  // as recorded: an act may be run again, and so a handler be called again, where a batch of acts was lost
    constexpr std::string_view sql = "SELECT count(*) FROM case_attempt";
    return (*read([&](db::Tx& tx) { return tx.one(db::Query{"test.attempts", sql, sql}); }))->integer(0);
  };
  const auto attempts_before = attempts();
  work();
  EXPECT_EQ(progress().done, 120);
  EXPECT_EQ(progress().refused, 0);
  EXPECT_TRUE(progress().finished_at);
  EXPECT_EQ(attempts() - attempts_before, 120) << "those that fail once more are not met again";
  EXPECT_EQ(list(filter).size(), 120U);

  fault_.reset();
  clock_.advance(std::chrono::seconds(1));
  id = begin(120);
  ASSERT_TRUE(id) << id.error().text();
  ASSERT_TRUE(retry(list(filter).front().id));  // meanwhile somebody does one by hand: it is not done twice
  work();
  EXPECT_EQ(progress().done, 119);
  EXPECT_EQ(progress().left(), 0);
  EXPECT_TRUE(list(filter).empty());
  EXPECT_EQ(view(apart).summary.state, CaseState::incident);
  const auto all = read([&](db::Tx& tx) { return sweeps(tx, {1, ""}); });
  ASSERT_TRUE(all) << all.error().text();
  EXPECT_EQ(all->items.front().id, *id) << "the newest is first";
  EXPECT_FALSE(all->next.empty());
  expect_sound();
}

TEST_P(Incidents, of_a_service_are_taken_for_done_by_hand_with_its_result_and_a_reason) {
  apply({permit()});
  fault_ = no_seal();
  const auto id = open();
  work();
  const auto failed = list().front().id;
  using enum Settlement::How;
  EXPECT_EQ(settle(failed, {complete, {}, " "}).error().field, "/reason");
  EXPECT_EQ(settle(failed, {complete, {}, std::string(2'001, 'x')}).error().field, "/reason");
  EXPECT_EQ(settle(IncidentId::make(clock_, random_), {complete, {}, "none"}).error().code, ErrorCode::not_found);
  EXPECT_EQ(view(id).summary.state, CaseState::incident) << "a refusal changes nothing";
  const auto calls_before = calls_;
  const auto done = settle(failed, {complete, {{"number", "9"}}, "printed by the old machine"});
  ASSERT_TRUE(done) << done.error().text();
  const auto after = view(id);
  EXPECT_EQ(after.summary.state, CaseState::approved);
  std::vector<std::string> kinds;
  for (const auto& event : after.timeline) kinds.push_back(event.kind);
  EXPECT_THAT(kinds, ElementsAre("opened", "incident", "done_by_hand", "ended"));
  EXPECT_THAT(after.timeline[2].words.zh, HasSubstr("printed by the old machine"));
  work();
  EXPECT_EQ(calls_, calls_before) << "the job is gone";
  EXPECT_EQ(settle(failed, {complete, {}, "again"}).error().code, ErrorCode::conflict);
  EXPECT_EQ(retry(failed).error().code, ErrorCode::conflict);
  EXPECT_FALSE(detail(failed).open);
  EXPECT_EQ(detail(failed).ending, "completed");
  EXPECT_EQ(detail(failed).note, "printed by the old machine");
  expect_sound();
}

TEST_P(Incidents, of_a_gateway_are_put_right_by_its_variables) {
  apply({permit()});
  fault_ = no_seal();
  const auto id = open();
  work();
  using enum Settlement::How;
  ASSERT_TRUE(settle(list().front().id, {complete, {{"number", "-1"}}, "a wrong number"}));
  ASSERT_EQ(list().size(), 1U);
  const auto stuck = list().front().id;
  EXPECT_EQ(list().front().element, "many");
  EXPECT_FALSE(detail(stuck).completable);
  EXPECT_EQ(settle(stuck, {skip, {}, "go on"}).error().code, ErrorCode::conflict);
  EXPECT_EQ(detail(stuck).attempts.size(), 1U);
  ASSERT_TRUE(retry(stuck, {{"total", -2}}));
  ASSERT_EQ(list().size(), 1U);
  EXPECT_EQ(detail(list().front().id).attempts.size(), 2U) << "the attempts at a step go on through its incidents";
  ASSERT_TRUE(retry(list().front().id, {{"total", 1}}));
  EXPECT_EQ(view(id).summary.state, CaseState::approved);
  expect_sound();
}

TEST_P(Incidents, of_a_service_are_left_out) {
  apply({permit()});
  fault_ = no_seal();
  const auto id = open();
  work();
  ASSERT_TRUE(settle(list().front().id, {Settlement::How::skip, {}, "not needed this year"}));
  EXPECT_EQ(view(id).timeline[2].kind, "skipped");
  expect_sound();
}

TEST_P(Incidents, bear_a_note_of_what_was_done) {
  apply({permit()});
  fault_ = no_seal();
  const auto id = open();
  work();
  const auto failed = list().front().id;
  const auto note = [&](std::string_view text) { return write([&](db::Tx& tx) { return note_incident(tx, *engine_, ctx(), failed, text); }); };
  EXPECT_EQ(note("").error().field, "/note");
  ASSERT_TRUE(note("a new seal is ordered"));
  EXPECT_EQ(detail(failed).note, "a new seal is ordered");
  EXPECT_EQ(view(id).timeline.back().kind, "incident_noted");
  EXPECT_EQ(view(id).summary.state, CaseState::incident);
  expect_sound();
}

TEST_P(Incidents, of_a_message_that_cannot_be_delivered_wait_until_somebody_looks) {
  // The message opens a case of a process whose form asks for more than a message has.
  apply(
      {R"(<message id="m" name="go"/><message id="n" name="never"/><interface id="desk" name="desk"><operation id="o1" name="go"><inMessageRef>m</inMessageRef>
              </operation><operation id="o2" name="never"><inMessageRef>n</inMessageRef></operation></interface>)" +
       test_process("sender",
                    R"(<startEvent id="start"/><intermediateThrowEvent id="send"><messageEventDefinition messageRef="m"/></intermediateThrowEvent>
              <intermediateCatchEvent id="wait"><messageEventDefinition messageRef="n"/></intermediateCatchEvent><endEvent id="end"/>
              <sequenceFlow id="f1" sourceRef="start" targetRef="send"/><sequenceFlow id="f2" sourceRef="send" targetRef="wait"/>
              <sequenceFlow id="f3" sourceRef="wait" targetRef="end"/>)") +
       test_process("receiver", R"(<startEvent id="begin"><messageEventDefinition messageRef="m"/></startEvent><endEvent id="over"/>
              <sequenceFlow id="g1" sourceRef="begin" targetRef="over"/>)",
                    R"(jx:form="asks")")},
      {{"forms/asks.json", R"({"type": "object", "required": ["area"], "properties": {"area": {"type": "number"}}})"},
       {"forms/asks.ui.json", R"({"groups": []})"}});
  const auto id = open("sender");
  for (int i = 0; i < 5; ++i) {
    work();
    clock_.advance(std::chrono::hours(1));
  }
  EXPECT_EQ(view(id).summary.state, CaseState::incident);
  ASSERT_EQ(list().size(), 1U);
  const auto told = detail(list().front().id);
  EXPECT_EQ(told.attempts.size(), 5U);
  EXPECT_FALSE(told.completable);
  ASSERT_TRUE(retry(told.incident.id));
  EXPECT_EQ(view(id).summary.state, CaseState::running);
  work();
  EXPECT_EQ(detail(told.incident.id).attempts.size(), 6U);
  expect_sound();
}

TEST_P(Incidents, of_a_job_that_belongs_to_no_case_are_seen_and_tried_again) {
  // A start by a timer of a process whose form asks for more than a timer has.
  apply(
      {test_process(
          "daily",
          R"(<startEvent id="begin"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">PT1H</timeDuration></timerEventDefinition></startEvent>
              <endEvent id="over"/><sequenceFlow id="g1" sourceRef="begin" targetRef="over"/>)",
          R"(jx:form="asks")")},
      {{"forms/asks.json", R"({"type": "object", "required": ["area"], "properties": {"area": {"type": "number"}}})"},
       {"forms/asks.ui.json", R"({"groups": []})"}});
  for (int i = 0; i < 7; ++i) {
    clock_.advance(std::chrono::hours(1));
    work();
  }
  ASSERT_EQ(list().size(), 1U);
  const auto told = detail(list().front().id);
  EXPECT_TRUE(told.incident.case_id.nil());
  EXPECT_EQ(told.incident.process, "daily");
  EXPECT_EQ(told.attempts.size(), 5U);
  ASSERT_TRUE(retry(told.incident.id));
  EXPECT_TRUE(list().empty());
  work();
  EXPECT_EQ(detail(told.incident.id).attempts.size(), 6U);
}

TEST_P(Incidents, and_running_cases_are_counted_by_the_versions_of_their_process) {
  apply({permit("甲")});
  fault_ = no_seal();
  open();
  open();
  work();
  clock_.advance(std::chrono::hours(24));
  apply({permit("乙")});
  open();
  apply({permit("甲")});  // the first one again
  auto all = read([&](db::Tx& tx) { return processes(tx, *engine_); });
  ASSERT_TRUE(all) << all.error().text();
  ASSERT_EQ(all->size(), 1U);
  const auto& found = all->front();
  EXPECT_EQ(found.path, "processes/p0.bpmn");
  ASSERT_EQ(found.versions.size(), 2U);
  EXPECT_EQ(found.versions[0].name(), "v2");
  EXPECT_FALSE(found.versions[0].current);
  EXPECT_EQ(found.versions[0].running, 1);
  EXPECT_EQ(found.versions[1].name(), "v1");
  EXPECT_TRUE(found.versions[1].current);
  EXPECT_EQ(found.versions[1].first_applied_at, *Instant::parse("2026-11-20T01:00:00Z"));
  EXPECT_EQ(found.versions[1].running, 2);
  EXPECT_EQ(found.versions[1].incidents, 2);
  const auto second = version_of(found, "v2", "/from");
  ASSERT_TRUE(second) << second.error().text();
  EXPECT_THAT(*read([&](db::Tx& tx) { return model_text(tx, second->definition); }), HasSubstr("乙"));
  EXPECT_EQ(version_of(found, "current", "")->ordinal, 1);
  EXPECT_EQ(version_of(found, "2", "")->ordinal, 2);
  EXPECT_EQ(version_of(found, to_hex(second->definition).substr(0, 8), "")->ordinal, 2);
  EXPECT_EQ(version_of(found, "v3", "/from").error().field, "/from");
  EXPECT_EQ(version_of(found, "", "").error().code, ErrorCode::not_found);
  const auto key = ProcessId::trusted("permit");
  EXPECT_EQ(read([&](db::Tx& tx) { return process(tx, *engine_, ProcessId::trusted("absent")); }).error().code, ErrorCode::not_found);

  apply({permit("他", "other")});  // the pack has no permit any more, but cases of it run
  const auto ended = read([&](db::Tx& tx) { return process(tx, *engine_, key); });
  ASSERT_TRUE(ended) << ended.error().text();
  EXPECT_TRUE(ended->ended);
  EXPECT_EQ(ended->current(), nullptr);
}

JX_ON_BOTH(Incidents);

}  // namespace
}  // namespace jx::cases
