// What a check of a pack finds in its items.
#include <jx/services.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

namespace jx::services {
namespace {

const char* const manifest = "key: test\nname: {zh-CN: 测试, en: Test}\nversion: '1'\nlanguages: [zh-CN, en]\nzone: Asia/Shanghai\ncalendar: cn\n";

const char* const grant = R"(id: residents
resource: resident
consumer: market
binding: case
items: [restaurant]
purpose: {zh-CN: 办理许可, en: Permit}
legal_basis: [{law: {zh-CN: 条例, en: Regulations}, article: "20"}]
fields: [{id: name}, {id: phone}]
lookup: [citizen_id]
valid_from: 2026-01-01
calls_per_minute: 60
)";

const char* const item_head = R"(id: restaurant
code: "1"
name: {zh-CN: 开餐馆, en: Open a restaurant}
summary: {zh-CN: 开餐馆, en: Open a restaurant}
units: [market]
kind: licence
level: county
statutory_wd: 20
promised_wd: 5
legal_basis: []
who_may_apply: [person]
conditions: []
materials: []
visits: 0
fee: {zh-CN: 不收费, en: None}
result: {zh-CN: 许可证, en: Permit}
steps: []
process: restaurant
form: restaurant
number: T
)";

const char* const form = R"({
  "type": "object", "additionalProperties": false,
  "definitions": {"who": {"type": "object", "properties": {"name": {"type": "string"}, "a/b": {"type": "string"}}}},
  "properties": {"operator": {"$ref": "#/definitions/who"}, "size": {"type": "number"}},
  "allOf": [{"if": {"properties": {"size": {"const": 1}}}, "then": {"properties": {"why": {"type": "string"}}}}]
})";

/// `line: words` of what is found in the item's file, when its end is `tail`.
std::vector<std::string> findings(const std::string& tail) {
  const auto pack = pack::Pack::of(
      {{"pack.yaml", manifest}, {"items/restaurant.yaml", item_head + tail}, {"grants/residents.yaml", grant}, {"forms/restaurant.json", form}});
  EXPECT_TRUE(pack) << pack.error().text();
  const auto part = pack_part();
  pack::Names names;
  pack::Findings found;
  part->declare(*pack, names, found);
  const auto* any = pack->file("pack.yaml");
  for (const auto& [kind, name] : std::multimap<pack::Kind, std::string>{
           {pack::Kind::unit, "market"}, {pack::Kind::process, "restaurant"}, {pack::Kind::form, "restaurant"}, {pack::Kind::grant, "residents"}}) {
    names.declare(kind, name, *any, 1, found);
  }
  part->check(*pack, names, found);
  std::vector<std::string> lines;
  for (const auto& each : found.sorted()) lines.push_back(each.file + ":" + std::to_string(each.line) + ": " + each.message.en);
  return lines;
}

TEST(Items, fill_only_fields_that_their_form_has) {
  EXPECT_EQ(findings("prefill: [{grant: residents, by: citizen_id, fills: {name: /operator/name, phone: /why}}]\n"), std::vector<std::string>());
  EXPECT_EQ(findings("prefill:\n  - grant: residents\n    by: citizen_id\n    fills:\n      name: /operator/nmae\n      phone: /operator/a~1b\n"),
            std::vector<std::string>{"items/restaurant.yaml:25: the item's form has no field /operator/nmae"});
  EXPECT_EQ(findings("prefill: [{grant: residents, by: citizen_id, fills: {name: operator}}]\n"),
            std::vector<std::string>{"items/restaurant.yaml:21: a JSON Pointer into the form begins with /"});
}

TEST(Items, certify_only_what_their_form_asks) {
  EXPECT_EQ(findings("certificate:\n  name: {zh-CN: 证, en: Permit}\n  issuer: market\n  type_code: x\n  claims:\n"
                     "    - {name: {zh-CN: 大小, en: Size}, from: /size}\n    - {name: {zh-CN: 店名, en: Name}, from: /operator/firm}\n"),
            std::vector<std::string>{"items/restaurant.yaml:27: the item's form has no field /operator/firm"});
}

TEST(Items, say_what_becomes_of_an_application_that_is_not_paid_in_time) {
  const auto said = [](const std::string& tail, const std::string& line) {
    const auto found = findings("charges:\n  charged: true\n" + tail);
    return std::ranges::find(found, line) != found.end();
  };
  const std::string amount = "  items: [{name: {zh-CN: 费, en: Fee}, amount: 100}]\n", unpaid = "  if_unpaid: {zh-CN: 视为撤回, en: Withdrawn}\n";
  const std::string too_long = "items/restaurant.yaml:25: a fee is to be paid within 1 to 60 working days";
  EXPECT_FALSE(said(amount + unpaid + "  pay_within_wd: 60\n", too_long));
  EXPECT_TRUE(said(amount + unpaid + "  pay_within_wd: 61\n", too_long));
  EXPECT_TRUE(said(amount + "  pay_within_wd: 10\n", "items/restaurant.yaml:24: say what becomes of the application if it is not paid (if_unpaid)"));
  EXPECT_TRUE(said("  items: [{name: {zh-CN: 费, en: Fee}}]\n" + unpaid + "  pay_within_wd: 10\n",
                   "items/restaurant.yaml:23: what is to be paid in time has an amount"));
}

}  // namespace
}  // namespace jx::services
