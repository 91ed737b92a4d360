// Several forms as one.
#include "stored_form.hpp"

#include <jx/wire.hpp>

#include <boost/json/array.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jx::cases {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Forms by key, schema and layout; merged, and stored as a pack would.
class FormMerges : public ::testing::Test {
 protected:
  void add(const std::string& key, const std::string& properties, const std::string& required, const std::string& layout) {
    keys_.push_back(key);
    schemas_.push_back(
        *wire::parse(R"({"type":"object","additionalProperties":false,"properties":)" + properties + R"(,"required":)" + required + "}"));
    layouts_.push_back(*wire::parse(layout));
  }
  Merge merge() {
    std::vector<MergeInput> inputs;
    for (std::size_t i = 0; i < keys_.size(); ++i) inputs.push_back({keys_[i], &schemas_[i], &layouts_[i]});
    return merge_forms(inputs);
  }
  static StoredForm stored(const json::value& schema, const json::value& layout, std::vector<FormPart> parts = {}) {
    auto compiled = FormSchema::compile(schema);
    auto rules = FormLayout::compile(schema, layout, FormLayout::Reading::stored);
    EXPECT_TRUE(compiled) << compiled.error().front().message.en;
    EXPECT_TRUE(rules) << rules.error().front().message.en;
    return {{}, schema.as_object(), layout.as_object(), *compiled, *rules, std::move(parts)};
  }
  StoredForm whole() {
    const auto merged = merge();
    EXPECT_THAT(merged.conflicts.size(), 0U);
    std::vector<FormPart> parts;
    for (std::size_t i = 0; i < keys_.size(); ++i)
      parts.push_back({keys_[i], std::make_shared<const StoredForm>(stored(schemas_[i], layouts_[i])), merged.fields[i]});
    return stored(merged.schema, merged.layout, std::move(parts));
  }
  static FormCheck check(const StoredForm& form, const char* data) { return form.check(wire::parse(data)->as_object(), Instant{}, "UTC"); }
  static std::vector<std::string> told(const FormCheck& check) {
    std::vector<std::string> out;
    for (const auto& f : check.faults) out.push_back(f.pointer + " " + f.code);
    return out;
  }
  void two_forms() {
    add("food-permit",
        R"({"name":{"type":"string","minLength":1,"maxLength":100,"x-datum":"person.name","x-title":{"en":"Name"}},"seats":{"type":"integer","minimum":0},
            "address":{"type":"string","minLength":1}})",
        R"(["name","seats"])",
        R"({"groups":[{"id":"a","fields":[{"pointer":"/name"},{"pointer":"/seats"},{"pointer":"/address"}]}],
            "rules":[{"id":"few","require":"seats <= 50","at":"/seats","message":{"zh-CN":"多","en":"Too many"}}]})");
    add("fire-check",
        R"({"owner":{"type":"object","additionalProperties":false,"properties":{"full_name":{"type":"string","minLength":2,"maxLength":200,"x-datum":"person.name"}},"required":["full_name"]},
            "places":{"type":"integer","maximum":80},"address":{"type":"string","minLength":1},"exits":{"type":"integer","minimum":1}})",
        R"(["owner","exits","address"])",
        R"json({"groups":[{"id":"b","fields":[{"pointer":"/owner/full_name"},{"pointer":"/places"},{"pointer":"/address"},{"pointer":"/exits","visible":"places > 10"}]}],
            "computed":{"/places":"1 + string length(owner.full_name)"}})json");
  }

  std::vector<std::string> keys_;
  std::vector<json::value> schemas_, layouts_;
};

TEST_F(FormMerges, ask_nothing_twice) {
  two_forms();
  const auto form = whole();
  const auto counts = form.counts();
  EXPECT_EQ(counts.forms, 2);
  EXPECT_EQ(counts.fields, 7);
  EXPECT_EQ(counts.distinct, 5);
  EXPECT_EQ(counts.computed, 1);
  EXPECT_EQ(form.rules.fields(),
            (std::vector<std::string>{"/food-permit/name", "/food-permit/seats", "/food-permit/address", "/fire-check/places", "/fire-check/exits"}));
  const auto& name = form.schema.at("properties").at("food-permit").at("properties").at("name");
  EXPECT_EQ(name.at("minLength"), 2);
  EXPECT_EQ(name.at("maxLength"), 100);
  const auto& required = form.schema.at("properties").at("food-permit").at("required");
  EXPECT_EQ(wire::to_text(required), R"(["name","seats","address"])");
}

TEST_F(FormMerges, give_each_form_its_own_data) {
  two_forms();
  const auto form = whole();
  const auto done = form.complete(
      wire::parse(R"({"food-permit":{"name":"Wang Fang Hua","seats":20,"address":"Xikou 1"},"fire-check":{"places":999,"exits":2}})")->as_object(),
      Instant{}, "UTC");
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(wire::to_text(form.parts_of(*done)),
            R"({"food_permit":{"name":"Wang Fang Hua","seats":20,"address":"Xikou 1"},)"
            R"("fire_check":{"owner":{"full_name":"Wang Fang Hua"},"places":14,"address":"Xikou 1","exits":2}})");
}

TEST_F(FormMerges, keep_the_rules_and_conditions_of_all) {
  two_forms();
  const auto form = whole();
  const auto checked = check(form, R"({"food-permit":{"name":"W","seats":60},"fire-check":{"exits":0}})");
  EXPECT_THAT(told(checked), ElementsAre("/food-permit/seats rule:few", "/food-permit/name minLength", "/food-permit/address required"));
  EXPECT_THAT(checked.hidden, ElementsAre("/fire-check/exits"));
  EXPECT_THAT(checked.computed, ElementsAre(std::pair<std::string, json::value>("/fire-check/places", 2)));
  EXPECT_FALSE(checked.data.at("fire-check").as_object().contains("exits"));
}

