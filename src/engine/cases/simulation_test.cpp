#include "test_model.hpp"

#include <jx/cases/simulation.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jx::cases {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::string script(const std::string& id, const std::string& name, const std::string& feel) {
  return "<scriptTask id=\"" + id + "\" scriptFormat=\"feel\" jx:result=\"" + name + "\"><script>" + feel + "</script></scriptTask>";
}
std::string flow(const std::string& id, const std::string& from, const std::string& to, const std::string& condition = {}) {
  return "<sequenceFlow id=\"" + id + "\" sourceRef=\"" + from + "\" targetRef=\"" + to + "\">" +
         (condition.empty() ? "" : test_condition(condition)) + "</sequenceFlow>";
}

class Model : public ::testing::Test {
 protected:
  void load(const std::string& body) {
    auto compiled = compile(test_model(body));
    for (const auto& f : compiled.findings) ADD_FAILURE() << f.line << " " << f.rule << " " << f.element << ": " << f.message.en;
    ASSERT_TRUE(compiled.definition);
    simulation_ = std::make_unique<Simulation>(compiled.definition, *Instant::parse("2026-11-20T00:00:00Z"));
  }
  void start(const boost::json::object& variables = {}) {
    auto done = simulation_->start("p", variables);
    ASSERT_TRUE(done) << done.error().text();
  }
  std::vector<std::string> open() {
    std::vector<std::string> out;
    for (const auto& t : simulation_->tasks()) out.push_back(t.element);
    return out;
  }
  void finish(const std::string& element, const boost::json::object& result = {}) {
    for (const auto& t : simulation_->tasks()) {
      if (t.element != element) continue;
      auto done = simulation_->complete(t, result);
      ASSERT_TRUE(done) << done.error().text();
      return;
    }
    FAIL() << "no open task " << element;
  }
  Simulation::Instance instance(std::size_t i = 0) { return simulation_->instances().at(i); }
  void after(const char* text) { simulation_->run_for(*Instant::parse(text) - simulation_->now()); }

  std::unique_ptr<Simulation> simulation_;
};

TEST_F(Model, joins_inclusively_only_what_can_still_arrive) {
  load(test_process(
      "p",
      R"(<startEvent id="s"/><inclusiveGateway id="g"/><userTask id="a"/><userTask id="b"/><userTask id="c"/><inclusiveGateway id="j"/><userTask id="d"/><endEvent id="e"/>)" +
          flow("f1", "s", "g") + flow("f2", "g", "a", "x > 0") + flow("f3", "g", "b", "x > 1") + flow("f4", "g", "c", "x > 2") +
          flow("f5", "a", "j") + flow("f6", "b", "j") + flow("f7", "c", "j") + flow("f8", "j", "d") + flow("f9", "d", "e")));
  start({{"x", 2}});
  EXPECT_THAT(open(), UnorderedElementsAre("a", "b"));
  finish("a");
  EXPECT_THAT(open(), ElementsAre("b"));
  finish("b");
  EXPECT_THAT(open(), ElementsAre("d"));
  finish("d");
  EXPECT_EQ(instance().ending, "completed");
}

TEST_F(Model, stops_a_token_where_no_condition_holds_and_no_default_leads_on) {
  load(test_process("p", R"(<startEvent id="s"/><exclusiveGateway id="g"/><endEvent id="a"/><endEvent id="b"/>)" + flow("f1", "s", "g") +
                             flow("f2", "g", "a", "x = 1") + flow("f3", "g", "b", "x = 2")));
  start({{"x", 3}});
  ASSERT_EQ(instance().faults.size(), 1U);
  EXPECT_FALSE(instance().ended);
  EXPECT_THAT(instance().waits_at, ElementsAre("g"));
}

TEST_F(Model, collects_the_results_of_parallel_instances_and_stops_at_the_completion_condition) {
  load(test_process(
      "p",
      R"(<startEvent id="s"/><userTask id="opinions"><multiInstanceLoopCharacteristics><loopCardinality xsi:type="tFormalExpression">3</loopCardinality>
      <completionCondition xsi:type="tFormalExpression">some o in opinions satisfies o.decision = "no"</completionCondition></multiInstanceLoopCharacteristics></userTask><endEvent id="e"/>)" +
          flow("f1", "s", "opinions") + flow("f2", "opinions", "e")));
  start();
  EXPECT_EQ(open().size(), 3U);
  finish("opinions", {{"decision", "yes"}});
  EXPECT_EQ(open().size(), 2U);
  finish("opinions", {{"decision", "no"}});
  EXPECT_THAT(open(), IsEmpty());
  EXPECT_EQ(instance().ending, "completed");
  EXPECT_EQ(instance().variables.at("opinions").as_array().size(), 3U);
}

