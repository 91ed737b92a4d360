// outline_test.cpp - the fields of a form, laws rule by rule, counter-examples as inputs; citations as people write them.
#include <jx/decisions/outline.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace jx::decisions {
namespace {

std::string all(std::string_view text) {
  std::string out;
  for (const auto& [law, article, clause] : citations(text)) out += law + "/" + article + "/" + clause + " ";
  return out;
}

TEST(Law, is_read_from_a_table_as_people_write_it) {
  EXPECT_EQ(all("食品安全法第一百零九条（风险分级管理）；制作生食"), "食品安全法/109/ 制作生食// ");
  EXPECT_EQ(all("《中华人民共和国消防法》第十五条第二款"), "消防法/15/2 ");
  EXPECT_EQ(all("行政许可法第三十八条第一款、第四十二条；食品安全法第35条"), "行政许可法/38/1 行政许可法/42/ 食品安全法/35/ ");
  EXPECT_EQ(all("根据调查，刑法第一百二十条之一和民法典第十条"), "刑法/120-1/ 民法典/10/ ");
  EXPECT_EQ(all("餐饮管理办法（试行）第三条"), "餐饮管理办法（试行）/3/ ");
  EXPECT_EQ(all("Food Safety Law, art. 35; Health Code § 451.2"), "Food Safety Law/35/ Health Code/451.2/ ");
  EXPECT_EQ(all("LIVES, legend of the registry"), "LIVES, legend of the registry// ");
  EXPECT_EQ(all(""), "");
}

TEST(Law, of_an_article_that_does_not_end_is_no_citation_and_no_loop) {
  EXPECT_EQ(all("第"), "第// ");
  EXPECT_EQ(all("消防法第十五"), "消防法第十五// ");
  EXPECT_EQ(all("第十五条"), "");
}

TEST(Law, is_the_same_with_or_without_the_name_of_the_state) {
  const Citation cited{"食品安全法", "35", ""};
  EXPECT_TRUE(cites(cited, "中华人民共和国食品安全法", "第三十五条"));
  EXPECT_TRUE(cites(cited, "《食品安全法》", "35"));
  EXPECT_TRUE(cites(cited, "食品安全法", ""));
  EXPECT_FALSE(cites(cited, "食品安全法", "3"));
  EXPECT_FALSE(cites(cited, "安全法", ""));
  EXPECT_TRUE(cites({"Food Safety Law", "35", ""}, "food safety law", ""));
}

/// A model with a table over `inputs` (items, inputData, decisions of XML).
std::string model(const std::string& body) {
  return R"(<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" xmlns:jx="urn:junxian:dmn:1" id="m" name="m" namespace="urn:m">)" +
         body + "</definitions>";
}
std::string column(const std::string& label, const std::string& type, const std::string& text, const std::string& values = {}) {
  return fmt::format(R"(<input label="{}"><inputExpression typeRef="{}"><text>{}</text></inputExpression>{}</input>)", label, type, text,
                     values.empty() ? "" : "<inputValues><text>" + values + "</text></inputValues>");
}
std::string rule(const std::vector<std::string>& cells, const std::string& output, const std::string& attributes = {}) {
  std::string out = "<rule " + attributes + ">";
  for (const auto& cell : cells) out += "<inputEntry><text>" + cell + "</text></inputEntry>";
  return out + "<outputEntry><text>" + output + "</text></outputEntry></rule>";
}
std::string table(const std::string& name, const std::string& needs, const std::string& content) {
  return fmt::format(R"(<decision id="{0}" name="{0}"><variable name="{0}"/>{1}<decisionTable hitPolicy="UNIQUE">{2}</decisionTable></decision>)",
                     name, needs, content);
}
std::string input(const std::string& name, const std::string& type) {
  return fmt::format(R"(<inputData id="in-{0}" name="{0}"><variable name="{0}" typeRef="{1}"/></inputData>)", name, type);
}
std::string needs(const std::string& id, bool decision = false) {
  return fmt::format(R"(<informationRequirement><{0} href="#{1}"/></informationRequirement>)", decision ? "requiredDecision" : "requiredInput", id);
}
const std::string output = R"(<output name="o" typeRef="string"/>)";

std::string said(const std::vector<Field>& fields) {
  std::string out;
  for (const auto& field : fields) {
    for (const auto& step : field.path) out += (step == field.path.front() ? "" : ".") + step;
    out += fmt::format(" ({}): {}", field.label, field.type);
    for (const auto& value : field.allowed) out += " " + value.text();
    out += "\n";
  }
  return out;
}

TEST(Outline, asks_for_the_parts_of_an_input_that_the_tables_use) {
  const auto xml = model(input("form", "Any") +
                         table("d", needs("in-form"),
                               column("Seats", "number", "form.shop.seats") + column("", "string", "form.kind", "&quot;a&quot;, &quot;b&quot;") +
                                   column("Raw", "boolean", "form.shop.raw food = true") + column("x", "number", "form.a + 1") + output));
  const auto loaded = rules::Model::load(xml).value();
  EXPECT_EQ(said(outlines(loaded, xml)[0].fields),
            "form.shop.seats (Seats): number\nform.kind (kind): string \"a\" \"b\"\nform.shop.raw food (Raw): boolean\n");
}

TEST(Outline, asks_for_what_item_definitions_declare) {
  const auto xml = model(
      R"(<itemDefinition name="grade"><typeRef>string</typeRef><allowedValues><text>"A", "B"</text></allowedValues></itemDefinition>
      <itemDefinition name="person"><itemComponent name="born"><typeRef>date</typeRef></itemComponent><itemComponent name="grade"><typeRef>grade</typeRef></itemComponent>
      <itemComponent name="age"><typeRef>number</typeRef><allowedValues><text>[0..150]</text></allowedValues></itemComponent></itemDefinition>)" +
      input("p", "person") + input("tags", "string") + table("base", needs("in-p"), column("Grade of p", "string", "p.grade") + output) +
      table("d", needs("base", true) + needs("in-tags"), column("B", "string", "base") + column("T", "string", "tags") + output));
  const auto loaded = rules::Model::load(xml).value();
  const auto both = outlines(loaded, xml);
  EXPECT_EQ(said(both[0].fields), "p.born (born): date\np.grade (Grade of p): string \"A\" \"B\"\np.age (age): number\n");
  EXPECT_EQ(said(both[1].fields), "tags (T): string\n" + said(both[0].fields)) << "inputs of what is required, too";
  EXPECT_EQ(both[1].below, (std::set<std::string, std::less<>>{"base", "d"}));
}