TEST_F(FormMerges, refuse_what_belongs_to_none_of_them) {
  two_forms();
  const auto form = whole();
  EXPECT_THAT(told(check(form, R"({"food-permit":{"name":"Wang","seats":1,"address":"x","colour":1},"other":{}})")),
              ElementsAre("/food-permit/colour additionalProperties", "/other additionalProperties"));
}

TEST_F(FormMerges, tell_what_no_value_can_fit) {
  add("a", R"({"n":{"type":"string","x-datum":"d"},"m":{"type":"integer","maximum":5,"x-datum":"e"},"k":{"enum":[1,2],"x-datum":"f"}})", "[]",
      R"({"groups":[]})");
  add("b",
      R"({"g":{"type":"object","properties":{"n":{"type":"number","x-datum":"d"}}},"m":{"type":"number","minimum":6,"x-datum":"e"},"k":{"enum":[3],"x-datum":"f"}})",
      "[]", R"({"groups":[]})");
  const auto merged = merge();
  ASSERT_EQ(merged.conflicts.size(), 3U);
  EXPECT_EQ(merged.conflicts[0].first_at, "/properties/n");
  EXPECT_EQ(merged.conflicts[0].second_at, "/properties/g/properties/n");
  EXPECT_EQ(merged.conflicts[1].message.en, "minimum is over maximum");
}

TEST_F(FormMerges, meet_limits_choices_and_patterns) {
  add("a",
      R"({"x":{"type":["integer","null"],"pattern":"a","enum":[1,2,3],"x-datum":"d"},"y":{"oneOf":[{"const":"p"},{"const":"q"}],"x-datum":"e"}})",
      "[]", R"({"groups":[]})");
  add("b", R"({"x":{"type":"number","pattern":"b","enum":[3,2],"x-datum":"d"},"y":{"oneOf":[{"const":"q"},{"const":"r"}],"x-datum":"e"}})", "[]",
      R"({"groups":[]})");
  const auto merged = merge();
  EXPECT_THAT(merged.conflicts.size(), 0U);
  EXPECT_EQ(
      wire::to_text(merged.schema.at("properties").at("a").at("properties")),
      R"({"x":{"type":"integer","pattern":"a","enum":[2,3],"x-datum":"d","allOf":[{"pattern":"b"}]},"y":{"oneOf":[{"const":"q"}],"x-datum":"e"}})");
}

TEST_F(FormMerges, name_the_data_of_a_whole_group_at_once) {
  add("a", R"({"who":{"type":"object","x-datum":"applicant","properties":{"name":{"type":"string"},"phone":{"type":"string"}}}})", "[]",
      R"({"groups":[]})");
  add("b", R"({"owner":{"type":"object","x-datum":"applicant","properties":{"name":{"type":"string"},"age":{"type":"integer"}}}})", "[]",
      R"({"groups":[]})");
  const auto merged = merge();
  EXPECT_THAT(merged.fields[1], ElementsAre(std::pair<std::string, std::string>("/owner/name", "/a/who/name"),
                                            std::pair<std::string, std::string>("/owner/age", "/b/owner/age")));
}

TEST_F(FormMerges, take_one_pointer_for_one_datum_only_where_it_is_defined_alike) {
  add("a", R"({"n":{"type":"string","x-title":{"en":"Name of the shop"}},"m":{"type":"string","x-title":{"en":"Remark"},"x-help":{"en":"One"}}})",
      "[]", R"({"groups":[]})");
  add("b", R"({"n":{"type":"string","x-title":{"en":"Name of the owner"}},"m":{"type":"string","x-title":{"en":"Remark"},"x-help":{"en":"Two"}}})",
      "[]", R"({"groups":[]})");
  const auto merged = merge();
  EXPECT_THAT(merged.fields[1], ElementsAre(std::pair<std::string, std::string>("/n", "/b/n"), std::pair<std::string, std::string>("/m", "/a/m")));
}

TEST_F(FormMerges, keep_two_things_of_one_kind_apart) {
  add("a", R"({"n":{"type":"string","x-datum":"d"},"m":{"type":"string","x-datum":"d"}})", "[]", R"({"groups":[]})");
  add("b", R"({"p":{"type":"string","x-datum":"d"},"q":{"type":"string","x-datum":"d"}})", "[]", R"({"groups":[]})");
  const auto merged = merge();
  EXPECT_THAT(merged.fields[1], ElementsAre(std::pair<std::string, std::string>("/p", "/a/n"), std::pair<std::string, std::string>("/q", "/a/m")));
}

TEST_F(FormMerges, carry_definitions_along) {
  schemas_.push_back(*wire::parse(
      R"({"type":"object","properties":{"list":{"type":"array","items":{"$ref":"#/definitions/row"}}},"definitions":{"row":{"type":"object","required":["id"]}}})"));
  layouts_.push_back(*wire::parse(R"({"groups":[{"fields":[{"pointer":"/list"}]}]})"));
  keys_.push_back("a");
  add("b", R"({"x":{"type":"string"}})", "[]", R"({"groups":[{"fields":[{"pointer":"/x"}]}]})");
  const auto form = whole();
  EXPECT_THAT(told(check(form, R"({"a":{"list":[{}]}})")), ElementsAre("/a/list/0/id required"));
}

TEST(FormKeys, may_name_several_forms) {
  EXPECT_THAT(forms_of(" a  b\nc"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(forms_of(""), IsEmpty());
}

}  // namespace
}  // namespace jx::cases
