// Every keyword of draft-07, by what fits and what does not.
#include "form_schema.hpp"

#include <jx/wire.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace jx::cases {
namespace {

/// JSON texts that fit a schema, and that do not.
void expect_fits(const std::string& schema, const std::vector<std::string>& fit, const std::vector<std::string>& unfit) {
  const auto parsed = wire::parse(schema);
  ASSERT_TRUE(parsed) << schema;
  const auto compiled = FormSchema::compile(*parsed);
  ASSERT_TRUE(compiled) << schema << ": " << compiled.error().front().message.en;
  const auto check = [&](const std::string& text, bool right) {
    const auto data = wire::parse(text);
    ASSERT_TRUE(data) << text;
    EXPECT_EQ(compiled->validate(*data).empty(), right) << schema << "  <-  " << text;
  };
  for (const auto& text : fit) check(text, true);
  for (const auto& text : unfit) check(text, false);
}

TEST(Keywords, type_knows_the_seven_types_and_lists_of_them) {
  expect_fits(R"({"type":"integer"})", {"1", "1.0", "-0.0", "1e3"}, {"1.1", "\"1\"", "true", "null", "[]", "{}"});
  expect_fits(R"({"type":"number"})", {"1", "1.1"}, {"\"1\"", "null"});
  expect_fits(R"({"type":"string"})", {"\"1\"", "\"\""}, {"1", "[]"});
  expect_fits(R"({"type":"boolean"})", {"true", "false"}, {"0", "\"\"", "null"});
  expect_fits(R"({"type":"null"})", {"null"}, {"0", "false", "\"\"", "[]"});
  expect_fits(R"({"type":["integer","string"]})", {"1", "\"a\""}, {"1.1", "true", "null"});
}

TEST(Keywords, enum_and_const_compare_by_value) {
  expect_fits(R"({"enum":[1,"a",null,[false],{"a":1,"b":2}]})", {"1", "1.0", "\"a\"", "null", "[false]", R"({"b":2.0,"a":1})"},
              {"true", "[0]", "\"b\"", R"({"a":1})", R"({"a":1,"b":2,"c":3})"});
  expect_fits(R"({"enum":[false]})", {"false"}, {"0", "0.0"});
  expect_fits(R"({"const":0})", {"0", "0.0", "-0.0"}, {"false", "[]", "\"\""});
  expect_fits(R"({"const":9007199254740992})", {"9007199254740992", "9007199254740992.0"}, {"9007199254740991"});
  expect_fits(R"({"const":null})", {"null"}, {"0"});
}

TEST(Keywords, numbers_are_compared_exactly) {
  expect_fits(R"({"multipleOf":0.01})", {"0", "0.01", "0.07", "4.35", "1.1", "19.99", "1e20", "-0.03"}, {"0.001", "0.075", "19.999"});
  expect_fits(R"({"multipleOf":1e-8})", {"12391239123"}, {"1e-9"});
  expect_fits(R"({"multipleOf":0.123456789})", {"0.123456789"}, {"1e308"});
  expect_fits(R"({"multipleOf":0.5})", {"1e308", "4.5"}, {"4.25"});
  expect_fits(R"({"multipleOf":3})", {"9", "9.0", "\"x\""}, {"10", "9.3"});
  expect_fits(R"({"minimum":1.1})", {"1.1", "2"}, {"1.09"});
  expect_fits(R"({"maximum":300})", {"300", "300.0", "299.97"}, {"300.5"});
  expect_fits(R"({"exclusiveMinimum":1.1})", {"1.2"}, {"1.1", "1"});
  expect_fits(R"({"exclusiveMaximum":3})", {"2.999"}, {"3", "3.0"});
  expect_fits(R"({"minimum":-9223372036854775808,"maximum":18446744073709551615})", {"18446744073709551615", "-9223372036854775808"}, {"1e30"});
}

TEST(Keywords, multiples_of_a_cent_are_known_whatever_the_amount) {
  const auto s = FormSchema::compile(*wire::parse(R"({"multipleOf":0.01})"));
  for (std::int64_t cents = 1; cents < 2'000'000'000; cents = cents * 7 / 3 + 1) {
    const auto digits = std::to_string(1'000 + cents % 1'000'000'000);
    const auto text = digits.substr(0, digits.size() - 2) + "." + digits.substr(digits.size() - 2);
    EXPECT_TRUE(s->validate(*wire::parse(text)).empty()) << text;
    EXPECT_FALSE(s->validate(*wire::parse(text + "1")).empty()) << text;
  }
}

TEST(Keywords, lengths_are_those_of_characters) {
  expect_fits(R"({"minLength":2,"maxLength":2})", {"\"ab\"", "\"溪口\"", "\"💩𠀀\"", "1"}, {"\"a\"", "\"💩\"", "\"abc\""});
}

TEST(Keywords, pattern_is_searched_for_and_means_what_ecma_262_says) {
  expect_fits(R"({"pattern":"^a*$"})", {"\"aaa\"", "\"\"", "1"}, {"\"abc\"", R"("a\n")"});
  expect_fits(R"({"pattern":"a+"})", {"\"xxaayy\""}, {"\"b\""});
  expect_fits(R"({"pattern":"^\\d\\w$"})", {"\"0a\"", "\"1_\""}, {"\"߀a\"", "\"0é\""});
  expect_fits(R"({"pattern":"^\\s\\S$"})", {R"("\u00a0x")", R"("\ufeffx")", R"("\u2029x")"}, {"\"xx\"", R"("\u180ex")"});
  expect_fits(R"({"pattern":"^[^\\d]$"})", {"\"a\"", "\"߀\""}, {"\"1\""});
  expect_fits(R"({"pattern":"^\\cC\\x41\\u{1F409}$"})", {R"("\u0003A🐉")"}, {"\"A\""});
  expect_fits(R"({"pattern":"^\\p{Script=Han}+$"})", {"\"溪口\""}, {"\"xi\""});
  expect_fits(R"({"pattern":"^🐲*$"})", {"\"\"", "\"🐲🐲\""}, {"\"🐉\""});
  expect_fits(R"({"pattern":"^[a&&b[]$"})", {"\"a\"", "\"&\"", "\"[\""}, {"\"c\""});
  expect_fits(R"({"pattern":"^.$"})", {"\"x\"", R"("\u0085")"}, {R"("\n")", R"("\u2028")"});
  expect_fits(R"({"pattern":"^(?<y>a)\\k<y>(?=b)(?!c)b\\b"})", {"\"aab\"", "\"aab-\""}, {"\"aabx\""});
  expect_fits(R"({"pattern":"^[^]{2}[]?$"})", {R"("\n\n")"}, {"\"x\""});
  for (const char* bad :
       {"(", "a**", "\\\\Z", "\\\\a", "[b-a]", "a{2,1}", "(?i)a", "\\\\1", "a++", "(?>a)", "{", "\\\\p{}", "\\\\u{110000}", "[\\\\d-x]"})
    EXPECT_FALSE(FormSchema::compile(*wire::parse(R"({"pattern":")" + std::string(bad) + "\"}"))) << bad;
}

TEST(Keywords, items_take_one_schema_or_one_for_each_place) {
  expect_fits(R"({"items":{"type":"integer"}})", {"[1,2]", "[]", R"({"0":"x"})"}, {"[1,\"x\"]"});
  expect_fits(R"({"items":[{"type":"integer"},{"type":"string"}]})", {"[1,\"a\"]", "[1]", "[1,\"a\",true]", "[]"}, {"[\"a\",1]"});
  expect_fits(R"({"items":[{}],"additionalItems":{"type":"integer"}})", {"[null,1,2]"}, {"[null,1,\"a\"]"});
  expect_fits(R"({"items":[{},{}],"additionalItems":false})", {"[1,2]", "[1]"}, {"[1,2,3]"});
  expect_fits(R"({"items":{},"additionalItems":false})", {"[1,2,3]"}, {});
  expect_fits(R"({"additionalItems":false})", {"[1,2]"}, {});
  expect_fits(R"({"items":[],"additionalItems":false})", {"[]"}, {"[1]"});
  expect_fits(R"({"items":false})", {"[]"}, {"[1]"});
}

TEST(Keywords, lists_are_measured_searched_and_held_to_be_unique) {
  expect_fits(R"({"minItems":1,"maxItems":2})", {"[1]", "[1,2]", "\"\""}, {"[]", "[1,2,3]"});
  expect_fits(R"({"uniqueItems":true})", {"[1,true]", "[0,false]", R"([{"a":1},{"a":true}])", "[[1],[true]]", "[\"1\",1]"},
              {"[1,1.0]", R"([{"a":1,"b":2},{"b":2,"a":1}])", "[[1,[\"x\"]],[1.0,[\"x\"]]]", "[null,null]"});
  expect_fits(R"({"uniqueItems":false})", {"[1,1]"}, {});
  expect_fits(R"({"contains":{"minimum":5}})", {"[3,5]", "[6]", "{}"}, {"[3,4]", "[]"});
  expect_fits(R"({"contains":false})", {"\"x\""}, {"[]", "[1]"});
}

TEST(Keywords, objects_are_measured_and_their_members_known) {
  expect_fits(R"({"minProperties":1,"maxProperties":2})", {R"({"a":1})", "[]"}, {"{}", R"({"a":1,"b":2,"c":3})"});
  expect_fits(R"({"required":["a","$ref"]})", {R"({"a":1,"$ref":2})", "[]"}, {R"({"a":1})", R"({"$ref":null})"});
  expect_fits(
      R"({"properties":{"a":{"type":"integer"},"b":false},"patternProperties":{"^f":{"minimum":3}},"additionalProperties":{"type":"string"}})",
      {R"({"a":1,"f1":3,"z":"x"})"}, {R"({"a":"x"})", R"({"b":1})", R"({"f1":2})", R"({"z":1})"});
  expect_fits(R"({"properties":{"foo":{}},"patternProperties":{"^v":{}},"additionalProperties":false})", {R"({"foo":1,"vroom":2})", "12"},
              {R"({"x":1})"});
  expect_fits(R"({"patternProperties":{"^á":{}},"additionalProperties":false})", {R"({"ármányos":2})"}, {R"({"élmény":2})"});
  expect_fits(R"({"propertyNames":{"maxLength":3}})", {R"({"f":{},"foo":{}})", "[1]"}, {R"({"long":1})"});
  expect_fits(R"({"propertyNames":false})", {"{}"}, {R"({"a":1})"});
  expect_fits(R"({"properties":{"$ref":{"type":"string"}}})", {R"({"$ref":"a"})"}, {R"({"$ref":2})"});
  expect_fits(R"({"properties":{"__proto__":{"type":"number"},"constructor":{"type":"number"}}})", {"{}"}, {R"({"__proto__":"x"})"});
}

TEST(Keywords, dependencies_ask_for_members_or_hold_a_schema) {
  expect_fits(R"({"dependencies":{"b":["a"],"c":{"required":["d"]},"e":[],"f":false}})",
              {R"({"a":1,"b":1})", R"({"c":1,"d":1})", R"({"e":1})", "[\"b\"]"}, {R"({"b":1})", R"({"c":1})", R"({"f":1})"});
}

TEST(Keywords, schemas_are_combined) {
  expect_fits(R"({"allOf":[{"required":["a"]},{"properties":{"a":{"minimum":5}}},true]})", {R"({"a":5})"}, {R"({"a":4})", "{}"});
  expect_fits(R"({"anyOf":[{"type":"integer"},{"minimum":2}]})", {"1", "2.5", "3", "\"x\""}, {"1.5"});
  expect_fits(R"({"oneOf":[{"type":"integer"},{"minimum":2}]})", {"1", "2.5"}, {"3", "1.5"});
  expect_fits(R"({"oneOf":[true,true]})", {}, {"1"});
  expect_fits(R"({"not":{"type":["integer","boolean"]}})", {"\"x\"", "1.5"}, {"1", "true"});
  expect_fits(R"({"not":false})", {"1"}, {});
  expect_fits(R"({"if":{"exclusiveMaximum":0},"then":{"minimum":-10},"else":{"multipleOf":2}})", {"-1", "4"}, {"-100", "3"});
  expect_fits(R"({"then":{"const":0},"else":{"const":0}})", {"1"}, {});
  expect_fits(R"({"if":true,"then":{"const":"t"},"else":{"const":"e"}})", {"\"t\""}, {"\"e\""});
  expect_fits("true", {"1", "{}"}, {});
  expect_fits("false", {}, {"1", "{}"});
}

TEST(Keywords, references_lead_within_the_document) {
  expect_fits(R"({"properties":{"foo":{"$ref":"#"}},"additionalProperties":false})", {R"({"foo":{"foo":false}})"}, {R"({"foo":{"bar":1}})"});
  expect_fits(R"({"items":[{"type":"integer"},{"$ref":"#/items/0"}]})", {"[1,2]"}, {"[1,\"a\"]"});
  expect_fits(R"({"properties":{"t":{"$ref":"#/definitions/til~0de"},"s":{"$ref":"#/definitions/sla~1sh"},"p":{"$ref":"#/definitions/per%25cent"},
    "q":{"$ref":"#/definitions/quo%22te"}},"definitions":{"til~de":{"type":"integer"},"sla/sh":{"type":"integer"},"per%cent":{"type":"integer"},"quo\"te":{"type":"integer"}}})",
              {R"({"t":1,"s":1,"p":1,"q":1})"}, {R"({"t":"x"})", R"({"s":"x"})", R"({"p":"x"})", R"({"q":"x"})"});
  expect_fits(R"({"definitions":{"a":{"type":"integer"},"b":{"$ref":"#/definitions/a"},"c":{"$ref":"#/definitions/b"}},"$ref":"#/definitions/c"})",
              {"5"}, {"\"a\""});
  expect_fits(R"({"definitions":{"r":{"type":"array"}},"properties":{"foo":{"$ref":"#/definitions/r","maxItems":2}}})", {R"({"foo":[1,2,3]})"},
              {R"({"foo":"x"})"});
  expect_fits(R"({"$ref":"#/definitions/no","definitions":{"no":false}})", {}, {"1"});
  expect_fits(R"({"x-common":{"money":{"multipleOf":0.01}},"items":{"$ref":"#/x-common/money"}})", {"[1.25]"}, {"[1.255]"});
  expect_fits(R"({"properties":{"溪":{"$ref":"#/definitions/口"}},"definitions":{"口":{"type":"integer"}}})", {R"({"溪":1})"}, {R"({"溪":""})"});
}

TEST(Keywords, ids_name_schemas_within_the_document) {
  expect_fits(R"({"allOf":[{"$ref":"#foo"}],"definitions":{"A":{"$id":"#foo","type":"integer"}}})", {"1"}, {"\"a\""});
  expect_fits(R"({"allOf":[{"$ref":"http://h.example/bar#foo"}],"definitions":{"A":{"$id":"http://h.example/bar#foo","type":"integer"}}})", {"1"},
              {"\"a\""});
  expect_fits(R"({"$id":"http://h.example/root","allOf":[{"$ref":"http://h.example/nested.json#foo"}],
    "definitions":{"A":{"$id":"nested.json","definitions":{"B":{"$id":"#foo","type":"integer"}}}}})",
              {"1"}, {"\"a\""});
  expect_fits(R"({"$id":"http://h.example/tree","type":"object","properties":{"nodes":{"type":"array","items":{"$ref":"node"}}},"required":["nodes"],
    "definitions":{"node":{"$id":"http://h.example/node","type":"object","properties":{"value":{"type":"number"},"subtree":{"$ref":"tree"}},"required":["value"]}}})",
              {R"({"nodes":[{"value":1,"subtree":{"nodes":[{"value":1.1}]}}]})"}, {R"({"nodes":[{"value":1,"subtree":{"nodes":[{"value":"x"}]}}]})"});
  expect_fits(R"({"$id":"http://h.example/base/","properties":{"a":{"$ref":"item.json#/definitions/n"}},
    "definitions":{"x":{"$id":"item.json","definitions":{"n":{"type":"null"}}}}})",
              {R"({"a":null})"}, {R"({"a":1})"});
}

