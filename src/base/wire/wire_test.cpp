#include <jx/wire.hpp>
#include <jx/wire/utf8.hpp>

#include <boost/json/value.hpp>

#include <cmath>
#include <gtest/gtest.h>

#include <bit>

namespace jx::wire {
namespace {

namespace json = boost::json;

enum class Grade { good, needs_work, register_ };
BOOST_DESCRIBE_ENUM(Grade, good, needs_work, register_)

struct Material {
  std::string name;
  std::uint8_t copies = 0;
};
BOOST_DESCRIBE_STRUCT(Material, (), (name, copies))

struct Application {
  CaseId id;
  LocalDate due_on;
  Instant at;
  std::optional<std::string> note;
  Grade grade = Grade::good;
  std::vector<Material> materials;
  std::map<UnitId, int> days;
  std::map<std::string, double> rates;
  LocalizedText title;
  bool urgent = false;
  Bytes seal;
  json::value form;
  std::optional<Code> code;
};
BOOST_DESCRIBE_STRUCT(Application, (), (id, due_on, at, note, grade, materials, days, rates, title, urgent, seal, form, code))

struct Base {
  int version = 0;
};
BOOST_DESCRIBE_STRUCT(Base, (), (version))
struct Derived : Base {
  std::string case_;
};
BOOST_DESCRIBE_STRUCT(Derived, (Base), (case_))

constexpr std::string_view application_text =
    R"({"id":"01920000-0000-7000-8000-000000000001","due_on":"2026-11-21","at":"2026-11-21T09:03:56.5Z","grade":"needs_work",)"
    R"("materials":[{"name":"平面图","copies":2}],"days":{"fire":5,"market-regulation":10},"rates":{"a":0.1},)"
    R"("title":{"en":"Open a restaurant","zh-CN":"开办餐馆"},"urgent":true,"seal":"AQID","form":{"x":[1,2.5,null]}})";

Error error_of(std::string_view text, const Limits& limits = {}) {
  const auto value = parse(text, limits);
  return value ? Error{ErrorCode::internal, "was accepted", "", nullptr} : value.error();
}

template <class T>
Error decode_error(std::string_view text) {
  const auto value = decode<T>(text);
  return value ? Error{ErrorCode::internal, "was accepted", "", nullptr} : value.error();
}

std::string canonical_of(std::string_view text) {
  const auto value = parse(text);
  return value ? canonical(*value).value_or("not canonical") : value.error().text();
}

// ---- parse ------------------------------------------------------------------------------------------------------------------------

TEST(Json, reads_every_kind_of_value) {
  const auto value = parse(R"( {"a": [null, true, -1, 18446744073709551615, 1.5, "\u00e9\ud83d\ude00\n"], "b": {}} )");
  ASSERT_TRUE(value) << value.error().text();
  EXPECT_EQ(to_text(*value), "{\"a\":[null,true,-1,18446744073709551615,1.5,\"é😀\\n\"],\"b\":{}}");
}

TEST(Json, refuses_a_key_that_is_there_twice_and_says_where) {
  int line = 0;
  const auto value = parse("{\"a\": {\n  \"b\": 1,\n  \"b\": 2}}", {}, &line);
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().code, ErrorCode::invalid);
  EXPECT_EQ(value.error().field, "/a/b");
  EXPECT_EQ(line, 3);
  EXPECT_EQ(value.error().message.en.substr(0, 6), "line 3");
  EXPECT_EQ(error_of(R"({"a":1,"\u0061":2})").field, "/a") << "an escape does not make another key";
}

TEST(Json, refuses_what_is_not_json) {
  for (const std::string_view text : {"",        " ",       "{",           "[1,]",        "{\"a\":1,}",     "01",  "1.",    ".5",
                                      "+1",      "NaN",     "Infinity",    "'a'",         "\"\t\"",         "nul", "1 2",   "{}x",
                                      "// c\n1", "\"\\x\"", "\"\\ud800\"", "\"\\udc00\"", "\xEF\xBB\xBF{}", "[1}", "{1:2}", "{\"a\" 1}"}) {
    EXPECT_EQ(error_of(text).code, ErrorCode::invalid) << text;
  }
}

TEST(Json, refuses_octets_that_are_not_utf8) {
  for (const std::string_view text : {"\"\xff\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xe4\xb8\""})
    EXPECT_EQ(error_of(text).code, ErrorCode::invalid);
}

TEST(Json, keeps_its_limits) {
  EXPECT_EQ(error_of("[[[1]]]", {.depth = 2}).code, ErrorCode::too_large);
  EXPECT_TRUE(parse("[[1]]", {.depth = 2}));
  EXPECT_EQ(error_of("[1,2,3]", {.values = 3}).code, ErrorCode::too_large);
  EXPECT_TRUE(parse("[1,2]", {.values = 3}));
  EXPECT_EQ(error_of("\"abcd\"", {.string_bytes = 3}).code, ErrorCode::too_large);
  EXPECT_EQ(error_of("{\"abcd\":1}", {.string_bytes = 3}).code, ErrorCode::too_large);
  EXPECT_EQ(error_of("[1]", {.bytes = 2}).code, ErrorCode::too_large);
  EXPECT_EQ(error_of(std::string(100'000, '[')).code, ErrorCode::too_large);
}

TEST(Json, refuses_a_number_that_no_double_holds) {
  EXPECT_EQ(error_of("[0,1e400]").field, "/1");
  EXPECT_EQ(parse("1e-400")->as_double(), 0.0);
}

TEST(Json, rounds_doubles_exactly) {
  // Values that a parser which multiplies by powers of ten gets wrong in the last place.
  EXPECT_EQ(parse("9007199254740993.0")->as_double(), 9007199254740992.0);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(parse("2.2250738585072011e-308")->as_double()), 0x000FFFFFFFFFFFFFU);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(parse("1.7976931348623157e308")->as_double()), 0x7FEFFFFFFFFFFFFFU);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(parse("5e-324")->as_double()), 1U);
  EXPECT_EQ(parse("0.1")->as_double(), 0.1);
  EXPECT_EQ(parse("123456789012345678901234567890")->as_double(), 123456789012345678901234567890.0);
}

TEST(Json, names_the_line_of_a_pointer) {
  const std::string_view text = "{\n  \"a\": [\n    1,\n    {\"b/c\": \"}\",\n     \"d\": 2}\n  ],\n  \"e\\n\": 3\n}";
  EXPECT_EQ(line_of(text, ""), 1);
  EXPECT_EQ(line_of(text, "/a"), 2);
  EXPECT_EQ(line_of(text, "/a/0"), 3);
  EXPECT_EQ(line_of(text, "/a/1/b~1c"), 4);
  EXPECT_EQ(line_of(text, "/a/1/d"), 5);
  EXPECT_EQ(line_of(text, "/a/1/missing"), 4);
  EXPECT_EQ(line_of(text, "/e\n"), 7);
  EXPECT_EQ(line_of("", "/a"), 1);
}

// ---- decode -----------------------------------------------------------------------------------------------------------------------

TEST(Decode, reads_a_struct_and_encode_writes_it_back) {
  const auto application = decode<Application>(application_text);
  ASSERT_TRUE(application) << application.error().text();
  EXPECT_EQ(application->due_on, LocalDate::of(2026, 11, 21));
  EXPECT_EQ(application->grade, Grade::needs_work);
  EXPECT_EQ(application->materials.at(0).copies, 2);
  EXPECT_EQ(application->days.at(UnitId::trusted("fire")), 5);
  EXPECT_EQ(application->title.in("zh-CN"), "开办餐馆");
  EXPECT_EQ(application->seal, (Bytes{1, 2, 3}));
  EXPECT_FALSE(application->note);
  EXPECT_EQ(encode(*application), application_text);
  EXPECT_EQ(to_text(to_value(*application)), application_text);
  EXPECT_TRUE(decode<Application>(to_value(*application)));
}

TEST(Decode, takes_null_for_what_is_optional_and_leaves_it_out_again) {
  std::string text(application_text);
  text.insert(1, R"("note":null,)");
  const auto application = decode<Application>(text);
  ASSERT_TRUE(application) << application.error().text();
  EXPECT_EQ(encode(*application), application_text);
}

TEST(Decode, drops_the_underscore_of_a_cpp_keyword_and_reads_bases) {
  const auto derived = decode<Derived>(R"({"version":3,"case":"x"})");
  ASSERT_TRUE(derived) << derived.error().text();
  EXPECT_EQ(derived->version, 3);
  EXPECT_EQ(encode(*derived), R"({"version":3,"case":"x"})");
  EXPECT_EQ(name_of(Grade::register_), "register");
  EXPECT_EQ(enum_of<Grade>("register"), Grade::register_);
  EXPECT_EQ(enum_of<Grade>("register_"), std::nullopt);
}

TEST(Decode, points_at_an_unknown_key_and_names_the_known_ones) {
  const auto error = decode_error<Material>(R"({"name":"x","copies":1,"a/b":2})");
  EXPECT_EQ(error.field, "/a~1b");
  EXPECT_EQ(error.message.en, "unknown key; known are: name, copies");
  EXPECT_FALSE(error.message.zh.empty());
}

TEST(Decode, points_at_a_missing_key) { EXPECT_EQ(decode_error<Material>(R"({"name":"x"})").field, "/copies"); }

TEST(Decode, points_into_lists_and_maps) {
  EXPECT_EQ(decode_error<std::vector<Material>>(R"([{"name":"x","copies":1},{"name":1,"copies":1}])").field, "/1/name");
  EXPECT_EQ((decode_error<std::map<std::string, Material>>(R"({"k":{"name":"x","copies":"1"}})").field), "/k/copies");
  EXPECT_EQ((decode_error<std::map<UnitId, int>>(R"({"Not a key":1})").field), "/Not a key");
}

TEST(Decode, refuses_a_number_out_of_range_or_with_a_fraction) {
  EXPECT_EQ(decode_error<std::uint8_t>("256").message.en, "must be from 0 to 255");
  EXPECT_EQ(decode_error<std::uint8_t>("-1").code, ErrorCode::invalid);
  EXPECT_EQ(decode_error<std::int8_t>("-129").code, ErrorCode::invalid);
  EXPECT_EQ(decode_error<std::int64_t>("9223372036854775808").code, ErrorCode::invalid);
  EXPECT_EQ(decode_error<int>("1.0").code, ErrorCode::invalid);
  EXPECT_EQ(decode_error<int>("\"1\"").code, ErrorCode::invalid);
  EXPECT_EQ(decode<std::uint64_t>("18446744073709551615").value_or(0), UINT64_MAX);
  EXPECT_EQ(decode<double>("3").value_or(0), 3.0);
}

TEST(Decode, advises_quotes_where_a_number_stands_for_a_text) {
  EXPECT_EQ(decode_error<std::string>("110105").message.en, "expected a text, found a number: put it in quotes");
}

TEST(Decode, refuses_what_is_not_of_the_type) {
  for (const std::string_view text : {"1", "\"x\"", "null", "[]", "true"}) EXPECT_FALSE(decode<Material>(text)) << text;
  EXPECT_FALSE(decode<bool>("1"));
  EXPECT_FALSE(decode<Grade>("\"bad\""));
  EXPECT_FALSE(decode<LocalDate>("\"2026-02-29\""));
  EXPECT_FALSE(decode<CaseId>("\"1\""));
  EXPECT_FALSE(decode<Bytes>("\"AQ\""));
  EXPECT_FALSE(decode<LocalizedText>("{}"));
  EXPECT_FALSE(decode<LocalizedText>(R"({"en":""})"));
  EXPECT_FALSE(decode<LocalizedText>(R"({"e":"x"})"));
  EXPECT_FALSE(decode<std::optional<int>>("\"x\""));
}

// ---- RFC 8785 ---------------------------------------------------------------------------------------------------------------------

TEST(Canonical, sorts_and_prints_as_the_example_of_rfc8785) {
  EXPECT_EQ(
      canonical_of(
          R"({"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]})"),
      R"({"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"})");
}

