// model_test.cpp - DMN models: tables, requirements, services, imports, dates, laws; and the TCK's selection where it is at hand.
#include <jx/rules.hpp>
#include <jx/rules/json.hpp>
#include <jx/rules/suite.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace jx::rules {
namespace {

std::string model(const std::string& body) {
  return R"(<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" xmlns:jx="urn:junxian:dmn:1" name="test" namespace="urn:test">)" +
         body + "</definitions>";
}

/// A decision `D` whose logic is a table over inputs a (number) and b (string).
std::string table(const std::string& policy, const std::string& rules, const std::string& outputs = R"(<output name="r" typeRef="string"/>)") {
  return model(
      R"(<inputData id="a" name="a"><variable name="a" typeRef="number"/></inputData><inputData id="b" name="b"><variable name="b" typeRef="string"/></inputData>
    <decision id="d" name="D"><variable name="D"/><informationRequirement><requiredInput href="#a"/></informationRequirement><informationRequirement><requiredInput href="#b"/></informationRequirement>
    <decisionTable )" +
      policy + R"(><input label="a"><inputExpression typeRef="number"><text>a</text></inputExpression></input>
    <input label="b"><inputExpression typeRef="string"><text>b</text></inputExpression></input>)" +
      outputs + R"(<annotation name="law"/>)" + rules + "</decisionTable></decision>");
}

std::string rule(const std::string& a, const std::string& b, const std::string& output, const std::string& attributes = {}) {
  return "<rule " + attributes + "><inputEntry><text>" + a + "</text></inputEntry><inputEntry><text>" + b +
         "</text></inputEntry><outputEntry><text>" + output + "</text></outputEntry></rule>";
}

std::string decide(const std::string& xml, const Value& input, const Options& options = {}, std::string_view decision = "D") {
  const auto loaded = Model::load(xml);
  if (!loaded) return "refused: " + loaded.error().message.en;
  return loaded->decide(decision, input, options).value.text();
}

Value ab(int a, const char* b) { return Value::context({{"a", Value(a)}, {"b", Value(b)}}); }

TEST(Table, follows_every_hit_policy) {
  const auto rules = rule("&lt; 10", "-", "\"small\"") + rule("&lt; 20", "\"x\"", "\"medium\"") + rule("-", "-", "\"any\"");
  const auto ranked = R"(<output name="r"><outputValues><text>"any", "medium", "small"</text></outputValues></output>)";
  EXPECT_EQ(decide(table("hitPolicy=\"FIRST\"", rules), ab(5, "x")), "\"small\"");
  EXPECT_EQ(decide(table("", rules), ab(5, "x")), "null");
  EXPECT_EQ(decide(table("", rules), ab(50, "x")), "\"any\"");
  EXPECT_EQ(decide(table("hitPolicy=\"ANY\"", rules), ab(5, "x")), "null");
  EXPECT_EQ(decide(table("hitPolicy=\"PRIORITY\"", rules, ranked), ab(5, "x")), "\"any\"");
  EXPECT_EQ(decide(table("hitPolicy=\"OUTPUT ORDER\"", rules, ranked), ab(5, "x")), "[\"any\", \"medium\", \"small\"]");
  EXPECT_EQ(decide(table("hitPolicy=\"RULE ORDER\"", rules), ab(5, "x")), "[\"small\", \"medium\", \"any\"]");
  EXPECT_EQ(decide(table("hitPolicy=\"COLLECT\" aggregation=\"COUNT\"", rules), ab(5, "x")), "3");
  const auto numbers = rule("&lt; 10", "-", "1") + rule("&lt; 20", "-", "a + 2.5");
  EXPECT_EQ(decide(table("hitPolicy=\"COLLECT\" aggregation=\"SUM\"", numbers, "<output/>"), ab(5, "x")), "8.5");
  EXPECT_EQ(decide(table("hitPolicy=\"COLLECT\" aggregation=\"MAX\"", numbers, "<output/>"), ab(5, "x")), "7.5");
}

