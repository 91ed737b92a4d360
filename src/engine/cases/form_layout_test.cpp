// Rules, conditions and computed values of a layout.
#include "stored_form.hpp"

#include <jx/wire.hpp>

#include <boost/json/array.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace jx::cases {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* shop_schema = R"({
  "type": "object", "additionalProperties": false, "required": ["shop", "premises"],
  "properties": {
    "shop": {"type": "object", "additionalProperties": false, "required": ["kind", "opens_on"], "properties": {
      "kind": {"type": "string", "oneOf": [{"const": "noodles"}, {"const": "drinks"}, {"const": "raw"}]},
      "opens_on": {"type": "string", "format": "date"},
      "seats": {"type": "integer", "minimum": 0},
      "raw_licence": {"type": "string", "minLength": 3}}},
    "premises": {"type": "object", "additionalProperties": false, "required": ["area"], "properties": {
      "area": {"type": "number", "minimum": 5},
      "per_seat": {"type": "number"},
      "rented": {"type": "boolean"}}},
    "landlord": {"type": "object", "additionalProperties": false, "required": ["name"], "properties": {
      "name": {"type": "string", "minLength": 1}, "phone": {"type": "string"}}},
    "partners": {"type": "array", "items": {"type": "object", "required": ["share"], "properties": {
      "name": {"type": "string"}, "share": {"type": "number"}}}},
    "total": {"type": "number"}}})";

constexpr const char* shop_layout = R"json({
  "groups": [
    {"id": "shop", "title": {"zh-CN": "店", "en": "Shop"}, "fields": [
      {"pointer": "/shop/kind", "widget": "choice", "options": "option != \"raw\" or premises.area > 20"},
      {"pointer": "/shop/opens_on", "widget": "date"},
      {"pointer": "/shop/seats", "widget": "number", "required": "shop.kind = \"noodles\""},
      {"pointer": "/shop/raw_licence", "visible": "shop.kind = \"raw\"", "required": "shop.kind = \"raw\""}]},
    {"id": "premises", "fields": [
      {"pointer": "/premises/area", "widget": "number", "unit": {"zh-CN": "平方米", "en": "m²"}},
      {"pointer": "/premises/per_seat", "widget": "number", "readonly": "true"},
      {"pointer": "/premises/rented", "widget": "checkbox"},
      {"pointer": "/partners", "widget": "list", "fields": [{"pointer": "/name"}, {"pointer": "/share"}]},
      {"pointer": "/total", "widget": "number"}]},
    {"id": "landlord", "visible": "premises.rented", "fields": [{"pointer": "/landlord/name"}, {"pointer": "/landlord/phone"}]}],
  "computed": {
    "/premises/per_seat": "premises.area / shop.seats",
    "/total": "sum(partners.share)"},
  "rules": [
    {"id": "room", "when": "shop.kind = \"noodles\"", "require": "premises.per_seat >= 1.5", "at": "/shop/seats",
     "message": {"zh-CN": "每座不得少于1.5平方米", "en": "At least 1.5 m² a seat"}},
    {"id": "later", "require": "shop.opens_on > today()", "at": "/shop/opens_on", "message": {"zh-CN": "须晚于今天", "en": "After today"},
     "law": {"law": {"zh-CN": "某法", "en": "A law"}, "article": "3"}}]})json";

std::expected<StoredForm, Faults> form(const std::string& schema, const std::string& layout,
                                       FormLayout::Reading reading = FormLayout::Reading::strict) {
  const auto parsed = *wire::parse(schema);
  const auto shown = *wire::parse(layout);
  const auto compiled = FormSchema::compile(parsed);
  if (!compiled) return std::unexpected(compiled.error());
  const auto rules = FormLayout::compile(parsed, shown, reading);
  if (!rules) return std::unexpected(rules.error());
  return StoredForm{{}, parsed, shown, *compiled, *rules, {}};
}

class FormRules : public ::testing::Test {
 protected:
  FormCheck check(const std::string& data) {
    if (!shop_) {
      auto made = form(shop_schema, shop_layout);
      for (const auto& f : made ? Faults() : made.error()) ADD_FAILURE() << f.pointer << ": " << f.message.en;
      shop_.emplace(std::move(*made));
    }
    return shop_->check(wire::parse(data)->as_object(), *Instant::parse("2026-11-27T10:00:00+08:00"), "Asia/Shanghai");
  }
  static std::vector<std::string> told(const FormCheck& check) {
    std::vector<std::string> out;
    for (const auto& f : check.faults) out.push_back(f.pointer + " " + f.code);
    return out;
  }
  std::optional<StoredForm> shop_;
};

