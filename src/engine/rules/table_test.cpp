// table_test.cpp - hit policies, cells and outputs of decision tables (DMN 1.5, chapter 8); and that what a check finds is so.
#include "test_models.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace jx::rules::test {
namespace {

/// A decision D whose logic is a table over the number x.
std::string over_x(const std::string& attributes, const std::vector<Column>& outputs, const std::vector<std::vector<std::string>>& rules) {
  return model(input("x") + decision("D", table(attributes, {{"x", "", "", ""}}, outputs, rules), {"input:x"}));
}

TEST(TablePolicy, gives_contexts_where_there_are_several_outputs) {
  const std::vector<Column> outputs{{"p", "", R"("c", "b", "a")", ""}, {"q", "", "", ""}};
  const std::vector<std::vector<std::string>> rules{{">= 18", "\"a\"", "1"}, {"< 18", "\"b\"", "2"}, {"-", "\"c\"", "3"}};
  const auto with = [&](const std::string& policy) { return decide(over_x("hitPolicy=\"" + policy + "\"", outputs, rules), "D", R"({"x": 20})"); };
  EXPECT_EQ(with("UNIQUE"), "null");
  EXPECT_EQ(with("FIRST"), R"({p: "a", q: 1})");
  EXPECT_EQ(with("ANY"), "null");
  EXPECT_EQ(with("PRIORITY"), R"({p: "c", q: 3})");
  EXPECT_EQ(with("RULE ORDER"), R"([{p: "a", q: 1}, {p: "c", q: 3}])");
  EXPECT_EQ(with("OUTPUT ORDER"), R"([{p: "c", q: 3}, {p: "a", q: 1}])");
  EXPECT_EQ(with("COLLECT"), R"([{p: "a", q: 1}, {p: "c", q: 3}])");
  EXPECT_EQ(with("COLLECT\" aggregation=\"COUNT"), "2");
}

TEST(TablePolicy, ranks_by_the_first_output_then_by_the_next) {
  const std::vector<Column> outputs{{"p", "", R"("hi", "lo")", ""}, {"q", "", "3, 2, 1", ""}};
  const std::vector<std::vector<std::string>> rules{{"-", "\"lo\"", "3"}, {"-", "\"hi\"", "1"}, {"-", "\"hi\"", "2"}};
  EXPECT_EQ(decide(over_x("hitPolicy=\"PRIORITY\"", outputs, rules), "D", R"({"x": 1})"), R"({p: "hi", q: 2})");
  EXPECT_EQ(decide(over_x("hitPolicy=\"OUTPUT ORDER\"", outputs, rules), "D", R"({"x": 1})"),
            R"([{p: "hi", q: 2}, {p: "hi", q: 1}, {p: "lo", q: 3}])");
}

TEST(TablePolicy, aggregates_what_can_be_aggregated) {
  const auto with = [&](const std::string& aggregation, const std::string& a, const std::string& b, const char* json = R"({"x": 20})") {
    return decide(over_x("hitPolicy=\"COLLECT\" aggregation=\"" + aggregation + "\"", {{"q", "", "", ""}}, {{"> 10", a}, {"> 15", b}}), "D", json);
  };
  EXPECT_EQ(with("SUM", "1.5", "2"), "3.5");
  EXPECT_EQ(with("MIN", "1.5", "2"), "1.5");
  EXPECT_EQ(with("MAX", "1.5", "2"), "2");
  EXPECT_EQ(with("COUNT", "1.5", "2"), "2");
  EXPECT_EQ(with("SUM", "@\"P1D\"", "@\"PT12H\""), "@\"P1DT12H\"");
  EXPECT_EQ(with("MAX", "\"a\"", "\"b\""), "\"b\"");
  EXPECT_EQ(with("SUM", "\"a\"", "\"b\""), "null");
  EXPECT_EQ(with("SUM", "1", "\"b\""), "null");
  EXPECT_EQ(with("SUM", "1", "2", R"({"x": 1})"), "null");
  EXPECT_EQ(with("MIN", "1", "2", R"({"x": 1})"), "null");
  EXPECT_EQ(with("COUNT", "1", "2", R"({"x": 1})"), "0");
}

TEST(TablePolicy, falls_back_to_default_outputs_where_no_rule_applies) {
  const auto none = [&](const std::string& policy, const std::vector<Column>& outputs) {
    auto rule = std::vector<std::string>{"> 30"};
    for (std::size_t i = 0; i < outputs.size(); ++i) rule.emplace_back("1");
    return decide(over_x("hitPolicy=\"" + policy + "\"", outputs, {rule}), "D", R"({"x": 20})");
  };
  for (const char* policy : {"UNIQUE", "FIRST", "ANY", "PRIORITY"}) {
    EXPECT_EQ(none(policy, {{"p", "", "", ""}}), "null") << policy;
    EXPECT_EQ(none(policy, {{"p", "", "", "\"z\""}}), "\"z\"") << policy;
    EXPECT_EQ(none(policy, {{"p", "", "", "\"z\""}, {"q", "", "", ""}}), R"({p: "z", q: null})") << policy;
  }
  for (const char* policy : {"RULE ORDER", "OUTPUT ORDER", "COLLECT"}) EXPECT_EQ(none(policy, {{"p", "", "", ""}}), "[]") << policy;
}

TEST(TableCell, tells_a_test_from_a_condition) {
  const auto applies = [](const std::string& cell, const char* json) {
    return decide(over_x("hitPolicy=\"FIRST\"", {{"r", "", "", ""}}, {{cell, "true"}, {"-", "false"}}), "D", json);
  };
  const char* const twenty = R"({"x": 20})";
  for (const char* cell : {"20",
                           "[10..30]",
                           "< 10, > 15",
                           "not(< 10)",
                           "? > 10",
                           "x",
                           "[20, 30]",
                           "not(null)",
                           "= 20",
                           "x > 10",
                           "20 + 0",
                           "-",
                           "",
                           "if x > 10 then 20 else 0",
                           "? in [10, 20]",
                           "some i in [20] satisfies ? = i",
                           "> x - 1",
                           "[x..x + 1]",
                           "not(10, 30)",
                           "? between 1 and 30",
                           "count([?]) = 1",
                           "[?, 3]"})
    EXPECT_EQ(applies(cell, twenty), "true") << cell;
  for (const char* cell : {"(10..20)", "not(20)", "? > 10 and ? < 15", "odd(?)", "null", "\"20\"", "-20", "!= 20", "not(? > 10)", "not(10, 20)"})
    EXPECT_EQ(applies(cell, twenty), "false") << cell;
  for (const char* cell : {"null", "-", "not(20)", "!= 20", "> 10, null"}) EXPECT_EQ(applies(cell, R"({"x": null})"), "true") << cell;
  for (const char* cell : {"20", "> 10", "not(< 10)", "not(null)", "? > 10", "[10..30]"}) EXPECT_EQ(applies(cell, R"({"x": null})"), "false") << cell;
  EXPECT_EQ(applies("starts with(?, \"a\")", R"({"x": "abc"})"), "true");
  EXPECT_EQ(applies("not(true)", R"({"x": false})"), "true");
  EXPECT_EQ(applies("[@\"2019-01-01\"..@\"2021-01-01\"]", R"({"x": {"@date": "2020-01-01"}})"), "true");
  EXPECT_EQ(applies("list contains(?, 1)", R"({"x": [1, 2]})"), "true");
  EXPECT_EQ(applies("[1, 2]", R"({"x": [1, 2]})"), "true");
}

TEST(TableCell, takes_expressions_as_inputs_and_refuses_what_is_not_allowed) {
  const auto xml =
      model(input("x", "number") + decision("D",
                                            table("hitPolicy=\"FIRST\"", {{"x * 2", "number", "[0..10]", ""}, {"odd(x)", "boolean", "", ""}},
                                                  {{"r", "string", "", ""}}, {{"> 5", "true", "\"big and odd\""}, {"-", "-", "\"other\""}}),
                                            {"input:x"}));
  EXPECT_EQ(decide(xml, "D", R"({"x": 3})"), "\"big and odd\"");
  EXPECT_EQ(decide(xml, "D", R"({"x": 2})"), "\"other\"");
  EXPECT_EQ(decide(xml, "D", R"({"x": 6})"), "null");
  const auto wrong = over_x("", {{"r", "number", "", ""}}, {{"-", "\"text\""}});
  EXPECT_EQ(decide(wrong, "D", R"({"x": 1})"), "null");
}

/// Random tables over a number and a text, whose cells are cut from few values, so that gaps and overlaps are common.
class RandomTable {
 public:
  explicit RandomTable(unsigned seed) : random_(seed) {
    const std::size_t count = 1 + random_() % 5;
    for (std::size_t i = 0; i < count; ++i) rules_.push_back({number_cell(), text_cell(), std::to_string(i + 1)});
  }
  [[nodiscard]] std::string xml(const std::string& policy) const {
    return model(input("a", "number") + input("b", "string") +
                 decision("D", table("hitPolicy=\"" + policy + "\"", {{"a", "number", "", ""}, {"b", "string", "", ""}}, {{"r", "", "", ""}}, rules_),
                          {"input:a", "input:b"}));
  }
  Value sample() {
    static const char* const texts[] = {"", "x", "y", "z"};
    return Value::context({{"a", Value(static_cast<std::int64_t>(random_() % 9))}, {"b", Value(texts[random_() % 4])}});
  }

