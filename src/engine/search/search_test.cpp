#include <jx/search.hpp>

#include <gtest/gtest.h>

#include <array>

namespace jx::search {
namespace {

class Search : public testing::Test {
 protected:
  static Index made(const Synonyms& synonyms = {}) {
    Index index(synonyms);
    for (const auto& [zh, en, more] : texts) index.add(std::array{Part{zh, 2}, Part{en, 2}, Part{more, 0.5}});
    return index;
  }
  static std::string first(const Index& index, std::string_view query) {
    const auto hits = index.find(query);
    return hits.empty() ? "" : std::string(std::get<1>(texts[hits.front().document]));
  }

  static constexpr std::array<std::array<std::string_view, 3>, 6> texts{{
      {"食品经营许可", "Food business permit", "餐饮服务 饭店 restaurant"},
      {"经营主体登记信息", "Registered businesses", "企业、个体工商户的登记事项"},
      {"居民基本信息", "Basic resident data", "姓名、住址"},
      {"不动产权属信息", "Real estate ownership", "房屋和土地"},
      {"绿化工程审批", "Approval of greening works", "园林"},
      {"社会保险参保信息", "Social insurance", "养老 医疗"},
  }};
};

TEST_F(Search, finds_chinese_by_words_and_parts_of_words) {
  const auto index = made();
  EXPECT_EQ(first(index, "食品许可"), "Food business permit");
  EXPECT_EQ(first(index, "主体登记"), "Registered businesses");
  EXPECT_EQ(first(index, "我想查不动产怎么办理"), "Real estate ownership");
  EXPECT_EQ(first(index, "不動產"), "Real estate ownership");
}

TEST_F(Search, finds_chinese_by_pinyin_and_initials) {
  const auto index = made();
  EXPECT_EQ(first(index, "shipin"), "Food business permit");
  EXPECT_EQ(first(index, "shi pin jing ying"), "Food business permit");
  EXPECT_EQ(first(index, "budongch"), "Real estate ownership");
  EXPECT_EQ(first(index, "bdcqs"), "Real estate ownership");
  EXPECT_EQ(first(index, "lvhua"), "Approval of greening works");
  EXPECT_EQ(first(index, "budongcahn"), "Real estate ownership");  // two letters changed with each other
}

TEST_F(Search, finds_chinese_that_only_sounds_right) { EXPECT_EQ(first(made(), "居民鸡本信息"), "Basic resident data"); }

TEST_F(Search, finds_english_with_typing_errors_and_as_it_is_typed) {
  const auto index = made();
  EXPECT_EQ(first(index, "Real ESTATE"), "Real estate ownership");
  EXPECT_EQ(first(index, "restuarant"), "Food business permit");
  EXPECT_EQ(first(index, "insur"), "Social insurance");
  EXPECT_EQ(first(index, "how do i need a busines permit"), "Food business permit");
}

TEST_F(Search, knows_the_synonyms_of_its_pack) {
  EXPECT_EQ(first(made(), "下馆子"), "");
  EXPECT_EQ(first(made({{"下馆子", "饭店"}}), "我要下馆子"), "Food business permit");
  EXPECT_EQ(first(made({{"eatery", "food business"}}), "open an eatery"), "Food business permit");
}

TEST_F(Search, finds_nothing_in_nothing) {
  EXPECT_TRUE(made().find("").empty());
  EXPECT_TRUE(made().find("。。 ,").empty());
  EXPECT_TRUE(made().find("quarterback").empty());
  EXPECT_TRUE(Index().find("饭店").empty());
  EXPECT_NO_FATAL_FAILURE((void)made().find(std::string(100'000, 'x')));
  EXPECT_NO_FATAL_FAILURE((void)made().find("\xff\xfe饭\xe9"));
}

}  // namespace
}  // namespace jx::search
