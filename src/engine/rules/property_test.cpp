// property_test.cpp - what holds of every value: its JSON and its text come back, sorting is stable, days and months add up.
#include <jx/rules.hpp>
#include <jx/rules/json.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace jx::rules {
namespace {

Value eval(std::string_view text, const Value& context = {}) { return Expression::compile(text, Scope::any()).value().evaluate(context).value; }

class RandomValue {
 public:
  explicit RandomValue(unsigned seed) : random_(seed) {}

  std::int64_t below(std::int64_t count) { return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(count)); }

  Value any(int depth) {
    switch (below(depth > 0 ? 13 : 9)) {
      case 0: return {};
      case 1: return Value(below(2) == 0);
      case 2: return number();
      case 3: return text();
      case 4: return Value(Date{below(2'000'000) - 1'000'000});
      case 5: return Value(Time{below(86'400) * 1'000'000'000 + below(3) * 500'000'000, zone()});
      case 6: return Value(DateTime{below(200'000'000'000) - 100'000'000'000, static_cast<std::int32_t>(below(2) * 123'456'789), zone()});
      case 7: return Value(Span{below(1'000'000) - 500'000, static_cast<std::int32_t>(below(2) * 1'000'000)});
      case 8: return Value(Months{below(1'000) - 500});
      case 9: return range();
      case 10: {
        std::vector<Value> items;
        for (auto i = below(5); i > 0; --i) items.push_back(any(depth - 1));
        return Value::list(std::move(items));
      }
      default: {
        std::vector<Entry> entries;
        for (auto i = below(5); i > 0; --i) entries.push_back({std::string(text().string()), any(depth - 1)});
        return Value::context(std::move(entries));
      }
    }
  }

 private:
  Value number() {
    const auto digits = static_cast<unsigned __int128>(random_()) * (below(2) == 0 ? 1 : random_());
    return Value(Number::from_parts(below(2) == 0, digits, static_cast<int>(below(60)) - 40));
  }
  Value text() {
    static const char* const pieces[] = {"",   "a", "b c", "\"", "\\", "\n", "@date", "中", "🐎", "longer than what fits inside of a value",
                                         "if", "1", "\t"};
    std::string out;
    for (auto i = below(4); i > 0; --i) out += pieces[below(std::size(pieces))];
    return Value(out);
  }
  Zone zone() {
    switch (below(4)) {
      case 0: return Zone::utc();
      case 1: return Zone::offset(static_cast<int>(below(36) - 18) * 3'600).value();
      case 2: return Zone::named("Asia/Shanghai").value();
      default: return {};
    }
  }
  Value range() {
    const auto low = below(100), high = low + below(100);
    switch (below(4)) {
      case 0: return eval("(< " + std::to_string(high) + ")");
      case 1: return eval("(>= " + std::to_string(low) + ")");
      default: return Value::range({Value(low), Value(high), below(2) == 0, below(2) == 0});
    }
  }
  std::mt19937_64 random_;
};

TEST(Property, json_gives_every_value_back) {
  RandomValue random(1);
  for (int i = 0; i < 20'000; ++i) {
    const auto value = random.any(3);
    const auto json = json_text(value);
    const auto back = parse_json(json);
    ASSERT_TRUE(back) << json;
    ASSERT_EQ(*back, value) << json;
    ASSERT_EQ(json_text(*back), json);
  }
}

TEST(Property, the_text_of_a_value_is_feel_for_it) {
  RandomValue random(2);
  for (int i = 0; i < 5'000; ++i) {
    const auto value = random.any(3);
    const auto text = value.text();
    const auto expression = Expression::compile(text, {});
    ASSERT_TRUE(expression) << text << "\n" << expression.error().text();
    ASSERT_EQ(expression->evaluate().value, value) << text;
  }
}

TEST(Property, equality_and_order_agree) {
  RandomValue random(3);
  for (int i = 0; i < 20'000; ++i) {
    const Value context = Value::context({{"a", random.any(1)}, {"b", random.any(1)}});
    static const auto all =
        Expression::compile("[a = b, b = a, a < b, b > a, a <= b, a != b, a < b or a = b, a between b and b]", Scope::any()).value();
    const auto result = all.evaluate(context).value;
    const auto is = result.items();
    EXPECT_EQ(is[0], is[1]) << context.text();
    EXPECT_EQ(is[2], is[3]) << context.text();
    if (is[2].is_null()) continue;
    EXPECT_EQ(is[4], is[6]) << context.text();
    EXPECT_EQ(is[0].boolean(), !is[5].boolean()) << context.text();
    EXPECT_EQ(is[0], is[7]) << context.text();
  }
}

TEST(Property, sorting_is_stable_and_orders) {
  const auto sort = Expression::compile("sort(l, function(x, y) x.key < y.key)", Scope::any()).value();
  RandomValue random(4);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::pair<std::int64_t, std::int64_t>> expected;
    std::vector<Value> items;
    for (std::int64_t i = 0, count = random.below(60); i < count; ++i) {
      const auto key = random.below(8);
      expected.emplace_back(key, i);
      items.push_back(Value::context({{"key", Value(key)}, {"place", Value(i)}}));
    }
    std::ranges::stable_sort(expected, {}, &std::pair<std::int64_t, std::int64_t>::first);
    const auto sorted = sort.evaluate(Value::context({{"l", Value::list(std::move(items))}})).value;
    ASSERT_EQ(sorted.items().size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_EQ(*sorted.items()[i].find("key"), Value(expected[i].first));
      EXPECT_EQ(*sorted.items()[i].find("place"), Value(expected[i].second));
    }
  }
}

/// Steps day by day, as one would on a calendar on the wall.
struct Wall {
  std::int64_t year;
  int month, day;
  [[nodiscard]] int length() const {
    if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  }
  void next() {
    if (++day <= length()) return;
    day = 1;
    if (++month <= 12) return;
    month = 1;
    ++year;
  }
  void next_month() {
    if (++month > 12) {
      month = 1;
      ++year;
    }
  }
  [[nodiscard]] Value value() const { return Value(Date::of(year, month, day)); }
};

TEST(Property, days_and_months_add_up_as_on_a_calendar_on_the_wall) {
  const auto after =
      Expression::compile("[start + duration(\"PT24H\") * n, (start + duration(\"P1D\") * n) - start, start + duration(\"P1M\") * m]", Scope::any())
          .value();
  RandomValue random(5);
  for (int round = 0; round < 60; ++round) {
    const Wall start{1890 + random.below(300), static_cast<int>(1 + random.below(12)), static_cast<int>(1 + random.below(28))};
    const auto days = random.below(2'000), months = random.below(300);
    Wall wall = start, by_month = start;
    for (std::int64_t i = 0; i < days; ++i) wall.next();
    for (std::int64_t i = 0; i < months; ++i) by_month.next_month();
    const auto result = after.evaluate(Value::context({{"start", start.value()}, {"n", Value(days)}, {"m", Value(months)}})).value;
    EXPECT_EQ(result.items()[0], wall.value());
    EXPECT_EQ(result.items()[1], Value(Span{days * 86'400, 0}));
    EXPECT_EQ(result.items()[2], by_month.value());
    const Value context = Value::context({{"a", start.value()}, {"b", by_month.value()}});
    EXPECT_EQ(eval("years and months duration(a, b)", context), Value(Months{months}));
    EXPECT_EQ(eval("years and months duration(b, a)", context), Value(Months{-months}));
  }
}

}  // namespace
}  // namespace jx::rules