TEST(Canonical, sorts_keys_by_utf16_code_units) {
  EXPECT_EQ(
      canonical_of(
          R"({"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"})"),
      "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro "
      "Sign\",\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
  EXPECT_EQ(canonical_of(R"({"ab":1,"a":{"c":1,"b":2}})"), R"({"a":{"b":2,"c":1},"ab":1})");
}

TEST(Canonical, prints_numbers_as_the_table_of_rfc8785_appendix_b) {
  const std::pair<std::uint64_t, std::string_view> samples[] = {{0x0000000000000000, "0"},
                                                                {0x8000000000000000, "0"},
                                                                {0x0000000000000001, "5e-324"},
                                                                {0x8000000000000001, "-5e-324"},
                                                                {0x7fefffffffffffff, "1.7976931348623157e+308"},
                                                                {0xffefffffffffffff, "-1.7976931348623157e+308"},
                                                                {0x4340000000000000, "9007199254740992"},
                                                                {0xc340000000000000, "-9007199254740992"},
                                                                {0x4430000000000000, "295147905179352830000"},
                                                                {0x44b52d02c7e14af5, "9.999999999999997e+22"},
                                                                {0x44b52d02c7e14af6, "1e+23"},
                                                                {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
                                                                {0x444b1ae4d6e2ef4e, "999999999999999700000"},
                                                                {0x444b1ae4d6e2ef4f, "999999999999999900000"},
                                                                {0x444b1ae4d6e2ef50, "1e+21"},
                                                                {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
                                                                {0x3eb0c6f7a0b5ed8d, "0.000001"},
                                                                {0x41b3de4355555553, "333333333.3333332"},
                                                                {0x41b3de4355555554, "333333333.33333325"},
                                                                {0x41b3de4355555555, "333333333.3333333"},
                                                                {0x41b3de4355555556, "333333333.3333334"},
                                                                {0x41b3de4355555557, "333333333.33333343"},
                                                                {0xbecbf647612f3696, "-0.0000033333333333333333"},
                                                                {0x43143ff3c1cb0959, "1424953923781206.2"}};
  for (const auto& [bits, text] : samples) EXPECT_EQ(canonical(json::value(std::bit_cast<double>(bits))).value_or("?"), text);
}

TEST(Canonical, prints_an_integer_beyond_2_to_the_53_as_the_double_that_others_will_read) {
  EXPECT_EQ(canonical_of("9007199254740991"), "9007199254740991");
  EXPECT_EQ(canonical_of("9007199254740993"), "9007199254740992");
  EXPECT_EQ(canonical_of("18446744073709551615"), "18446744073709552000");
}

TEST(Canonical, refuses_what_json_cannot_say) {
  EXPECT_FALSE(canonical(json::value(std::nan(""))));
  EXPECT_FALSE(canonical(json::value("\xff")));
  EXPECT_EQ(to_text(json::value(INFINITY)), "null");
}

TEST(Utf8, cuts_between_characters) {
  EXPECT_EQ(cut_utf8("云溪县", 7), "云溪");
  EXPECT_EQ(cut_utf8("云溪县", 2), "");
  EXPECT_EQ(cut_utf8("云", 3), "云");
  EXPECT_EQ(find_invalid_utf8("0123456789云\xff"), 13U);
}

TEST(Write, escapes_wherever_it_stands_in_a_long_text) {
  for (std::size_t size = 1; size < 70; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (const char c : {'"', '\\', '\n', '\x01', '\x1f'}) {
        std::string text(size, 'a');
        text[at] = c;
        const auto again = parse(to_text(boost::json::value(text)));
        ASSERT_TRUE(again) << size << " " << at;
        ASSERT_EQ(again->as_string(), text);
      }
    }
  }
}

}  // namespace
}  // namespace jx::wire