TEST_F(FormRules, compute_values_and_believe_no_client) {
  const auto checked = check(R"({"shop":{"seats":10},"premises":{"area":46.5,"per_seat":99},"partners":[{"share":0.1},{"share":0.2}],"total":7})");
  EXPECT_EQ(checked.data.at("premises").at("per_seat"), 4.65);
  EXPECT_EQ(checked.data.at("total"), 0.3);
  EXPECT_THAT(checked.computed, ElementsAre(std::pair<std::string, boost::json::value>("/premises/per_seat", 4.65),
                                            std::pair<std::string, boost::json::value>("/total", 0.3)));
  EXPECT_FALSE(check(R"({"shop":{"seats":0},"premises":{"area":46.5,"per_seat":99}})").data.at("premises").as_object().contains("per_seat"));
}

TEST_F(FormRules, hide_fields_and_take_out_what_is_in_them) {
  const auto shown = check(R"({"premises":{"area":10,"rented":true},"landlord":{"name":"Li"}})");
  EXPECT_THAT(shown.hidden, ElementsAre("/shop/raw_licence"));
  EXPECT_TRUE(shown.data.contains("landlord"));
  const auto hidden = check(R"({"premises":{"area":10,"rented":false},"landlord":{"name":""},"shop":{"kind":"drinks","raw_licence":"x"}})");
  EXPECT_THAT(hidden.hidden, ElementsAre("/shop/raw_licence", "/landlord/name", "/landlord/phone"));
  EXPECT_FALSE(hidden.data.contains("landlord"));
  EXPECT_FALSE(hidden.data.at("shop").as_object().contains("raw_licence"));
  for (const auto& f : hidden.faults) EXPECT_EQ(f.pointer.find("landlord"), std::string::npos);
}

TEST_F(FormRules, ask_for_what_a_condition_needs) {
  const auto noodles = check(R"({"shop":{"kind":"noodles","opens_on":"2027-03-01"},"premises":{"area":46.5}})");
  EXPECT_THAT(told(noodles), ElementsAre("/shop/seats required"));
  EXPECT_THAT(noodles.required, ElementsAre("/shop/seats"));
  EXPECT_THAT(noodles.readonly, ElementsAre("/premises/per_seat"));
  EXPECT_THAT(told(check(R"({"shop":{"kind":"drinks","opens_on":"2027-03-01"},"premises":{"area":46.5}})")), IsEmpty());
}

TEST_F(FormRules, hold_fields_against_one_another) {
  const auto crowded = check(R"({"shop":{"kind":"noodles","opens_on":"2026-11-27","seats":40},"premises":{"area":46.5}})");
  EXPECT_THAT(told(crowded), ElementsAre("/shop/seats rule:room", "/shop/opens_on rule:later"));
  EXPECT_EQ(crowded.faults.front().message.zh, "每座不得少于1.5平方米");
  EXPECT_THAT(told(check(R"({"shop":{"kind":"noodles","opens_on":"2026-11-28","seats":31},"premises":{"area":46.5}})")), IsEmpty());
}

TEST_F(FormRules, say_nothing_of_what_is_not_filled_in_yet) {
  EXPECT_THAT(told(check("{}")), ElementsAre("/shop required", "/premises required"));
  EXPECT_THAT(told(check(R"({"shop":{"kind":7,"seats":"many","opens_on":"soon"},"premises":{"area":[]}})")),
              ElementsAre("/shop/kind type", "/shop/opens_on format", "/shop/seats type", "/premises/area type"));
}

TEST_F(FormRules, offer_only_some_of_the_choices) {
  const auto small = check(R"({"shop":{"kind":"raw","opens_on":"2027-03-01","raw_licence":"abc"},"premises":{"area":10}})");
  EXPECT_THAT(told(small), ElementsAre("/shop/kind options"));
  ASSERT_EQ(small.options.size(), 1U);
  EXPECT_EQ(wire::to_text(small.options[0].second), R"(["noodles","drinks"])");
  EXPECT_THAT(told(check(R"({"shop":{"kind":"raw","opens_on":"2027-03-01","raw_licence":"abc"},"premises":{"area":21}})")), IsEmpty());
}

TEST_F(FormRules, complete_data_or_tell_all_that_is_wrong) {
  check("{}");
  const auto now = *Instant::parse("2026-11-27T10:00:00+08:00");
  const auto good = shop_->complete(
      wire::parse(R"({"shop":{"kind":"drinks","opens_on":"2027-03-01"},"premises":{"area":46.5,"per_seat":1}})")->as_object(), now, "Asia/Shanghai");
  ASSERT_TRUE(good);
  EXPECT_FALSE(good->at("premises").as_object().contains("per_seat"));
  const auto bad = shop_->complete(wire::parse(R"({"shop":{},"premises":{"area":1}})")->as_object(), now, "Asia/Shanghai");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().field, "/form/shop/kind");
}