TEST(Table, says_which_rules_contradict_its_policy) {
  const auto loaded = Model::load(table("", rule("&lt; 10", "-", "\"s\"") + rule("-", "-", "\"t\""))).value();
  const auto outcome = loaded.decide("D", ab(1, "x"));
  ASSERT_EQ(outcome.diagnostics.size(), 1U);
  EXPECT_EQ(outcome.diagnostics[0].code, DiagnosticCode::hit_policy);
  EXPECT_NE(outcome.diagnostics[0].message.zh.find("规则 1 和 2"), std::string::npos);
}

TEST(Table, explains_itself_with_rules_annotations_and_laws) {
  const std::string with_law =
      R"(<rule id="r1" jx:law="食品安全法" jx:article="第三十五条"><inputEntry><text>[16..60]</text></inputEntry><inputEntry><text>"x"</text></inputEntry><outputEntry><text>"yes"</text></outputEntry><annotationEntry><text>消防法第十五条</text></annotationEntry></rule>)";
  const auto loaded = Model::load(table("hitPolicy=\"FIRST\"", rule("&lt; 16", "-", "\"no\"") + with_law)).value();
  Options options;
  options.explain = true;
  const auto outcome = loaded.decide("D", ab(20, "x"), options);
  ASSERT_EQ(outcome.trace.size(), 1U);
  ASSERT_EQ(outcome.trace[0].hits.size(), 1U);
  EXPECT_EQ(outcome.trace[0].hits[0].rule, 2U);
  EXPECT_EQ(outcome.trace[0].hits[0].rule_id, "r1");
  EXPECT_EQ(outcome.trace[0].laws, (std::vector<std::string>{"消防法第十五条", "食品安全法 第三十五条"}));
  EXPECT_EQ(outcome.explanation().en,
            "D is \"yes\", because a is 20, b is \"x\"; rule 2 applies; on the basis of 消防法第十五条, 食品安全法 第三十五条.");
  EXPECT_EQ(loaded.decisions()[0].laws.size(), 2U);
}

TEST(Table, keeps_rules_to_their_days) {
  const auto xml = table("hitPolicy=\"FIRST\"",
                         rule("-", "-", "\"old\"", "jx:valid_to=\"2025-12-31\"") + rule("-", "-", "\"new\"", "jx:valid_from=\"2026-01-01\""));
  Options options;
  options.as_of = LocalDate::of(2025, 6, 1);
  EXPECT_EQ(decide(xml, ab(1, "x"), options), "\"old\"");
  options.as_of = LocalDate::of(2026, 1, 1);
  EXPECT_EQ(decide(xml, ab(1, "x"), options), "\"new\"");
}

std::vector<Finding> findings(const std::string& xml, Finding::Code code) {
  auto all = Model::load(xml).value().check();
  std::erase_if(all, [&](const Finding& f) { return f.code != code; });
  return all;
}

TEST(Check, finds_gaps_that_are_gaps) {
  const auto xml = table("", rule("&lt; 10", "-", "\"s\"") + rule("&gt; 10", "\"x\"", "\"t\""));
  const auto found = findings(xml, Finding::Code::gap);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(decide(xml, found[0].example), "null") << found[0].message.en;
  EXPECT_TRUE(findings(table("", rule("&lt; 10", "-", "\"s\"") + rule("&gt;= 10", "-", "\"t\"")), Finding::Code::gap).empty());
  EXPECT_TRUE(findings(table("", rule("&lt; a", "-", "\"s\"") + rule("&gt;= a", "-", "\"t\"")), Finding::Code::gap).empty());
}

