#include "forms.hpp"

#include <jx/wire.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jx::cases {
namespace {

FormSchema schema(const char* text) {
  auto parsed = wire::parse(text);
  auto compiled = FormSchema::compile(*parsed);
  EXPECT_TRUE(compiled) << compiled.error().text();
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
  EXPECT_EQ(s.check(*wire::parse("{}"), "/form").error().field, "/form/name");
  EXPECT_EQ(s.validate(*wire::parse("{}")).front().message.zh, "此项必填");
}

TEST(Forms, refuse_a_keyword_that_they_do_not_enforce) {
  for (const char* bad :
       {R"({"type":"object","unevaluatedProperties":false})", R"({"minimun":1})", R"({"type":"thing"})", R"({"format":"iban"})", R"({"pattern":"("})",
        R"({"$ref":"http://example.org/x"})", R"({"$ref":"#/definitions/none"})", R"({"minLength":-1})", R"({"enum":[]})", R"({"multipleOf":0})"}) {
    const auto compiled = FormSchema::compile(*wire::parse(bad));
    ASSERT_FALSE(compiled) << bad;
    EXPECT_EQ(compiled.error().code, ErrorCode::invalid);
    EXPECT_NE(compiled.error().field, "") << bad;
  }
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