TEST(Outline, names_the_law_of_each_rule) {
  const auto xml = model(
      input("n", "number") +
      table(
          "d", needs("in-n"),
          column("n", "number", "n") + output + R"(<annotation name="law"/>)" +
              rule({"1"}, "\"x\"", R"(id="r1" jx:law="消防法" jx:article="第十五条")") +
              R"(<rule id="r2"><inputEntry><text>2</text></inputEntry><outputEntry><text>"y"</text></outputEntry><annotationEntry><text>食品安全法第三十五条</text></annotationEntry></rule>)"));
  const auto seen = outlines(rules::Model::load(xml).value(), xml)[0];
  ASSERT_EQ(seen.rules.size(), 2U);
  EXPECT_EQ(seen.rules[0].cited, (std::vector<Citation>{{"消防法", "15", ""}}));
  EXPECT_EQ(seen.rules[0].laws, (std::vector<std::string>{"消防法 第十五条"}));
  EXPECT_EQ(seen.rules[1].cited, (std::vector<Citation>{{"食品安全法", "35", ""}}));
}

TEST(Check, gives_a_counter_example_as_an_input_that_shows_it) {
  const auto xml = model(input("form", "Any") + table("d", needs("in-form"),
                                                      column("Seats", "number", "form.seats") + column("Raw", "boolean", "form.raw = true") + output +
                                                          rule({"&lt; 10", "-"}, "\"x\"") + rule({"&gt;= 10", "true"}, "\"y\"")));
  const auto loaded = rules::Model::load(xml).value();
  const auto found = check(loaded, xml).value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].finding.code, rules::Finding::Code::gap);
  ASSERT_TRUE(found[0].input);
  EXPECT_EQ(found[0].input->text(), "{form: {seats: 10, raw: false}}");
  EXPECT_TRUE(loaded.decide("d", *found[0].input).value.is_null());
}

TEST(Check, gives_no_input_where_a_column_is_no_path) {
  const auto xml = model(input("n", "number") + table("d", needs("in-n"), column("n", "number", "n * 2") + output + rule({"&lt; 10"}, "\"x\"")));
  const auto found = check(rules::Model::load(xml).value(), xml).value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_FALSE(found[0].input);
}

TEST(Check, looks_at_a_table_of_thousands_of_rules) {
  std::string rules;
  for (int i = 0; i < 3'000; ++i) rules += rule({fmt::format("[{}..{}]", 2 * i, 2 * i + 1)}, "\"x\"");
  const auto xml = model(input("n", "number") + table("d", needs("in-n"), column("n", "number", "n") + output + rules));
  const auto found = check(rules::Model::load(xml).value(), xml).value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].finding.code, rules::Finding::Code::gap);
  EXPECT_EQ(found[0].input->text(), "{n: -1}");
}

}  // namespace
}  // namespace jx::decisions
