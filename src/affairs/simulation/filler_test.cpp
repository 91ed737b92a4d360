// What a form is filled with.
#include "filler.hpp"

#include <jx/wire.hpp>

#include <gtest/gtest.h>

namespace jx::simulation {
namespace {

const char* const form = R"({"type": "object", "required": ["who", "sure", "kind", "day", "size"], "properties": {
  "who": {"type": "object", "required": ["name", "phone"], "properties": {"name": {"type": "string"}, "phone": {"type": "string", "pattern": "^[0-9]{11}$"}}},
  "sure": {"type": "boolean", "const": true},
  "kind": {"type": "string", "oneOf": [{"const": "a"}, {"const": "b"}]},
  "day": {"type": "string", "format": "date"},
  "size": {"type": "integer", "minimum": 3, "maximum": 5},
  "title": {"type": "string"}}})";

struct Filled {
  Plan plan;
  Profile who{"王芳", "王", "33202119880305048X", "10255510001", "老街17号"};
  boost::json::value schema = wire::parse(form).value();

  boost::json::object fill(std::uint64_t seed, boost::json::object data = {}) {
    Dice dice(seed);
    Filler filler{plan, nullptr, who, LocalDate::of(2026, 11, 2), dice};
    filler.fill(schema, data);
    return data;
  }
};

TEST(Filler, fills_what_is_demanded_as_the_schema_allows) {
  Filled filled;
  for (std::uint64_t seed = 1; seed < 50; ++seed) {
    const auto data = filled.fill(seed);
    EXPECT_EQ(data.at("who").at("phone").as_string(), "10255510001");
    EXPECT_TRUE(data.at("sure").as_bool());
    EXPECT_TRUE(data.at("kind").as_string() == "a" || data.at("kind").as_string() == "b");
    EXPECT_GE(data.at("size").as_int64(), 3);
    EXPECT_LE(data.at("size").as_int64(), 5);
    EXPECT_GT(LocalDate::parse(data.at("day").as_string().c_str()).value(), LocalDate::of(2026, 11, 2));
  }
}

TEST(Filler, takes_the_values_of_the_plan_before_those_of_the_schema) {
  Filled filled;
  filled.plan.fields = {{"name", boost::json::array{"{name}"}}, {"/title", boost::json::array{"{surname}记 {date+3}"}}};
  boost::json::object data;
  for (std::uint64_t seed = 1; !data.contains("title"); ++seed) data = filled.fill(seed);
  EXPECT_EQ(data.at("who").at("name").as_string(), "王芳");
  EXPECT_EQ(data.at("title").as_string(), "王记 2026-11-05");
}

TEST(Filler, leaves_alone_what_is_filled) {
  Filled filled;
  EXPECT_EQ(filled.fill(1, {{"size", 4}, {"kind", "b"}}).at("size").as_int64(), 4);
}

TEST(Filler, is_the_same_for_the_same_seed) {
  Filled filled;
  EXPECT_EQ(filled.fill(7), filled.fill(7));
}

TEST(Filler, fills_one_field_anew_and_knows_which_there_are) {
  Filled filled;
  auto data = filled.fill(1);
  Dice dice(1);
  Filler filler{filled.plan, nullptr, filled.who, LocalDate::of(2026, 11, 2), dice};
  data.erase("who");
  EXPECT_TRUE(filler.again(filled.schema, data, "/who/phone"));
  EXPECT_EQ(data.at("who").at("phone").as_string(), "10255510001");
  EXPECT_FALSE(filler.again(filled.schema, data, "/nothing"));
}

}  // namespace
}  // namespace jx::simulation