 private:
  std::string digit() { return std::to_string(random_() % 8); }
  std::string number_cell() {
    switch (random_() % 6) {
      case 0: return "-";
      case 1: return "< " + digit();
      case 2: return ">= " + digit();
      case 3: return digit() + ", " + digit();
      case 4: return "not(" + digit() + ")";
      default: {
        const auto low = random_() % 8;
        return fmt::format("{}{}..{}{}", random_() % 2 ? "[" : "(", low, low + 1 + random_() % 4, random_() % 2 ? "]" : ")");
      }
    }
  }
  std::string text_cell() {
    static const char* const cells[] = {"-", "-", "\"x\"", "\"y\"", "not(\"x\")", "\"x\", \"y\""};
    return cells[random_() % 6];
  }
  std::mt19937 random_;
  std::vector<std::vector<std::string>> rules_;
};

TEST(Check, finds_a_gap_or_an_overlap_where_there_is_one_and_nowhere_else) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    RandomTable random(seed);
    const auto unique = Model::load(random.xml("UNIQUE")).value();
    const auto all = Model::load(random.xml("RULE ORDER")).value();
    bool gap = false, overlap = false;
    for (const auto& finding : unique.check()) {
      if (finding.code != Finding::Code::gap && finding.code != Finding::Code::overlap) continue;
      const auto hits = all.decide("D", finding.example).value;
      ASSERT_TRUE(hits.is(Kind::list)) << random.xml("UNIQUE");
      if (finding.code == Finding::Code::gap) {
        gap = true;
        EXPECT_TRUE(hits.items().empty()) << finding.message.en << "\n" << random.xml("UNIQUE");
        continue;
      }
      overlap = true;
      for (const std::size_t rule : finding.rules)
        EXPECT_TRUE(std::ranges::any_of(hits.items(), [&](const Value& hit) { return hit == Value(static_cast<std::int64_t>(rule)); }))
            << finding.message.en << "\n"
            << random.xml("UNIQUE");
    }
    for (int i = 0; i < 60; ++i) {
      const auto input = random.sample();
      const auto hits = all.decide("D", input).value.items().size();
      EXPECT_TRUE(hits != 0 || gap) << input.text() << "\n" << random.xml("UNIQUE");
      EXPECT_TRUE(hits < 2 || overlap) << input.text() << "\n" << random.xml("UNIQUE");
    }
  }
}

}  // namespace
}  // namespace jx::rules::test
