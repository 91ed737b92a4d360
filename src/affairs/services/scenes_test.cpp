// Scenes: what answers mean, and what a check of a pack finds in their questions.
#include <jx/services.hpp>
#include <jx/services/scenes.hpp>

#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace jx::services {
namespace {

const char* const manifest = "key: test\nname: {zh-CN: 测试, en: Test}\nversion: '1'\nlanguages: [zh-CN, en]\nzone: Asia/Shanghai\ncalendar: cn\n";

const char* const item = R"(id: permit
code: "1"
name: {zh-CN: 许可, en: Permit}
summary: {zh-CN: 许可, en: Permit}
units: [market]
kind: licence
level: county
legal_basis: []
who_may_apply: [person]
conditions: []
materials: []
statutory_wd: 20
promised_wd: 5
visits: 0
fee: {zh-CN: 不收费, en: None}
result: {zh-CN: 许可证, en: Permit}
steps: []
process: permit
form: permit
number: T
)";

const char* const form = R"({"type": "object", "properties": {"shop": {"type": "object", "properties": {"kind": {"type": "string"}}}}})";

std::string scene(const std::string& fills, const std::string& second = "{id: drinks, name: {zh-CN: 饮品, en: Drinks}}") {
  return R"(id: shop
name: {zh-CN: 开店, en: Open a shop}
summary: {zh-CN: 开店, en: Open a shop}
topic: 准营准办
questions:
  - id: kind
    title: {zh-CN: 卖什么, en: What}
    options:
      - {id: noodles, name: {zh-CN: 面, en: Noodles}, fills: )" +
         fills + "}\n      - " + second + "\ndecision: guide\n";
}

std::string model(const std::string& drinks) {
  return R"(<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="d" namespace="urn:d">
  <inputData id="i" name="kind"><variable name="kind" typeRef="string"/></inputData>
  <decision id="guide" name="guide"><variable name="guide"/><informationRequirement id="r"><requiredInput href="#i"/></informationRequirement>
  <literalExpression><text>{apply: [if kind = "drinks" then )" +
         drinks +
         R"( else "permit"], items: [{item: "permit", stage: 1, because: {"zh-CN": "要许可", en: "A permit"}, law: null}], notes: []}</text></literalExpression>
  </decision></definitions>)";
}

std::vector<std::string> findings(const std::string& scene_text, const std::string& drinks = "\"permit\"") {
  const auto pack = pack::Pack::of({{"pack.yaml", manifest},
                                    {"items/permit.yaml", item},
                                    {"forms/permit.json", form},
                                    {"scenes/shop.yaml", scene_text},
                                    {"decisions/d.dmn", model(drinks)}});
  EXPECT_TRUE(pack) << pack.error().text();
  pack::Names names;
  pack::Findings of_names, found;
  const auto* file = pack->file("items/permit.yaml");
  names.declare(pack::Kind::item, "permit", *file, 1, of_names);
  names.declare(pack::Kind::decision, "guide", *file, 1, of_names);
  check_scenes(*pack, names, found);
  std::vector<std::string> lines;
  for (const auto& one : found.sorted()) lines.push_back(one.message.en);
  return lines;
}

using Lines = std::vector<std::string>;

TEST(Scenes, pass_the_check_where_every_answer_leads_to_items_of_the_pack) { EXPECT_EQ(findings(scene("{permit: {/shop/kind: noodles}}")), Lines()); }

TEST(Scenes, are_found_wrong_where_one_combination_of_answers_names_an_item_that_is_not_there) {
  EXPECT_EQ(findings(scene("{}"), "\"absent\""), Lines{"to kind = drinks it names an item that is not there: absent"});
}

TEST(Scenes, are_found_wrong_where_the_decision_gives_no_advice) {
  const auto found = findings(scene("{}"), "7");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].starts_with("to kind = drinks: the decision guide gives no advice")) << found[0];
}

TEST(Scenes, are_found_wrong_where_an_answer_fills_a_field_that_no_form_has) {
  EXPECT_EQ(findings(scene("{permit: {/shop/colour: red}}")), Lines{"the form of permit has no field /shop/colour"});
}

TEST(Scenes, are_found_wrong_where_two_answers_are_one) {
  EXPECT_EQ(findings(scene("{}", "{id: noodles, name: {zh-CN: 面, en: Noodles}}")), Lines{"two answers have the id noodles"});
}

TEST(Scenes, take_one_known_answer_to_each_question) {
  const auto pack = pack::Pack::of({{"pack.yaml", manifest}, {"scenes/shop.yaml", scene("{permit: {/shop/kind: noodles}}")}});
  ASSERT_TRUE(pack);
  const auto scenes = scenes_of(*pack);
  ASSERT_EQ(scenes.size(), 1U);
  const auto options = chosen(scenes[0], {{"kind", "noodles"}});
  ASSERT_TRUE(options) << options.error().text();
  EXPECT_EQ(boost::json::serialize(filled_by(*options, *ItemId::parse("permit"))), R"({"shop":{"kind":"noodles"}})");
  EXPECT_EQ(boost::json::serialize(filled_by(*options, *ItemId::parse("another"))), "{}");
  EXPECT_EQ(chosen(scenes[0], {}).error().field, "/answers/kind");
  EXPECT_EQ(chosen(scenes[0], {{"kind", "bread"}}).error().field, "/answers/kind");
  EXPECT_EQ(chosen(scenes[0], {{"kind", "noodles"}, {"colour", "red"}}).error().field, "/answers/colour");
}

TEST(Scenes, are_found_by_what_people_say_for_them) {
  const auto pack = pack::Pack::of({{"pack.yaml", manifest}, {"scenes/shop.yaml", scene("{}")}});
  ASSERT_TRUE(pack);
  const auto listing = make_scene_listing({}, scenes_of(*pack), {});
  EXPECT_EQ(listing->index.find("kaidian").size(), 1U);
  EXPECT_EQ(listing->index.find("open shop").size(), 1U);
  EXPECT_TRUE(listing->index.find("结婚").empty());
}

}  // namespace
}  // namespace jx::services