TEST_F(Model, runs_instances_over_a_collection_one_after_another) {
  load(test_process(
      "p",
      R"(<startEvent id="s"/><subProcess id="m"><multiInstanceLoopCharacteristics isSequential="true"><loopDataInputRef>names</loopDataInputRef><inputDataItem id="name"/></multiInstanceLoopCharacteristics>
      <startEvent id="ms"/>)" +
          script("note", "seen", "concatenate(if seen = null then [] else seen, [name])") + R"(<endEvent id="me"/>)" + flow("m1", "ms", "note") +
          flow("m2", "note", "me") + R"(</subProcess><endEvent id="e"/>)" + flow("f1", "s", "m") + flow("f2", "m", "e")));
  start({{"names", {"a", "b", "c"}}, {"seen", boost::json::array()}});
  EXPECT_EQ(instance().ending, "completed");
  EXPECT_EQ(instance().variables.at("seen"), (boost::json::value{"a", "b", "c"}));
}

TEST_F(Model, interrupts_an_activity_by_its_boundary_timer_and_not_before) {
  load(test_process(
      "p",
      R"(<startEvent id="s"/><userTask id="u"/><boundaryEvent id="b" attachedToRef="u"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">P1D</timeDuration></timerEventDefinition></boundaryEvent>
      <endEvent id="e"/><userTask id="late"/><endEvent id="e2"/>)" +
          flow("f1", "s", "u") + flow("f2", "u", "e") + flow("f3", "b", "late") + flow("f4", "late", "e2")));
  start();
  after("2026-11-20T23:59:59Z");
  EXPECT_THAT(open(), ElementsAre("u"));
  after("2026-11-21T00:00:00Z");
  EXPECT_THAT(open(), ElementsAre("late"));
}

TEST_F(Model, catches_an_error_at_the_nearest_scope_that_names_it) {
  load(
      R"(<error id="x" errorCode="X"/><error id="y" errorCode="Y"/>)" +
      test_process(
          "p",
          R"(<startEvent id="s"/><subProcess id="outer"><startEvent id="os"/><subProcess id="inner"><startEvent id="is"/><endEvent id="ie"><errorEventDefinition errorRef="x"/></endEvent>)" +
              flow("i1", "is", "ie") +
              R"(</subProcess><boundaryEvent id="wrong" attachedToRef="inner"><errorEventDefinition errorRef="y"/></boundaryEvent><endEvent id="oe"/><endEvent id="oe2"/>)" +
              flow("o1", "os", "inner") + flow("o2", "inner", "oe") + flow("o3", "wrong", "oe2") +
              R"(</subProcess><boundaryEvent id="right" attachedToRef="outer"><errorEventDefinition errorRef="x"/></boundaryEvent><endEvent id="e"/><userTask id="repair"/><endEvent id="e2"/>)" +
              flow("f1", "s", "outer") + flow("f2", "outer", "e") + flow("f3", "right", "repair") + flow("f4", "repair", "e2")));
  start();
  EXPECT_THAT(open(), ElementsAre("repair"));
}

TEST_F(Model, ends_with_an_error_that_nobody_catches) {
  load(R"(<error id="x" errorCode="X"/>)" +
       test_process("p", R"(<startEvent id="s"/><endEvent id="e"><errorEventDefinition errorRef="x"/></endEvent>)" + flow("f1", "s", "e")));
  start();
  EXPECT_EQ(instance().ending, "error");
  EXPECT_EQ(instance().result, "X");
}

TEST_F(Model, compensates_in_reverse_order_what_was_done) {
  load(test_process(
      "p",
      R"(<startEvent id="s"/><task id="a"/><task id="b"/><intermediateThrowEvent id="undo"><compensateEventDefinition/></intermediateThrowEvent><endEvent id="e"/>
      <boundaryEvent id="ca" attachedToRef="a"><compensateEventDefinition/></boundaryEvent><boundaryEvent id="cb" attachedToRef="b"><compensateEventDefinition/></boundaryEvent>
      <userTask id="undo_a" isForCompensation="true"/><userTask id="undo_b" isForCompensation="true"/>
      <association id="as1" sourceRef="ca" targetRef="undo_a"/><association id="as2" sourceRef="cb" targetRef="undo_b"/>)" +
          flow("f1", "s", "a") + flow("f2", "a", "b") + flow("f3", "b", "undo") + flow("f4", "undo", "e")));
  start();
  EXPECT_THAT(open(), ElementsAre("undo_b"));
  finish("undo_b");
  EXPECT_THAT(open(), ElementsAre("undo_a"));
  finish("undo_a");
  EXPECT_EQ(instance().ending, "completed");
}

