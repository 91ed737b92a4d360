// requirements_test.cpp - what an element may see: requirements, knowledge, services, imports, boxed contexts and functions.
#include "test_models.hpp"

#include <gtest/gtest.h>

#include <map>

namespace jx::rules::test {
namespace {

TEST(Requirements, leave_out_of_scope_what_is_declared_and_not_required) {
  const auto xml = model(input("x", "number") + decision("Double", literal("x * 2"), {"input:x"}) +
                         decision("Hidden", literal("if x = null then \"unseen\" else x"), {"decision:Double"}) + decision("Own", literal("Own")));
  EXPECT_EQ(decide(xml, "Hidden", R"({"x": 1})"), "\"unseen\"");
  EXPECT_EQ(decide(xml, "Double", R"({"x": 1})"), "2");
  EXPECT_EQ(decide(xml, "Own"), "null");
  const auto loaded = Model::load(xml).value();
  ASSERT_EQ(loaded.problems().size(), 2U);
  EXPECT_EQ(loaded.problems()[0].code, DiagnosticCode::unknown_name);
  EXPECT_EQ(loaded.problems()[0].message.en, "'x' is used but not required: draw the requirement");
}

TEST(Requirements, are_implied_by_names_that_nothing_declares) {
  const auto xml = model(decision("D", literal("weight * 2")));
  EXPECT_EQ(decide(xml, "D", R"({"weight": 4})"), "8");
}

TEST(Knowledge, sees_its_parameters_and_no_inputs) {
  const auto xml = model(input("x", "number") + knowledge("f", {{"p", "number"}}, literal("if x = null then p else p + x")) +
                         knowledge("g", {{"p", "number"}}, literal("p + nothing at all")) +
                         decision("D", literal("f(1)"), {"input:x", "knowledge:f"}) + decision("E", literal("g(1)"), {"knowledge:g"}));
  EXPECT_EQ(decide(xml, "D", R"({"x": 7})"), "1");
  EXPECT_EQ(decide(xml, "E", R"({"nothing at all": 7})"), "null");
}

TEST(Knowledge, that_requires_an_input_against_the_standard_does_no_harm) {
  const auto xml = model(input("x", "number") + knowledge("f", {{"p", "number"}}, literal("p + x"), {"input:x"}) +
                         decision("D", literal("f(1)"), {"input:x", "knowledge:f"}));
  EXPECT_EQ(decide(xml, "D", R"({"x": 7})"), "8");
}

TEST(Knowledge, may_call_itself) {
  const auto xml = model(knowledge("factorial", {{"n", "number"}}, literal("if n <= 1 then 1 else n * factorial(n - 1)")) +
                         decision("D", literal("factorial(20)"), {"knowledge:factorial"}));
  EXPECT_EQ(decide(xml, "D"), "2432902008176640000");
}

TEST(Knowledge, refuses_a_call_whose_argument_is_of_another_type) {
  const auto xml = model(knowledge("f", {{"n", "number"}}, literal("n = null")) + decision("wrong", literal("f(\"a\")"), {"knowledge:f"}) +
                         decision("empty", literal("f(null)"), {"knowledge:f"}) + decision("one", literal("f([5])"), {"knowledge:f"}) +
                         decision("few", literal("f()"), {"knowledge:f"}) + decision("named", literal("f(m: 1)"), {"knowledge:f"}));
  EXPECT_EQ(decide(xml, "wrong"), "null");
  EXPECT_EQ(decide(xml, "empty"), "true");
  EXPECT_EQ(decide(xml, "one"), "false");
  EXPECT_EQ(decide(xml, "few"), "null");
  EXPECT_EQ(decide(xml, "named"), "null");
}

TEST(Knowledge, takes_builtin_functions_where_their_signatures_allow_it) {
  const std::string types =
      R"(<itemDefinition name="ofList"><functionItem outputTypeRef="number"><parameters name="l" typeRef="numbers"/></functionItem></itemDefinition>
      <itemDefinition name="ofTwo"><functionItem outputTypeRef="number"><parameters name="a" typeRef="number"/><parameters name="b" typeRef="number"/></functionItem></itemDefinition>
      <itemDefinition name="numbers" isCollection="true"><typeRef>number</typeRef></itemDefinition>)";
  const auto xml =
      model(types + knowledge("both", {{"f", "ofList"}, {"g", "ofTwo"}}, literal("f([1, 2, 3]) * g(4, 5)")) +
            decision("sums", literal("both(sum, sum)"), {"knowledge:both"}) + decision("roots", literal("both(sum, sqrt)"), {"knowledge:both"}) +
            decision("texts", literal("both(sum, starts with)"), {"knowledge:both"}));
  EXPECT_EQ(decide(xml, "sums"), "54");
  EXPECT_EQ(decide(xml, "roots"), "null");
  EXPECT_EQ(decide(xml, "texts"), "null");
}

TEST(Invocation, binds_by_name_and_leaves_an_empty_binding_null) {
  const auto invocation = [](const std::string& callee, const std::string& bindings) {
    return "<invocation>" + literal(callee) + bindings + "</invocation>";
  };
  const auto binding = [](const std::string& name, const std::string& text) {
    return fmt::format(R"(<binding><parameter name="{}"/>{}</binding>)", name, text.empty() ? "" : literal(text));
  };
  const auto xml = model(knowledge("f", {{"a b", "number"}, {"c", "number"}}, literal("if c = null then a b else a b - c")) +
                         decision("both", invocation("f", binding("c", "1") + binding("a b", "5")), {"knowledge:f"}) +
                         decision("half", invocation("f", binding("c", "") + binding("a b", "5")), {"knowledge:f"}) +
                         decision("less", invocation("f", binding("a b", "5")), {"knowledge:f"}) +
                         decision("builtin", invocation("substring", binding("string", "\"abc\"") + binding("start position", "2"))));
  EXPECT_EQ(decide(xml, "both"), "4");
  EXPECT_EQ(decide(xml, "half"), "5");
  EXPECT_EQ(decide(xml, "less"), "null");
  EXPECT_EQ(decide(xml, "builtin"), "\"bc\"");
}

TEST(Service, evaluates_its_outputs_over_what_is_given_to_it) {
  const std::string services =
      R"(<decisionService id="S" name="S"><variable name="S"/><outputDecision href="#B"/><inputDecision href="#A"/></decisionService>
      <decisionService id="Two" name="Two"><variable name="Two"/><outputDecision href="#A"/><outputDecision href="#B"/><inputData href="#x"/></decisionService>
      <decisionService id="T" name="T"><variable name="T" typeRef="string"/><outputDecision href="#A"/><inputData href="#x"/></decisionService>)";
  const auto xml = model(input("x", "number") + decision("A", literal("if x = null then 0 else x + 1"), {"input:x"}, "number") +
                         decision("B", literal("A * 2"), {"decision:A"}) + services + decision("one", literal("S(5)"), {"knowledge:S"}) +
                         decision("two", literal("Two(x: 5)"), {"knowledge:Two"}) + decision("wrong", literal("Two(\"a\").A"), {"knowledge:Two"}) +
                         decision("typed", literal("T(5)"), {"knowledge:T"}) + decision("many", literal("S(1, 2)"), {"knowledge:S"}));
  EXPECT_EQ(decide(xml, "one"), "10");
  EXPECT_EQ(decide(xml, "two"), "{A: 6, B: 12}");
  EXPECT_EQ(decide(xml, "wrong"), "0");  // the input is null, the service goes on
  EXPECT_EQ(decide(xml, "typed"), "null");
  EXPECT_EQ(decide(xml, "many"), "null");
  EXPECT_EQ(decide(xml, "S", R"({"A": 7})"), "14");
}