TEST(Keywords, formats_are_those_of_their_standards) {
  const auto format = [](const std::string& name, const std::vector<std::string>& fit, const std::vector<std::string>& unfit) {
    const auto quoted = [](std::vector<std::string> texts) {
      for (auto& text : texts) text = "\"" + text + "\"";
      return texts;
    };
    expect_fits(R"({"format":")" + name + "\"}", quoted(fit), quoted(unfit));
    expect_fits(R"({"format":")" + name + "\"}", {"1", "{}", "null"}, {});
  };
  format("date", {"2028-02-29", "1963-06-19"}, {"2027-02-29", "06/19/1963", "1998-1-20", "2020-13-01", "", "1963-06-1߄"});
  format("time", {"08:30:06Z", "08:30:06.283185+08:00", "23:59:60Z", "01:29:60+01:30", "08:30:06z"},
         {"08:30:06", "24:00:00Z", "00:60:00Z", "22:59:60Z", "08:30:06 PST", "01:02:03+24:00", "12:00:00.Z", "8:30:06Z"});
  format("date-time", {"1963-06-19T08:30:06.283185Z", "1990-12-31T15:59:50.123-08:00", "1998-12-31T23:59:60Z", "1963-06-19t08:30:06z"},
         {"1990-02-31T15:59:59.123-08:00", "1990-12-31T15:59:59-24:00", "1963-06-19T08:30:06", "06/19/1963 08:30:06 PST", "2013-350T01:01:01",
          "1998-12-31T22:59:60Z"});
  format("local-time", {"09:03", "23:59:59"}, {"24:00", "9:03", "09:03Z", "09:60"});
  format("email",
         {"joe.bloggs@example.com", "te~st@example.com", R"(\"joe bloggs\"@example.com)", R"(\"joe@bloggs\"@example.com)", "joe@[127.0.0.1]",
          "joe@[IPv6:::1]", "te.s.t@example.com"},
         {"2962", "@example.com", ".test@example.com", "test.@example.com", "te..st@example.com", "joe@invalid=domain.com", "joe@[127.0.0.300]",
          "a@b@c.com", "溪@example.com"});
  format("idn-email", {"实例@实例.测试", "joe@example.com"}, {"2962", "@x"});
  format("hostname", {"www.example.com", "a", "xn--4gbwdl.xn--wgbh1c", "123.example"},
         {"-a.com", "a-.com", "a_b", "", ".", "a..b", "not_valid.com", std::string(64, 'a') + ".com"});
  format("idn-hostname", {"实例.测试", "example.com"}, {"〮한국.한국", "", "-> $1.00 <--"});
  format("ipv4", {"192.168.0.1"}, {"127.0.0.0.1", "256.1.1.1", "127.0", "0x7f000001", "087.10.0.1", "192.168.1.0/24", "1২7.0.0.1", ""});
  format("ipv6", {"::1", "::", "1:2:3:4:5:6:7:8", "::abcd", "1::d6:192.168.0.1", "::ffff:192.168.0.1", "1:2:3:4:5:6:1.2.3.4", "d6::", "::42:ff:1"},
         {"12345::", "1:1:1:1:1:1:1:1:1", "::laptop", ":2:3:4:5:6:7:8", "1:2:3:4:5:6:7:", "1::2::3", "1:2:3:4:5:6:7:8:9", "::1%eth0", "1:2:3:4", "",
          "::1.2.3", "1:2:3:4:5:6:7:1.2.3.4"});
  format("uri",
         {"http://foo.bar/?baz=qux#quux", "urn:oasis:names:specification:docbook:dtd:xml:4.1.2", "mailto:a@example.com", "tel:+1-816-555-1212"},
         {"//foo.bar/", "/abc", "http:// fail", "bar,baz", "\\\\\\\\WINDOWS\\\\share", "http://foo.bar/溪", "a b"});
  format("uri-reference", {"/abc", "#frag", "http://foo.bar/", "abc"}, {"\\\\\\\\WINDOWS\\\\share", "#frag\\\\ment"});
  format("iri", {"http://ƒøø.ßår/?∂éœ=πîx#πîüx"}, {"/abc", "http://2001:0db8:85a3:0000:0000:8a2e:0370:7334", "âππ"});
  format("iri-reference", {"/âππ", "#ƒrägmênt"}, {"\\\\\\\\WINDOWS"});
  format("uri-template", {"http://example.com/{term:1}/{+x,y*}", "http://example.com/dictionary", "{?a%20b}"},
         {"http://example.com/{term", "{}", "{x:0}", "a}"});
  format("json-pointer", {"", "/foo/bar~0/baz~1/%a", "/", "//"}, {"/foo/bar~", "~1", "a", "#/a", "/~2"});
  format("relative-json-pointer", {"1", "0/foo/bar", "2/0/baz", "0#"}, {"/foo", "-1/foo", "01/a", "0##", "", "+1"});
  format("regex", {"([abc])+\\\\s+$"}, {"^(abc]", "a\\\\Z"});
  format("uuid", {"01890a5d-ac96-774b-bcce-b302099a8057"}, {"01890a5d", "01890a5dac96774bbcceb302099a8057"});
  format("cn.citizen-id", {"11010519491231002X"}, {"110105194912310021", "11010519491331002X", "1"});
  format("cn.credit-code", {"91350100M000100Y43"}, {"91350100M000100Y44", "91350100M0001"});
  format("cn.division", {"332021"}, {"33202", "abcdef"});
}

TEST(Keywords, content_is_decoded) {
  expect_fits(R"({"contentMediaType":"application/json","contentEncoding":"base64"})", {"\"eyJmb28iOiAiYmFyIn0=\"", "100"}, {"\"ezp9\"", "\"{}\""});
  expect_fits(R"({"contentMediaType":"application/json"})", {R"("{\"foo\": \"bar\"}")"}, {"\"{:}\""});
  expect_fits(R"({"contentEncoding":"base64"})", {"\"eyJmb28iOiAiYmFyIn0K\""}, {"\"eyJmb28iOi%iYmFyIn0K\""});
  expect_fits(R"({"contentMediaType":"image/png"})", {"\"anything\""}, {});
}

}  // namespace
}  // namespace jx::cases
