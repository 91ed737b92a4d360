#include "form_schema.hpp"

#include <jx/wire.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jx::cases {
namespace {

FormSchema schema(const char* text) {
  auto parsed = wire::parse(text);
  auto compiled = FormSchema::compile(*parsed);
  EXPECT_TRUE(compiled) << compiled.error().front().message.en;
  return *compiled;
}
std::vector<std::string> faults(const FormSchema& s, const char* data) {
  std::vector<std::string> out;
  for (const auto& f : s.validate(*wire::parse(data))) out.push_back(f.pointer + " " + f.message.en);
  return out;
}

TEST(Forms, tell_every_fault_by_its_pointer_in_both_languages) {
  const auto s = schema(
      R"({"type":"object","properties":{"name":{"type":"string","minLength":1},"area":{"type":"number","minimum":5},"people":{"type":"array","items":{"type":"object","required":["id"]}}},
    "required":["name","phone"],"additionalProperties":false})");
  EXPECT_THAT(faults(s, R"({"name":"","area":"x","people":[{"id":1},{}],"colour":"red"})"),
              ::testing::UnorderedElementsAre("/phone this must be filled in", "/name this must be filled in", "/area this must be a number",
                                              "/people/1/id this must be filled in", "/colour the form has no such field"));
  const auto faults_of_nothing = s.validate(*wire::parse("{}"));
  EXPECT_EQ(faults_of_nothing.front().message.zh, "此项必填");
  EXPECT_EQ(faults_of_nothing.front().code, "required");
  EXPECT_EQ(faults_of_nothing.back().pointer, "/phone");
  EXPECT_EQ(first_of(faults_of_nothing).field, "/name");
}