TEST(Check, finds_overlaps_that_are_overlaps) {
  const auto xml = table("", rule("[1..10]", "\"x\", \"y\"", "\"s\"") + rule("[10..20]", "not(\"x\")", "\"t\"") + rule("(20..30]", "-", "\"u\""));
  const auto found = findings(xml, Finding::Code::overlap);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].rules, (std::vector<std::size_t>{1, 2}));
  const auto outcome = Model::load(xml).value().decide("D", found[0].example);
  ASSERT_FALSE(outcome.diagnostics.empty());
  EXPECT_EQ(outcome.diagnostics[0].code, DiagnosticCode::hit_policy);
  EXPECT_TRUE(findings(table("", rule("[1..10)", "-", "\"s\"") + rule("[10..20]", "-", "\"t\"")), Finding::Code::overlap).empty());
}

TEST(Check, finds_rules_that_never_apply_and_outputs_that_may_not_be) {
  const auto hidden =
      findings(table("hitPolicy=\"FIRST\"", rule("&lt; 10", "-", "\"s\"") + rule("&gt;= 10", "-", "\"t\"") + rule("5", "\"x\"", "\"u\"")),
               Finding::Code::unreachable_rule);
  ASSERT_EQ(hidden.size(), 1U);
  EXPECT_EQ(hidden[0].rules, (std::vector<std::size_t>{3}));
  EXPECT_EQ(findings(table("", rule("[5..1]", "-", "\"s\"")), Finding::Code::unreachable_rule).size(), 1U);
  EXPECT_EQ(findings(table("", rule("-", "-", "5")), Finding::Code::output_not_allowed).size(), 1U);
  EXPECT_EQ(findings(table("", rule("-", "-", "\"z\""), R"(<output name="r"><outputValues><text>"a", "b"</text></outputValues></output>)"),
                     Finding::Code::output_not_allowed)
                .size(),
            1U);
}

