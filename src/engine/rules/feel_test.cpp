// feel_test.cpp - expressions and unary tests as the standard has them, told as text = expected text.
#include <jx/rules.hpp>
#include <jx/rules/json.hpp>

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace jx::rules {
namespace {

std::string eval(std::string_view text, const Value& context = {}) {
  const auto expression = Expression::compile(text, Scope::any());
  if (!expression) return "refused: " + expression.error().message.en;
  Options options;
  options.now = Instant::parse("2026-11-21T09:03:56.5Z").value();
  return expression->evaluate(context, options).value.text();
}

struct Pair {
  const char* text;
  const char* value;
};

void expect_all(std::initializer_list<Pair> pairs, const Value& context = {}) {
  for (const auto& [text, value] : pairs) EXPECT_EQ(eval(text, context), value) << text;
}

TEST(Feel, computes_with_decimals_not_with_binary_fractions) {
  expect_all({{"0.1 + 0.2 = 0.3", "true"},
              {"1/3*3", "0.9999999999999999999999999999999999"},
              {"2**10", "1024"},
              {"-3**2", "9"},
              {"3**4**5", "3486784401"},
              {"10 - 3 - 2", "5"},
              {"1 + 2 * 3", "7"},
              {"(1 + 2) * 3", "9"},
              {".5 + 1.5", "2"},
              {"1.2e3", "1200"},
              {"1/0", "null"}});
}

TEST(Feel, has_three_truth_values) {
  expect_all({{"true and null", "null"},
              {"false and null", "false"},
              {"true or null", "true"},
              {"false or null", "null"},
              {"not(null)", "null"},
              {"1 < null", "null"},
              {"1 = null", "false"},
              {"null = null", "true"},
              {"1 = \"1\"", "null"},
              {"\"a\" and true", "null"}});
}

TEST(Feel, reads_names_with_spaces_and_operators_from_the_scope) {
  const Value context = Value::context({{"monthly income", Value(100)}, {"a-b", Value(7)}, {"a", Value(10)}, {"b", Value(1)}, {"年收入", Value(5)}});
  Scope scope;
  for (const char* name : {"monthly income", "a-b", "a", "b", "年收入"}) scope.inputs.push_back({name, {}});
  for (const auto& [text, value] : std::initializer_list<Pair>{
           {"monthly income * 12", "1200"}, {"monthly   income", "100"}, {"a-b", "7"}, {"a - b", "7"}, {"a+b", "11"}, {"年收入 + 1", "6"}}) {
    const auto expression = Expression::compile(text, scope);
    ASSERT_TRUE(expression) << text;
    EXPECT_EQ(expression->evaluate(context).value.text(), value) << text;
  }
  EXPECT_FALSE(Expression::compile("unknown name + 1", scope));
}

TEST(Feel, finds_the_inputs_that_an_open_scope_leaves_open) {
  const auto expression = Expression::compile("if total price > limit then \"high\" else item count", Scope::any());
  ASSERT_TRUE(expression);
  ASSERT_EQ(expression->inputs().size(), 3U);
  EXPECT_EQ(expression->inputs()[0].name, "total price");
  EXPECT_EQ(expression->inputs()[2].name, "item count");
  const auto outcome = expression->evaluate(Value::context({{"total price", Value(3)}, {"limit", Value(2)}}));
  EXPECT_EQ(outcome.value.text(), "\"high\"");
  ASSERT_EQ(outcome.diagnostics.size(), 1U);
  EXPECT_EQ(outcome.diagnostics[0].code, DiagnosticCode::missing);
}

TEST(Feel, filters_paths_and_projects) {
  const Value people = parse_json(R"([{"name":"Ann","age":30},{"name":"Bo","age":17},{"age":50}])").value();
  const Value context = Value::context({{"people", people}, {"age", Value(20)}});
  for (const auto& [text, value] : std::initializer_list<Pair>{{"people[age > 18].name", "[\"Ann\", null]"},
                                                               {"people[1].name", "\"Ann\""},
                                                               {"people[-1].age", "50"},
                                                               {"people[item.age < 18].name", "[\"Bo\"]"},
                                                               {"people.age", "[30, 17, 50]"},
                                                               {"people[name = \"Bo\"][1].age + age", "37"},
                                                               {"people[4]", "null"},
                                                               {"count(people[age > 100])", "0"}})
    EXPECT_EQ(eval(text, context), value) << text;
  expect_all({{"[1,2,3][item > 1]", "[2, 3]"},
              {"[{a:1},{a:2}].a", "[1, 2]"},
              {"{a b: {c d: 5}}.a b.c d", "5"},
              {"{a: 1, b: a + 1}.b", "2"},
              {"5[1]", "5"},
              {"true[false]", "[]"}});
}

TEST(Feel, loops_and_quantifies) {
  expect_all({{"for i in 1..3 return i * i", "[1, 4, 9]"},
              {"for i in 3..1 return i", "[3, 2, 1]"},
              {"for i in 1..2, j in [\"a\",\"b\"] return string(i) + j", "[\"1a\", \"1b\", \"2a\", \"2b\"]"},
              {"for i in 1..6 return if i < 3 then 1 else partial[-1] + partial[-2]", "[1, 1, 2, 3, 5, 8]"},
              {"some x in [1,2,3] satisfies x > 2", "true"},
              {"every x in [1,2,3] satisfies x > 2", "false"},
              {"every x in [] satisfies false", "true"},
              {"for d in @\"2024-02-28\"..@\"2024-03-01\" return day of week(d)", "[\"Wednesday\", \"Thursday\", \"Friday\"]"}});
}

TEST(Feel, has_functions_as_values) {
  expect_all({{"{f: function(a, b) a + b, r: f(1, 2)}.r", "3"},
              {"{n: 10, f: function(a) a + n, n2: f(5)}.n2", "15"},
              {"sort([3,1,2], function(a, b) a > b)", "[3, 2, 1]"},
              {"(function(x: number) x * 2)(4)", "8"},
              {"(function(x: number) x)(\"a\")", "null"},
              {"{make: function(n) function(m) n + m, r: make(1)(2)}.r", "3"},
              {"substring(string: \"foobar\", start position: 3)", "\"obar\""},
              {"max(1, 5, 3)", "5"},
              {"nothing(1)", "null"}});
}

TEST(Feel, reckons_with_dates_times_and_durations) {
  expect_all({{"date(\"2024-02-29\") + duration(\"P1Y\")", "@\"2025-02-28\""},
              {"@\"2024-01-31\" + @\"P1M\"", "@\"2024-02-29\""},
              {"(@\"2024-03-01\" - @\"2024-02-01\").days", "29"},
              {"@\"2024-01-01T23:30:00\" + @\"PT1H\"", "@\"2024-01-02T00:30:00\""},
              {"@\"10:00:00+02:00\" = @\"08:00:00Z\"", "true"},
              {"years and months duration(@\"2020-01-15\", @\"2021-03-14\")", "@\"P1Y1M\""},
              {"years and months duration(@\"2014-12-31T23:59:59\", @\"2016-12-31T00:00:01\")", "@\"P2Y\""},
              {"years and months duration(@\"2016-12-31T00:00:01\", @\"2014-12-31T23:59:59\")", "@\"-P2Y\""},
              {"@\"2026-11-21T09:00:00@Asia/Shanghai\".time offset", "@\"PT8H\""},
              {"date(\"999999999-12-31\").year", "999999999"},
              {"date(\"2023-02-29\")", "null"},
              {"now()", "@\"2026-11-21T09:03:56.5Z\""},
              {"today()", "@\"2026-11-21\""},
              {"@\"2024-02-29\".weekday", "4"},
              {"duration(\"P1DT2H3M4.5S\").seconds", "4.5"},
              {"@\"2026-03-29T01:30:00@Europe/Paris\" + @\"PT1H\"", "@\"2026-03-29T03:30:00@Europe/Paris\""}});
}

TEST(Feel, tests_ranges) {
  expect_all({{"5 in [1..5]", "true"},
              {"5 in [1..5)", "false"},
              {"5 in ]5..9]", "false"},
              {"5 in (> 4, < 2)", "true"},
              {"5 between 1 and 5", "true"},
              {"[1..5].start included", "true"},
              {"(< 5).end", "5"},
              {"before([1..5), 5)", "true"},
              {"includes([1..10], [2..3])", "true"},
              {"\"b\" in [\"a\"..\"c\"]", "true"},
              {"[1..3] = [1..3]", "true"},
              {"1 in [2,1]", "true"},
              {"[1..list[1]][1]", "[1..9]"},
              {"x in ]1..5[ and true", "true"}},
             Value::context({{"x", Value(2)}, {"list", Value::list({Value(9)})}}));
}

TEST(Feel, counts_positions_and_lengths_from_one) {
  expect_all({{"substring(\"foobar\", 3)", "\"obar\""},
              {"substring(\"foobar\", -2, 1)", "\"a\""},
              {"substring(\"foobar\", 6, 9)", "\"r\""},
              {"substring(\"foobar\", 3, 0)", "null"},
              {"substring(\"foobar\", 0)", "null"},
              {"substring(\"foobar\", 7)", "null"},
              {"substring(\"\", 1)", "null"},
              {"substring(\"🐎ab\", 2, 1)", "\"a\""},
              {"sublist([4,5,6], 2)", "[5, 6]"},
              {"sublist([4,5,6], -1, 1)", "[6]"},
              {"sublist([4,5,6], 1, 0)", "null"},
              {"sublist([4,5,6], 3, 2)", "null"},
              {"insert before([1,3], -1, 2)", "[1, 2, 3]"},
              {"insert before([1,3], 3, 2)", "null"},
              {"remove([1,2,3], -3)", "[2, 3]"},
              {"remove([1,2,3], 4)", "null"},
              {"concatenate([1], 2, [[3]])", "[1, 2, [3]]"},
              {"index of([1,null,1], null)", "[2]"},
              {"list replace([1,2,3], -1, 4)", "[1, 2, 4]"}});
}

TEST(Feel, makes_a_list_of_one_of_a_value_and_a_value_of_a_list_of_one) {
  expect_all({{"count(5)", "1"},
              {"upper case([\"a\"])", "\"A\""},
              {"substring([\"foobar\"], [3])", "\"obar\""},
              {"contains([\"foobar\"], \"o\")", "true"},
              {"append(1, 2)", "[1, 2]"},
              {"5[item > 4]", "[5]"},
              {"[5] = 5", "true"},
              {"[5] + 1", "null"},
              {"(function(n: number) n + 1)([1])", "2"},
              {"(function(l: list<number>) count(l))(1)", "1"},
              {"(function(n: number) n)([1, 2])", "null"},
              {"(function(d: date and time) d)(@\"2026-01-02\")", "@\"2026-01-02T00:00:00Z\""},
              {"for i in 5 return i", "[5]"},
              {"some i in 5 satisfies i = 5", "true"}});
}

TEST(Feel, matches_patterns_as_xpath_does) {
  expect_all({{"matches(\"foobar\", \"^fo*b\")", "true"},
              {"matches(\"a\\nb\", \"a.b\")", "false"},
              {"matches(\"a\\nb\", \"a.b\", \"s\")", "true"},
              {"matches(\"ABC\", \"abc\", \"i\")", "true"},
              {"matches(\"x\", \"[a-z-[aeiou]]\")", "true"},
              {"matches(\"a\", \"\\\\p{Lu}\", \"i\")", "false"},
              {"matches(\"aB\", \"^\\\\i[A-Z]$\", \"i\")", "true"},
              {"matches(\"e\", \"^[a-z-[aeiou]]$\")", "false"},
              {"matches(\"a\", \"(\")", "null"},
              {"matches(\"a\", \"(?=a)\")", "null"},
              {"matches(\"aa\", \"^(a)\\\\1$\")", "true"},
              {"matches(\"a\", \"\\\\1(a)\")", "null"},
              {"replace(\"abc\", \"(b)\", \"[$1]\")", "\"a[b]c\""},
              {"matches(\"hello world\", \"hello\\\\ sworld\", \"x\")", "true"},
              {"matches(\"a b[\", \"^ a [ ] b \\\\ [ $\", \"x\")", "true"},
              {"matches(\"ab\", \"a [\\\\] ] b\", \"x\")", "false"},
              {"replace(\"abc\", \"x*\", \"-\")", "null"},
              {"split(\"a;b;;c\", \";\")", "[\"a\", \"b\", \"\", \"c\"]"},
              {"matches(\"é\", \"^\\\\p{L}$\")", "true"},
              {"matches(\"中\", \"^\\\\p{IsCJKUnifiedIdeographs}$\")", "true"}});
}

TEST(Feel, stops_a_pattern_that_runs_away) {
  const auto expression = Expression::compile("matches(text, \"^(a+)+$\")", Scope::any());
  const auto outcome = expression->evaluate(Value::context({{"text", Value(std::string(60, 'a') + "b")}}));
  EXPECT_TRUE(outcome.value.is_null());
  ASSERT_FALSE(outcome.diagnostics.empty());
  EXPECT_EQ(outcome.diagnostics[0].code, DiagnosticCode::limit);
}

TEST(Feel, says_where_a_text_is_wrong_in_both_languages) {
  const auto error = Expression::compile("1 +\n  * 2", {}).error();
  EXPECT_EQ(error.message.en, "line 2, column 3: '*' does not belong here");
  EXPECT_EQ(error.message.zh, "第 2 行第 3 列：“*”不应出现在此处");
  for (const char* text :
       {"", "1 +", "(1", "[1, 2", "{a: 1", "\"open", "if true then 1", "for x in", "1 2", "a.", "{a: 1, a: 2}", "f(1, b: 2)", "/* open", "#"})
    EXPECT_FALSE(Expression::compile(text, Scope::any())) << text;
}

TEST(Feel, ends_at_its_limits) {
  const auto limited = [](std::string_view text, const Limits& limits) {
    const auto expression = Expression::compile(text, Scope::any());
    Options options;
    options.limits = limits;
    auto outcome = expression->evaluate(Value(), options);
    EXPECT_TRUE(outcome.value.is_null()) << text;
    return !outcome.diagnostics.empty() && outcome.diagnostics.back().code == DiagnosticCode::limit;
  };
  EXPECT_TRUE(limited("for i in 1..1000000000 return i", {.list_items = 1000}));
  EXPECT_TRUE(limited("count(for i in 1..1000, j in 1..1000, k in 1..1000 return 1)", {.steps = 100'000}));
  EXPECT_TRUE(limited("{f: function(n) f2(n), f2: function(n) n, r: (function(g, n) g(g, n))(function(g, n) g(g, n + 1), 0)}.r", {}));
  EXPECT_TRUE(limited("(for i in 1..60 return if i = 1 then \"x\" else partial[-1] + partial[-1])[-1]", {.string_bytes = 1 << 20}));
  EXPECT_TRUE(limited("string((for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])[-1])", {.string_bytes = 1 << 20}));
  EXPECT_TRUE(limited("(for i in 1..5000 return if i = 1 then [1] else [partial[-1]])[-1]", {}));
  EXPECT_TRUE(limited("count(for i in 1..100000, j in 1..100000 return i)", {.steps = UINT64_MAX, .list_items = SIZE_MAX, .time_ms = 50}));
}

TEST(Feel, refuses_what_is_too_deep_or_too_large_at_once) {
  EXPECT_FALSE(Expression::compile(std::string(10'000, '(') + "1" + std::string(10'000, ')'), {}));
  EXPECT_FALSE(Expression::compile(std::string(10'000, '-') + "1", {}));
  std::string sum = "1";
  for (int i = 0; i < 20'000; ++i) sum += "+1";
  EXPECT_FALSE(Expression::compile(sum, {}));
  EXPECT_FALSE(Expression::compile(std::string(1 << 20, 'x'), Scope::any()));
  EXPECT_FALSE(Expression::compile("1" + std::string(60'000, '0'), {}));
  EXPECT_FALSE(Expression::compile("\xff\xfe", {}));
}

TEST(UnaryTests, hold_as_in_a_table_cell) {
  const auto test = [](const char* text, const Value& input) {
    const auto tests = UnaryTests::compile(text, {}, Scope::any());
    if (!tests) return std::string("refused");
    return tests->test(input, Value::context({{"limit", Value(10)}})).value.text();
  };
  EXPECT_EQ(test("< 16", Value(15)), "true");
  EXPECT_EQ(test("[16..60], 99", Value(99)), "true");
  EXPECT_EQ(test("not(\"a\", \"b\")", Value("c")), "true");
  EXPECT_EQ(test("-", Value()), "true");
  EXPECT_EQ(test("? > limit", Value(11)), "true");
  EXPECT_EQ(test("\"urban\"", Value("rural")), "false");
  EXPECT_EQ(test("null", Value()), "true");
  EXPECT_EQ(test("ends with(?, \"x\"), \"q\"", Value("ax")), "true");
  EXPECT_EQ(test("> date(\"2020-01-01\")", Value(Date::parse("2021-01-01"))), "true");
  EXPECT_EQ(test("< 16", Value("x")), "null");
  EXPECT_EQ(test("not(null)", Value(1)), "true");
  EXPECT_EQ(test("1,", Value(1)), "refused");
}

TEST(Json, round_trips_every_value) {
  const char* texts[] = {"null",
                         "true",
                         "1",
                         "-1.5",
                         "0.1",
                         "12345678901234567890.12345678901",
                         "1e40",
                         "\"中文\\n\"",
                         "@\"2026-11-21\"",
                         "@\"09:03:00+08:00\"",
                         "@\"2026-11-21T09:03:00@Asia/Shanghai\"",
                         "@\"P1DT2H\"",
                         "@\"-P14M\"",
                         "[1, [2, null]]",
                         "{a: 1, \"b c\": [true]}",
                         "[1..5)",
                         "(< 5)",
                         "(>= @\"2020-01-01\")",
                         "(= 5)",
                         "{\"@date\": \"x\"}",
                         "{\"@context\": {\"@date\": 1}}",
                         "[]",
                         "{}"};
  for (const char* text : texts) {
    const auto value = Expression::compile(text, {}).value().evaluate().value;
    const auto json = json_text(value);
    const auto back = parse_json(json);
    ASSERT_TRUE(back) << text << " " << json << " " << back.error().text();
    EXPECT_EQ(*back, value) << text << " " << json;
  }
  EXPECT_EQ(json_text(parse_json("[0.1, 1.10, 100, 1e2, 12.34]").value()), "[0.1,1.1,100,100,12.34]");
  for (const char* bad : {"", "{", "[1,]", "{\"a\":1,}", "01x", "nul", "\"\\x\"", "{\"@date\":\"2026-13-01\"}", "{\"@nothing\":1}", "1 2"})
    EXPECT_FALSE(parse_json(bad)) << bad;
  EXPECT_FALSE(parse_json(std::string(100'000, '[')));
}

TEST(Json, a_function_or_a_wrong_form_says_where) {
  const auto error = parse_json(R"({"a": [1, {"@date": "x"}]})").error();
  EXPECT_EQ(error.field, "/a/1");
}

TEST(Feel, one_expression_serves_many_threads) {
  const auto expression = Expression::compile("sum(for i in 1..n return i * factor) + count(text)", Scope::any()).value();
  const Value context =
      Value::context({{"n", Value(100)}, {"factor", Value(2)}, {"text", Value::list({Value("a text longer than what fits inside"), Value(1)})}});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) EXPECT_EQ(expression.evaluate(context).value.text(), "10102");
    });
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace jx::rules
