// Pages and codes.
#include <jx/print.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace jx::print {
namespace {

Sheet sheet() {
  return {LocalizedText({{"zh-CN", "食品经营许可证"}, {"en", "Food permit"}}),
          "11332021MB00000435011-YJ-2026-000001",
          {{LocalizedText({{"zh-CN", "名称"}, {"en", "Name"}}), "溪畔小馆"},
           {LocalizedText({{"zh-CN", "经营者"}, {"en", "Operator"}}), "王芳"},
           {LocalizedText({{"zh-CN", "经营场所"}, {"en", "Premises"}}), "云溪县溪口镇老街17号临街门面一层东侧第二间"},
           {LocalizedText({{"zh-CN", "有效期至"}, {"en", "Valid until"}}), "2031年11月27日"}},
          LocalizedText({{"zh-CN", "云溪县市场监督管理局"}, {"en", "Yunxi Market Regulation Bureau"}}),
          LocalDate::of(2026, 11, 28),
          "https://yunxi.example/verify#" + std::string(700, 'x')};
}

TEST(Print, draws_the_same_page_for_the_same_certificate) {
  const auto first = certificate_pdf(sheet());
  ASSERT_TRUE(first) << first.error().text();
  EXPECT_TRUE(first->starts_with("%PDF-1.5"));
  EXPECT_EQ(*first, *certificate_pdf(sheet()));
  if (const auto* path = std::getenv("JUNXIAN_PRINT_TO")) std::ofstream(path) << *first;  // to be looked at
}

TEST(Print, sets_a_long_certificate_on_one_page) {
  auto long_one = sheet();
  for (int i = 0; i < 12; ++i) long_one.rows.push_back({sheet().title, "很长的内容，" + std::string(300, 'y')});
  const auto page = certificate_pdf(long_one);
  ASSERT_TRUE(page) << page.error().text();
  EXPECT_NE(page->find("/Count 1"), std::string::npos);
}

TEST(Print, refuses_what_no_code_holds) {
  auto too_much = sheet();
  too_much.code.assign(code_bytes_max + 1, 'x');
  const auto page = certificate_pdf(too_much);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, ErrorCode::too_large);
  EXPECT_FALSE(code_svg(""));
}

TEST(Print, draws_a_code_with_its_quiet_zone) {
  const auto svg = code_svg("https://yunxi.example");
  ASSERT_TRUE(svg);
  EXPECT_TRUE(svg->starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 33 33\""));  // version 2: 25 modules and 4 on each side
}

}  // namespace
}  // namespace jx::print
