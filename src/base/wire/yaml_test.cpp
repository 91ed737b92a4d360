#include <jx/wire/yaml.hpp>

#include <gtest/gtest.h>

namespace jx::wire {
namespace {

std::string json_of(std::string_view yaml, const Limits& limits = {}) {
  const auto document = parse_yaml(yaml, limits);
  return document ? to_text(document->value()) : document.error().text();
}

int refused_line(std::string_view yaml, const Limits& limits = {}) {
  int line = -1;
  const auto document = parse_yaml(yaml, limits, &line);
  return document ? 0 : line;
}

TEST(Yaml, reads_mappings_lists_and_block_texts) {
  EXPECT_EQ(json_of("# a comment\nid: fire\nname: {zh-CN: 消防大队, en: Fire}\nlist:\n  - 1\n  - a: b\n    c: d\nlong: |\n  one\n  two\nfold: >-\n  "
                    "one\n  two\n"),
            R"({"id":"fire","name":{"zh-CN":"消防大队","en":"Fire"},"list":[1,{"a":"b","c":"d"}],"long":"one\ntwo\n","fold":"one two"})");
}

TEST(Yaml, types_plain_scalars_by_the_core_schema_of_1_2) {
  EXPECT_EQ(json_of("[true, False, null, ~, 1, -2, +3, 0x1F, 0o17, 1.5, .5, 1e3, -1.]"), "[true,false,null,null,1,-2,3,31,15,1.5,0.5,1000,-1]");
  EXPECT_EQ(json_of("[no, yes, on, off, y, 2026-11-21, 12:30, 1_000, 0b1, 1.2.3, '1', \"true\", -, 0x, e5, .]"),
            R"(["no","yes","on","off","y","2026-11-21","12:30","1_000","0b1","1.2.3","1","true","-","0x","e5","."])");
  EXPECT_EQ(json_of("a:\nb: ''\n007: bond\n"), R"({"a":null,"b":"","007":"bond"})");
}

TEST(Yaml, refuses_numbers_that_json_cannot_keep) {
  for (const std::string_view text : {"a: 99999999999999999999", "a: .inf", "a: -.inf", "a: .nan", "a: 1e999"})
    EXPECT_EQ(refused_line(text), 1) << text;
}

TEST(Yaml, refuses_doubled_keys_anchors_aliases_tags_and_second_documents) {
  EXPECT_EQ(refused_line("a: 1\nb: 2\na: 3\n"), 3);
  EXPECT_EQ(refused_line("a: 1\nb: &x 2\n"), 2);
  EXPECT_EQ(refused_line("a: &x [1]\nb: *x\n"), 1);
  EXPECT_EQ(refused_line("a: !!str 1\n"), 1);
  EXPECT_EQ(refused_line("a: !mine {}\n"), 1);
  EXPECT_EQ(refused_line("a: 1\n---\nb: 2\n"), 1);
  EXPECT_EQ(refused_line("[a]: 1\n"), 1);
  EXPECT_EQ(refused_line("{a: 1}: 2\n"), 1);
  EXPECT_EQ(refused_line(""), 1);
  EXPECT_EQ(refused_line("# nothing\n"), 1);
}

TEST(Yaml, refuses_octets_that_are_not_plain_utf8) {
  EXPECT_EQ(refused_line("a: 1\nb: \xff\n"), 2);
  EXPECT_EQ(refused_line("\xEF\xBB\xBF"
                         "a: 1\n"),
            1);
  EXPECT_EQ(refused_line(std::string_view("\xFF\xFE"
                                          "a\0",
                                          4)),
            1);
  EXPECT_EQ(refused_line("a: 1\nb: x\x04\nc: 2\n"), 2) << "the end mark inside yaml-cpp";
}

TEST(Yaml, says_the_line_of_a_syntax_error) {
  EXPECT_EQ(refused_line("a: 1\nb: [1, 2\n"), 3);
  EXPECT_EQ(refused_line("a: 1\n\tb: 2\n"), 2);
}

TEST(Yaml, keeps_its_limits) {
  EXPECT_EQ(parse_yaml("[[[1]]]", {.depth = 2}).error().code, ErrorCode::too_large);
  EXPECT_EQ(parse_yaml("[1, 2, 3]", {.values = 3}).error().code, ErrorCode::too_large);
  EXPECT_EQ(parse_yaml("abcd", {.string_bytes = 3}).error().code, ErrorCode::too_large);
  EXPECT_EQ(parse_yaml("abcd", {.bytes = 3}).error().code, ErrorCode::too_large);
  EXPECT_FALSE(parse_yaml(std::string(100'000, '[')));
  EXPECT_FALSE(parse_yaml("a: " + std::string(100'000, '{')));
}

TEST(Yaml, knows_the_line_of_a_pointer) {
  const auto document = parse_yaml("id: x\nfields:\n  - id: a\n    type: text\n  - id: b\nname:\n  en: >\n    long\n");
  ASSERT_TRUE(document) << document.error().text();
  EXPECT_EQ(document->line_of(""), 1);
  EXPECT_EQ(document->line_of("/fields"), 2);
  EXPECT_EQ(document->line_of("/fields/0/type"), 4);
  EXPECT_EQ(document->line_of("/fields/1"), 5);
  EXPECT_EQ(document->line_of("/fields/1/type"), 5) << "absent: the line of its parent";
  EXPECT_EQ(document->line_of("/name/en"), 7);
  EXPECT_EQ(document->line_of("/nowhere/at/all"), 1);
}

TEST(Yaml, refuses_escapes_that_give_no_utf8) {
  EXPECT_EQ(refused_line("a: 1\nb: \"\\N\""), 2);
  EXPECT_EQ(refused_line("a: \"\\_\""), 1);
  EXPECT_EQ(refused_line("\"\\_\": 1"), 1);
}

}  // namespace
}  // namespace jx::wire
