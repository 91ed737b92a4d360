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

/// A table of UNIQUE or FIRST over numbers a, b, ...; rules as cells of inputs.
std::vector<Finding> check_of(const std::string& policy, std::vector<std::vector<std::string>> rules, std::uint64_t steps_max = check_steps_max) {
  std::vector<Column> columns;
  std::string inputs;
  std::vector<std::string> needs;
  for (std::size_t c = 0; c < rules[0].size(); ++c) {
    const std::string name = c < 26 ? std::string(1, static_cast<char>('a' + c)) : fmt::format("x{}", c);
    columns.push_back({name, "number", "", ""});
    inputs += input(name, "number");
    needs.push_back("input:" + name);
  }
  for (auto& rule : rules) rule.emplace_back("1");
  const auto xml = model(inputs + decision("D", table("hitPolicy=\"" + policy + "\"", columns, {{"r", "number", "", ""}}, rules), needs));
  return Model::load(xml).value().check(steps_max);
}

/// All boxes of a grid of `n` ranges a column, which meet nowhere and leave nothing out.
std::vector<std::vector<std::string>> grid(std::size_t columns, int n) {
  std::vector<std::vector<std::string>> rules{{}};
  for (std::size_t c = 0; c < columns; ++c) {
    std::vector<std::vector<std::string>> longer;
    for (const auto& rule : rules)
      for (int i = 0; i < n; ++i) {
        longer.push_back(rule);
        longer.back().push_back(i == 0       ? fmt::format("< {}", c + 1)
                                : i == n - 1 ? fmt::format(">= {}", i + c)
                                             : fmt::format("[{}..{})", i + c, i + c + 1));
      }
    rules = std::move(longer);
  }
  return rules;
}

TEST(Check, looks_at_all_of_eight_thousand_rules_over_three_columns_of_ranges) {
  auto rules = grid(3, 20);
  ASSERT_EQ(rules.size(), 8'000U);
  EXPECT_TRUE(check_of("UNIQUE", rules).empty());
  EXPECT_TRUE(check_of("FIRST", rules).empty());

  rules[4'321][1] = "> 100";  // was the 16th range of the second column
  const auto found = check_of("UNIQUE", rules);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].code, Finding::Code::overlap);
  EXPECT_EQ(found[0].rules, (std::vector<std::size_t>{4'322, 4'382}));  // with the last of that column
  EXPECT_EQ(found[1].code, Finding::Code::gap);
  EXPECT_EQ(found[1].example.text(), "{a: 10, b: 17, c: 3}");

  rules.push_back({"[3..7]", "[1..9]", "[2..4]"});
  const auto hidden = check_of("FIRST", rules);
  ASSERT_EQ(hidden.size(), 2U);
  EXPECT_EQ(hidden[0].code, Finding::Code::unreachable_rule);
  EXPECT_EQ(hidden[0].rules, (std::vector<std::size_t>{8'001}));
  EXPECT_EQ(hidden[1].code, Finding::Code::gap);
}

std::string said_in_part(const std::vector<Finding>& findings) {
  std::string text;
  for (const auto& finding : findings)
    if (finding.code == Finding::Code::incomplete) text += finding.message.en;
  return text;
}
std::string in_part(const std::string& undone) {
  return fmt::format("D: this table was checked only in part: {}. Split it into smaller tables, or give it fewer columns, and check again", undone);
}

/// That `holes` + 1 pigeons do not fit into `holes` holes, as a table that leaves nothing out: a column for each pigeon in each hole, a rule for each
/// pair in one hole and for each pigeon in none. To see that takes more than the world has time for, if one goes case by case.
std::vector<std::vector<std::string>> pigeons(std::size_t holes) {
  std::vector<std::vector<std::string>> rules;
  const std::vector<std::string> any(holes * (holes + 1), "-");
  for (std::size_t pigeon = 0; pigeon <= holes; ++pigeon) {
    auto nowhere = any;
    for (std::size_t hole = 0; hole < holes; ++hole) {
      nowhere[pigeon * holes + hole] = "<= 0";
      for (std::size_t other = 0; other < pigeon; ++other) {
        auto both = any;
        both[pigeon * holes + hole] = both[other * holes + hole] = "> 0";
        rules.push_back(both);
      }
    }
    rules.push_back(nowhere);
  }
  return rules;
}

TEST(Check, says_what_it_left_undone_where_a_table_would_take_for_ever) {
  EXPECT_EQ(said_in_part(check_of("PRIORITY", pigeons(4))), "");
  EXPECT_EQ(said_in_part(check_of("PRIORITY", pigeons(9))), in_part("not every case was tried for a rule that applies to it"));
  const std::vector<std::vector<std::string>> alike(10'000, {"-", "-"});
  const auto all_meet = said_in_part(check_of("ANY", alike));
  EXPECT_TRUE(all_meet.starts_with("D: this table was checked only in part: the rules from ")) << all_meet;
  EXPECT_TRUE(all_meet.find(" on were not compared with those after them. Split") != std::string::npos) << all_meet;
}

TEST(Check, stops_at_the_same_place_wherever_it_runs) {
  const auto rules = grid(3, 12);
  const auto in = [&](const char* policy, std::uint64_t steps) { return said_in_part(check_of(policy, rules, steps)); };
  EXPECT_EQ(in("UNIQUE", 1'000), in_part("the outputs from rule 1001 on were not looked at; its conditions were not looked at"));
  EXPECT_EQ(in("UNIQUE", 100'000), in_part("its conditions were not looked at"));
  EXPECT_EQ(in("UNIQUE", 1'000'000), in_part("the rules from 670 on were not compared with those after them"));
  EXPECT_EQ(in("FIRST", 1'000'000), in_part("the rules from 689 on were not held against earlier ones that may leave them nothing"));
  EXPECT_EQ(in("UNIQUE", 3'000'000), "");
}

TEST(Check, tells_twenty_findings_of_a_table_and_that_there_are_more) {
  const std::vector<std::vector<std::string>> rules(5'000, {"-", "-"});
  const auto found = check_of("UNIQUE", rules);
  ASSERT_EQ(found.size(), 21U);
  EXPECT_EQ(found[19].rules, (std::vector<std::size_t>{1, 21}));
  EXPECT_EQ(found[20].code, Finding::Code::incomplete);
  EXPECT_EQ(found[20].message.en, "D: there is more to find than these 20; mend them and check again");
}

}  // namespace
}  // namespace jx::rules::test