TEST_F(FormRules, are_checked_2000_times_a_second) {
  const std::string data = R"({"shop":{"kind":"noodles","opens_on":"2027-03-01","seats":20},"premises":{"area":46.5},"partners":[{"share":1}]})";
  check(data);
  const auto parsed = wire::parse(data)->as_object();
  const auto start = std::chrono::steady_clock::now();
  constexpr int times = 500;
  for (int i = 0; i < times; ++i) (void)shop_->check(parsed, *Instant::parse("2026-11-27T10:00:00+08:00"), "Asia/Shanghai");
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  RecordProperty("checks_per_second", static_cast<int>(times / took.count()));
  EXPECT_LT(took.count(), 25.0) << "a hundred times slower than it should be";
}

/// The first fault of a layout over one form of two fields.
std::string fault_of(const std::string& layout) {
  const auto made = form(R"({"type":"object","properties":{"n":{"type":"number"},"t":{"type":"string"},"on":{"type":"string","format":"date"},
    "g":{"type":"object","properties":{"x":{"type":"boolean"}}}}})",
                         layout);
  return made ? "" : made.error().front().pointer + ": " + made.error().front().message.en;
}
std::string with(const std::string& rest) {
  return R"({"groups":[{"fields":[{"pointer":"/n"},{"pointer":"/t"},{"pointer":"/on"},{"pointer":"/g/x"}]}])" + rest + "}";
}
std::string rule(const std::string& require) {
  return with(R"(,"rules":[{"id":"r","at":"/n","message":{"zh-CN":"不","en":"No"},"require":")" + require + "\"}]");
}

TEST(FormLayouts, are_checked_when_a_pack_is) {
  EXPECT_EQ(fault_of(with("")), "");
  EXPECT_EQ(fault_of(rule("n > 5 and g.x and on > @\\\"2026-01-01\\\"")), "");
  EXPECT_THAT(fault_of(rule("n > ")), HasSubstr("/rules/0/require: line 1, column 5"));
  EXPECT_EQ(fault_of(rule("m > 5")), "/rules/0/require: line 1, column 1: 'm' is not known here");
  EXPECT_THAT(fault_of(rule("g.y")), HasSubstr("there is no 'y'"));
  EXPECT_THAT(fault_of(rule("n > t")), HasSubstr("number is never comparable with string"));
  EXPECT_THAT(fault_of(rule("on > \\\"2026-01-01\\\"")), HasSubstr("never comparable"));
  EXPECT_THAT(fault_of(rule("n + 1")), HasSubstr("this gives number, and boolean is wanted"));
  EXPECT_THAT(fault_of(rule("n and true")), HasSubstr("a condition is true or false"));
  EXPECT_THAT(fault_of(rule("t * 2 > 3")), HasSubstr("string cannot be computed with"));
  EXPECT_THAT(fault_of(with(R"(,"computed":{"/n":"t"})")), HasSubstr("/computed/~1n: this gives string, and number is wanted"));
  EXPECT_THAT(fault_of(with(R"(,"computed":{"/m":"1"})")), HasSubstr("no field /m"));
  EXPECT_THAT(fault_of(with(R"(,"rules":[{"id":"r","at":"/m","message":{"zh-CN":"不","en":"No"},"require":"true"}])")), HasSubstr("/rules/0/at"));
  EXPECT_THAT(fault_of(with(R"(,"rules":[{"id":"r","at":"/n","message":{"en":"No"},"require":"true"}])")), HasSubstr("zh-CN and en"));
  EXPECT_THAT(fault_of(with(R"(,"rules":[{"at":"/n","message":{"zh-CN":"不","en":"No"},"require":"true"}])")), HasSubstr("/rules/0/id"));
  EXPECT_THAT(fault_of(with(R"(,"rools":[])")), HasSubstr("/rools"));
  EXPECT_THAT(fault_of(R"({"groups":[{"fields":[{"pointer":"/n"}]}]})"), HasSubstr("the field /t is not shown"));
  EXPECT_THAT(fault_of(R"({"groups":[{"fields":[{"pointer":"/n"},{"pointer":"/n"}]}]})"), HasSubstr("shown twice"));
  EXPECT_THAT(fault_of(R"({"groups":[{"fields":[{"pointer":"/n","widget":"slider"}]}]})"), HasSubstr("/groups/0/fields/0/widget"));
  EXPECT_THAT(fault_of(R"({"groups":[{"fields":[{"pointer":"/t","options":"true"}]}]})"), HasSubstr("/groups/0/fields/0/options"));
}

TEST(FormLayouts, of_earlier_versions_are_still_read) {
  EXPECT_TRUE(form(R"({"type":"object","properties":{"n":{"type":"number"}}})", "{}", FormLayout::Reading::stored));
  EXPECT_TRUE(form(R"({"type":"object","properties":{"n":{"type":"number"}}})", R"({"groups":[{"fields":[{"pointer":"/m","colour":1}]}],"x":1})",
                   FormLayout::Reading::stored));
}

}  // namespace
}  // namespace jx::cases