TEST(Boxed, entries_of_a_context_see_the_earlier_ones_and_hide_what_lies_outside) {
  const auto entry = [](const std::string& name, const std::string& text) {
    return "<contextEntry>" + (name.empty() ? "" : fmt::format(R"(<variable name="{}"/>)", name)) + literal(text) + "</contextEntry>";
  };
  const auto xml =
      model(input("x", "number") +
            decision("D", "<context>" + entry("y", "x + 1") + entry("x", "y * 10") + entry("", "x + y") + "</context>", {"input:x"}) +
            decision("F", R"(<context><contextEntry><variable name="f"/><functionDefinition><formalParameter name="a" typeRef="number"/>)" +
                              literal("a * 2") + "</functionDefinition></contextEntry>" + entry("", "f(4) + f(a: 1)") + "</context>") +
            decision("R", R"(<relation><column name="a"/><column name="b c"/><row>)" + literal("1") + literal("2") + "</row><row>" + literal("3") +
                              literal("") + "</row></relation>") +
            decision("L", "<list>" + literal("1") + literal("") + literal("\"x\"") + "</list>"));
  EXPECT_EQ(decide(xml, "D", R"({"x": 1})"), "22");
  EXPECT_EQ(decide(xml, "F"), "10");
  EXPECT_EQ(decide(xml, "R"), R"([{a: 1, "b c": 2}, {a: 3, "b c": null}])");
  EXPECT_EQ(decide(xml, "L"), R"([1, null, "x"])");
}