TEST_F(Model, cancels_a_transaction_undoes_it_and_leaves_by_the_cancel_event) {
  load(test_process(
      "p",
      R"(<startEvent id="s"/><transaction id="t"><startEvent id="ts"/><task id="pay"/><boundaryEvent id="cp" attachedToRef="pay"><compensateEventDefinition/></boundaryEvent>
      <userTask id="refund" isForCompensation="true"/><association id="as" sourceRef="cp" targetRef="refund"/><endEvent id="te"><cancelEventDefinition/></endEvent>)" +
          flow("t1", "ts", "pay") + flow("t2", "pay", "te") +
          R"(</transaction><boundaryEvent id="c" attachedToRef="t"><cancelEventDefinition/></boundaryEvent><endEvent id="e"/><userTask id="tell"/><endEvent id="e2"/>)" +
          flow("f1", "s", "t") + flow("f2", "t", "e") + flow("f3", "c", "tell") + flow("f4", "tell", "e2")));
  start();
  EXPECT_THAT(open(), ElementsAre("refund"));
  finish("refund");
  EXPECT_THAT(open(), ElementsAre("tell"));
}

TEST_F(Model, compensates_a_whole_sub_process_by_what_is_inside_of_it) {
  load(test_process(
      "p",
      R"(<startEvent id="s"/><subProcess id="sub"><startEvent id="ss"/><task id="a"/><boundaryEvent id="ca" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>
      <userTask id="undo_a" isForCompensation="true"/><association id="as" sourceRef="ca" targetRef="undo_a"/><endEvent id="se"/>)" +
          flow("x1", "ss", "a") + flow("x2", "a", "se") +
          R"(</subProcess><endEvent id="e"><compensateEventDefinition activityRef="sub"/></endEvent>)" + flow("f1", "s", "sub") +
          flow("f2", "sub", "e")));
  start();
  EXPECT_THAT(open(), ElementsAre("undo_a"));
  finish("undo_a");
  EXPECT_EQ(instance().ending, "completed");
}

TEST_F(Model, calls_a_process_with_a_copy_of_the_variables_and_takes_back_what_it_changed) {
  load(test_process(
           "p", R"(<startEvent id="s"/><callActivity id="c" calledElement="q"/><endEvent id="e"/>)" + flow("f1", "s", "c") + flow("f2", "c", "e")) +
       test_process("q", R"(<startEvent id="qs"/>)" + script("double", "x", "x * 2") + R"(<endEvent id="qe"/>)" + flow("q1", "qs", "double") +
                             flow("q2", "double", "qe")));
  start({{"x", 21}});
  EXPECT_EQ(instance().ending, "completed");
  EXPECT_EQ(instance().variables.at("x").as_int64(), 42);
  EXPECT_EQ(simulation_->instances().size(), 1U);
}

TEST_F(Model, refuses_to_call_itself_without_end) {
  load(test_process(
      "p", R"(<startEvent id="s"/><callActivity id="c" calledElement="p"/><endEvent id="e"/>)" + flow("f1", "s", "c") + flow("f2", "c", "e")));
  start();
  ASSERT_EQ(instance().faults.size(), 1U);
  EXPECT_THAT(instance().faults[0].en, ::testing::HasSubstr("nest too deeply"));
}

TEST_F(Model, stops_an_endless_loop_of_forks) {
  load(test_process("p", R"(<startEvent id="s"/><exclusiveGateway id="m"/><parallelGateway id="g"/>)" + flow("f1", "s", "m") + flow("f2", "m", "g") +
                             flow("f3", "g", "m") + flow("f4", "g", "m") + R"(<endEvent id="e"/>)" + flow("f5", "g", "e")));
  start();
  EXPECT_FALSE(instance().faults.empty());
}

