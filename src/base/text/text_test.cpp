#include <jx/text.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace jx::text {
namespace {

std::string why(const Result<>& result) { return result ? "accepted" : result.error().message.en; }

TEST(Utf8, names_the_octet_where_the_text_stops_being_utf_8) {
  EXPECT_TRUE(check_utf8("王芳 𠮷 é"));
  EXPECT_NE(why(check_utf8("ab\xff")).find("octet 3"), std::string::npos);
  for (const auto* bad : {"\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe4\xbd", "\x80"}) EXPECT_FALSE(check_utf8(bad)) << bad;
}

TEST(Nfc, composes_and_keeps_every_plane) {
  EXPECT_EQ(*nfc("e\u0301"), "é");
  EXPECT_EQ(*nfc("\U0002F804"), "\u4F60");  // a compatibility ideograph has a canonical equivalent
  EXPECT_EQ(*nfc("𠮷𪚥"), "𠮷𪚥");
  EXPECT_TRUE(is_nfc("王芳"));
  EXPECT_FALSE(is_nfc("e\u0301"));
  EXPECT_FALSE(is_nfc("\xff"));
  EXPECT_EQ(nfc(std::string(bytes_max + 1, 'a')).error().code, ErrorCode::too_large);
}

TEST(CleanLine, trims_and_refuses_what_cannot_be_seen) {
  EXPECT_EQ(*clean_line("  Wang \u3000 Fang\t", 100), "Wang Fang");
  EXPECT_EQ(*clean_line("阿依古丽·买买提", 100), "阿依古丽·买买提");
  EXPECT_NE(clean_line("a\x01", 100).error().message.en.find("character 2 (U+0001)"), std::string::npos);
  for (const auto* bad : {"", "   ", "a\nb", "a\u202Eb", "a\u2066b", "a\u2028b", "\xff"}) EXPECT_FALSE(clean_line(bad, 100)) << bad;
  EXPECT_EQ(clean_line("abcd", 3).error().code, ErrorCode::too_large);
}

TEST(CaseFold, makes_wide_and_capital_letters_alike) { EXPECT_EQ(case_fold("Straße ＡＢＣ"), case_fold("STRASSE abc")); }

TEST(SortKey, puts_chinese_names_in_pinyin_order) {
  std::vector<std::string> names{"赵", "王", "李", "阿", "钱", "孙"};
  std::ranges::sort(names, {}, [](const std::string& name) { return sort_key(name); });
  EXPECT_EQ(names, (std::vector<std::string>{"阿", "李", "钱", "孙", "王", "赵"}));
  EXPECT_LT(sort_key("ä", "de"), sort_key("z", "de"));
  EXPECT_GT(sort_key("ä", "sv"), sort_key("z", "sv"));
  EXPECT_TRUE(sort_key("").size() < 8);
  EXPECT_FALSE(sort_key(std::string(100'000, 'x')).empty());
  EXPECT_LT(sort_key("a", "not a language"), sort_key("b", "not a language"));
  EXPECT_TRUE(sort_key_version().starts_with("icu-"));
}

TEST(Words, finds_those_of_chinese_and_english) {
  std::vector<std::string> found;
  const std::string text = "食品经营许可证, food permit 2026";
  for (const auto& word : words(text)) {
    EXPECT_EQ(text.substr(word.at, word.text.size()), word.text);
    found.emplace_back(word.text);
  }
  EXPECT_EQ(found, (std::vector<std::string>{"食品", "经营", "许可", "证", "food", "permit", "2026"}));
  EXPECT_TRUE(words(" ，。 ").empty());
}

TEST(Width, counts_columns_by_grapheme) {
  EXPECT_EQ(width("abc"), 3U);
  EXPECT_EQ(width("云溪县"), 6U);
  EXPECT_EQ(width("e\u0301"), 1U);
  EXPECT_EQ(graphemes("👨‍👩‍👧e\u0301王"), 3U);
  EXPECT_EQ(width("👨‍👩‍👧"), 2U);
}

TEST(Truncated, never_cuts_through_a_grapheme) {
  EXPECT_EQ(truncated("云溪县政府", 10), "云溪县政府");
  EXPECT_EQ(truncated("云溪县政府", 9), "云溪县政…");
  EXPECT_EQ(truncated("云溪县政府", 8), "云溪县…");
  EXPECT_EQ(truncated("e\u0301e\u0301e\u0301", 2), "e\u0301…");
  EXPECT_EQ(truncated("云溪", 0), "");
  EXPECT_EQ(truncated("云溪", 1), "…");
  EXPECT_EQ(truncated("", 0), "");
}

TEST(CitizenId, accepts_right_ones) {
  EXPECT_TRUE(check_citizen_id("11010519491231002X"));
  EXPECT_TRUE(check_citizen_id("440524188001010014"));
  const auto parsed = parse_citizen_id("11010519491231002X");
  EXPECT_EQ(parsed->born_on.text(), "1949-12-31");
  EXPECT_EQ(parsed->division, "110105");
  EXPECT_TRUE(parsed->female);
}

TEST(CitizenId, says_which_character_is_wrong_and_why) {
  const std::vector<std::pair<std::string, std::string>> cases{{"11010519491231002", "17 characters instead of 18"},
                                                               {"1101051949123100200", "19 characters"},
                                                               {"1101O519491231002X", "character 5 is wrong: a digit"},
                                                               {"99010519491231002X", "characters 1 to 2"},
                                                               {"11800519491231002X", "characters 3 to 4"},
                                                               {"11010519490231002X", "characters 7 to 14"},
                                                               {"11010519491231002x", "character 18 is wrong: the letter X"},
                                                               {"11010519491231002Y", "character 18 is wrong: a digit or X"},
                                                               {"110105194912310021", "character 18 is wrong: the check character"},
                                                               {"１1010519491231002X", "character 1 is wrong: only digits"},
                                                               {"", "0 characters"}};
  for (const auto& [id, expected] : cases) {
    EXPECT_NE(why(check_citizen_id(id)).find(expected), std::string::npos) << id << ": " << why(check_citizen_id(id));
    EXPECT_FALSE(check_citizen_id(id).error().message.zh.empty());
  }
  EXPECT_NE(why(check_citizen_id("11010519491231002X", LocalDate::of(1949, 12, 30))).find("future"), std::string::npos);
  EXPECT_TRUE(check_citizen_id("11010519491231002X", LocalDate::of(1949, 12, 31)));
}

/// Every slip of one digit, and every swap of two neighbours, is found: that is what the check character is for.
TEST(CitizenId, finds_every_single_slip_and_swap) {
  const std::string id = "11010519491231002X";
  for (std::size_t i = 0; i < 17; ++i) {
    for (char c = '0'; c <= '9'; ++c) {
      auto slip = id;
      slip[i] = c;
      EXPECT_EQ(check_citizen_id(slip).has_value(), slip == id) << slip;
    }
    auto swap = id;
    std::swap(swap[i], swap[i + 1]);
    EXPECT_EQ(check_citizen_id(swap).has_value(), swap == id) << swap;
  }
}

TEST(CreditCode, accepts_right_ones_and_names_what_is_wrong) {
  EXPECT_TRUE(check_credit_code("91350100M000100Y43"));
  const std::vector<std::pair<std::string, std::string>> cases{{"91350100M000100Y4", "17 characters instead of 18"},
                                                               {"91350100M0001O0Y43", "character 14 is wrong: the letters I O S V Z"},
                                                               {"91350100m000100Y43", "character 9 is wrong: letters are written as capitals"},
                                                               {"91350100M000-00Y43", "character 13 is wrong: only digits"},
                                                               {"01350100M000100Y43", "character 1 is wrong"},
                                                               {"9135A100M000100Y43", "character 5 is wrong: a digit"},
                                                               {"91990100M000100Y43", "characters 3 to 8"},
                                                               {"91350100M000100Y42", "character 18 is wrong: the check"}};
  for (const auto& [code, expected] : cases) {
    EXPECT_NE(why(check_credit_code(code)).find(expected), std::string::npos) << code << ": " << why(check_credit_code(code));
  }
}

TEST(CheckCharacters, complete_any_seventeen) {
  EXPECT_EQ(*citizen_id_check_character("11010519491231002"), 'X');
  EXPECT_EQ(*credit_code_check_character("91350100M000100Y4"), '3');
  for (int i = 0; i < 1000; ++i) {
    auto citizen = "33202119880305" + std::to_string(1000 + i).substr(1);
    citizen += *citizen_id_check_character(citizen);
    EXPECT_TRUE(check_citizen_id(citizen)) << citizen << why(check_citizen_id(citizen));
    auto firm = "92332021MA000" + std::to_string(10000 + i).substr(1);
    firm += *credit_code_check_character(firm);
    EXPECT_TRUE(check_credit_code(firm)) << firm;
  }
  EXPECT_FALSE(citizen_id_check_character("1101"));
  EXPECT_FALSE(credit_code_check_character("9135O100M000100Y4"));
}

TEST(Division, takes_six_nine_and_twelve_digits) {
  for (const auto* good : {"110000", "110105", "441900", "429004", "659001", "130171", "810000", "500381", "441900003", "110101001", "130102001001",
                           "130000000000", "130100000000", "110101001199"}) {
    EXPECT_TRUE(check_division(good)) << good << why(check_division(good));
  }
  const std::vector<std::pair<std::string, std::string>> cases{{"11010", "6, 9 or 12 digits, not 5"},   {"1101O5", "character 5"},
                                                               {"100000", "characters 1 to 2"},         {"118001", "characters 3 to 4"},
                                                               {"110001", "characters 5 to 6"},         {"110301", "characters 3 to 4"},
                                                               {"830000", "characters 1 to 2"},         {"110101600", "characters 7 to 9"},
                                                               {"110101001600", "characters 10 to 12"}, {"110101000001", "characters 10 to 12"}};
  for (const auto& [code, expected] : cases)
    EXPECT_NE(why(check_division(code)).find(expected), std::string::npos) << code << ": " << why(check_division(code));
}

TEST(CodeCheck, points_to_the_part_that_is_wrong) {
  EXPECT_TRUE(check_code({"cn.citizen-id", "11010519491231002X"}));
  EXPECT_EQ(check_code({"cn.citizen-id", "1"}).error().field, "/value");
  EXPECT_EQ(check_code({"CN", "1"}).error().field, "/scheme");
  EXPECT_TRUE(check_code({"us.ca.sf.business-id", "12345"}));
  EXPECT_FALSE(check_code({"us.ca.sf.business-id", " 12345"}));
  EXPECT_FALSE(check_code({"us.ca.sf.business-id", ""}));
}

TEST(Masks, never_show_more_than_half) {
  EXPECT_EQ(masked(Code{"cn.citizen-id", "11010519491231002X"}), "110*************2X");
  EXPECT_EQ(masked("13812345678", 3, 2), "138******78");
  EXPECT_EQ(masked("13812345678", 5, 5), "***********");
  EXPECT_EQ(masked(Code{"x", "12"}), "**");
  EXPECT_EQ(masked(Code{"x", ""}), "");
  EXPECT_EQ(masked("abc", 100, 0), "***");
  EXPECT_EQ(masked_name("王芳"), "王*");
  EXPECT_EQ(masked_name("欧阳娜娜"), "欧阳**");
  EXPECT_EQ(masked_name("欧阳"), "欧*");
  EXPECT_EQ(masked_name("John Doe"), "J*** D**");
  EXPECT_EQ(masked_name("王"), "*");
  EXPECT_EQ(masked_name(""), "");
  EXPECT_EQ(masked_name("𠮷野"), "𠮷*");
}

}  // namespace
}  // namespace jx::text