TEST(Boxed, a_decision_without_logic_is_null) {
  const auto xml = model(decision("A", "") + decision("B", literal("A = null"), {"decision:A"}));
  EXPECT_EQ(decide(xml, "A"), "null");
  EXPECT_EQ(decide(xml, "B"), "true");
}

class Imports : public testing::Test {
 protected:
  static std::string import(const std::string& name, const std::string& model_namespace) {
    return fmt::format(R"(<import name="{}" namespace="{}" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>)", name, model_namespace);
  }
  Model::Resolver resolver() const {
    return [this](const Model::Import& wanted) -> Result<std::string> { return files_.at(wanted.model_namespace); };
  }
  const std::map<std::string, std::string> files_{
      {"urn:a",
       model(
           R"(<itemDefinition name="tPerson"><itemComponent name="name"><typeRef>string</typeRef></itemComponent></itemDefinition>)" +
               input("years", "number") + decision("Next", literal("years + 1"), {"input:years"}) +
               knowledge("greet", {{"p", "tPerson"}}, literal("\"Hi \" + p.name")) + knowledge("twice", {{"n", "number"}}, literal("n * 2")) +
               knowledge("four times", {{"n", "number"}}, literal("twice(twice(n))"), {"knowledge:twice"}) +
               R"(<decisionService id="Serve" name="Serve"><variable name="Serve"/><outputDecision href="#Next"/><inputData href="#years"/></decisionService>)",
           "urn:a")},
      {"urn:b", model(import("in a", "urn:a") + R"(<itemDefinition name="tOwner"><typeRef>in a.tPerson</typeRef></itemDefinition>)" +
                          decision("Ten", literal("in a.Next * 10"), {"decision:urn:a#Next"}),
                      "urn:b")}};
};

TEST_F(Imports, reach_decisions_knowledge_services_and_types_under_their_name) {
  const auto xml =
      model(import("m a", "urn:a") + input("p", "m a.tPerson") + decision("Next two", literal("m a.Next + 1"), {"decision:urn:a#Next"}) +
            decision("greeting", literal("m a.greet(p)"), {"input:p", "knowledge:urn:a#greet"}) +
            decision("eight", literal("m a.four times(2)"), {"knowledge:urn:a#four times"}) +
            decision("served", literal("m a.Serve(5)"), {"knowledge:urn:a#Serve"}) +
            decision("is person", literal("p instance of m a.tPerson"), {"input:p"}) +
            decision("boxed", "<invocation>" + literal("m a.twice") + R"(<binding><parameter name="n"/>)" + literal("21") + "</binding></invocation>",
                     {"knowledge:urn:a#twice"}));
  EXPECT_EQ(decide(xml, "Next two", R"({"m a": {"years": 1}})", resolver()), "3");
  EXPECT_EQ(decide(xml, "Next two", R"({"years": 1})", resolver()), "3");
  EXPECT_EQ(decide(xml, "greeting", R"({"p": {"name": "Ann"}})", resolver()), "\"Hi Ann\"");
  EXPECT_EQ(decide(xml, "greeting", R"({"p": {"name": 5}})", resolver()), "null");
  EXPECT_EQ(decide(xml, "eight", "{}", resolver()), "8");
  EXPECT_EQ(decide(xml, "served", "{}", resolver()), "6");
  EXPECT_EQ(decide(xml, "is person", R"({"p": {"name": "Ann"}})", resolver()), "true");
  EXPECT_EQ(decide(xml, "boxed", "{}", resolver()), "42");
}