TEST(Incoming, may_be_left_out_of_a_whole_file_but_not_of_a_part) {
  const std::string bare =
      R"(<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:t" expressionLanguage="https://www.omg.org/spec/DMN/20230324/FEEL/">
        <process id="p" isExecutable="true"><startEvent id="s"/><task id="t"/><endEvent id="e"/>
        <sequenceFlow id="f1" sourceRef="s" targetRef="t"/><sequenceFlow id="f2" sourceRef="t" targetRef="e"/></process></definitions>)";
  EXPECT_TRUE(compile(bare).definition);
  auto partly = bare;
  partly.replace(partly.find("<startEvent id=\"s\"/>"), 20, "<startEvent id=\"s\"><outgoing>f1</outgoing></startEvent>");
  const auto refused = compile(partly);
  ASSERT_FALSE(refused.definition);
  EXPECT_THAT(refused.findings, ::testing::Contains(::testing::Field(&Finding::rule, "EXT023")));
}

TEST_F(Model, asks_the_condition_of_a_loop_of_what_its_last_round_gave) {
  load(test_process(
      "p",
      R"(<startEvent id="s"/><userTask id="visit"><standardLoopCharacteristics><loopCondition xsi:type="tFormalExpression">visit.clean != true</loopCondition></standardLoopCharacteristics></userTask><endEvent id="e"/>)" +
          flow("f1", "s", "visit") + flow("f2", "visit", "e")));
  start();
  finish("visit", {{"clean", false}});
  EXPECT_THAT(open(), ElementsAre("visit"));
  finish("visit", {{"clean", true}});
  EXPECT_EQ(instance().ending, "completed");
  EXPECT_EQ(instance().variables.at("visit"), (boost::json::value{{"clean", true}}));
}

TEST_F(Model, takes_a_message_with_its_correlation_and_variables) {
  load(
      R"(<interface id="i" name="i"><operation id="o" name="o"><inMessageRef>m</inMessageRef></operation></interface><message id="m" name="paid"/>)" +
      test_process(
          "p",
          R"(<startEvent id="s"/><intermediateCatchEvent id="c"><messageEventDefinition messageRef="m" jx:correlation="file_no"><operationRef>o</operationRef></messageEventDefinition></intermediateCatchEvent><endEvent id="e"/>)" +
              flow("f1", "s", "c") + flow("f2", "c", "e")));
  start({{"file_no", "A-7"}});
  simulation_->message("paid", "A-8");
  EXPECT_FALSE(instance().ended);
  simulation_->message("paid", "A-7", {{"amount", 120}});
  EXPECT_TRUE(instance().ended);
  EXPECT_EQ(instance().variables.at("amount").as_int64(), 120);
}

TEST_F(Model, ends_as_an_event_sub_process_says_that_has_interrupted_it_and_not_as_one_that_only_ran_beside_it) {
  const auto with = [](const char* interrupting) {
    return R"(<signal id="sig" name="leaves"/>)" +
           test_process(
               "p",
               R"(<startEvent id="s"/><userTask id="u"/><endEvent id="e"/><subProcess id="x" triggeredByEvent="true"><startEvent id="xs" isInterrupting=")" +
                   std::string(interrupting) + R"("><signalEventDefinition signalRef="sig"/></startEvent><endEvent id="xe" jx:result="withdrawn"/>)" +
                   flow("x1", "xs", "xe") + "</subProcess>" + flow("f1", "s", "u") + flow("f2", "u", "e"));
  };
  load(with("true"));
  start();
  simulation_->signal("leaves");
  EXPECT_EQ(instance().result, "withdrawn");
  load(with("false"));
  start();
  simulation_->signal("leaves");
  finish("u");
  EXPECT_TRUE(instance().ended);
  EXPECT_EQ(instance().result, "");
}

TEST_F(Model, stops_a_loop_that_never_ends) {
  load(test_process(
      "p",
      R"(<startEvent id="s"/><task id="t"><standardLoopCharacteristics><loopCondition xsi:type="tFormalExpression">true</loopCondition></standardLoopCharacteristics></task><endEvent id="e"/>)" +
          flow("f1", "s", "t") + flow("f2", "t", "e")));
  start();
  ASSERT_EQ(instance().faults.size(), 1U);
  EXPECT_THAT(instance().faults[0].en, ::testing::HasSubstr("endless loop"));
}