TEST(Check, finds_what_is_required_and_not_used_or_used_and_not_required) {
  const auto xml = model(
      R"(<inputData id="n" name="n"/><decision id="d" name="D"><informationRequirement><requiredInput href="#n"/></informationRequirement><literalExpression><text>m + 1</text></literalExpression></decision>)");
  EXPECT_EQ(findings(xml, Finding::Code::unused_input).size(), 1U);
  EXPECT_EQ(findings(xml, Finding::Code::model).size(), 1U);
}

TEST(Model, has_versions_of_a_decision_by_day) {
  const auto xml = model(R"(<decision id="d" name="D"><literalExpression><text>1</text></literalExpression></decision>
    <decision id="d2" name="D of 2026" jx:version_of="D" jx:valid_from="2026-01-01"><literalExpression><text>2</text></literalExpression></decision>)");
  Options options;
  options.as_of = LocalDate::of(2025, 6, 1);
  EXPECT_EQ(decide(xml, {}, options), "1");
  options.as_of = LocalDate::of(2026, 6, 1);
  EXPECT_EQ(decide(xml, {}, options), "2");
}

TEST(Model, requires_decisions_knowledge_and_services) {
  const auto xml = model(R"(<inputData id="n" name="n"><variable name="n" typeRef="number"/></inputData>
    <decision id="half" name="half of n"><variable name="half of n" typeRef="number"/><informationRequirement><requiredInput href="#n"/></informationRequirement><literalExpression><text>n / 2</text></literalExpression></decision>
    <businessKnowledgeModel id="k" name="twice"><variable name="twice"/><encapsulatedLogic><formalParameter name="x" typeRef="number"/><literalExpression><text>if x &lt; 100 then x * 2 else twice(x - 1)</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
    <decisionService id="s" name="serve"><outputDecision href="#half"/><inputData href="#n"/></decisionService>
    <decision id="d" name="D"><variable name="D"/><informationRequirement><requiredDecision href="#half"/></informationRequirement><knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement><knowledgeRequirement><requiredKnowledge href="#s"/></knowledgeRequirement>
    <literalExpression><text>twice(half of n) + serve(10)</text></literalExpression></decision>)");
  EXPECT_EQ(decide(xml, Value::context({{"n", Value(8)}})), "13");
  EXPECT_EQ(decide(xml, Value::context({{"half of n", Value(1)}})), "7");
  EXPECT_EQ(decide(xml, Value::context({{"n", Value(8)}}), {}, "serve"), "4");
  EXPECT_EQ(decide(xml, Value::context({{"n", Value("eight")}})), "null");
  const auto loaded = Model::load(xml).value();
  ASSERT_EQ(loaded.decisions().size(), 3U);
  ASSERT_EQ(loaded.decisions()[2].needs.size(), 1U);
  EXPECT_EQ(loaded.decisions()[2].needs[0].name, "n");
}

TEST(Model, refuses_cycles_and_what_is_no_dmn) {
  const auto cycle = model(
      R"(<decision id="a" name="A"><informationRequirement><requiredDecision href="#b"/></informationRequirement><literalExpression><text>B</text></literalExpression></decision>
    <decision id="b" name="B"><informationRequirement><requiredDecision href="#a"/></informationRequirement><literalExpression><text>A</text></literalExpression></decision>)");
  EXPECT_NE(decide(cycle, {}, {}, "A").find("requires itself"), std::string::npos);
  EXPECT_FALSE(Model::load("<definitions"));
  EXPECT_FALSE(Model::load("<bpmn/>"));
  EXPECT_FALSE(Model::load(std::string(model_bytes_max + 1, ' ')));
  EXPECT_FALSE(Model::load(model(R"(<import name="x" namespace="urn:x" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>)")));
}

TEST(Model, keeps_an_unreadable_cell_from_spoiling_the_rest) {
  const auto loaded = Model::load(table("hitPolicy=\"FIRST\"", rule("&lt; ", "-", "\"bad\"") + rule("-", "-", "\"good\""))).value();
  EXPECT_EQ(loaded.decide("D", ab(1, "x")).value.text(), "\"good\"");
  ASSERT_EQ(loaded.problems().size(), 1U);
  EXPECT_EQ(loaded.problems()[0].where, "D / rule 1 / input \"a\"");
}

TEST(Model, holds_inputs_against_their_item_definitions) {
  const auto xml =
      model(R"(<itemDefinition name="tArea"><typeRef>string</typeRef><allowedValues><text>"urban", "rural"</text></allowedValues></itemDefinition>
    <itemDefinition name="tHome"><itemComponent name="area"><typeRef>tArea</typeRef></itemComponent><itemComponent name="built"><typeRef>date</typeRef></itemComponent></itemDefinition>
    <inputData id="h" name="home"><variable name="home" typeRef="tHome"/></inputData>
    <decision id="d" name="D"><informationRequirement><requiredInput href="#h"/></informationRequirement><literalExpression><text>home.area + string(home.built.year)</text></literalExpression></decision>)");
  EXPECT_EQ(decide(xml, parse_json(R"({"home": {"area": "urban", "built": "1999-05-01"}})").value()), "\"urban1999\"");
  EXPECT_EQ(decide(xml, parse_json(R"({"home": {"area": "moon", "built": "1999-05-01"}})").value()), "null");
}

TEST(Suite, passes_every_test_that_calls_no_java) {
  const char* shared = std::getenv("JUNXIAN_SHARED");
  const std::filesystem::path folder = std::filesystem::path(shared ? shared : JX_SOURCE_DIR "/../shared") / "suites/dmn";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "the suite is not at hand: set JUNXIAN_SHARED";
  const auto report = run_suite(folder);
  ASSERT_TRUE(report);
  for (const auto& test : report->cases) EXPECT_NE(test.result, SuiteCase::Result::error) << test.folder << " " << test.id << ": " << test.remark;
  EXPECT_EQ(report->count(SuiteCase::Result::success), report->cases.size() - 10);
}

}  // namespace
}  // namespace jx::rules