TEST_F(Imports, reach_through_one_another) {
  const auto xml =
      model(import("b", "urn:b") + import("a", "urn:a") + decision("sum", literal("b.Ten + a.Next"), {"decision:urn:b#Ten", "decision:urn:a#Next"}) +
            decision("owner", literal("{name: \"Ann\"}"), {}, "b.tOwner") + decision("no owner", literal("{name: 1}"), {}, "b.in a.tPerson"));
  EXPECT_EQ(decide(xml, "sum", R"({"a": {"years": 1}})", resolver()), "22");
  EXPECT_EQ(decide(xml, "owner", "{}", resolver()), "{name: \"Ann\"}");
  EXPECT_EQ(decide(xml, "no owner", "{}", resolver()), "null");
}

TEST_F(Imports, without_a_name_put_their_elements_beside_ones_own) {
  const auto xml = model(import("", "urn:a") + decision("D", literal("Next + twice(1)"), {"decision:urn:a#Next", "knowledge:urn:a#twice"}));
  EXPECT_EQ(decide(xml, "D", R"({"years": 1})", resolver()), "4");
}

TEST(ItemDefinition, holds_values_to_types_collections_and_constraints) {
  const std::string types =
      R"(<itemDefinition name="tGrade"><typeRef>number</typeRef><allowedValues><text>[0..10]</text></allowedValues></itemDefinition>
      <itemDefinition name="tSome" isCollection="true"><typeRef>number</typeRef><allowedValues><text>1, 2, 3</text></allowedValues></itemDefinition>
      <itemDefinition name="tPair" isCollection="true"><typeRef>number</typeRef><typeConstraint><text>count(?) = 2</text></typeConstraint></itemDefinition>
      <itemDefinition name="tShort"><typeRef>string</typeRef><typeConstraint><text>string length(?) &lt; 3</text></typeConstraint></itemDefinition>
      <itemDefinition name="tHome"><itemComponent name="area"><typeRef>tShort</typeRef></itemComponent><itemComponent name="rooms" isCollection="true"><typeRef>tGrade</typeRef></itemComponent></itemDefinition>)";
  const auto given = [&](const std::string& type, const std::string& json) {
    return decide(model(types + input("x", type) + decision("D", literal("x"), {"input:x"})), "D", R"({"x": )" + json + "}");
  };
  EXPECT_EQ(given("tGrade", "5"), "5");
  EXPECT_EQ(given("tGrade", "11"), "null");
  EXPECT_EQ(given("tGrade", "[5]"), "5");
  EXPECT_EQ(given("tGrade", "\"5\""), "null");
  EXPECT_EQ(given("tSome", "[1, 2]"), "[1, 2]");
  EXPECT_EQ(given("tSome", "[1, 4]"), "null");
  EXPECT_EQ(given("tSome", "1"), "[1]");
  EXPECT_EQ(given("tPair", "[7, 8]"), "[7, 8]");
  EXPECT_EQ(given("tPair", "[7]"), "null");
  EXPECT_EQ(given("tShort", "\"ab\""), "\"ab\"");
  EXPECT_EQ(given("tShort", "\"abc\""), "null");
  EXPECT_EQ(given("tHome", R"({"area": "ab", "rooms": [1], "more": 2})"), R"({area: "ab", rooms: [1], more: 2})");
  EXPECT_EQ(given("tHome", R"({"area": "abc", "rooms": [1]})"), "null");
  EXPECT_EQ(given("tHome", R"({"area": "ab", "rooms": [11]})"), "null");
  EXPECT_EQ(given("tHome", R"({"area": "ab"})"), "null");
  EXPECT_EQ(given("list<number>", "[1, 2]"), "[1, 2]");
  EXPECT_EQ(given("any:tGrade", "11"), "null");  // a qualified name of DMN 1.1
}

}  // namespace
}  // namespace jx::rules::test