TEST_F(Model, hears_a_condition_when_a_variable_makes_it_true) {
  load(test_process(
      "p",
      R"(<startEvent id="s"/><userTask id="measure" jx:result="m"/><userTask id="work"/><boundaryEvent id="hot" attachedToRef="work" cancelActivity="false">
      <conditionalEventDefinition><condition xsi:type="tFormalExpression">m.celsius > 60</condition></conditionalEventDefinition></boundaryEvent><userTask id="cool"/>
      <parallelGateway id="g"/><endEvent id="e1"/><endEvent id="e2"/><endEvent id="e3"/>)" +
          flow("f1", "s", "g") + flow("f2", "g", "measure") + flow("f3", "g", "work") + flow("f4", "measure", "e1") + flow("f5", "work", "e2") +
          flow("f6", "hot", "cool") + flow("f7", "cool", "e3")));
  start();
  EXPECT_THAT(open(), UnorderedElementsAre("measure", "work"));
  finish("measure", {{"celsius", 80}});
  EXPECT_THAT(open(), UnorderedElementsAre("work", "cool"));
}

TEST_F(Model, lets_the_first_event_behind_an_event_gateway_decide) {
  load(
      R"(<signal id="sig" name="yes"/>)" +
      test_process(
          "p",
          R"(<startEvent id="s"/><eventBasedGateway id="g"/><intermediateCatchEvent id="said"><signalEventDefinition signalRef="sig"/></intermediateCatchEvent>
      <intermediateCatchEvent id="late"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent><userTask id="a"/><userTask id="b"/><endEvent id="e"/><endEvent id="f"/>)" +
              flow("f1", "s", "g") + flow("f2", "g", "said") + flow("f3", "g", "late") + flow("f4", "said", "a") + flow("f5", "late", "b") +
              flow("f6", "a", "e") + flow("f7", "b", "f")));
  start();
  simulation_->signal("yes");
  EXPECT_THAT(open(), ElementsAre("a"));
  simulation_->run_for(Micros{7'200'000'000});
  EXPECT_THAT(open(), ElementsAre("a"));
}

TEST_F(Model, joins_links_by_name) {
  load(test_process(
      "p",
      R"(<startEvent id="s"/><intermediateThrowEvent id="out"><linkEventDefinition name="L"/></intermediateThrowEvent><intermediateCatchEvent id="in"><linkEventDefinition name="L"/></intermediateCatchEvent>
      <userTask id="u"/><endEvent id="e"/>)" +
          flow("f1", "s", "out") + flow("f2", "in", "u") + flow("f3", "u", "e")));
  start();
  EXPECT_THAT(open(), ElementsAre("u"));
}

TEST_F(Model, waits_in_an_ad_hoc_sub_process_until_its_condition_holds) {
  load(test_process(
      "p",
      R"(<startEvent id="s"/><adHocSubProcess id="x"><userTask id="a"/><userTask id="b"/><completionCondition xsi:type="tFormalExpression">b.done = true</completionCondition></adHocSubProcess><userTask id="next"/><endEvent id="e"/>)" +
          flow("f1", "s", "x") + flow("f2", "x", "next") + flow("f3", "next", "e")));
  start();
  EXPECT_THAT(open(), UnorderedElementsAre("a", "b"));
  finish("b", {{"done", true}});
  EXPECT_THAT(open(), ElementsAre("next"));  // what remained was cancelled
}