TEST(Forms, refuse_a_keyword_that_they_do_not_enforce) {
  for (const char* bad : {R"({"type":"object","unevaluatedProperties":false})", R"({"minimun":1})", R"({"type":"thing"})", R"({"format":"iban"})",
                          R"({"pattern":"("})", R"({"unknown":1})", R"({"$ref":"http://example.org/x"})", R"({"$ref":"#/definitions/none"})",
                          R"({"minLength":-1})", R"({"enum":[]})", R"({"multipleOf":0})"}) {
    const auto compiled = FormSchema::compile(*wire::parse(bad));
    ASSERT_FALSE(compiled) << bad;
    EXPECT_NE(compiled.error().front().pointer, "") << bad;
  }
}

TEST(Forms, say_by_name_and_place_which_keywords_are_refused) {
  const auto refused =
      FormSchema::compile(*wire::parse(R"({"type":"object","$defs":{},"properties":{"a/b":{"prefixItems":[true],"minimun":1}},"x-anything":1})"));
  ASSERT_FALSE(refused);
  std::vector<std::string> told;
  for (const auto& fault : refused.error()) told.push_back(fault.pointer + " " + fault.code);
  EXPECT_THAT(told, ::testing::ElementsAre("/$defs keyword", "/properties/a~1b/prefixItems keyword", "/properties/a~1b/minimun keyword"));
  EXPECT_THAT(refused.error().front().message.en, ::testing::HasSubstr("draft-07 has definitions"));
}

TEST(Forms, refuse_keywords_of_the_wrong_form) {
  for (const char* bad : {R"({"title":1})",
                          R"({"readOnly":"yes"})",
                          R"({"examples":1})",
                          R"({"$schema":"https://json-schema.org/draft/2020-12/schema"})",
                          R"({"x-title":"Name"})",
                          R"({"x-datum":""})",
                          R"({"required":["a","a"]})",
                          R"({"required":"a"})",
                          R"({"type":[]})",
                          R"({"type":["string","string"]})",
                          R"({"items":1})",
                          R"({"allOf":[]})",
                          R"({"anyOf":{}})",
                          R"({"properties":[]})",
                          R"({"dependencies":{"a":1}})",
                          R"({"uniqueItems":1})",
                          R"({"maximum":"1"})",
                          R"({"minLength":1.5})",
                          R"({"contentEncoding":"quoted-printable"})",
                          R"({"if":1})",
                          R"({"definitions":{"a":{"minimun":1}}})",
                          R"({"$id":1})",
                          R"({"$ref":1})",
                          R"({"patternProperties":{"(":{}}})",
                          R"({"multipleOf":-1})",
                          R"({"format":1})"})
    EXPECT_FALSE(FormSchema::compile(*wire::parse(bad))) << bad;
  EXPECT_FALSE(FormSchema::compile(*wire::parse(R"({"definitions":{"a":{"$ref":"#/definitions/b"},"b":{"$ref":"#/definitions/a"}}})")));
  EXPECT_TRUE(FormSchema::compile(*wire::parse(R"({"minLength":2.0,"default":1,"examples":[1],"readOnly":true,"writeOnly":false,"$comment":"x"})")));
}

TEST(Forms, tell_fifty_faults_and_no_more) {
  const auto s = schema(R"({"items":{"type":"string"}})");
  std::string many = "[1";
  for (int i = 0; i < 200; ++i) many += ",1";
  EXPECT_EQ(faults(s, (many + "]").c_str()).size(), form_faults_max);
}

TEST(Forms, end_within_their_bounds_whatever_the_schema_and_the_data) {
  const auto slow = schema(R"({"type":"array","items":{"type":"string","pattern":"^(a+)+$"}})");
  std::string texts = "[";
  for (int i = 0; i < 30; ++i) texts += (i == 0 ? "\"" : ",\"") + std::string(40, 'a') + "b\"";
  const auto told = slow.validate(*wire::parse(texts + "]"));
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told.back().code, "limit");

  // Each level doubles the work.
  std::string doubling = R"({"definitions":{"l0":{"type":"string"})";
  for (int i = 1; i <= 25; ++i) {
    const auto below = R"({"$ref":"#/definitions/l)" + std::to_string(i - 1) + "\"}";
    doubling += ",\"l" + std::to_string(i) + R"(":{"anyOf":[)" + below + "," + below + "]}";
  }
  const auto deep = schema((doubling + R"(},"$ref":"#/definitions/l25"})").c_str());
  EXPECT_EQ(deep.validate(*wire::parse("1")).back().code, "limit");
}

TEST(Forms, count_characters_and_not_octets) {
  const auto s = schema(R"({"type":"string","minLength":2,"maxLength":3})");
  EXPECT_TRUE(faults(s, R"("溪口面")").empty());
  EXPECT_FALSE(faults(s, R"("溪口面馆")").empty());
  EXPECT_TRUE(faults(s, R"("𠀀𠀁")").empty());
}

TEST(Forms, follow_references_that_come_back_to_themselves) {
  const auto s = schema(
      R"({"$ref":"#/definitions/node","definitions":{"node":{"type":"object","properties":{"next":{"$ref":"#/definitions/node"},"n":{"type":"integer"}}}}})");
  EXPECT_TRUE(faults(s, R"({"n":1,"next":{"n":2,"next":{"n":3}}})").empty());
  EXPECT_THAT(faults(s, R"({"next":{"next":{"n":"x"}}})"), ::testing::ElementsAre("/next/next/n this must be a whole number"));
}

TEST(Forms, combine_schemas) {
  const auto s = schema(
      R"({"type":"object","properties":{"kind":{"oneOf":[{"const":"new"},{"const":"old"}]}},"if":{"properties":{"kind":{"const":"old"}},"required":["kind"]},"then":{"required":["since"]}})");
  EXPECT_TRUE(faults(s, R"({"kind":"new"})").empty());
  EXPECT_THAT(faults(s, R"({"kind":"old"})"), ::testing::ElementsAre("/since this must be filled in"));
  EXPECT_THAT(faults(s, R"({"kind":"x"})"), ::testing::ElementsAre("/kind choose one of the listed values"));
}

TEST(Forms, know_dates_and_addresses) {
  const auto s = schema(R"({"properties":{"d":{"type":"string","format":"date"},"m":{"type":"string","format":"email"}}})");
  EXPECT_TRUE(faults(s, R"({"d":"2028-02-29","m":"li@yunxi.gov"})").empty());
  EXPECT_EQ(faults(s, R"({"d":"2027-02-29","m":"li@@yunxi.gov"})").size(), 2U);
}

}  // namespace
}  // namespace jx::cases
