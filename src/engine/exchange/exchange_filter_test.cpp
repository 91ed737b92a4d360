#include <jx/exchange/filter.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

namespace jx::exchange {
namespace {

namespace json = boost::json;

Result<Filter> filter_of(const char* text) { return parse_filter(json::parse(text)); }

bool holds(const char* filter, const json::object& row) {
  const auto parsed = filter_of(filter);
  EXPECT_TRUE(parsed) << filter << ": " << parsed.error().text();
  const json::value absent;
  return parsed && parsed->holds([&](std::string_view field) -> const json::value& {
    const auto* cell = row.if_contains(field);
    return cell != nullptr ? *cell : absent;
  });
}

void expect_fault(const char* filter, const char* pointer) {
  const auto parsed = filter_of(filter);
  ASSERT_FALSE(parsed) << filter;
  EXPECT_EQ(parsed.error().field, pointer) << filter;
}

TEST(Filters, compare_numbers_texts_and_booleans_with_their_like) {
  const json::object row{{"age", 30}, {"rate", 1.5}, {"name", "Wang"}, {"open", true}, {"gone", nullptr}};
  EXPECT_TRUE(holds(R"({"field":"age","op":"ge","value":30})", row));
  EXPECT_TRUE(holds(R"({"field":"age","op":"lt","value":30.5})", row));
  EXPECT_FALSE(holds(R"({"field":"rate","op":"gt","value":1.5})", row));
  EXPECT_TRUE(holds(R"({"field":"name","op":"ne","value":"wang"})", row));
  EXPECT_TRUE(holds(R"({"field":"name","op":"in","value":["Li","Wang"]})", row));
  EXPECT_TRUE(holds(R"({"field":"open","op":"eq","value":true})", row));
  EXPECT_FALSE(holds(R"({"field":"gone","op":"ne","value":"x"})", row));
  EXPECT_FALSE(holds(R"({"field":"age","op":"ne","value":"30"})", row));
}

TEST(Filters, combine_with_all_any_and_not) {
  const json::object row{{"a", 1}, {"b", 2}};
  EXPECT_TRUE(holds(R"({"all":[{"field":"a","op":"eq","value":1},{"not":{"field":"b","op":"eq","value":3}}]})", row));
  EXPECT_TRUE(holds(R"({"any":[{"field":"a","op":"eq","value":9},{"field":"b","op":"le","value":2}]})", row));
  EXPECT_FALSE(holds(R"({"not":{"any":[{"field":"a","op":"eq","value":1}]}})", row));
}

TEST(Filters, point_at_what_is_wrong) {
  expect_fault("[]", "/filter");
  expect_fault("{}", "/filter");
  expect_fault(R"({"all":[]})", "/filter/all");
  expect_fault(R"({"any":[{"field":"a","op":"like","value":"x"}]})", "/filter/any/0/op");
  expect_fault(R"({"not":{"field":"","op":"eq","value":1}})", "/filter/not/field");
  expect_fault(R"({"field":"a","op":"in","value":[1,null]})", "/filter/value/1");
  expect_fault(R"({"field":"a","op":"eq","value":[1]})", "/filter/value");
  expect_fault(R"({"field":"a","op":"eq","value":1,"more":1})", "/filter");
}

TEST(Filters, have_a_limit_of_depth_and_size) {
  const auto nested = [](std::size_t levels) {
    json::value filter = json::object{{"field", "a"}, {"op", "eq"}, {"value", 1}};
    for (std::size_t i = 1; i < levels; ++i) filter = json::object{{"not", filter}};
    return parse_filter(filter);
  };
  EXPECT_TRUE(nested(filter_depth_max));
  EXPECT_EQ(nested(filter_depth_max + 1).error().code, ErrorCode::too_large);
  json::array parts;
  for (std::size_t i = 0; i < filter_nodes_max; ++i) parts.push_back(json::object{{"field", "a"}, {"op", "eq"}, {"value", 1}});
  EXPECT_EQ(parse_filter(json::object{{"all", parts}}).error().code, ErrorCode::too_large);
  parts.pop_back();
  EXPECT_TRUE(parse_filter(json::object{{"all", parts}}));
}

}  // namespace
}  // namespace jx::exchange
