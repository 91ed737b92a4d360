#include <jx/exchange/quality.hpp>

#include <gtest/gtest.h>

namespace jx::exchange {
namespace {

using catalogue::FieldType;

LocalizedText words(const std::string& text) { return LocalizedText({{"en", text}, {"zh-CN", text}}); }

catalogue::Resource people(std::vector<catalogue::QualityRule> rules) {
  catalogue::Resource resource;
  resource.id = ResourceId::trusted("people");
  resource.table = "person";
  resource.fields = {{"code", "id_no", words("Code"), FieldType::text, catalogue::Sensitivity::personal, {}},
                     {"age", "age", words("Age"), FieldType::integer, catalogue::Sensitivity::general, {}},
                     {"born", "born", words("Born"), FieldType::date, catalogue::Sensitivity::personal, {}}};
  resource.quality = std::move(rules);
  return resource;
}

const catalogue::Sheet sheet{
    "person", {"age", "id_no", "born"}, {{"30", "123", "1996-01-01"}, {"-1", "12", "2027-01-01"}, {"many", "123", ""}, {"", "", "1990-02-30"}}, true};

TEST(Quality, counts_the_rows_that_break_a_rule_and_where_the_first_of_them_stand) {
  const std::vector resources{people({{"code", words("three digits"), "string length(code) = 3"}, {"age", words("not below 0"), "age >= 0"}})};
  const auto found = hold_quality({&sheet, 1}, resources);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].rows, 4);
  EXPECT_EQ(found[0].broken, 2) << "in FEEL what is absent equals no number";
  EXPECT_EQ(found[0].positions, (std::vector<std::int64_t>{2, 4}));
  EXPECT_EQ(found[0].untold, 0);
  EXPECT_EQ(found[1].broken, 1);
  EXPECT_EQ(found[1].untold, 2) << "what is no number is not below 0 either";
}

TEST(Quality, knows_dates_and_several_fields) {
  const std::vector resources{people({{"born", words("in the past"), R"(born < date("2026-12-01") and age < 150)"}})};
  const auto found = hold_quality({&sheet, 1}, resources);
  EXPECT_EQ(found.at(0).broken, 1);
  EXPECT_EQ(found.at(0).positions, std::vector<std::int64_t>{2});
}

TEST(Quality, of_a_rule_that_does_not_compile_says_why_and_leaves_out_what_has_no_rule) {
  const std::vector resources{people({{"code", words("three digits"), "string length(code"}, {"age", words("as people say it"), {}}})};
  const auto found = hold_quality({&sheet, 1}, resources);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].why);
  EXPECT_EQ(found[0].broken, 0);
}

TEST(Quality, keeps_no_more_than_five_places) {
  catalogue::Sheet many{"person", {"id_no"}, {}, false};
  for (int i = 0; i < 100; ++i) many.rows.push_back({"1"});
  const std::vector resources{people({{"code", words("three digits"), "string length(code) = 3"}})};
  const auto found = hold_quality({&many, 1}, resources);
  EXPECT_EQ(found.at(0).broken, 100);
  EXPECT_EQ(found.at(0).positions.size(), catalogue::examples_max);
  EXPECT_FALSE(found.at(0).whole);
}

}  // namespace
}  // namespace jx::exchange
