#include <jx/text/search.hpp>

#include <gtest/gtest.h>

namespace jx::text {
namespace {

TEST(SearchForm, makes_case_width_and_script_alike) {
  EXPECT_EQ(search_form("Open A RESTAURANT"), "open a restaurant");
  EXPECT_EQ(search_form("開飯店ＡＢ"), "开饭店ab");
}

TEST(Syllables, reads_chinese_without_tones) {
  EXPECT_EQ(syllables("开饭店"), (std::vector<std::string>{"kai", "fan", "dian"}));
  EXPECT_EQ(syllables("绿化 no. 3"), (std::vector<std::string>{"lu", "hua"}));
  EXPECT_TRUE(syllables("restaurant").empty());
  EXPECT_TRUE(syllables("\xff").empty());
}

TEST(IsHan, is_true_of_chinese_characters_alone) {
  EXPECT_TRUE(is_han("饭店𠮷"));
  EXPECT_FALSE(is_han("饭店1"));
  EXPECT_FALSE(is_han(""));
}

}  // namespace
}  // namespace jx::text