TEST_F(Model, starts_by_a_timer_of_its_own) {
  load(test_process(
      "p",
      R"(<startEvent id="s"><timerEventDefinition><timeCycle xsi:type="tFormalExpression">R3/P1D</timeCycle></timerEventDefinition></startEvent><endEvent id="e"/>)" +
          flow("f1", "s", "e")));
  simulation_->run_for(Micros{10 * 86'400'000'000});
  EXPECT_EQ(simulation_->instances().size(), 3U);
}

TEST(Compile, says_element_line_and_rule_of_every_fault) {
  const auto compiled = compile(test_model(R"(<process id="p" isExecutable="true">
<startEvent id="s"/><userTask id="u" startQuantity="0"/>
<endEvent id="e"/><sequenceFlow id="f1" sourceRef="s" targetRef="u"/></process>)"));
  EXPECT_FALSE(compiled.definition);
  std::vector<std::string> rules;
  for (const auto& f : compiled.findings) rules.push_back(f.rule + " " + f.element);
  EXPECT_THAT(rules, ::testing::IsSupersetOf({"EXT037 u", "EXT107 e", "EXT151 u", "EXT150 e"}));
  EXPECT_FALSE(compiled.findings.front().message.zh.empty());
}

TEST(Compile, refuses_what_it_does_not_run_with_its_line) {
  const auto script = compile(
      "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\">\n<process id=\"p\" isExecutable=\"true\">\n<scriptTask id=\"t\" "
      "scriptFormat=\"groovy\"><script>x</script></scriptTask>\n</process></definitions>");
  ASSERT_EQ(script.findings.size(), 1U);
  EXPECT_EQ(script.findings[0].rule, "JX004");
  EXPECT_EQ(script.findings[0].line, 3);
  EXPECT_EQ(compile("<a/>").findings.at(0).rule, "XML");
  EXPECT_EQ(compile("<a>\n<b></a>").findings.at(0).rule, "XML");
  EXPECT_EQ(compile("").findings.size(), 1U);
}

TEST(Compile, finds_the_operation_of_a_message_event_where_there_is_only_one) {
  const auto with = [](const std::string& operations, const std::string& event) {
    std::vector<std::string> rules;
    for (const auto& f :
         compile(test_model("<interface id=\"i\" name=\"i\">" + operations + "</interface><message id=\"m\" name=\"m\"/>" +
                            test_process("p", "<startEvent id=\"s\">" + event + "</startEvent><endEvent id=\"e\"/>" + flow("f", "s", "e"))))
             .findings)
      rules.push_back(f.rule);
    return rules;
  };
  const std::string first = R"(<operation id="o" name="o"><inMessageRef>m</inMessageRef></operation>)";
  const std::string second = R"(<operation id="q" name="q"><inMessageRef>m</inMessageRef></operation>)";
  const std::string plain = R"(<messageEventDefinition messageRef="m"/>)";
  EXPECT_THAT(with(first, plain), IsEmpty());
  EXPECT_THAT(with(first + second, plain), ElementsAre("EXT128"));
  EXPECT_THAT(with(first + second, R"(<messageEventDefinition messageRef="m" operationRef="q"/>)"), IsEmpty());
  EXPECT_THAT(with(first + second, R"(<messageEventDefinition messageRef="m"><operationRef>q</operationRef></messageEventDefinition>)"), IsEmpty());
}

TEST(Compile, refuses_what_is_taken_for_its_own_namespace_and_lets_others_be) {
  const auto with = [](const std::string& space) {
    return compile("<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" xmlns:x=\"" + space +
                   "\">\n<process id=\"p\" isExecutable=\"true\">\n<userTask id=\"t\" x:unit=\"fire\"/></process></definitions>");
  };
  for (const char* space : {"https://junxian.example/bpmn", "urn:junxian:bpmn:2", "urn:junxian:dmn:1"}) {
    const auto found = with(space).findings;
    ASSERT_EQ(found.size(), 1U) << space;
    EXPECT_EQ(found[0].rule, "JX016");
    EXPECT_EQ(found[0].element, "t");
    EXPECT_EQ(found[0].line, 3);
    EXPECT_NE(found[0].message.en.find("write urn:junxian:bpmn:1"), std::string::npos) << found[0].message.en;
  }
  for (const char* space : {"urn:junxian:bpmn:1", "http://camunda.org/schema/1.0/bpmn"}) EXPECT_TRUE(with(space).findings.empty()) << space;
}

TEST(Compile, refuses_names_of_its_own_that_nobody_would_read) {
  const auto with = [](const std::string& step) {
    const auto found = compile(test_model(test_process("p", R"(<startEvent id="s"/>)" + step + R"(<endEvent id="e"/>
      <sequenceFlow id="f1" sourceRef="s" targetRef="t"/><sequenceFlow id="f2" sourceRef="t" targetRef="e"/>)")))
                           .findings;
    std::string said;
    for (const auto& one : found) said += one.rule + " " + one.element + ": " + one.message.en + "\n";
    return said;
  };
  EXPECT_EQ(
      with(R"(<userTask id="t" jx:unit="fire" jx:result="r"><extensionElements><jx:name lang="en">Look</jx:name></extensionElements></userTask>)"),
      "");
  EXPECT_THAT(with(R"(<userTask id="t" jx:units="fire"/>)"), ::testing::HasSubstr("JX016 t: there is no jx:units; there are jx:form, "));
  EXPECT_EQ(with(R"(<serviceTask id="t" jx:handler="h" jx:unit="fire"/>)"),
            "JX016 t: jx:unit is not read here: it stands on userTask or globalUserTask\n");
  EXPECT_EQ(with(R"(<userTask id="t"><extensionElements><jx:parameter name="x">1</jx:parameter></extensionElements></userTask>)"),
            "JX016 parameter: <jx:parameter> is not read here: it stands on serviceTask or sendTask\n");
  EXPECT_THAT(with(R"(<userTask id="t"><extensionElements><jx:outcomes key="a"/></extensionElements></userTask>)"),
              ::testing::HasSubstr("there is no <jx:outcomes>"));
}

}  // namespace
}  // namespace jx::cases
